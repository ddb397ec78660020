"""Octets from the wire -> InboundMessage.  Total: any octets make a message, and its faults are noted."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Final

from cases.messages import Automatic, Channel, Forwarded, InboundMessage, Person
from intake.addresses import people, person_of
from intake.automatic import Own, reason
from intake.bodies import Body, read_body
from intake.forwarding import forwarded
from intake.headers import Fields, message_ids, sent_date
from intake.mailboxes import plain_address
from intake.parts import Part, take_apart
from intake.quoting import new_part

_SPACE: Final = re.compile(rb"\s+")
#: the least of a mail that could not be read at all: enough to find it again
UNREADABLE: Final = "could not be read"


def read_mail(
    raw: bytes,
    *,
    received_at: datetime,
    envelope_sender: str | None = None,
    own_addresses: frozenset[str] = frozenset(),
    is_own_message_id: Callable[[str], bool] = lambda _: False,
) -> InboundMessage:
    """What a mail says, who wrote it, and to what it belongs.  Never raises for what is in `raw`.

    `received_at` is aware; `envelope_sender` is MAIL FROM, empty for the null sender, None where nobody knows
    it; `own_addresses` are our mailboxes; `is_own_message_id` knows the Message-IDs of our letters.
    """
    own = Own(
        addresses=frozenset(plain_address(address) for address in own_addresses),
        is_own_message_id=is_own_message_id,
    )
    try:
        return _read(raw, received_at, envelope_sender, own)
    except (Exception, RecursionError) as error:  # noqa: BLE001 - an unread mail is lost; its raw octets are kept
        return _unreadable(raw, received_at, envelope_sender, type(error).__name__)


def _read(raw: bytes, received_at: datetime, envelope_sender: str | None, own: Own) -> InboundMessage:
    mail, faults = take_apart(raw)
    fields = mail.fields
    body = read_body(mail)
    text = body.text
    subject_line = fields.text("subject")
    digest = _digest(mail)
    message_id, id_faults = _message_id(fields, digest)
    sender, sender_faults = _sender(fields, envelope_sender)
    automatic = reason(mail, envelope_sender=envelope_sender, own=own)
    sent_at = sent_date(fields.first("date"), received_at)
    date_faults = ("no usable date",) if sent_at is None else ()
    new_text, _ = new_part(text, subject_line=subject_line)
    return InboundMessage(
        channel=Channel.MAIL,
        message_id=message_id,
        fingerprint=sha256(f"{message_id}\0{digest}".encode()).hexdigest(),
        received_at=received_at,
        sender=sender,
        reply_to=person_of(fields.first("reply-to")).address,
        to=_recipients(fields),
        subject_line=subject_line,
        sent_at=sent_at,
        text=text,
        new_text=new_text,
        in_reply_to=_answers(mail, automatic),
        references=message_ids(fields.all("references")),
        attachments=tuple(body.attachments),
        automatic=automatic,
        forwarded=forwarded(text, subject_line) or _attached(mail, body),
        faults=tuple(dict.fromkeys((*faults, *id_faults, *sender_faults, *date_faults, *body.faults))),
    )


def _digest(mail: Part) -> str:
    """What the parts hold, without the fields that change on the way and however they were encoded.

    The same mail to two of our addresses has the same digest; another text below the same Message-ID has not.
    """
    whole = sha256()
    for part in mail.walk():
        if not part.children:
            octets = (
                _SPACE.sub(b" ", part.octets).strip() if part.media_type.startswith("text/") else part.octets
            )
            whole.update(part.media_type.encode("utf-8", "replace") + b"\0" + sha256(octets).digest())
    return whole.hexdigest()


def _message_id(fields: Fields, digest: str) -> tuple[str, tuple[str, ...]]:
    """The mail's own, or one made of what the sender wrote, so that the same mail again has the same."""
    ids = message_ids(fields.all("message-id"))
    if ids:
        return ids[0], ()
    written = "\0".join(fields.first(name) for name in ("from", "date", "subject"))
    name = sha256(f"{written}\0{digest}".encode("utf-8", "replace")).hexdigest()
    return f"<{name}@derived.invalid>", ("no Message-ID",)


def _sender(fields: Fields, envelope_sender: str | None) -> tuple[Person, tuple[str, ...]]:
    """From; where that has no address, Sender, then MAIL FROM, with the name that From gave."""
    named = [person for value in fields.all("from") for person in people(value)]
    with_address = [person for person in named if person.address]
    if with_address:
        return with_address[0], ("several senders",) if len(with_address) > 1 else ()
    name = named[0].name if named else ""
    other = person_of(fields.first("sender"))
    returned = person_of(fields.first("return-path")).address
    address = other.address or person_of(envelope_sender or "").address or returned
    fault = "no address in From" if named else "no From"
    return Person(name=name or other.name, address=address), (fault,)


def _recipients(fields: Fields) -> tuple[str, ...]:
    found = [person.address for value in fields.all("to") for person in people(value) if person.address]
    return tuple(dict.fromkeys(found))[:100]


def _answers(mail: Part, automatic: Automatic | None) -> tuple[str, ...]:
    """The mails that this one belongs to, the closest first; a bounce's is the mail that it brings back."""
    ids = [
        *message_ids(mail.fields.all("in-reply-to")),
        *message_ids(mail.fields.all("references"), newest=True),
    ]
    if automatic is Automatic.BOUNCE:
        ids = [*_returned(mail), *ids]
    return tuple(dict.fromkeys(ids))[:100]


def _returned(mail: Part) -> tuple[str, ...]:
    """Message-IDs in a delivery report: of the mail inside, or of its header fields as text (RFC 6522)."""
    inside = [part for part in mail.walk() if part is not mail]
    found = [value for part in inside for value in part.fields.all("message-id")]
    for part in inside:
        if part.media_type == "text/rfc822-headers":
            found += take_apart(part.octets)[0].fields.all("message-id")
    return message_ids(found)


def _attached(mail: Part, body: Body) -> Forwarded | None:
    """A mail passed on as a file: who wrote the only one."""
    letters = [part for part in mail.walk() if part.media_type == "message/rfc822" and part.children]
    if len(letters) != 1 or mail.media_type == "multipart/report" or not body.attachments:
        return None
    fields = letters[0].children[0].fields
    return Forwarded(sender=person_of(fields.first("from")), subject_line=fields.text("subject"))


def _unreadable(raw: bytes, received_at: datetime, envelope_sender: str | None, error: str) -> InboundMessage:
    name = sha256(raw).hexdigest()
    return InboundMessage(
        channel=Channel.MAIL,
        message_id=f"<{name}@derived.invalid>",
        fingerprint=name,
        received_at=received_at,
        sender=person_of(envelope_sender or ""),
        faults=(f"{UNREADABLE}: {error}",),
    )
