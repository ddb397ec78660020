// The other people of the story: a customer who writes mails and reads letters.
import { el, icon, keep } from "./dom.js";
import { lang, moment, named, t } from "./texts.js";
import { act, notice, see } from "./wire.js";

const SAMPLES = {
  sampleAccess: {
    nl: ["Welke gegevens heeft u van mij?", "Beste servicedesk,\n\nIk ben al enkele jaren klant. Ik wil graag weten welke persoonsgegevens u van mij bewaart, waarvoor, en met wie u ze deelt. Wilt u mij een kopie sturen?\n\nMet vriendelijke groet,\nSanne Bakker"],
    en: ["What data do you hold about me?", "Dear service desk,\n\nI have been a customer for some years. Please tell me which personal data you hold about me, why, and with whom you share them, and send me a copy.\n\nKind regards,\nSanne Bakker"],
  },
  sampleErasure: {
    nl: ["Verwijder mijn account", "Hallo,\n\nIk ben vorige maand overgestapt. Wilt u mijn account en alles wat u over mij heeft wissen?\n\nGroeten,\nSanne Bakker"],
    en: ["Delete my account", "Hello,\n\nI left last month. Please erase my account and everything you hold about me.\n\nRegards,\nSanne Bakker"],
  },
  sampleOrdinary: {
    nl: ["Printer op de tweede verdieping", "Goedemorgen,\n\nDe printer op de tweede verdieping geeft sinds vanochtend streepjes. Kan iemand kijken?\n\nSanne Bakker"],
    en: ["Printer on the second floor", "Good morning,\n\nThe printer on the second floor has been printing stripes since this morning. Could someone have a look?\n\nSanne Bakker"],
  },
};

const draft = { sender_name: "Sanne Bakker", sender_address: "sanne.bakker@example.org", subject_line: "", text: "", in_reply_to: null, about: "" };

export function composeView() {
  const input = (key, type, label, more = {}) => {
    const node = el(more.rows ? "textarea" : "input", { type: more.rows ? null : type, id: `mail-${key}`, "data-testid": `mail-${key}`, required: true, ...more });
    node.value = draft[key];
    node.addEventListener("input", () => (draft[key] = node.value));
    return el("div", { class: "block-input" }, el("label", { for: `mail-${key}` }, label), node);
  };
  const send = el("button", { type: "submit", class: "primary", "data-testid": "mail-send" }, t("sendMail"));
  const answer = el("p", { class: "answer", role: "status", "data-testid": "mail-answer", hidden: true });
  const form = el("form", {
    class: "sheet", "data-testid": "mail-form",
    onsubmit: async (event) => {
      event.preventDefault();
      send.disabled = true;
      const { about, ...mail } = draft;
      const outcome = await act("mail", mail);
      send.disabled = false;
      answer.textContent = outcome.result ?? outcome.error;
      answer.hidden = false;
      if (outcome.result) {
        Object.assign(draft, { subject_line: "", text: "", in_reply_to: null, about: "" });
        form.querySelector("#mail-subject_line").value = "";
        form.querySelector("#mail-text").value = "";
        form.querySelector(".replying")?.remove();
      }
    },
  },
    el("p", { class: "intro" }, t("mailTo")),
    draft.in_reply_to ? el("p", { class: "replying", "data-testid": "mail-replying" }, `${t("replying")}: ${draft.about}`,
      el("button", { type: "button", class: "quiet", "aria-label": t("newMail"), onclick: () => {
        Object.assign(draft, { in_reply_to: null, about: "" });
        form.querySelector(".replying").remove();
      } }, icon("close"))) : null,
    el("div", { class: "two" }, input("sender_name", "text", t("fromName")), input("sender_address", "email", t("fromAddress"))),
    input("subject_line", "text", t("subject")),
    input("text", "text", t("body"), { rows: 10 }),
    el("div", { class: "row" }, send, el("span", { class: "grow" }), el("span", { class: "hint" }, t("sample")), Object.keys(SAMPLES).map((key) => el("button", {
      type: "button", class: "plain", "data-testid": key,
      onclick: () => {
        [draft.subject_line, draft.text] = SAMPLES[key][lang()];
        form.querySelector("#mail-subject_line").value = draft.subject_line;
        form.querySelector("#mail-text").value = draft.text;
      },
    }, t(key)))),
    answer);
  return form;
}

/** Draws and redraws the letters; `compose` opens the form, for a reply. */
export async function showLetters(box, compose) {
  const found = await see("letters");
  const letters = found?.letters ?? [];
  keep(box, letters.length
    ? letters.map((letter) => ({ key: String(letter.id), stamp: JSON.stringify([letter, lang()]), letter }))
    : [{ key: "none", stamp: lang() }],
  ({ letter }) => (letter ? letterOf(letter, compose) : el("p", { class: "nothing" }, t("lettersEmpty"))));
}

function letterOf(letter, compose) {
  const when = letter.sent_at ? `${t("sentAt")} ${moment(letter.sent_at)}` : letter.leaves_at ? `${t("leavesAt")} ${moment(letter.leaves_at)}` : "";
  const head = el("summary", {},
    el("span", { class: `state state-${letter.state}` }, named("state", letter.state)),
    el("span", { class: "grow" }, el("strong", {}, letter.subject_line || named("kind", letter.kind)), el("small", {}, [letter.reference, named("kind", letter.kind), when].filter(Boolean).join(" \u00b7 "))));
  if (!letter.body) return el("div", { class: "letter waiting", "data-testid": "letter" }, head.firstChild, head.lastChild);
  return el("details", { class: "letter", "data-testid": "letter" }, head,
    el("p", { class: "hint" }, `${t("to")}: ${letter.to}`),
    el("pre", { class: "letter-body", "data-testid": "letter-body" }, letter.body),
    letter.message_id ? el("button", { type: "button", class: "plain", "data-testid": "letter-reply", onclick: () => reply(letter, compose) }, icon("mail"), t("replyLetter")) : null);
}

function reply(letter, compose) {
  const address = /<([^>]+)>/.exec(letter.to)?.[1] ?? letter.to;
  const name = letter.to.includes("<") ? letter.to.split("<")[0].replace(/"/g, "").trim() : draft.sender_address === address ? draft.sender_name : "";
  const subject = /^re:/i.test(letter.subject_line) ? letter.subject_line : `Re: ${letter.subject_line}`;
  Object.assign(draft, { sender_name: name || address.split("@")[0], sender_address: address, subject_line: subject, text: "", in_reply_to: letter.message_id, about: letter.subject_line });
  compose();
}

/** Let days pass; the page says what day it is then. */
export async function moveOn(days, button, fullDay) {
  button.disabled = true;
  const outcome = await act("move_on", { days });
  button.disabled = false;
  notice(outcome.result ? `${t("moved")} ${fullDay(outcome.result)}.` : outcome.error, outcome.result ? "" : "bad");
}
