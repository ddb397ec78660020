"""What the store keeps and hands out: filings, letters, what we owe, and one case with its whole story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cases.effects import Effect
from cases.model import Case, Classification, Event, LetterKind, Right, Status


class FiledAs(StrEnum):
    """What a message turned out to be."""

    REQUEST = "request"  #: opened a case
    REPLY = "reply"  #: the requester, about an open case
    STRANGER = "stranger"  #: about a case, but from another address; shown, never obeyed
    MACHINE = "machine"  #: auto-reply, bounce, our own mail
    DUPLICATE = "duplicate"  #: the same mail came in before
    OTHER = "other"  #: ordinary service-desk mail


@dataclass(frozen=True, kw_only=True, slots=True)
class Filing:
    """Where a message was put, and why."""

    filed_as: FiledAs
    reference: str | None = None
    reading: Classification | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FiledMessage:
    """A message of a case as it is shown later."""

    id: int
    received_at: datetime
    sender_name: str
    sender_address: str
    subject_line: str
    text: str
    filed_as: FiledAs


@dataclass(frozen=True, kw_only=True, slots=True)
class SetAside:
    """A mail that could not be read, with the class of what went wrong; its raw bytes are kept."""

    id: int
    received_at: datetime
    error: str
    attempts: int


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptLetter:
    """A letter exactly as it was handed over (or kept, where there is no relay)."""

    id: int  #: of its outbox row
    reference: str
    kind: LetterKind
    language: str
    message_id: str
    to_address: str
    subject_line: str
    body: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    sent_at: datetime | None = None  #: None while it is unclear whether it left


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitingLetter:
    """A letter that has not left yet."""

    id: int  #: of its outbox row
    reference: str
    kind: LetterKind
    not_before: datetime
    state: OwedState


class OwedState(StrEnum):
    """Where a thing we owe stands."""

    OWED = "owed"
    IN_FLIGHT = "in_flight"  #: handed over, answer not heard yet
    SETTLED = "settled"
    CANCELLED = "cancelled"
    FAILED = "failed"  #: refused for good; staff is told
    UNCLEAR = "unclear"  #: a crash in the moment of sending a letter; a person decides


@dataclass(frozen=True, kw_only=True, slots=True)
class Owed:
    """A row of the outbox that a courier has claimed."""

    id: int
    effect: Effect
    attempts: int
    owed_since: datetime
    was_in_flight: bool = False  #: an earlier courier died between handing over and hearing the answer


@dataclass(frozen=True, kw_only=True, slots=True)
class CardPlace:
    """Where a case's card is: Slack's channel id and ts."""

    channel: str
    ts: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFile:
    """One case with its whole story."""

    case: Case
    events: tuple[Event, ...]
    messages: tuple[FiledMessage, ...]
    letters: tuple[KeptLetter, ...]
    letters_owed: tuple[datetime, ...] = ()  #: not_before of letters that wait
    card: CardPlace | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseQuery:
    """Which cases; None leaves a question out."""

    status: Status | None = None
    right: Right | None = None
    live_only: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """Counts for health, metrics and the digest."""

    unread: int = 0
    set_aside: int = 0
    owed: int = 0
    failed_letters: int = 0
    unclear_letters: int = 0
    oldest_unread: datetime | None = None
    oldest_owed: datetime | None = None  #: among what is due and has been tried
    cases: Mapping[Status, int] = field(default_factory=dict)


class Lane(StrEnum):
    """Two queues that never wait for each other."""

    SLACK = "slack"
    MAIL = "mail"
