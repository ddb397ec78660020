// Messages: one row each, redrawn only when they changed; what a person chose in them stays.
import { surface } from "./blocks.js";
import { el, icon, keep, portrait } from "./dom.js";
import { mrkdwn } from "./mrkdwn.js";
import { clock, day, lang, t } from "./texts.js";
import { act } from "./wire.js";

const kept = new Map();

/** scene: {me, channel, people, channels, names, shortcuts, threads, openThread, refresh} */
export function showMessages(list, messages, scene) {
  let before = "";
  const items = [];
  for (const message of messages) {
    const today = day(message.ts);
    if (today !== before) items.push({ key: `day-${today}`, stamp: lang(), today });
    before = today;
    items.push({ key: message.ts, stamp: JSON.stringify([message, scene.me, lang(), scene.threads, scene.stamp]), message });
  }
  keep(list, items, ({ today, message }) => (message ? row(message, scene) : el("div", { class: "day", role: "separator" }, el("span", {}, today))));
}

function row(message, scene) {
  const writer = scene.people.find((person) => person.id === message.user) ?? { name: message.user, role: "app" };
  const failure = el("p", { class: "failure", role: "alert", "data-testid": "failure", hidden: true });
  const gone = message.subtype === "tombstone";
  return el("article", {
    class: `message ${message.is_ephemeral ? "ephemeral" : ""}`, "data-testid": message.is_ephemeral ? "ephemeral" : "message", "data-ts": message.ts,
    "aria-label": `${writer.name}, ${clock(message.ts)}`,
  },
    portrait(writer),
    el("div", { class: "said" },
      message.is_ephemeral ? el("p", { class: "only-you" }, t("onlyYou")) : null,
      el("p", { class: "who" }, el("strong", {}, writer.name), writer.role === "app" ? el("span", { class: "tag" }, t("app")) : null,
        el("time", { datetime: new Date(Number(message.ts) * 1000).toISOString() }, clock(message.ts))),
      gone ? el("p", { class: "gone" }, t("deleted")) : content(message, scene, failure),
      failure,
      message.edited ? el("small", { class: "edited", "data-testid": "edited" }, `(${t("edited")})`) : null,
      message.rings?.length && message.user.endsWith("RIGHTSDESK") ? el("small", { class: "rings", "data-testid": "ring" }, icon("bell"), `${t("rings")} ${message.rings.map((name) => `@${scene.names(name.replace(/^[@!]|subteam\^/g, ""))}`).join(", ")}`) : null,
      message.reactions ? el("div", { class: "reactions" }, message.reactions.map((reaction) => el("span", { "data-testid": `reaction-${reaction.name}` }, `${reaction.name.replace(/_/g, " ")} ${reaction.count}`))) : null,
      scene.threads && message.reply_count ? answers(message, scene) : null),
    gone || message.is_ephemeral ? null : tools(message, scene));
}

function answers(message, scene) {
  const words = `${message.reply_count} ${t(message.reply_count === 1 ? "answer" : "answers")}`;
  return el("button", { type: "button", class: "answers", "data-testid": "open-thread", onclick: () => scene.openThread(message.ts) }, icon("thread"), words);
}

function content(message, scene, failure) {
  const press = async (block, element, value, made) => {
    failure.hidden = true;
    const outcome = await act("press", {
      user: scene.me, channel: scene.channel, ts: message.ts, action_id: element.action_id, block_id: block.block_id, value, state: made.state(),
    });
    kept.set(place, made.touched());
    failure.textContent = outcome.error ?? "";
    failure.hidden = !outcome.error;
    scene.refresh();
  };
  const place = `${scene.me} ${message.ts}`;
  const parts = [];
  const drawn = (blocks) => {
    const made = surface(blocks, {
      names: scene.names, people: scene.people, channels: scene.channels, kept: kept.get(place),
      act: (block, element, value) => press(block, element, value, made), suggest: async () => [],
    });
    return made.node;
  };
  if (message.blocks?.length) parts.push(drawn(message.blocks));
  else if (message.text) parts.push(mrkdwn(message.text, scene.names));
  for (const attachment of message.attachments ?? []) {
    parts.push(el("div", { class: "attachment" }, attachment.blocks ? drawn(attachment.blocks) : mrkdwn(attachment.text ?? attachment.fallback ?? "", scene.names)));
  }
  for (const file of message.files ?? []) parts.push(fileOf(file));
  return el("div", { class: "content" }, parts);
}

function fileOf(file) {
  const address = `/files/${encodeURIComponent(file.id)}`;
  if (/^image\/(png|jpeg|gif|webp)$/.test(file.mimetype)) {
    return el("figure", { "data-testid": "file" }, el("img", { src: address, alt: file.alt_txt || file.title, loading: "lazy" }), el("figcaption", {}, file.title));
  }
  return el("a", { class: "file", href: `${address}?download=1`, "data-testid": "file" }, icon("file"), el("span", {}, file.title, el("small", {}, `${t("download")}, ${Math.ceil(file.size / 1024)} kB`)));
}

function tools(message, scene) {
  const own = message.user === scene.me;
  const buttons = [];
  if (scene.threads) buttons.push(el("button", { type: "button", "data-testid": "reply", title: t("openThread"), "aria-label": t("openThread"), onclick: () => scene.openThread(message.ts) }, icon("thread")));
  if (own) {
    buttons.push(el("button", { type: "button", "data-testid": "edit", title: t("edit"), "aria-label": t("edit"), onclick: () => rewrite(message, scene) }, icon("edit")));
    buttons.push(el("button", { type: "button", "data-testid": "delete", title: t("remove"), "aria-label": t("remove"), onclick: async () => {
      await act("delete", { user: scene.me, channel: scene.channel, ts: message.ts });
      scene.refresh();
    } }, icon("bin")));
  }
  const shortcuts = Object.entries(scene.shortcuts);
  if (shortcuts.length) {
    const menu = el("details", { class: "overflow", "data-testid": "shortcuts" }, el("summary", { "aria-label": t("shortcuts"), title: t("shortcuts") }, icon("more")),
      el("div", { class: "menu", role: "menu" }, shortcuts.map(([callback, title]) => el("button", {
        type: "button", role: "menuitem", "data-testid": `shortcut-${callback}`,
        onclick: async () => {
          menu.open = false;
          const outcome = await act("shortcut", { user: scene.me, channel: scene.channel, ts: message.ts, callback_id: callback });
          scene.tell(outcome);
        },
      }, title))));
    buttons.push(menu);
  }
  return buttons.length ? el("div", { class: "tools" }, buttons) : null;
}

function rewrite(message, scene) {
  const plain = message.text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
  const text = el("textarea", { rows: 4, "aria-label": t("edit"), "data-testid": "edit-text" });
  text.value = plain;
  const box = el("dialog", { class: "confirm", "aria-label": t("edit") }, el("h2", {}, t("edit")), text, el("div", { class: "row end" },
    el("button", { type: "button", class: "plain", onclick: () => box.close() }, t("cancel")),
    el("button", { type: "button", class: "primary", "data-testid": "edit-save", onclick: async () => {
      await act("edit", { user: scene.me, channel: scene.channel, ts: message.ts, text: text.value });
      box.close();
      scene.refresh();
    } }, t("save"))));
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}
