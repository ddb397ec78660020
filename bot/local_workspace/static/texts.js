// Every word that the page itself says, in Dutch and English.
const TEXTS = {
  nl: {
    title: "Oefenwerkplaats", standin: "Dit is een namaak-Slack op deze computer. Niets hier gaat naar Slack.",
    standinShort: "Namaak-Slack op deze computer", connected: "Rights Desk is verbonden", disconnected: "Rights Desk is niet verbonden",
    menu: "Menu", me: "Ik ben", channels: "Kanalen", lookIn: "Alleen hier in te zien", apps: "App", home: "Startpagina van de app", messages: "Berichten van de app",
    customer: "De klant", writeMail: "Klant: schrijf een mail", letters: "Klant: brieven", calendar: "Kalender", today: "Vandaag is het",
    nextDay: "Volgende dag", nextWeek: "Volgende week", moved: "Het is nu", unread: "ongelezen",
    "role-agent": "agent", "role-lead": "teamleider", "role-guest": "gast", "role-outsider": "ander bedrijf", "role-deactivated": "uit dienst", "role-app": "app",
    shared: "gedeeld met een ander bedrijf", private: "besloten", members: "leden", memberOne: "lid", invite: "Iemand toevoegen", inviteWho: "Wie komt erbij?",
    visitor: "{name} is geen lid van dit kanaal en zou het in Slack niet zien. Hier mag het, zodat u kunt zien wat de app dan zegt.",
    "visitor-member": "U kijkt in dit kanaal mee zonder lid te zijn.",
    write: "Bericht aan", writePlace: "Schrijf een bericht, of een opdracht die met / begint", send: "Verstuur", reply: "Antwoord", replyPlace: "Antwoord in deze draad",
    thread: "Draad", openThread: "Open draad", answers: "antwoorden", answer: "antwoord", close: "Sluiten", more: "Meer",
    edited: "bewerkt", onlyYou: "Alleen zichtbaar voor u", empty: "Nog niets hier.", edit: "Bewerk", remove: "Verwijder", deleted: "Dit bericht is verwijderd.",
    rings: "Rinkelt bij", app: "APP", choose: "Kies…", search: "Zoek…", optional: "(hoeft niet)", cancel: "Annuleren", back: "Terug", save: "Opslaan", shortcuts: "Snelkoppelingen",
    homeEmpty: "De app heeft hier nog niets neergezet.", download: "Download", today_: "Vandaag",
    fromName: "Uw naam", fromAddress: "Uw e-mailadres", subject: "Onderwerp", body: "Uw bericht", mailTo: "Gaat als echte mail naar de servicedesk.",
    sendMail: "Verstuur mail", sample: "Of begin met een voorbeeld:", sampleAccess: "Inzage", sampleErasure: "Wissen", sampleOrdinary: "Gewone vraag", replying: "Antwoord op",
    newMail: "Nieuwe mail", lettersIntro: "Wat de klant van ons ontving, of nog ontvangt.", lettersEmpty: "Er is nog geen brief geschreven.", to: "Aan", replyLetter: "Beantwoord deze brief",
    sentAt: "Verstuurd", leavesAt: "Vertrekt", waiting: "wacht", noOutside: "Zonder klant en kalender: die horen bij de hele opstelling.",
    fault_timeout: "Rights Desk reageerde niet op tijd. Probeer het opnieuw.", fault_no_connection: "Rights Desk is niet verbonden. Probeer het straks opnieuw.",
    fault_connection_lost: "De verbinding met Rights Desk viel weg. Probeer het opnieuw.", fault_invalid: "Nog niet alles is goed ingevuld.",
    gone: "Dat staat niet meer op uw scherm.", failed: "Dat lukte niet.", lost: "De werkplaats antwoordt niet. De pagina probeert het opnieuw.",
    "kind-acknowledgement": "Ontvangstbevestiging", "kind-identity_request": "Vraag om identiteit", "kind-extension_notice": "Bericht van verlenging", "kind-decision": "Besluit", "kind-referral": "Doorverwijzing",
    "state-sent": "verstuurd", "state-waiting": "wacht op vertrek", "state-unclear": "onduidelijk of het aankwam",
  },
  en: {
    title: "Practice workspace", standin: "This is a stand-in for Slack on this machine. Nothing here goes to Slack.",
    standinShort: "Stand-in for Slack on this machine", connected: "Rights Desk is connected", disconnected: "Rights Desk is not connected",
    menu: "Menu", me: "I am", channels: "Channels", lookIn: "Only here to look into", apps: "App", home: "App Home", messages: "Messages from the app",
    customer: "The customer", writeMail: "Customer: write a mail", letters: "Customer: letters", calendar: "Calendar", today: "Today is",
    nextDay: "Next day", nextWeek: "Next week", moved: "It is now", unread: "unread",
    "role-agent": "agent", "role-lead": "team lead", "role-guest": "guest", "role-outsider": "outsider", "role-deactivated": "has left", "role-app": "app",
    shared: "shared with another company", private: "private", members: "members", memberOne: "member", invite: "Add someone", inviteWho: "Who joins?",
    visitor: "{name} is no member of this channel and would not see it in Slack. Here it is allowed, so that you can see what the app says then.",
    "visitor-member": "You look into this channel without being a member.",
    write: "Message to", writePlace: "Write a message, or a command that begins with /", send: "Send", reply: "Reply", replyPlace: "Reply in this thread",
    thread: "Thread", openThread: "Open thread", answers: "replies", answer: "reply", close: "Close", more: "More",
    edited: "edited", onlyYou: "Only visible to you", empty: "Nothing here yet.", edit: "Edit", remove: "Delete", deleted: "This message was deleted.",
    rings: "Rings", app: "APP", choose: "Choose…", search: "Search…", optional: "(optional)", cancel: "Cancel", back: "Back", save: "Save", shortcuts: "Shortcuts",
    homeEmpty: "The app has not put anything here yet.", download: "Download", today_: "Today",
    fromName: "Your name", fromAddress: "Your e-mail address", subject: "Subject", body: "Your message", mailTo: "Goes to the service desk as a real mail.",
    sendMail: "Send mail", sample: "Or begin with an example:", sampleAccess: "Access", sampleErasure: "Erasure", sampleOrdinary: "Ordinary question", replying: "Reply to",
    newMail: "New mail", lettersIntro: "What the customer received from us, or will receive.", lettersEmpty: "No letter has been written yet.", to: "To", replyLetter: "Reply to this letter",
    sentAt: "Sent", leavesAt: "Leaves", waiting: "waiting", noOutside: "Without customer and calendar: those belong to the whole set-up.",
    fault_timeout: "Rights Desk did not respond in time. Try again.", fault_no_connection: "Rights Desk is not connected. Try again later.",
    fault_connection_lost: "The connection to Rights Desk broke. Try again.", fault_invalid: "Not everything is filled in well yet.",
    gone: "That is no longer on your screen.", failed: "That did not work.", lost: "The workspace does not answer. The page keeps trying.",
    "kind-acknowledgement": "Acknowledgement", "kind-identity_request": "Identity request", "kind-extension_notice": "Extension notice", "kind-decision": "Decision", "kind-referral": "Referral",
    "state-sent": "sent", "state-waiting": "waiting to leave", "state-unclear": "unclear whether it arrived",
  },
};

let language = localStorage.getItem("language") === "en" ? "en" : "nl";
document.documentElement.lang = language;

export const lang = () => language;
export const t = (key) => TEXTS[language][key] ?? key;
/** A word that may be unknown to the page: shown as it is then. */
export const named = (kind, word) => TEXTS[language][`${kind}-${word}`] ?? String(word ?? "").replace(/_/g, " ");

export function speak(wanted) {
  language = wanted;
  localStorage.setItem("language", wanted);
  document.documentElement.lang = wanted;
}

const when = (options) => new Intl.DateTimeFormat(language === "nl" ? "nl-NL" : "en-GB", { timeZone: "Europe/Amsterdam", ...options });
export const clock = (ts) => when({ hour: "2-digit", minute: "2-digit" }).format(new Date(Number(ts) * 1000));
export const day = (ts) => when({ weekday: "long", day: "numeric", month: "long" }).format(new Date(Number(ts) * 1000));
export const fullDay = (iso) => when({ weekday: "long", day: "numeric", month: "long", year: "numeric" }).format(new Date(`${iso}T12:00:00Z`));
export const moment = (iso) => when({ weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit" }).format(new Date(iso));
