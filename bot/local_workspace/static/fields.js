// Interactive elements: each becomes {node, read, initial}; read() gives the plain value that /page takes, null for a button.
import { el, icon } from "./dom.js";
import { t } from "./texts.js";

let serial = 0;

/** Ask before doing, as the app wants it; resolves to true when the person agrees. */
export function agreed(confirm) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const box = el("dialog", { class: "confirm", "data-testid": "confirm-dialog", "aria-label": confirm.title.text },
      el("h2", {}, confirm.title.text),
      el("p", {}, confirm.text.text),
      el("div", { class: "row end" },
        el("button", { type: "button", class: "plain", "data-testid": "confirm-deny", onclick: () => box.close("no") }, confirm.deny.text),
        el("button", { type: "button", class: confirm.style === "danger" ? "danger" : "primary", "data-testid": "confirm-agree", onclick: () => box.close("yes") }, confirm.confirm.text)));
    box.addEventListener("close", () => {
      box.remove();
      resolve(box.returnValue === "yes");
    });
    document.body.append(box);
    box.showModal();
  });
}

const optionsOf = (element) => [...(element.options ?? []), ...(element.option_groups ?? []).flatMap((group) => group.options)];
const initialOf = (element) => ({
  static_select: element.initial_option?.value ?? null,
  external_select: element.initial_option?.value ?? null,
  radio_buttons: element.initial_option?.value ?? null,
  multi_static_select: (element.initial_options ?? []).map((option) => option.value),
  multi_external_select: (element.initial_options ?? []).map((option) => option.value),
  checkboxes: (element.initial_options ?? []).map((option) => option.value),
  users_select: element.initial_user ?? null,
  multi_users_select: element.initial_users ?? [],
  channels_select: element.initial_channel ?? null,
  conversations_select: element.initial_conversation ?? null,
  datepicker: element.initial_date ?? null,
  timepicker: element.initial_time ?? null,
}[element.type] ?? element.initial_value ?? null);

/** `scene`: {people, channels, act(element, value), suggest(element, typed), live, value, label, id} */
export function field(element, scene) {
  const initial = initialOf(element);
  const start = scene.value === undefined ? initial : scene.value;
  const made = MAKERS[element.type]?.(element, start, scene) ?? { node: el("span", {}, element.type), read: null };
  made.node.dataset.testid = `element-${element.action_id}`;
  return { ...made, initial };
}

async function tell(element, scene, value, undo = () => {}) {
  if (!scene.live) return;
  if (await agreed(element.confirm)) await scene.act(element, value);
  else undo();
}

function button(element, _start, scene) {
  const press = async () => {
    if (!(await agreed(element.confirm))) return;
    if (element.url && /^https?:/i.test(element.url)) window.open(element.url, "_blank", "noopener");
    node.setAttribute("aria-busy", "true");
    await scene.act(element, null);
    node.removeAttribute("aria-busy");
  };
  const node = el("button", { type: "button", class: `block-button ${element.style ?? ""}`, "aria-label": element.accessibility_label, onclick: press }, element.text.text);
  return { node, read: null };
}

function overflow(element, _start, scene) {
  const entries = element.options.map((option) => el("button", {
    type: "button", role: "menuitem", "data-testid": `option-${option.value}`,
    onclick: async () => {
      box.open = false;
      if (option.url && /^https?:/i.test(option.url)) window.open(option.url, "_blank", "noopener");
      if (await agreed(element.confirm)) await scene.act(element, option.value);
    },
  }, option.text.text));
  const box = el("details", { class: "overflow" },
    el("summary", { "aria-label": t("more"), title: t("more") }, icon("more")), el("div", { class: "menu", role: "menu" }, entries));
  return { node: box, read: null };
}

function pick(element, start, scene, options) {
  const blank = element.placeholder?.text ?? t("choose");
  const node = el("select", { id: scene.id, "aria-label": scene.label ?? blank }, el("option", { value: "" }, blank), options);
  node.value = start ?? "";
  let before = node.value;
  node.addEventListener("change", async () => {
    await tell(element, scene, node.value || null, () => (node.value = before));
    before = node.value;
  });
  return { node, read: () => node.value || null };
}

function staticSelect(element, start, scene) {
  const one = (option) => el("option", { value: option.value }, option.text.text);
  const groups = (element.option_groups ?? []).map((group) => el("optgroup", { label: group.label.text }, group.options.map(one)));
  return pick(element, start, scene, [...(element.options ?? []).map(one), ...groups]);
}

const peopleOptions = (scene) => scene.people.filter((person) => person.role !== "app").map((person) => el("option", { value: person.id }, person.name));
const usersSelect = (element, start, scene) => pick(element, start, scene, peopleOptions(scene));
const channelsSelect = (element, start, scene) =>
  pick(element, start, scene, scene.channels.filter((channel) => !channel.direct).map((channel) => el("option", { value: channel.id }, `#${channel.name}`)));

function ticks(kind) {
  return (element, start, scene) => {
    const name = `choice-${(serial += 1)}`;
    const chosen = kind === "checkbox" ? start ?? [] : [start];
    const options = kind === "multi" ? [] : optionsOf(element);
    const inputs = options.map((option) => el("input", {
      type: kind, name, value: option.value, "data-testid": `option-${option.value}`, checked: chosen.includes(option.value), onchange: () => tell(element, scene, read()),
    }));
    const read = () => {
      const values = inputs.filter((input) => input.checked).map((input) => input.value);
      return kind === "checkbox" ? values : values[0] ?? null;
    };
    const node = el("fieldset", { class: "ticks", "aria-label": scene.label }, inputs.map((input, number) => el("label", {}, input,
      el("span", {}, options[number].text.text.replace(/[*_~`]/g, ""), options[number].description ? el("small", {}, options[number].description.text) : null))));
    return { node, read };
  };
}

/** Several of a list: a set of ticks that folds open. */
function several(list) {
  return (element, start, scene) => {
    const options = list(element, scene);
    const inputs = options.map(([value]) => el("input", { type: "checkbox", value, "data-testid": `option-${value}`, checked: (start ?? []).includes(value), onchange: changed }));
    const read = () => inputs.filter((input) => input.checked).map((input) => input.value);
    const shown = el("summary", {});
    function label() {
      const names = options.filter((_, number) => inputs[number].checked).map(([, name]) => name);
      shown.textContent = names.join(", ") || element.placeholder?.text || t("choose");
    }
    function changed() {
      label();
      tell(element, scene, read());
    }
    label();
    const node = el("details", { class: "several" }, shown,
      el("div", { class: "menu", role: "group", "aria-label": scene.label }, inputs.map((input, number) => el("label", {}, input, el("span", {}, options[number][1])))));
    return { node, read };
  };
}

function typed(type) {
  return (element, start, scene) => {
    const shared = { id: scene.id, "aria-label": scene.label, placeholder: element.placeholder?.text, minlength: element.min_length, maxlength: element.max_length };
    const node = element.multiline ? el("textarea", { ...shared, rows: 4 }) : el("input", { ...shared, type });
    node.value = start ?? "";
    if (type === "date" || type === "time") node.addEventListener("change", () => tell(element, scene, node.value || null));
    else node.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !element.multiline && scene.live) tell(element, scene, node.value);
    });
    return { node, read: () => node.value || null };
  };
}

/** A search that asks the app for its options. */
function external(element, start, scene) {
  const list = el("select", { "aria-label": scene.label, size: 4 });
  const search = el("input", { type: "search", id: scene.id, placeholder: element.placeholder?.text ?? t("search"), oninput: look });
  if (element.initial_option) list.append(el("option", { value: element.initial_option.value }, element.initial_option.text.text));
  list.value = start ?? "";
  async function look() {
    if (search.value.length < (element.min_query_length ?? 3)) return;
    const options = await scene.suggest(element, search.value);
    list.replaceChildren(...options.map((option) => el("option", { value: option.value }, option.text.text)));
  }
  list.addEventListener("change", () => tell(element, scene, list.value || null));
  return { node: el("div", { class: "external" }, search, list), read: () => list.value || null };
}

const MAKERS = {
  button, overflow, static_select: staticSelect, users_select: usersSelect, channels_select: channelsSelect,
  conversations_select: channelsSelect, external_select: external,
  multi_static_select: several((element) => optionsOf(element).map((option) => [option.value, option.text.text])),
  multi_users_select: several((_, scene) => scene.people.filter((person) => person.role !== "app").map((person) => [person.id, person.name])),
  checkboxes: ticks("checkbox"), radio_buttons: ticks("radio"), datepicker: typed("date"), timepicker: typed("time"),
  plain_text_input: typed("text"), email_text_input: typed("email"), url_text_input: typed("url"), number_input: typed("number"),
};
