"""What the store in memory remembers."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from cases.effects import Effect, SendLetter
from cases.lessons import Example, SecondLook
from cases.messages import Arrival, InboundMessage
from cases.model import Case, Event, Fact
from cases.records import CardPlace, Filing, KeptLetter, Lane, OwedState

PENDING = {OwedState.OWED, OwedState.IN_FLIGHT}
GONE = {OwedState.IN_FLIGHT, OwedState.SETTLED, OwedState.UNCLEAR}


@dataclass(frozen=True, slots=True)
class Kept:
    """An arrival and what became of it."""

    arrival: Arrival
    state: str = "unread"
    error: str = ""
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A row of the outbox."""

    id: int
    effect: Effect
    due_at: datetime
    not_before: datetime
    state: OwedState = OwedState.OWED
    attempts: int = 0
    error: str | None = None
    holder: str | None = None
    held_until: datetime | None = None

    @property
    def lane(self) -> Lane:
        return Lane.MAIL if isinstance(self.effect, SendLetter) else Lane.SLACK

    @property
    def reference(self) -> str | None:
        return getattr(self.effect, "reference", None)

    def is_held(self, now: datetime) -> bool:
        return self.held_until is not None and self.held_until > now


@dataclass(slots=True)
class Drawers:
    """All that is remembered; every value is frozen, so a shallow copy is a snapshot."""

    arrivals: dict[int, Kept] = field(default_factory=dict)
    messages: list[tuple[int, InboundMessage, Filing]] = field(default_factory=list)
    cases: dict[str, Case] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)
    outbox: dict[int, Due] = field(default_factory=dict)
    letters: dict[int, KeptLetter] = field(default_factory=dict)
    cards: dict[str, CardPlace] = field(default_factory=dict)
    ledger: set[tuple[str, str, date]] = field(default_factory=set)
    counters: dict[int, int] = field(default_factory=dict)
    last_owed: list[int] = field(default_factory=lambda: [0])
    examples: dict[int, Example] = field(default_factory=dict)
    looks: dict[date, SecondLook] = field(default_factory=dict)
    forgotten: frozenset[int] = frozenset()
    pulses: dict[tuple[str, str], tuple[datetime, Mapping[str, Fact]]] = field(default_factory=dict)

    def snapshot(self) -> Drawers:
        return Drawers(**{each.name: copy(getattr(self, each.name)) for each in fields(self)})

    def restore(self, snapshot: Drawers) -> None:
        for each in fields(self):
            setattr(self, each.name, getattr(snapshot, each.name))
