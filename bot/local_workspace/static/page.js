// The page of the stand-in for Slack. What a journey can click on, by data-testid (roles and names beside it):
//
//   me-U0ANNA … me-U0DIRK           who I am (button, aria-pressed); also U0BRAM U0CARLA U0GIJS U0ELKE
//   channel-C0VERZOEKEN …           a conversation (button, aria-current); direct ones are channel-D0ANNA and so on
//   go-home  go-mail  go-letters    App Home, "Klant: schrijf een mail", "Klant: brieven"
//   today  next-day  next-week      the calendar;  language-nl  language-en;  menu (phone only);  connection
//   title  messages  thread         heading, list of messages, thread panel (thread-close)
//   message[data-ts]  ephemeral     one message (article); inside: open-thread, reply, edit, delete, shortcuts,
//                                   shortcut-CALLBACK, edited, ring, failure (alert), file, reaction-NAME
//   element-ACTION_ID               a button, select or field of a block; option-VALUE inside menus and ticks
//   confirm-dialog confirm-agree confirm-deny
//   modal modal-submit modal-close modal-back modal-x modal-failure;  input-BLOCK_ID with .field-error (alert)
//   composer  send                  write in a conversation (thread-composer, thread-send in a thread);  "/…" is a command
//   mail-form mail-sender_name mail-sender_address mail-subject_line mail-text mail-send mail-answer
//   sampleAccess sampleErasure sampleOrdinary;  letter  letter-body  letter-reply;  notice
//
// The address after # remembers where one is: #me=U0ANNA&at=C0VERZOEKEN&thread=TS (at=home, mail, letters).
import { surface } from "./blocks.js";
import { composeView, showLetters } from "./customer.js";
import { el, icon, keep } from "./dom.js";
import { showMessages } from "./messages.js";
import { showModals } from "./modals.js";
import { drawSide, drawTop } from "./frame.js";
import { lang, t } from "./texts.js";
import { act, listen, notice, see } from "./wire.js";

const at = (id) => document.getElementById(id);
const here = { me: "U0ANNA", place: "C0VERZOEKEN", thread: null };
let world = null;
let today = null;
let drawn = "";

function fromAddress() {
  const archive = /^\/archives\/(\w+)\/p(\d+)(\d{6})$/.exec(location.pathname);
  const given = new URLSearchParams(location.hash.slice(1));
  here.me = given.get("me") ?? localStorage.getItem("me") ?? here.me;
  here.place = given.get("at") ?? archive?.[1] ?? here.place;
  here.thread = given.get("thread") ?? new URLSearchParams(location.search).get("thread_ts");
}

function go(changes) {
  if (changes.me && changes.me !== here.me) wipe(); // what was drawn for one person must not be pressed by another
  Object.assign(here, "place" in changes && !("thread" in changes) ? { thread: null } : {}, changes);
  localStorage.setItem("me", here.me);
  const address = new URLSearchParams({ me: here.me, at: here.place, ...(here.thread ? { thread: here.thread } : {}) });
  history.replaceState(null, "", `#${address}`);
  document.body.classList.remove("menu-open");
  if (here.place === "home") act("open_home", { user: here.me });
  refresh();
}

const names = (id) => {
  const found = world.people.find((person) => person.id === id) ?? world.channels.find((channel) => channel.id === id) ?? world.groups.find((group) => group.id === id);
  return found?.name ?? found?.handle ?? id;
};

const scene = () => ({
  me: here.me, channel: here.place, people: world.people, channels: world.channels, names, shortcuts: world.shortcuts, refresh,
  stamp: world.people.length, openThread: (ts) => go({ thread: ts }), tell: (outcome) => outcome.error && notice(outcome.error, "bad"),
});

// One refresh at a time; news that comes meanwhile asks for one more.
let busy = false;
let again = false;
export async function refresh() {
  again = true;
  if (busy) return;
  busy = true;
  while (again) {
    again = false;
    try {
      await look();
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      notice(t("lost"), "bad");
      console.warn(error);
    }
  }
  busy = false;
}

async function look() {
  const user = here.me;
  const [seen, calendar, modals] = await Promise.all([see("world", { user }), see("calendar"), see("modals", { user })]);
  if (!seen) return go({ me: "U0ANNA" });
  if (user !== here.me) return undefined;
  world = seen;
  today = calendar?.today ?? null;
  if (/^[CD]0/.test(here.place) && !world.channels.some((channel) => channel.id === here.place)) here.place = world.channels[0].id;
  drawTop(at("top"), world, refreshAll);
  drawSide(at("side"), world, today, here, go);
  await drawMiddle();
  await drawThread();
  showModals(modals.views, scene());
  return undefined;
}

function wipe() {
  drawn = "";
  at("middle").replaceChildren();
  at("thread").replaceChildren();
}

function refreshAll() {
  wipe();
  refresh();
}

function heading(title, ...more) {
  document.title = `${title} \u00b7 ${t("title")}`;
  return el("header", { class: "heading" }, el("h1", { "data-testid": "title" }, title), more);
}

async function drawMiddle() {
  const wanted = `${here.me} ${here.place} ${lang()}`;
  const fresh = drawn !== wanted;
  drawn = wanted;
  const middle = at("middle");
  if (here.place === "mail") return fresh && middle.replaceChildren(heading(t("writeMail")), el("div", { class: "scroll" }, composeView()));
  if (here.place === "letters") return drawLetters(middle, fresh);
  if (here.place === "home") return drawHome(middle);
  return drawChannel(middle, fresh);
}

async function drawLetters(middle, fresh) {
  if (fresh) middle.replaceChildren(heading(t("letters")), el("div", { class: "scroll" }, el("p", { class: "intro sheet" }, t("lettersIntro")), el("div", { class: "sheet letters", "data-testid": "letters" })));
  await showLetters(middle.querySelector(".letters"), () => {
    drawn = "";
    go({ place: "mail" });
  });
}

async function drawHome(middle) {
  const wanted = drawn;
  const { view } = await see("home", { user: here.me });
  if (drawn !== wanted) return;
  const stamp = `${drawn} ${view?.hash}`;
  if (middle.dataset.home === stamp && middle.querySelector(".home")) return;
  middle.dataset.home = stamp;
  const failure = el("p", { class: "failure", role: "alert", "data-testid": "failure", hidden: true });
  const made = view && surface(view.blocks, {
    ...scene(), suggest: async () => [],
    act: async (block, element, value) => {
      const outcome = await act("press_in_view", { user: here.me, view_id: view.id, action_id: element.action_id, block_id: block.block_id, value, state: made.state() });
      failure.textContent = outcome.error ?? "";
      failure.hidden = !outcome.error;
    },
  });
  middle.replaceChildren(heading(t("home")), el("div", { class: "scroll" }, el("div", { class: "sheet home", "data-testid": "home" }, made ? made.node : el("p", { class: "nothing" }, t("homeEmpty")), failure)));
}

async function drawChannel(middle, fresh) {
  const wanted = drawn;
  const channel = await see("channel", { user: here.me, channel: here.place });
  if (!channel || drawn !== wanted) return; // wiped meanwhile: somebody else was chosen
  if (fresh) {
    middle.replaceChildren(el("div", { class: "head" }), el("div", { class: "scroll", tabindex: 0 }, el("div", { class: "messages", role: "log", "aria-live": "polite", "data-testid": "messages" })), composer());
  }
  drawHead(middle.querySelector(".head"), channel);
  const scroll = middle.querySelector(".scroll");
  const low = fresh || scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
  const list = scroll.firstChild;
  if (channel.messages.length) showMessages(list, channel.messages, { ...scene(), threads: true });
  else keep(list, [{ key: "none", stamp: lang() }], () => el("p", { class: "nothing" }, t("empty")));
  middle.querySelector(".composer").hidden = !mayWrite(channel);
  if (low) scroll.scrollTop = scroll.scrollHeight;
  if (channel.unread && document.visibilityState === "visible") await act("read", { user: here.me, channel: here.place });
}

function mayWrite(channel) {
  return channel.member || channel.visible;
}

function drawHead(head, channel) {
  const person = world.people.find((known) => known.id === here.me);
  const count = `${channel.members.length} ${t(channel.members.length === 1 ? "memberOne" : "members")}`;
  const facts = [channel.purpose, channel.direct ? "" : count, channel.private && !channel.direct ? t("private") : ""].filter(Boolean).join(" \u00b7 ");
  const absent = world.people.filter((known) => known.role !== "app" && !channel.members.includes(known.id));
  const stamp = JSON.stringify([channel.name, facts, channel.shared, channel.member, here.me, lang()]);
  if (head.dataset.stamp === stamp) return;
  head.dataset.stamp = stamp;
  const invite = el("select", {
    "aria-label": t("invite"), "data-testid": "invite",
    onchange: (event) => act("invite", { user: event.target.value, channel: channel.id }).then(refresh),
  }, el("option", { value: "" }, t("invite")), absent.map((known) => el("option", { value: known.id }, known.name)));
  head.replaceChildren(
    heading(channel.direct ? "Rights Desk" : `#${channel.name}`, el("p", { class: "facts-line" }, facts),
      channel.shared ? el("span", { class: "tag warn" }, icon("shared"), t("shared")) : null,
      channel.direct || !absent.length ? null : invite),
    channel.member ? "" : el("p", { class: "visitor", "data-testid": "visitor" }, channel.visible ? t("visitor-member") : t("visitor").replace("{name}", person.name)));
}

function composer(thread = null) {
  const prefix = thread ? "thread-" : "";
  const text = el("textarea", { rows: thread ? 2 : 1, placeholder: t(thread ? "replyPlace" : "writePlace"), "aria-label": t(thread ? "replyPlace" : "writePlace"), "data-testid": `${prefix}composer` });
  const send = async (event) => {
    event?.preventDefault();
    const written = text.value;
    if (!written.trim()) return;
    text.value = "";
    const command = /^(\/\w[\w-]*)(?:\s+([^]*))?$/u.exec(written);
    const outcome = command && !thread
      ? await act("slash", { user: here.me, channel: here.place, command: command[1], text: (command[2] ?? "").trim() })
      : await act("message", { user: here.me, channel: here.place, text: written, ...(thread ? { thread_ts: thread } : {}) });
    if (outcome.error) {
      text.value = written;
      notice(outcome.error, "bad");
    }
    refresh();
  };
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey) send(event);
  });
  return el("form", { class: "composer", onsubmit: send }, text, el("button", { type: "submit", class: "primary", "data-testid": `${prefix}send` }, t(thread ? "reply" : "send")));
}

async function drawThread() {
  const panel = at("thread");
  const found = here.thread && (await see("thread", { user: here.me, channel: here.place, ts: here.thread }));
  panel.hidden = !found;
  document.body.classList.toggle("thread-open", Boolean(found));
  if (!found) return panel.replaceChildren();
  const stamp = `${here.me} ${here.place} ${here.thread} ${lang()}`;
  if (panel.dataset.stamp !== stamp || !panel.firstChild) {
    panel.dataset.stamp = stamp;
    panel.replaceChildren(
      el("header", { class: "heading" }, el("h2", {}, t("thread")), el("button", { type: "button", class: "quiet", "aria-label": t("close"), "data-testid": "thread-close", onclick: () => go({ thread: null }) }, icon("close"))),
      el("div", { class: "scroll", tabindex: 0 }, el("div", { class: "messages", role: "log", "aria-live": "polite", "data-testid": "thread" })),
      composer(here.thread));
    panel.setAttribute("aria-label", t("thread"));
  }
  const scroll = panel.querySelector(".scroll");
  const low = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
  showMessages(scroll.firstChild, found.messages, { ...scene(), threads: false });
  if (low) scroll.scrollTop = scroll.scrollHeight;
  return undefined;
}

fromAddress();
addEventListener("hashchange", () => {
  fromAddress();
  refresh();
});
document.addEventListener("visibilitychange", refresh);
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.overflow[open], details.several[open]")) if (!menu.contains(event.target)) menu.open = false;
});
refresh().then(() => listen(refresh, () => {}));
// Letters and the calendar belong to the neighbourhood, which sends no news.
setInterval(() => document.visibilityState === "visible" && refresh(), 2500);
