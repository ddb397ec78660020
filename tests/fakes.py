"""The store in memory: the same promises as storage/, which tests/storage holds both of them to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cases.effects import StaffLine, TellStaff
from cases.messages import Arrival
from cases.model import Fact, Facts
from cases.ports import Clock
from cases.records import Lane, Owed, OwedState
from tests.drawers import PENDING, Drawers, Due, Kept
from tests.fake_transaction import InMemoryTransaction

LEASE = timedelta(minutes=2)


class InMemoryStore:
    """cases.ports.Store, and the other ports beside it: `inbox`, `outbox`, `pulses`, `keeper`."""

    def __init__(self, clock: Clock) -> None:
        self.drawers = Drawers()
        self.clock = clock
        self.turn = asyncio.Lock()
        self.inbox = InMemoryInbox(self)
        self.outbox = InMemoryOutbox(self)
        self.pulses = InMemoryPulses(self)
        self.keeper = InMemoryKeeper(self)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[InMemoryTransaction]:
        async with self.turn:
            before = self.drawers.snapshot()
            try:
                yield InMemoryTransaction(self.drawers, self.clock)
            except BaseException:
                self.drawers.restore(before)
                raise

    @asynccontextmanager
    async def look(self) -> AsyncIterator[InMemoryTransaction]:
        yield InMemoryTransaction(self.drawers.snapshot(), self.clock)


class InMemoryKeeper:
    """cases.ports.Keeper."""

    def __init__(self, store: InMemoryStore) -> None:
        self.store = store

    async def keep(self, arrival: Arrival) -> None:
        async with self.store.turn:
            arrivals = self.store.drawers.arrivals
            if _delivery(arrival) not in {_delivery(kept.arrival) for kept in arrivals.values()}:
                number = len(arrivals) + 1
                arrivals[number] = Kept(replace(arrival, id=number))


def _delivery(arrival: Arrival) -> tuple[str, frozenset[str], bytes]:
    return arrival.sender, frozenset(arrival.recipients), arrival.raw


class InMemoryInbox:
    """cases.ports.Inbox; a second one on the same store is another worker."""

    def __init__(self, store: InMemoryStore) -> None:
        self.store = store

    async def claim(self, limit: int) -> Sequence[Arrival]:
        async with self.store.begin() as tx:
            for number, kept in self._free():
                if kept.arrival.attempts >= 3:
                    await tx.set_aside(number, "WorkerDied")
                    facts: Facts = {"message": number, "error": "WorkerDied"}
                    await tx.owe(TellStaff(line=StaffLine.MAIL_SET_ASIDE, facts=facts))
            free = self._free()
            if free and free[0][1].arrival.attempts:
                return [self._hand_out(*free[0])]
            return [self._hand_out(*each) for each in free[:limit] if not each[1].arrival.attempts]

    async def release_claims(self) -> None:
        async with self.store.turn:
            for number, kept in self.store.drawers.arrivals.items():
                self.store.drawers.arrivals[number] = replace(kept, held_until=None)

    def _free(self) -> list[tuple[int, Kept]]:
        now = self.store.clock.now()
        return [
            (number, kept)
            for number, kept in sorted(self.store.drawers.arrivals.items())
            if kept.state == "unread" and (kept.held_until is None or kept.held_until < now)
        ]

    def _hand_out(self, number: int, kept: Kept) -> Arrival:
        begun = replace(kept.arrival, attempts=kept.arrival.attempts + 1)
        held = Kept(begun, held_until=self.store.clock.now() + LEASE)
        self.store.drawers.arrivals[number] = held
        return begun


class InMemoryOutbox:
    """cases.ports.Outbox; a second one on the same store is another courier."""

    def __init__(self, store: InMemoryStore, instance: str = "courier") -> None:
        self.store = store
        self.instance = instance

    async def claim(self, limit: int, now: datetime, lane: Lane | None = None) -> Sequence[Owed]:
        async with self.store.turn:
            rows = [row for row in self._rows().values() if lane in {None, row.lane}]
            due = [row for row in rows if row.not_before <= now and self._is_free(row)]
            return [self._hand_out(row) for row in due[:limit]]

    async def take_off(self, owed_id: int) -> bool:
        return self._set(owed_id, mine=True, state=OwedState.IN_FLIGHT)

    async def settle(self, owed_id: int) -> None:
        if self._rows()[owed_id].state in PENDING | {OwedState.UNCLEAR}:
            self._set(owed_id, state=OwedState.SETTLED, holder=None, held_until=None)

    async def postpone(self, owed_id: int, until: datetime, error: str) -> None:
        attempts = self._rows()[owed_id].attempts + 1
        self._free(owed_id, state=OwedState.OWED, not_before=until, error=error, attempts=attempts)

    async def wait(self, owed_id: int, until: datetime) -> None:
        self._free(owed_id, state=OwedState.OWED, not_before=until)

    async def fail(self, owed_id: int, error: str) -> None:
        self._free(owed_id, state=OwedState.FAILED, error=error)

    async def mark_unclear(self, owed_id: int, error: str) -> None:
        self._free(owed_id, state=OwedState.UNCLEAR, error=error)

    async def resend(self, owed_id: int) -> None:
        if self._rows()[owed_id].state in {OwedState.FAILED, OwedState.UNCLEAR}:
            now = self.store.clock.now()
            self._set(owed_id, state=OwedState.OWED, not_before=now, attempts=0, error=None)

    async def release_claims(self) -> None:
        for number in self._rows():
            self._set(number, holder=None, held_until=None)

    def _rows(self) -> dict[int, Due]:
        return self.store.drawers.outbox

    def _is_free(self, row: Due) -> bool:
        now = self.store.clock.now()
        if row.state not in PENDING or row.is_held(now):
            return False
        return row.reference is None or not any(
            (other.reference, other.lane) == (row.reference, row.lane)
            and other.state in PENDING
            and (other.id < row.id or (other.id != row.id and other.is_held(now)))
            for other in self._rows().values()
        )

    def _hand_out(self, row: Due) -> Owed:
        in_flight = row.state is OwedState.IN_FLIGHT
        attempts = row.attempts + in_flight
        until = self.store.clock.now() + LEASE
        self._set(row.id, attempts=attempts, holder=self.instance, held_until=until)
        return Owed(
            id=row.id,
            effect=row.effect,
            attempts=attempts,
            owed_since=row.due_at,
            was_in_flight=in_flight,
        )

    def _free(self, owed_id: int, **values: Any) -> None:
        self._set(owed_id, mine=True, holder=None, held_until=None, **values)

    def _set(self, owed_id: int, *, mine: bool = False, **values: Any) -> bool:
        row = self._rows()[owed_id]
        if mine and (row.holder != self.instance or row.state not in PENDING):
            return False
        self._rows()[owed_id] = replace(row, **values)
        return True


class InMemoryPulses:
    """cases.ports.Pulses."""

    def __init__(self, store: InMemoryStore) -> None:
        self.store = store

    async def beat(self, role: str, instance: str, facts: Mapping[str, Fact]) -> None:
        self.store.drawers.pulses[role, instance] = (self.store.clock.now(), dict(facts))

    async def pulses(self) -> Mapping[str, tuple[datetime, Mapping[str, Fact]]]:
        beats = sorted(self.store.drawers.pulses.items(), key=lambda beat: beat[1][0])
        return {role: beat for (role, _), beat in beats}
