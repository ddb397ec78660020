// Block Kit as DOM. `surface` collects the fields, so that a press or a submission can tell what they hold.
import { el, link } from "./dom.js";
import { field } from "./fields.js";
import { inline, mrkdwn } from "./mrkdwn.js";
import { t } from "./texts.js";

let serial = 0;

/** scene: {names, people, channels, act(block, element, value), suggest(block, element, typed), kept} */
export function surface(blocks, scene) {
  const fields = [];
  const node = el("div", { class: "blocks" }, blocks.map((block) => {
    const box = (BLOCKS[block.type] ?? unknown)(block, { ...scene, add: (element, more) => add(block, element, more) });
    box.dataset.blockId = block.block_id;
    return box;
  }));
  function add(block, element, more = {}) {
    const made = field(element, {
      people: scene.people, channels: scene.channels, live: true, value: scene.kept?.[block.block_id]?.[element.action_id],
      act: (used, value) => scene.act(block, used, value), suggest: (used, typed) => scene.suggest(block, used, typed), ...more,
    });
    fields.push({ block, element, ...made });
    return made.node;
  }
  return { node, state: () => stateOf(fields), touched: () => stateOf(fields.filter(changed)) };
}

const changed = ({ read, initial }) => read && JSON.stringify(read()) !== JSON.stringify(initial);

function stateOf(fields) {
  const state = {};
  for (const { block, element, read } of fields) if (read) (state[block.block_id] ??= {})[element.action_id] = read();
  return state;
}

function words(text, scene) {
  return text.type === "mrkdwn" ? mrkdwn(text.text, scene.names) : el("div", { class: "mrkdwn plain-text" }, text.text);
}

function picture(image) {
  const address = image.slack_file ? image.slack_file.url ?? `/files/${image.slack_file.id}` : image.image_url;
  const url = new URL(address, location.href);
  if (url.origin !== location.origin) return el("span", { class: "elsewhere" }, link(url.href, image.alt_text));
  return el("img", { src: url.pathname, alt: image.alt_text, loading: "lazy" });
}

const BLOCKS = {
  header: (block) => el("h3", { class: "block-header" }, block.text.text),
  divider: () => el("hr"),
  section: (block, scene) => el("div", { class: "block-section" },
    el("div", { class: "grow" }, block.text ? words(block.text, scene) : null,
      block.fields ? el("div", { class: "facts" }, block.fields.map((text) => words(text, scene))) : null),
    block.accessory ? el("div", { class: "accessory" }, block.accessory.type === "image" ? picture(block.accessory) : scene.add(block.accessory)) : null),
  context: (block, scene) => el("div", { class: "block-context" },
    block.elements.map((item) => (item.type === "image" ? picture(item) : words(item, scene)))),
  actions: (block, scene) => el("div", { class: "block-actions" }, block.elements.map((element) => scene.add(element))),
  image: (block) => el("figure", {}, picture(block), block.title ? el("figcaption", {}, block.title.text) : null),
  input: (block, scene) => {
    const id = `field-${(serial += 1)}`;
    const label = block.label.text;
    return el("div", { class: "block-input", "data-testid": `input-${block.block_id}` },
      el("label", { for: id }, label, block.optional ? el("small", {}, ` ${t("optional")}`) : null),
      scene.add(block.element, { id, label, live: block.dispatch_action === true }),
      block.hint ? el("small", { class: "hint" }, block.hint.text) : null,
      el("div", { class: "field-error", role: "alert", hidden: true }));
  },
  rich_text: (block, scene) => el("div", { class: "mrkdwn rich" }, block.elements.map((part) => rich(part, scene))),
};

function unknown(block) {
  return el("div", { class: "unknown" }, block.type);
}

function rich(part, scene) {
  const pieces = () => part.elements.map((item) => richPiece(item, scene));
  if (part.type === "rich_text_quote") return el("blockquote", {}, pieces());
  if (part.type === "rich_text_preformatted") return el("pre", {}, pieces());
  if (part.type === "rich_text_list") return el(part.style === "ordered" ? "ol" : "ul", {}, part.elements.map((item) => el("li", {}, rich(item, scene))));
  return el("div", { class: "line" }, pieces());
}

function richPiece(item, scene) {
  const plain = {
    text: () => document.createTextNode(item.text),
    link: () => link(item.url, item.text ?? item.url),
    user: () => el("span", { class: "mention" }, `@${scene.names(item.user_id)}`),
    usergroup: () => el("span", { class: "mention" }, `@${scene.names(item.usergroup_id)}`),
    channel: () => el("span", { class: "mention" }, `#${scene.names(item.channel_id)}`),
    broadcast: () => el("span", { class: "mention loud" }, `@${item.range}`),
    emoji: () => document.createTextNode(`:${item.name}:`),
    date: () => inline(`<!date^${item.timestamp}^${item.format}|${item.fallback ?? ""}>`, scene.names)[0],
  }[item.type];
  let node = plain ? plain() : document.createTextNode("");
  const tags = { bold: "strong", italic: "em", strike: "s", code: "code" };
  for (const [style, tag] of Object.entries(tags)) if (item.style?.[style]) node = el(tag, {}, node);
  return node;
}

/** Show an app's sentences beside its fields. */
export function showErrors(node, errors) {
  for (const box of node.querySelectorAll(".block-input")) {
    const sentence = errors[box.dataset.blockId];
    const place = box.querySelector(".field-error");
    place.textContent = sentence ?? "";
    place.hidden = !sentence;
    box.classList.toggle("wrong", Boolean(sentence));
  }
  node.querySelector(".wrong input, .wrong textarea, .wrong select")?.focus();
}
