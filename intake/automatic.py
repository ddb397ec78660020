"""Did a machine write this, and may a machine answer it?  RFC 3834, and what the field made of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cases.messages import Automatic
from intake.addresses import person_of
from intake.headers import message_ids
from intake.mailboxes import is_ours, plain_address
from intake.parts import Part

_NO: Final = frozenset({"", "no", "none", "false", "0"})
_REPLY_FIELDS: Final = (
    "x-autoreply",
    "x-auto-reply",
    "x-autorespond",
    "x-autoresponder",
    "x-autoreply-from",
    "x-fc-machinegenerated",
    "x-mail-autoreply",
    "x-vacation",
)
_LIST_FIELDS: Final = (
    "list-id",
    "list-post",
    "list-unsubscribe",
    "list-help",
    "list-subscribe",
    "mailing-list",
)
_MACHINES: Final = re.compile(r"(?:mailer-daemon|mail-daemon|postmaster|mdaemon)", re.IGNORECASE)
_NO_REPLY: Final = re.compile(
    r"(?:no|not|do[._-]?not|dont)[._-]?reply(?:[._+-].*)?|.*[._-]no[._-]?reply"
    r"|(?:geen|niet)[._-]?(?:antwoord|beantwoorden|reply)(?:en)?",
    re.IGNORECASE,
)
#: whole phrases that begin a subject line; nothing that a person puts behind them makes them human
_PHRASES: Final = (
    r"automatisch antwoord|automatische (?:beantwoording|reactie|antwoord\w*|afwezigheids\w*)"
    r"|afwezigheids(?:bericht|melding|assistent)|auto(?:matic|mated|matisch)?[ -]?(?:reply|response|antwoord)"
    r"|out of (?:the )?office|vacation (?:reply|message)|away from (?:my|the) (?:mail|office|desk)"
    r"|automatische antwort|abwesenheits(?:notiz|meldung|benachrichtigung)|réponse automatique"
    r"|absence du bureau|message d'absence|buiten kantoor"
)
#: single words, which only count alone or before what an absence assistant puts there
_ALONE: Final = (
    r"(?:ik ben )?(?:momenteel |tijdelijk )?(?:afwezig|niet (?:aanwezig|op kantoor))"
    r"|abwesend|nicht im büro|(?:je suis )?absente?(?: du bureau)?"
)
_SUBJECT: Final = re.compile(
    rf"\s*\[?(?:(?:{_PHRASES})(?!\w)"
    rf"|(?:{_ALONE})\s*(?:$|[:!.;,\[\]()\u2013-]|tot|t/m|van(?:af)?|wegens|ivm|i\.v\.m|bis|vom|until))",
    re.IGNORECASE,
)
_ABOUT_SOMEBODY: Final = re.compile(
    r"[\w .,'-]{2,60} is (?:currently )?(?:out of (?:the )?office|afwezig)", re.IGNORECASE
)
_BOUNCE_SUBJECT: Final = re.compile(
    r"\s*(?:undeliver(?:able|ed)|onbestelbaar|mail delivery (?:failed|failure|system|subsystem)"
    r"|delivery status notification|returned mail|unzustellbar|niet bezorgd|delivery (?:failure|has failed)"
    r"|failure notice|non remis)",
    re.IGNORECASE,
)

#: parts by which a report brings a mail back (RFC 3462, RFC 3464)
_RETURNED: Final = frozenset({"message/rfc822", "text/rfc822-headers", "message/delivery-status"})
#: as our letters print it in subject line and body, Message-ID included
_OUR_REFERENCE: Final = re.compile(rb"\bAVG-\d{4}-\d{4,7}\b", re.IGNORECASE)
_LOOKED_AT: Final = 200_000  #: octets of a part


@dataclass(frozen=True, kw_only=True, slots=True)
class Own:
    """How we know what is ours: plain addresses, and a recogniser of our letters' Message-IDs."""

    addresses: frozenset[str]
    is_own_message_id: Callable[[str], bool]


def reason(mail: Part, *, envelope_sender: str | None, own: Own) -> Automatic | None:
    """Why no machine may answer; None for what a person wrote, as far as we can see.

    `envelope_sender` is MAIL FROM: empty for the null sender, None where nobody knows.  In this order,
    because the first three open no case and mean different things for the case they belong to:

    own             our letter came back, or one of our mailboxes wrote it
    bounce          a delivery report; without its marks, what has the null sender and brings something back
    auto_reply      an absence assistant or an automatic answer.  These have the null sender too (RFC 3834),
                    so that is looked at only after their marks were looked for
    auto_generated  a program sent it, perhaps with a person's words: web form, ticket system, no-reply
                    sender, null sender without anything of ours (as a bounce a request would be lost)
    list            bulk, or "do not answer": a person may have written it
    """
    if _is_own(mail, own):
        return Automatic.OWN
    if _is_bounce(mail):
        return Automatic.BOUNCE
    if _is_auto_reply(mail):
        return Automatic.AUTO_REPLY
    from_nobody = _has_null_sender(mail, envelope_sender)
    if from_nobody and _brings_back(mail, own):
        return Automatic.BOUNCE
    if from_nobody or _is_generated(mail, own):
        return Automatic.AUTO_GENERATED
    return Automatic.LIST if _is_list(mail) else None


def _is_own(mail: Part, own: Own) -> bool:
    """Our Message-ID, or our loop header with one, or our address in From.

    A contact form may write from our address with the customer in Reply-To: that is generated, not ours.
    Our postmaster is no mailbox of ours here: its reports are bounces.
    """
    ids = message_ids([*mail.fields.all("message-id"), *mail.fields.all("x-rightsdesk-loop")])
    if any(own.is_own_message_id(one) for one in ids):
        return True
    sender = person_of(mail.fields.first("from")).address
    return plain_address(sender) in own.addresses and not _answers_elsewhere(mail, own)


def _answers_elsewhere(mail: Part, own: Own) -> bool:
    reply_to = person_of(mail.fields.first("reply-to")).address
    return bool(reply_to) and not is_ours(reply_to, own.addresses)


def _is_bounce(mail: Part) -> bool:
    """A report of RFC 3464, a mail daemon, or a field or subject line that only those write."""
    if mail.media_type == "multipart/report":
        kinds = {part.media_type for part in mail.walk()}
        return "message/disposition-notification" not in kinds
    if "x-failed-recipients" in mail.fields:
        return True
    sender = person_of(mail.fields.first("from"))
    local = sender.address.partition("@")[0] or sender.name
    is_daemon = (
        _MACHINES.fullmatch(local) is not None or "<mailer-daemon>" in mail.fields.first("from").lower()
    )
    return is_daemon and (local.lower() != "postmaster" or bool(_BOUNCE_SUBJECT.match(_subject(mail))))


def _is_auto_reply(mail: Part) -> bool:
    """Its own fields, a read receipt (RFC 8098), or the words of an absence assistant in the subject line.

    Exchange calls its absence messages auto-generated, so the words count more than Auto-Submitted.
    """
    fields = mail.fields
    if mail.media_type == "multipart/report" or _submitted(mail) == "auto-replied":
        return True
    if any(fields.first(name).strip().lower() not in _NO for name in _REPLY_FIELDS):
        return True
    if "autoresponder" in fields.first("x-post-messageclass").lower():
        return True
    if fields.first("precedence").strip().lower() in {"auto_reply", "auto-reply"}:
        return True
    subject_line = _subject(mail)
    return bool(_SUBJECT.match(subject_line) or _ABOUT_SOMEBODY.match(subject_line))


def _has_null_sender(mail: Part, envelope_sender: str | None) -> bool:
    return envelope_sender == "" or mail.fields.first("return-path").strip() == "<>"


def _brings_back(mail: Part, own: Own) -> bool:
    """Whether it answers or names a letter of ours, or holds a mail: what unmarked bounces do."""
    fields = mail.fields
    answered = message_ids([*fields.all("in-reply-to"), *fields.all("references")])
    if any(own.is_own_message_id(one) for one in answered) or _BOUNCE_SUBJECT.match(_subject(mail)):
        return True
    parts = list(mail.walk())
    if any(part.media_type in _RETURNED for part in parts):
        return True
    named = [_subject(mail).encode("utf-8", "replace"), *(part.octets[:_LOOKED_AT] for part in parts)]
    return any(_OUR_REFERENCE.search(text) for text in named)


def _is_generated(mail: Part, own: Own) -> bool:
    """Auto-Submitted says so, or nobody reads what is answered to its sender."""
    if _submitted(mail) not in _NO:
        return True
    sender = person_of(mail.fields.first("from")).address
    nobody_reads = _NO_REPLY.fullmatch(sender.partition("@")[0]) is not None
    return nobody_reads or plain_address(sender) in own.addresses


def _is_list(mail: Part) -> bool:
    """Bulk, a list, or X-Auto-Response-Suppress: "do not answer", which is not "a machine wrote this"."""
    fields = mail.fields
    if fields.first("precedence").strip().lower() in {"bulk", "list", "junk"}:
        return True
    if fields.first("x-auto-response-suppress").strip().lower() not in _NO:
        return True
    return any(name in fields for name in _LIST_FIELDS)


def _submitted(mail: Part) -> str:
    """The value of Auto-Submitted without its comment or parameters (RFC 3834, 5)."""
    return re.split(r"[\s;(]", mail.fields.first("auto-submitted").strip().lower(), maxsplit=1)[0]


def _subject(mail: Part) -> str:
    return mail.fields.text("subject")[:300]
