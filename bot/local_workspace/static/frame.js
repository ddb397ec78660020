// What stands around the conversation: the bar on top, and at the left who I am, the channels, the customer, the calendar.
import { moveOn } from "./customer.js";
import { el, icon, portrait } from "./dom.js";
import { fullDay, lang, speak, t } from "./texts.js";

/** Draw again only when something in it changed, so that the focus stays where it is. */
function changed(node, ...facts) {
  const stamp = JSON.stringify([...facts, lang()]);
  if (node.dataset.stamp === stamp) return false;
  node.dataset.stamp = stamp;
  return true;
}

/** Replace the contents and give the focus back to the same control. */
function redraw(node, ...children) {
  const focused = node.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
  const scrolled = node.scrollTop;
  node.replaceChildren(...children.flat().filter(Boolean));
  node.scrollTop = scrolled;
  if (focused) node.querySelector(`[data-testid="${focused}"]`)?.focus();
}

export function drawTop(node, world, refreshAll) {
  if (!changed(node, world.connected)) return;
  const language = (code) => el("button", {
    type: "button", "data-testid": `language-${code}`, "aria-pressed": String(lang() === code), lang: code, title: code === "nl" ? "Nederlands" : "English",
    onclick: () => {
      speak(code);
      refreshAll();
    },
  }, code.toUpperCase());
  redraw(node,
    el("button", { type: "button", class: "quiet menu-button", "data-testid": "menu", "aria-label": t("menu"), onclick: () => document.body.classList.toggle("menu-open") }, icon("menu")),
    el("img", { src: "/static/mark.svg", alt: "", width: 26, height: 26 }),
    el("p", { class: "standin", "data-testid": "standin" }, el("span", { class: "long" }, t("standin")), el("span", { class: "short" }, t("standinShort"))),
    el("p", { class: `connection ${world.connected ? "" : "off"}`, "data-testid": "connection", title: t(world.connected ? "connected" : "disconnected") }, el("span", { class: "dot" }), el("span", { class: "long" }, t(world.connected ? "connected" : "disconnected"))),
    el("div", { class: "languages", role: "group", "aria-label": "Taal / Language" }, language("nl"), language("en")));
}

export function drawSide(node, world, today, here, go) {
  if (!changed(node, world.people, world.channels, world.me, today, here.place)) return;
  node.setAttribute("aria-label", t("menu"));
  const part = (title, ...children) => el("section", {}, el("h2", {}, title), children);
  const place = (id, testid, label, mark, more = {}) => el("button", {
    type: "button", class: `place ${more.unread ? "unread" : ""}`, "data-testid": testid, "aria-current": here.place === id ? "page" : null,
    onclick: () => go({ place: id }),
  }, mark, el("span", { class: "grow" }, label), more.unread ? el("span", { class: "count", "aria-label": `${more.unread} ${t("unread")}` }, String(more.unread)) : null);
  const room = (channel) => place(channel.id, `channel-${channel.id}`, channel.direct ? t("messages") : channel.name,
    channel.direct ? icon("thread") : channel.private ? icon("lock") : channel.shared ? icon("shared") : el("span", { class: "hash", "aria-hidden": "true" }, "#"), channel);
  const rooms = world.channels.filter((channel) => !channel.direct && channel.visible);
  const others = world.channels.filter((channel) => !channel.direct && !channel.visible);
  redraw(node,
    part(t("me"), el("div", { class: "people" }, world.people.filter((person) => person.role !== "app").map((person) => el("button", {
      type: "button", "data-testid": `me-${person.id}`, "aria-pressed": String(person.id === world.me), title: person.name, onclick: () => go({ me: person.id }),
    }, portrait(person, "small"), el("span", {}, el("strong", {}, person.name.split(" ")[0]), el("small", {}, t(`role-${person.role}`))))))),
    part(t("channels"), rooms.map(room)),
    others.length ? part(t("lookIn"), others.map(room)) : null,
    part(t("apps"), world.channels.filter((channel) => channel.direct).map(room), place("home", "go-home", t("home"), icon("home"))),
    today ? part(t("customer"), place("mail", "go-mail", t("writeMail"), icon("mail")), place("letters", "go-letters", t("letters"), icon("letters"))) : null,
    today ? part(t("calendar"), el("div", { class: "calendar" }, el("p", { "data-testid": "today" }, el("small", {}, t("today")), el("time", { datetime: today }, fullDay(today))),
      el("div", { class: "row" }, [[1, "next-day", "nextDay"], [7, "next-week", "nextWeek"]].map(([days, testid, label]) =>
        el("button", { type: "button", class: "plain", "data-testid": testid, onclick: (event) => moveOn(days, event.currentTarget, fullDay) }, t(label)))))) : null);
}
