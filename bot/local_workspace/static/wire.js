// Talking with the workspace: what one sees (GET), what one does (POST), and the news that something changed.
import { t } from "./texts.js";

// News can come between the press and the release of a button.  Were the button drawn anew then, its click would
// be lost: so what was seen waits until nothing is pressed, or the release went by unseen.
const LONGEST_PRESS = 10_000; // milliseconds
let pressed = null;
let release = () => {};
addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  pressed = new Promise((resolve) => { release = resolve; });
  setTimeout(release, LONGEST_PRESS);
}, { capture: true });
// The click itself comes after the release, in a task of its own.
for (const end of ["pointerup", "pointercancel", "blur"]) addEventListener(end, () => setTimeout(release));

export async function see(sight, query = {}) {
  const reply = await fetch(`/page/${sight}?${new URLSearchParams(query)}`);
  const seen = reply.ok ? await reply.json() : null;
  await pressed;
  return seen;
}

/** What came of an act. A failure that a person should read stands in `error`. */
export async function act(name, given) {
  let reply;
  try {
    reply = await fetch(`/page/${name}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(given) });
  } catch {
    return { error: t("lost"), errors: {} };
  }
  if (reply.status === 409) return { error: t("gone"), errors: {} };
  if (!reply.ok) return { error: t("failed"), errors: {} };
  const outcome = await reply.json();
  if (outcome.fault && outcome.fault !== "bad_answer") outcome.error = t(`fault_${outcome.fault}`);
  return { errors: {}, ...outcome };
}

export function listen(onNews, onLost) {
  const stream = new EventSource("/page/news");
  stream.onmessage = (event) => onNews(JSON.parse(event.data));
  stream.onerror = onLost;
}

/** A sentence that passes by. */
export function notice(sentence, kind = "") {
  const box = document.createElement("p");
  box.className = kind;
  box.dataset.testid = "notice";
  box.textContent = sentence;
  document.getElementById("notices").replaceChildren(box);
  setTimeout(() => box.remove(), 9000);
}
