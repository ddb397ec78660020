// Modals: the top view of this person's stack, with errors beside its fields; what was typed survives an update.
import { showErrors, surface } from "./blocks.js";
import { el, icon } from "./dom.js";
import { t } from "./texts.js";
import { act } from "./wire.js";

let shown = null;

/** scene: {me, people, channels, names, refresh} */
export function showModals(views, scene) {
  const top = views.at(-1);
  if (!top) return shut();
  if (shown && shown.id === top.id && shown.hash === top.hash && shown.me === scene.me) return undefined;
  const typed = shown && shown.id === top.id ? shown.made.touched() : {};
  shut();
  return draw(top, views.length, typed, scene);
}

function shut() {
  if (shown) {
    shown.box.close();
    shown.box.remove();
  }
  shown = null;
}

function draw(view, depth, kept, scene) {
  const failure = el("p", { class: "failure", role: "alert", "data-testid": "modal-failure", hidden: true });
  const fail = (sentence) => {
    failure.textContent = sentence ?? "";
    failure.hidden = !sentence;
  };
  const made = surface(view.blocks, {
    ...scene, kept,
    act: async (block, element, value) => {
      const given = { user: scene.me, view_id: view.id, action_id: element.action_id, block_id: block.block_id, value, state: made.state() };
      fail((await act("press_in_view", given)).error);
      scene.refresh();
    },
    suggest: async (block, element, typed) =>
      (await act("suggest", { user: scene.me, view_id: view.id, action_id: element.action_id, block_id: block.block_id, typed })).options ?? [],
  });
  const leave = async (cleared) => {
    await act("close_modal", { user: scene.me, view_id: view.id, cleared });
    scene.refresh();
  };
  const submit = async (event) => {
    event.preventDefault();
    button.setAttribute("aria-busy", "true");
    button.disabled = true;
    const outcome = await act("submit", { user: scene.me, view_id: view.id, state: made.state() });
    button.disabled = false;
    button.removeAttribute("aria-busy");
    showErrors(box, outcome.errors);
    fail(outcome.error);
    scene.refresh();
  };
  const button = el("button", { type: "submit", class: "primary", "data-testid": "modal-submit", disabled: view.submit_disabled }, view.submit?.text ?? "");
  const form = el("form", { novalidate: true, onsubmit: submit },
    el("header", {},
      depth > 1 ? el("button", { type: "button", class: "quiet", "data-testid": "modal-back", "aria-label": t("back"), onclick: () => leave(false) }, icon("back")) : null,
      el("h2", { id: "modal-title" }, view.title.text),
      el("button", { type: "button", class: "quiet", "data-testid": "modal-x", "aria-label": t("close"), onclick: () => leave(true) }, icon("close"))),
    el("div", { class: "modal-body" }, made.node, failure),
    el("footer", {}, el("button", { type: "button", class: "plain", "data-testid": "modal-close", onclick: () => leave(false) }, view.close?.text ?? (view.submit ? t("cancel") : t("close"))),
      view.submit ? button : null));
  const box = el("dialog", { class: "modal", "data-testid": "modal", "aria-labelledby": "modal-title" }, form);
  box.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave(false);
  });
  document.body.append(box);
  box.showModal();
  const first = made.node.querySelector("input, textarea, select");
  (first ?? box.querySelector("footer button"))?.focus();
  shown = { id: view.id, hash: view.hash, me: scene.me, box, made };
}
