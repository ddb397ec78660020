"""Rows of what people teach the classifier, as words of the trade, and back."""

from __future__ import annotations

from typing import Any

from cases.lessons import Example, KeptMessage, LookedAt, Origin
from cases.messages import Automatic, Channel, Language, Person
from cases.model import Right
from storage.readings import reading_from
from storage.tables import ExampleRow, LookedAtRow, MessageRow

Values = dict[str, Any]


def kept_message_of(row: MessageRow) -> KeptMessage:
    return KeptMessage(
        id=row.arrival_id,
        channel=Channel(row.channel),
        message_id=row.message_id,
        received_at=row.received_at,
        sender=Person(name=row.sender_name, address=row.sender_address),
        subject_line=row.subject_line,
        new_text=row.new_text,
        automatic=Automatic(row.automatic) if row.automatic else None,
        reading=reading_from(row.reading) if row.reading else None,
        is_forgotten=row.forgotten_at is not None,
    )


def example_values(example: Example) -> Values:
    """Every column but its key."""
    return {
        "origin": example.origin,
        "labels": sorted(example.labels),
        "read": sorted(example.read),
        "model": example.model,
        "language": example.language,
        "decided_at": example.decided_at,
        "subject_line": example.subject_line,
        "text": example.text,
    }


def example_of(row: ExampleRow) -> Example:
    return Example(
        message=row.arrival_id,
        origin=Origin(row.origin),
        labels=frozenset(map(Right, row.labels)),
        read=frozenset(map(Right, row.read)),
        model=row.model,
        language=Language(row.language),
        decided_at=row.decided_at,
        subject_line=row.subject_line,
        text=row.text,
    )


def looked_at_of(row: LookedAtRow, message: MessageRow) -> LookedAt:
    return LookedAt(
        message=row.arrival_id,
        subject_line=message.subject_line,
        text=message.new_text,
        by=row.by,
        was_request=bool(row.was_request),
        reference=message.reference,
    )
