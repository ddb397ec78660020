"""Rows of what came in and what goes out, as words of the trade, and back."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from cases.messages import Arrival, InboundMessage
from cases.model import LetterKind
from cases.records import FiledAs, FiledMessage, Filing, KeptLetter, Owed, OwedState, SetAside, WaitingLetter
from storage.effects_json import effect_of, letter_in
from storage.readings import reading_from, reading_json
from storage.tables import ArrivalRow, LetterRow, MessageRow, OutboxRow

Values = dict[str, Any]


def fingerprint_of(arrival: Arrival) -> str:
    """sha256, hex, over envelope and content: the same delivery, sent again, has the same one.

    Every part is preceded by its length, so that no two different deliveries run together.
    """
    parts = [arrival.sender, *sorted(arrival.recipients)]
    digest = sha256()
    for part in [*(part.encode("utf-8", "surrogateescape") for part in parts), arrival.raw]:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.hexdigest()


def arrival_values(arrival: Arrival) -> Values:
    return {
        "fingerprint": fingerprint_of(arrival),
        "sender": arrival.sender,
        "recipients": list(arrival.recipients),
        "received_at": arrival.received_at,
        "state": "unread",
        "attempts": 0,
        "raw": arrival.raw,
    }


def arrival_of(row: ArrivalRow) -> Arrival:
    return Arrival(
        sender=row.sender,
        recipients=tuple(row.recipients),
        raw=row.raw,
        received_at=row.received_at,
        id=row.id or 0,
        attempts=row.attempts,
    )


def set_aside_of(row: ArrivalRow) -> SetAside:
    return SetAside(id=row.id or 0, received_at=row.received_at, error=row.error or "", attempts=row.attempts)


def message_row(arrival_id: int, message: InboundMessage, filing: Filing) -> MessageRow:
    reading = filing.reading
    return MessageRow(
        arrival_id=arrival_id,
        reference=filing.reference,
        filed_as=filing.filed_as,
        channel=message.channel,
        message_id=message.message_id,
        fingerprint=message.fingerprint,
        received_at=message.received_at,
        sent_at=message.sent_at,
        sender_name=message.sender.name,
        sender_address=message.sender.address,
        automatic=message.automatic,
        language=reading.language if reading else None,
        reading=reading_json(reading) if reading else None,
        faults=list(message.faults),
        subject_line=message.subject_line,
        new_text=message.new_text,
        text=message.text,
    )


def filed_message_of(row: MessageRow) -> FiledMessage:
    return FiledMessage(
        id=row.arrival_id,
        received_at=row.received_at,
        sender_name=row.sender_name,
        sender_address=row.sender_address,
        subject_line=row.subject_line,
        text=row.text,
        filed_as=FiledAs(row.filed_as),
    )


def filing_of(row: MessageRow) -> Filing:
    reading = reading_from(row.reading) if row.reading else None
    return Filing(filed_as=FiledAs(row.filed_as), reference=row.reference, reading=reading)


def letter_values(letter: KeptLetter) -> Values:
    return {
        "id": letter.id,
        "reference": letter.reference,
        "kind": letter.kind,
        "language": letter.language,
        "message_id": letter.message_id,
        "to_address": letter.to_address,
        "subject_line": letter.subject_line,
        "in_reply_to": letter.in_reply_to,
        "references": list(letter.references),
        "sent_at": letter.sent_at,
        "sha256": sha256(letter.body.encode("utf-8", "replace")).hexdigest(),
        "body": letter.body,
    }


def letter_of(row: LetterRow) -> KeptLetter:
    return KeptLetter(
        id=row.id,
        reference=row.reference,
        kind=LetterKind(row.kind),
        language=row.language,
        message_id=row.message_id,
        to_address=row.to_address,
        subject_line=row.subject_line,
        body=row.body,
        in_reply_to=row.in_reply_to,
        references=tuple(row.references),
        sent_at=row.sent_at,
    )


def owed_of(row: OutboxRow, *, was_in_flight: bool) -> Owed:
    return Owed(
        id=row.id or 0,
        effect=effect_of(row.kind, row.payload),
        attempts=row.attempts,
        owed_since=row.due_at,
        was_in_flight=was_in_flight,
    )


def waiting_letter_of(row: OutboxRow) -> WaitingLetter:
    return WaitingLetter(
        id=row.id or 0,
        reference=row.reference or "",
        kind=letter_in(row.payload).kind,
        not_before=row.not_before,
        state=OwedState(row.state),
    )
