// Slack's mrkdwn as DOM nodes: *bold* _italic_ ~strike~ `code` ```block``` > quote, bullets, <links> and <@mentions>.
import { el, link } from "./dom.js";

const unescape = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

const BEFORE = "(?<=^|[\\s([{\"'.,;:!?*_~\\-\u2014])";
const AFTER = "(?=$|[\\s)\\]}\"'.,;:!?*_~\\-\u2014])";
const around = (mark) => new RegExp(`${BEFORE}[${mark}](\\S(?:[^${mark}\\n]*\\S)?)[${mark}]${AFTER}`, "u");
const PATTERNS = [
  ["code", /`([^`\n]+)`/u],
  ["angle", /<([^<>\n]+)>/u],
  ["strong", around("*")],
  ["em", around("_")],
  ["s", around("~")],
];

/** Inline marks of one line; `names` finds what an id is called. */
export function inline(text, names) {
  let first = null;
  for (const [kind, pattern] of PATTERNS) {
    const found = pattern.exec(text);
    if (found && (!first || found.index < first.found.index)) first = { kind, found };
  }
  if (!first) return text ? [unescape(text)] : [];
  const { kind, found } = first;
  const rest = text.slice(found.index + found[0].length);
  return [...inline(text.slice(0, found.index), names), piece(kind, found[1], names), ...inline(rest, names)];
}

function piece(kind, inner, names) {
  if (kind === "code") return el("code", {}, unescape(inner));
  if (kind === "angle") return angle(inner, names);
  return el(kind, {}, ...inline(inner, names));
}

function angle(inner, names) {
  const [target, label] = split(inner);
  if (target.startsWith("@") || target.startsWith("#")) {
    return el("span", { class: "mention" }, target[0] + (label || names(target.slice(1))));
  }
  if (target.startsWith("!date^")) return date(target, label);
  if (target.startsWith("!subteam^")) return el("span", { class: "mention" }, label || `@${names(target.slice(9))}`);
  if (target.startsWith("!")) return el("span", { class: "mention loud" }, `@${target.slice(1)}`);
  return link(unescape(target), unescape(label || target.replace(/^mailto:/, "")));
}

function split(inner) {
  const bar = inner.indexOf("|");
  return bar < 0 ? [inner, ""] : [inner.slice(0, bar), inner.slice(bar + 1)];
}

const DATES = {
  date_num: { dateStyle: "short" },
  date: { dateStyle: "long" },
  date_short: { dateStyle: "medium" },
  date_long: { dateStyle: "full" },
  date_pretty: { dateStyle: "long" },
  date_short_pretty: { dateStyle: "medium" },
  date_long_pretty: { dateStyle: "full" },
  time: { timeStyle: "short" },
  time_secs: { timeStyle: "medium" },
};

function date(target, fallback) {
  const [, seconds, format] = target.split("^");
  const moment = new Date(Number(seconds) * 1000);
  if (Number.isNaN(moment.valueOf()) || !format) return document.createTextNode(fallback);
  const written = format.replace(/\{(\w+)\}/g, (all, name) =>
    DATES[name] ? new Intl.DateTimeFormat(document.documentElement.lang, { ...DATES[name], timeZone: "Europe/Amsterdam" }).format(moment) : all);
  return el("time", { datetime: moment.toISOString() }, written);
}

/** A whole text: preformatted blocks, quotes, bullets, lines. */
export function mrkdwn(text, names) {
  const box = el("div", { class: "mrkdwn" });
  text.split(/```/u).forEach((part, number, parts) => {
    if (number % 2 === 1 && number < parts.length - 1) box.append(el("pre", {}, unescape(part.replace(/^\n|\n$/g, ""))));
    else lines(number % 2 === 1 ? `\`\`\`${part}` : part, names, box);
  });
  return box;
}

function lines(text, names, box) {
  let quote = null;
  for (const line of text.replace(/^\n|\n$/g, "").split("\n")) {
    const quoted = /^(?:&gt;|>) ?(.*)$/u.exec(line);
    if (quoted) {
      if (!quote) box.append((quote = el("blockquote")));
      quote.append(el("div", { class: "line" }, ...inline(quoted[1], names)));
      continue;
    }
    quote = null;
    const bullet = /^\s*[\u2022\u25e6] ?(.*)$/u.exec(line);
    box.append(bullet
      ? el("div", { class: "line bullet" }, ...inline(bullet[1], names))
      : el("div", { class: line ? "line" : "line empty" }, ...inline(line, names)));
  }
}
