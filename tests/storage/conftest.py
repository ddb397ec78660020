from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from cases.effects import Effect
from cases.lifecycle import propose
from cases.messages import Arrival
from cases.model import Case
from cases.ports import Inbox, Keeper, Outbox, Pulses, Store
from cases.records import Owed
from storage.database import Database
from storage.inbox import SqlInbox
from storage.keeping import GroupKeeper
from storage.outbox import SqlOutbox
from storage.pulses import SqlPulses
from storage.sql import SqlStore
from tests.builders import NOW, FrozenClock, a_case
from tests.fakes import InMemoryInbox, InMemoryOutbox, InMemoryStore


@dataclass(frozen=True)
class House:
    """One memory behind all its ports; `worker` and `courier` make further ones."""

    store: Store
    clock: FrozenClock
    inbox: Any
    outbox: Any
    pulses: Pulses
    keeper: Keeper
    other_worker: Inbox
    other_courier: Outbox

    async def keep(self, *arrivals: Arrival) -> None:
        for arrival in arrivals:
            await self.keeper.keep(arrival)

    async def open_case(self, case: Case | None = None) -> Case:
        async with self.store.begin() as tx:
            await tx.record(propose(case or a_case(), at=NOW))
        return await self.case((case or a_case()).reference)

    async def case(self, reference: str) -> Case:
        async with self.store.look() as tx:
            return await tx.case(reference)

    async def owe(self, *effects: Effect) -> None:
        async with self.store.begin() as tx:
            await tx.owe(*effects)

    async def claimed(self, limit: int = 10, **options: Any) -> list[Owed]:
        return list(await self.outbox.claim(limit, self.clock.now(), **options))


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def memory_house(clock: FrozenClock) -> House:
    store = InMemoryStore(clock)
    return House(
        store,
        clock,
        store.inbox,
        store.outbox,
        store.pulses,
        store.keeper,
        InMemoryInbox(store),
        InMemoryOutbox(store, "other"),
    )


@asynccontextmanager
async def _opened(url: str, clock: FrozenClock) -> AsyncIterator[House]:
    database = Database(url)
    keeper = GroupKeeper(database.sync_engine())
    keeper.start()
    yield House(
        SqlStore(database, clock),
        clock,
        SqlInbox(database, clock, "worker"),
        SqlOutbox(database, clock, "courier"),
        SqlPulses(database, clock),
        keeper,
        SqlInbox(database, clock, "other"),
        SqlOutbox(database, clock, "other"),
    )
    await keeper.close()
    await database.close()


@pytest.fixture
async def sql_house(database_url: str, clock: FrozenClock) -> AsyncIterator[House]:
    """The same story on SQLite and on PostgreSQL."""
    async with _opened(database_url, clock) as house:
        yield house


@pytest.fixture
async def postgres_house(postgres_url: str, clock: FrozenClock) -> AsyncIterator[House]:
    """For what can only happen where two transactions write at once."""
    async with _opened(postgres_url, clock) as house:
        yield house


@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def house(request: pytest.FixtureRequest, clock: FrozenClock) -> AsyncIterator[House]:
    """The same story on the fake, on SQLite and on PostgreSQL."""
    if request.param == "memory":
        yield request.getfixturevalue("memory_house")
        return
    async with _opened(request.getfixturevalue(f"{request.param}_url"), clock) as house:
        yield house
