"""What the trade needs from the world.  Edges implement these; tests fake them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from cases.effects import Change, Effect
from cases.messages import Arrival, InboundMessage
from cases.model import Case, Classification, Event, Fact, LetterKind, Right, Status


class Clock(Protocol):
    def now(self) -> datetime:
        """The instant, aware, UTC."""
        ...

    def day(self, instant: datetime) -> date:
        """The controller's local calendar date of an instant."""
        ...


class Classifier(Protocol):
    def classify(self, subject_line: str, text: str) -> Classification: ...


class Keeper(Protocol):
    async def keep(self, arrival: Arrival) -> None:
        """Return when the mail is committed and synced, else raise.  Keeping it twice keeps it once."""
        ...


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


class Transaction(Protocol):
    """Everything inside is recorded together or not at all."""

    # arrivals
    async def arrival(self, arrival_id: int) -> Arrival: ...
    async def file(self, arrival_id: int, message: InboundMessage, filing: Filing) -> bool:
        """Mark an arrival read and keep what it was; False when another worker was first."""
        ...

    async def set_aside(self, arrival_id: int, error: str) -> bool: ...
    async def set_asides(self) -> Sequence[SetAside]: ...
    async def retry(self, arrival_id: int) -> None:
        """A set-aside mail goes back into the queue; MessageNotFound when there is none."""
        ...

    # finding
    async def filed_before(self, fingerprint: str) -> Filing | None:
        """Where the same mail was put earlier."""
        ...

    async def case_in_thread(self, message_ids: Sequence[str]) -> str | None:
        """Reference of the case that sent a letter, or got a message, with one of these Message-IDs."""
        ...

    async def case(self, reference: str) -> Case:
        """CaseNotFound when there is none."""
        ...

    async def cases(self, query: CaseQuery) -> Sequence[Case]:
        """By earliest date, then reference."""
        ...

    async def case_file(self, reference: str) -> CaseFile: ...
    async def letters(self, limit: int = 200) -> Sequence[KeptLetter]:
        """Those kept, newest first."""
        ...

    async def letters_waiting(self) -> Sequence[WaitingLetter]:
        """Owed, failed or unclear ones, oldest first."""
        ...

    async def tally(self) -> Tally: ...

    # writing
    async def next_reference(self, year: int) -> str:
        """AVG-2026-0001 and on, without gaps or collisions."""
        ...

    async def record(self, change: Change) -> None:
        """Case (compare-and-set on its version), event and effects; StaleCase when somebody was first."""
        ...

    async def note(self, event: Event, *effects: Effect) -> None:
        """An event that does not move its case."""
        ...

    async def owe(self, *effects: Effect) -> None: ...
    async def once(self, about: str, kind: str, day: date) -> bool:
        """The ledger: True the first time (about, kind, day) is written, False ever after."""
        ...

    # outbox bookkeeping that belongs to a case
    async def place_card(self, reference: str, place: CardPlace) -> None: ...
    async def keep_letter(self, letter: KeptLetter) -> None:
        """Insert, or update by id."""
        ...


class Store(Protocol):
    def begin(self) -> AbstractAsyncContextManager[Transaction]:
        """A transaction that writes."""
        ...

    def look(self) -> AbstractAsyncContextManager[Transaction]:
        """A consistent look without writing."""
        ...


class Inbox(Protocol):
    """Unread mail, claimed by workers."""

    async def claim(self, limit: int) -> Sequence[Arrival]:
        """The oldest unread mails, leased to this worker; counts an attempt for each."""
        ...


class Lane(StrEnum):
    """Two queues that never wait for each other."""

    SLACK = "slack"
    MAIL = "mail"


class Outbox(Protocol):
    """What we owe the world, claimed by couriers.  Every method is a transaction of its own."""

    async def claim(self, limit: int, now: datetime, lane: Lane | None = None) -> Sequence[Owed]:
        """What is due, oldest first, leased to this courier; of one case never two at once."""
        ...

    async def take_off(self, owed_id: int) -> bool:
        """In flight, durably: from here a crash leaves it unclear.  False: cancelled meanwhile."""
        ...

    async def settle(self, owed_id: int) -> None: ...
    async def postpone(self, owed_id: int, until: datetime, error: str) -> None:
        """It did not leave; try again then.  `error` is a class name or code, no text."""
        ...

    async def wait(self, owed_id: int, until: datetime) -> None:
        """Not its turn yet; no attempt is counted."""
        ...

    async def fail(self, owed_id: int, error: str) -> None: ...
    async def mark_unclear(self, owed_id: int, error: str) -> None: ...
    async def resend(self, owed_id: int) -> None:
        """A person decided: an unclear or failed letter goes (again)."""
        ...


class Pulses(Protocol):
    """Signs of life of the roles, so that one of them can answer for all."""

    async def beat(self, role: str, instance: str, facts: Mapping[str, Fact]) -> None: ...
    async def pulses(self) -> Mapping[str, tuple[datetime, Mapping[str, Fact]]]:
        """Role -> (last beat, UTC; its facts), the freshest instance of each role."""
        ...
