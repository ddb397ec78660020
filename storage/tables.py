"""Rows.  They live and die inside storage/; the rest of the house sees cases.model.

The largest column stands last, so that SQLite finds the small ones without walking through a mail.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint
from sqlmodel import Field

from storage.fields import (
    LIVE,
    NEVER_AGAIN,
    PENDING,
    SET_ASIDE,
    TROUBLED,
    UNFORGOTTEN,
    UNREAD,
    Row,
    day,
    false_at_first,
    index_where,
    instant,
    json_value,
    number,
    of_a_case,
    words,
)


class ArrivalRow(Row, table=True):
    """Raw mail, as it was when we said 250."""

    __tablename__ = "arrival"
    __table_args__ = (
        UniqueConstraint("fingerprint"),
        index_where("ix_arrival_unread", "id", predicate=UNREAD),
        index_where("ix_arrival_set_aside", "id", predicate=SET_ASIDE),
        NEVER_AGAIN,
    )

    id: int | None = number(default=None, primary_key=True)
    fingerprint: str = words()
    sender: str = words()
    recipients: list[str] = json_value(nullable=False)
    received_at: datetime = instant()
    state: str = words()
    attempts: int = 0
    claimed_by: str | None = words(default=None)
    claimed_until: datetime | None = instant(default=None)
    error: str | None = words(default=None)
    raw: bytes = Field(sa_type=LargeBinary)


class MessageRow(Row, table=True):
    """What an arrival was found to be."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("arrival_id"),
        ForeignKeyConstraint(["arrival_id"], ["arrival.id"]),
        of_a_case(),
        Index("ix_message_fingerprint", "fingerprint"),
        # hashed on PostgreSQL, whose ordinary index refuses a Message-ID of several kilobytes
        Index("ix_message_message_id", "message_id", postgresql_using="hash"),
        Index("ix_message_reference", "reference"),
        index_where("ix_message_unforgotten", "received_at", predicate=UNFORGOTTEN),
        NEVER_AGAIN,
    )

    id: int | None = number(default=None, primary_key=True)
    arrival_id: int = number()
    reference: str | None = words(default=None)
    filed_as: str = words()
    channel: str = words()
    message_id: str = words()
    fingerprint: str = words()
    received_at: datetime = instant()
    sent_at: datetime | None = instant(default=None)
    sender_name: str = words()
    sender_address: str = words()
    automatic: str | None = words(default=None)
    language: str | None = words(default=None)
    reading: dict[str, Any] | None = json_value(default=None)
    faults: list[str] = json_value(nullable=False)
    forgotten_at: datetime | None = instant(default=None)  #: when its content was deleted
    subject_line: str = words()
    new_text: str = words()
    text: str = words()


class CaseRow(Row, table=True):
    """A case.  The three dates are projections of the rest, written anew with every change, for indexes."""

    __tablename__ = "rights_case"
    __table_args__ = (
        index_where("ix_rights_case_live_next_due", "next_due", "reference", predicate=LIVE),
        Index("ix_rights_case_status", "status"),
    )

    reference: str = words(primary_key=True)
    version: int
    status: str = words()
    outcome: str | None = words(default=None)
    requester_name: str = words()
    requester_address: str = words()
    language: str = words()
    channel: str = words()
    received_at: datetime = instant()
    received_on: date = day()
    promise_due: date = day()
    statutory_due: date = day()
    next_due: date = day()
    extended: bool
    pauses: list[dict[str, str]] = json_value(nullable=False)
    assignee: str | None = words(default=None)
    unanswerable: str | None = words(default=None)
    last_kind: str | None = words(default=None)
    last_by: str | None = words(default=None)
    last_at: datetime | None = instant(default=None)
    subject_line: str = words()
    doubtful: bool = false_at_first()
    thread: list[str] = json_value(nullable=False)


class CaseRightRow(Row, table=True):
    """One right of a case, at its place in the list."""

    __tablename__ = "case_right"
    __table_args__ = (of_a_case(),)

    reference: str = words(primary_key=True)
    right: str = words(primary_key=True)
    place: int
    received_on: date = day()
    status: str = words()
    outcome: str | None = words(default=None)
    reason: str = words()
    score: float | None = None
    evidence: str = words()
    stopped_at: datetime | None = instant(default=None)


class EventRow(Row, table=True):
    """A line of the register; only ever added, each with the hash of the one before it."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("reference", "seq"), of_a_case(), NEVER_AGAIN)

    id: int | None = number(default=None, primary_key=True)
    reference: str = words()
    seq: int
    kind: str = words()
    at: datetime = instant()
    by: str = words()
    facts: dict[str, Any] = json_value(nullable=False)
    prev_hash: str = words()
    hash: str = words()


class OutboxRow(Row, table=True):
    """Something we owe the world."""

    __tablename__ = "outbox"
    __table_args__ = (
        index_where("ix_outbox_pending", "id", predicate=PENDING),
        index_where("ix_outbox_pending_lane", "reference", "lane", "id", predicate=PENDING),
        index_where("ix_outbox_troubled", "id", predicate=TROUBLED),
        Index("ix_outbox_reference", "reference"),
        NEVER_AGAIN,
    )

    id: int | None = number(default=None, primary_key=True)
    kind: str = words()
    reference: str | None = words(default=None)
    lane: str = words()
    payload: dict[str, Any] = json_value(nullable=False)
    state: str = words()
    due_at: datetime = instant()  #: when it was first due; nothing moves it
    not_before: datetime = instant()
    attempts: int = 0
    error: str | None = words(default=None)
    claimed_by: str | None = words(default=None)
    claimed_until: datetime | None = instant(default=None)
    created_at: datetime = instant()
    settled_at: datetime | None = instant(default=None)


class LetterRow(Row, table=True):
    """A letter as it left; its id is that of its outbox row."""

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("message_id"), of_a_case(), Index("ix_letter_reference", "reference"))

    id: int = number(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reference: str = words()
    kind: str = words()
    language: str = words()
    message_id: str = words()
    to_address: str = words()
    subject_line: str = words()
    in_reply_to: str = words()
    references: list[str] = json_value(nullable=False)
    sent_at: datetime | None = instant(default=None)
    sha256: str = words()  #: of the body, UTF-8
    body: str = words()


class CardRow(Row, table=True):
    """Where the card of a case is."""

    __tablename__ = "card"
    __table_args__ = (of_a_case(),)

    reference: str = words(primary_key=True)
    channel: str = words()
    ts: str = words()


class LedgerRow(Row, table=True):
    """What was done once, so that it is never done twice."""

    __tablename__ = "ledger"

    about: str = words(primary_key=True)
    kind: str = words(primary_key=True)
    day: date = Field(sa_type=Date, primary_key=True)


class CounterRow(Row, table=True):
    """The last reference given out in a year."""

    __tablename__ = "reference_counter"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int


class PulseRow(Row, table=True):
    """The last sign of life of one process of a role."""

    __tablename__ = "pulse"

    role: str = words(primary_key=True)
    instance: str = words(primary_key=True)
    at: datetime = instant()
    facts: dict[str, Any] = json_value(nullable=False)


class ExampleRow(Row, table=True):
    """A message as an agent labelled it, redacted: what the classifier may learn from."""

    __tablename__ = "example"
    __table_args__ = (ForeignKeyConstraint(["arrival_id"], ["arrival.id"]),)

    arrival_id: int = number(primary_key=True, sa_column_kwargs={"autoincrement": False})
    origin: str = words()
    labels: list[str] = json_value(nullable=False)
    read: list[str] = json_value(nullable=False)
    model: str = words()
    language: str = words()
    decided_at: datetime = instant()
    subject_line: str = words()
    text: str = words()


class SecondLookRow(Row, table=True):
    """The post in which people are asked about one week's sample."""

    __tablename__ = "second_look"

    week: date = Field(sa_type=Date, primary_key=True)
    channel: str | None = words(default=None)
    ts: str | None = words(default=None)


class LookedAtRow(Row, table=True):
    """One message of a second look, and what somebody said of it."""

    __tablename__ = "looked_at"
    __table_args__ = (
        ForeignKeyConstraint(["arrival_id"], ["arrival.id"]),
        ForeignKeyConstraint(["week"], ["second_look.week"]),
        Index("ix_looked_at_week", "week"),
    )

    arrival_id: int = number(primary_key=True, sa_column_kwargs={"autoincrement": False})
    week: date = day()
    was_request: bool | None = None
    by: str | None = words(default=None)
    at: datetime | None = instant(default=None)
