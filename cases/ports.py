"""What the trade needs from the world.  Edges implement these; tests fake them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol

from cases.effects import Change, Effect
from cases.lessons import Example, KeptMessage, LookedAt, LookTally, SecondLook
from cases.messages import Arrival, InboundMessage
from cases.model import Case, Classification, Event, Fact
from cases.records import (
    CardPlace,
    CaseFile,
    CaseQuery,
    Filing,
    KeptLetter,
    Lane,
    Owed,
    SetAside,
    Tally,
    WaitingLetter,
)


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

    # what people teach the classifier
    async def message(self, arrival_id: int) -> KeptMessage:
        """NoSuchMessage when there is none."""
        ...

    async def opening_message(self, reference: str) -> KeptMessage | None:
        """The message that opened a case."""
        ...

    async def keep_example(self, example: Example) -> None:
        """In place of an earlier one about the same message."""
        ...

    async def drop_example(self, message: int) -> None: ...
    async def examples(self) -> Sequence[Example]:
        """Oldest decision first."""
        ...

    async def passed_over(self, since: datetime) -> Sequence[int]:
        """Ids of the messages since then that were read as no request and continue no case."""
        ...

    async def begin_look(self, week: date, messages: Sequence[int]) -> None: ...
    async def second_look(self, week: date) -> SecondLook: ...
    async def place_look(self, week: date, place: CardPlace) -> None: ...
    async def asked(self, message: int) -> LookedAt | None:
        """What a second look asked about this message; its row stays locked until our end."""
        ...

    async def answer_look(self, message: int, *, was_request: bool, by: str, at: datetime) -> date:
        """The week that it belongs to."""
        ...

    async def look_tally(self) -> LookTally: ...
    async def adopt(self, message: int, reference: str) -> None:
        """A message that was passed over opened this case after all."""
        ...

    async def forget_content(self, before: datetime) -> int:
        """Delete what mails without a case said that came in before then; how many."""
        ...

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
