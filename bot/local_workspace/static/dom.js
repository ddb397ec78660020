// Making elements. Text only ever becomes a text node: nothing that a customer wrote can become markup.

/** el("p", {class: "x", onclick: f, "aria-label": "y"}, "text", node, null) */
export function el(tag, facts = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(facts)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "value") node.value = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const LINES = {
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  shared: "M10 14a4 4 0 0 1 0-5l3-3a3.5 3.5 0 0 1 5 5l-1.5 1.5M14 10a4 4 0 0 1 0 5l-3 3a3.5 3.5 0 0 1-5-5l1.5-1.5",
  home: "M4 11l8-7 8 7M6 10v10h12V10M10 20v-6h4v6",
  mail: "M4 6h16v12H4zM4 7l8 6 8-6",
  letters: "M6 3h9l4 4v14H6zM15 3v4h4M9 12h7M9 16h7",
  calendar: "M5 6h14v14H5zM5 10h14M9 3v5M15 3v5",
  thread: "M5 5h14v10H11l-4 4v-4H5z",
  more: "M5 12m-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0M12 12m-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0M19 12m-1 0a1 1 0 1 0 2 0a1 1 0 1 0-2 0",
  bell: "M6 17h12l-2-3v-4a4 4 0 0 0-8 0v4zM11 20h2",
  back: "M15 5l-7 7 7 7",
  edit: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  bin: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13",
  plus: "M12 5v14M5 12h14",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
};

/** A line drawing; it says nothing to a screen reader, the button around it has the name. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", LINES[name]);
  svg.append(path);
  return svg;
}

/** A round portrait: initials on a colour that belongs to the person. */
export function portrait(person, size = "") {
  const initials = person.name.split(" ").filter((word) => /^[A-Z]/.test(word)).map((word) => word[0]).slice(0, 2).join("");
  return el("span", { class: `portrait role-${person.role} ${size}`, "aria-hidden": "true" }, initials);
}

/** Put nodes with a data-key in order into a parent; nodes whose `stamp` stayed the same are left alone. */
export function keep(parent, items, make) {
  const old = new Map([...parent.children].map((node) => [node.dataset.key, node]));
  const wanted = items.map(({ key, stamp, ...rest }) => {
    const known = old.get(key);
    if (known && known.dataset.stamp === stamp) return known;
    const node = make(rest);
    node.dataset.key = key;
    node.dataset.stamp = stamp;
    return node;
  });
  const kept = new Set(wanted);
  for (const node of [...parent.children]) if (!kept.has(node)) node.remove();
  wanted.forEach((node, place) => {
    if (parent.children[place] !== node) parent.insertBefore(node, parent.children[place] ?? null);
  });
}

/** A link that can only lead to the web or to a mailbox; anything else stays text. */
export function link(address, label) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return document.createTextNode(label);
  }
  if (!["http:", "https:", "mailto:"].includes(url.protocol)) return document.createTextNode(label);
  return el("a", { href: url.href, target: "_blank", rel: "noopener noreferrer nofollow" }, label);
}
