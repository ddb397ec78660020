"""Rows.  They live and die inside storage/; the rest of the house sees cases.model.

The largest column stands last, so that SQLite finds the small ones without walking through a mail.
A partial index and the query that should use it share one predicate, written once and without parameters.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    TextClause,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from storage.columns import Instant, Json, Words

UNREAD: Final = text("state = 'unread'")
SET_ASIDE: Final = text("state = 'set_aside'")
LIVE: Final = text("status <> 'closed'")
PENDING: Final = text("state IN ('owed', 'in_flight')")
TROUBLED: Final = text("state IN ('failed', 'unclear')")

#: SQLite counts by itself only in a column of this very type.
_NUMBER: Final = BigInteger().with_variant(Integer(), "sqlite")
#: A number that was given away is never given again, not even after its row was deleted.
_NEVER_AGAIN: Final = {"sqlite_autoincrement": True}

_NAMES: Final = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
}


class Row(SQLModel):
    """A row of this house; no other library's tables share its metadata."""

    metadata = MetaData(naming_convention=_NAMES)


def _number(**options: Any) -> Any:
    return Field(sa_type=_NUMBER, **options)


def _words(**options: Any) -> Any:
    return Field(sa_type=Words, **options)


def _instant(**options: Any) -> Any:
    return Field(sa_type=Instant, **options)


def _json(**options: Any) -> Any:
    return Field(sa_type=Json, **options)


def _day() -> Any:
    return Field(sa_type=Date)


def _of_a_case() -> ForeignKeyConstraint:
    """Checked at commit: a message may be filed a statement before its case is recorded."""
    return ForeignKeyConstraint(
        ["reference"], ["rights_case.reference"], deferrable=True, initially="DEFERRED"
    )


def _where(name: str, *columns: str, predicate: TextClause) -> Index:
    return Index(name, *columns, sqlite_where=predicate, postgresql_where=predicate)


class ArrivalRow(Row, table=True):
    """Raw mail, as it was when we said 250."""

    __tablename__ = "arrival"
    __table_args__ = (
        UniqueConstraint("fingerprint"),
        _where("ix_arrival_unread", "id", predicate=UNREAD),
        _where("ix_arrival_set_aside", "id", predicate=SET_ASIDE),
        _NEVER_AGAIN,
    )

    id: int | None = _number(default=None, primary_key=True)
    fingerprint: str = _words()
    sender: str = _words()
    recipients: list[str] = _json(nullable=False)
    received_at: datetime = _instant()
    state: str = _words()
    attempts: int = 0
    claimed_by: str | None = _words(default=None)
    claimed_until: datetime | None = _instant(default=None)
    error: str | None = _words(default=None)
    raw: bytes = Field(sa_type=LargeBinary)


class MessageRow(Row, table=True):
    """What an arrival was found to be."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("arrival_id"),
        ForeignKeyConstraint(["arrival_id"], ["arrival.id"]),
        _of_a_case(),
        Index("ix_message_fingerprint", "fingerprint"),
        Index("ix_message_message_id", "message_id"),
        Index("ix_message_reference", "reference"),
        _NEVER_AGAIN,
    )

    id: int | None = _number(default=None, primary_key=True)
    arrival_id: int = _number()
    reference: str | None = _words(default=None)
    filed_as: str = _words()
    channel: str = _words()
    message_id: str = _words()
    fingerprint: str = _words()
    received_at: datetime = _instant()
    sent_at: datetime | None = _instant(default=None)
    sender_name: str = _words()
    sender_address: str = _words()
    automatic: str | None = _words(default=None)
    language: str | None = _words(default=None)
    reading: dict[str, Any] | None = _json(default=None)
    faults: list[str] = _json(nullable=False)
    subject_line: str = _words()
    new_text: str = _words()
    text: str = _words()


class CaseRow(Row, table=True):
    """A case.  The three dates are projections of the rest, written anew with every change, for indexes."""

    __tablename__ = "rights_case"
    __table_args__ = (
        _where("ix_rights_case_live_next_due", "next_due", "reference", predicate=LIVE),
        Index("ix_rights_case_status", "status"),
    )

    reference: str = _words(primary_key=True)
    version: int
    status: str = _words()
    outcome: str | None = _words(default=None)
    requester_name: str = _words()
    requester_address: str = _words()
    language: str = _words()
    channel: str = _words()
    received_at: datetime = _instant()
    received_on: date = _day()
    promise_due: date = _day()
    statutory_due: date = _day()
    next_due: date = _day()
    extended: bool
    pauses: list[dict[str, str]] = _json(nullable=False)
    assignee: str | None = _words(default=None)
    unanswerable: str | None = _words(default=None)
    last_kind: str | None = _words(default=None)
    last_by: str | None = _words(default=None)
    last_at: datetime | None = _instant(default=None)
    subject_line: str = _words()
    thread: list[str] = _json(nullable=False)


class CaseRightRow(Row, table=True):
    """One right of a case, at its place in the list."""

    __tablename__ = "case_right"
    __table_args__ = (_of_a_case(),)

    reference: str = _words(primary_key=True)
    right: str = _words(primary_key=True)
    place: int
    received_on: date = _day()
    status: str = _words()
    outcome: str | None = _words(default=None)
    reason: str = _words()
    score: float | None = None
    evidence: str = _words()
    stopped_at: datetime | None = _instant(default=None)


class EventRow(Row, table=True):
    """A line of the register; only ever added, each with the hash of the one before it."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("reference", "seq"), _of_a_case(), _NEVER_AGAIN)

    id: int | None = _number(default=None, primary_key=True)
    reference: str = _words()
    seq: int
    kind: str = _words()
    at: datetime = _instant()
    by: str = _words()
    facts: dict[str, Any] = _json(nullable=False)
    prev_hash: str = _words()
    hash: str = _words()


class OutboxRow(Row, table=True):
    """Something we owe the world."""

    __tablename__ = "outbox"
    __table_args__ = (
        _where("ix_outbox_pending", "id", predicate=PENDING),
        _where("ix_outbox_pending_lane", "reference", "lane", "id", predicate=PENDING),
        _where("ix_outbox_troubled", "id", predicate=TROUBLED),
        Index("ix_outbox_reference", "reference"),
        _NEVER_AGAIN,
    )

    id: int | None = _number(default=None, primary_key=True)
    kind: str = _words()
    reference: str | None = _words(default=None)
    lane: str = _words()
    payload: dict[str, Any] = _json(nullable=False)
    state: str = _words()
    due_at: datetime = _instant()  #: when it was first due; nothing moves it
    not_before: datetime = _instant()
    attempts: int = 0
    error: str | None = _words(default=None)
    claimed_by: str | None = _words(default=None)
    claimed_until: datetime | None = _instant(default=None)
    created_at: datetime = _instant()
    settled_at: datetime | None = _instant(default=None)


class LetterRow(Row, table=True):
    """A letter as it left; its id is that of its outbox row."""

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("message_id"), _of_a_case(), Index("ix_letter_reference", "reference"))

    id: int = _number(primary_key=True, sa_column_kwargs={"autoincrement": False})
    reference: str = _words()
    kind: str = _words()
    language: str = _words()
    message_id: str = _words()
    to_address: str = _words()
    subject_line: str = _words()
    in_reply_to: str = _words()
    references: list[str] = _json(nullable=False)
    sent_at: datetime | None = _instant(default=None)
    sha256: str = _words()  #: of the body, UTF-8
    body: str = _words()


class CardRow(Row, table=True):
    """Where the card of a case is."""

    __tablename__ = "card"
    __table_args__ = (_of_a_case(),)

    reference: str = _words(primary_key=True)
    channel: str = _words()
    ts: str = _words()


class LedgerRow(Row, table=True):
    """What was done once, so that it is never done twice."""

    __tablename__ = "ledger"

    about: str = _words(primary_key=True)
    kind: str = _words(primary_key=True)
    day: date = Field(sa_type=Date, primary_key=True)


class CounterRow(Row, table=True):
    """The last reference given out in a year."""

    __tablename__ = "reference_counter"

    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    last: int


class PulseRow(Row, table=True):
    """The last sign of life of one process of a role."""

    __tablename__ = "pulse"

    role: str = _words(primary_key=True)
    instance: str = _words(primary_key=True)
    at: datetime = _instant()
    facts: dict[str, Any] = _json(nullable=False)
