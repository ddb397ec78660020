"""What the product wrote down, read from outside."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email import message_from_bytes
from zoneinfo import ZoneInfo

from sqlalchemy import text

from bot.clocks import SystemClock
from cases.records import CaseFile, CaseQuery, Tally
from storage.database import Database
from storage.sql import SqlStore


@dataclass(frozen=True)
class Records:
    database: Database
    store: SqlStore

    async def tally(self) -> Tally:
        async with self.store.look() as tx:
            return await tx.tally()

    async def files(self) -> list[CaseFile]:
        async with self.store.look() as tx:
            return [await tx.case_file(case.reference) for case in await tx.cases(CaseQuery())]

    async def broken_chains(self) -> list[str]:
        """References whose register is not what was written."""
        async with self.store.look() as tx:
            found = await tx.cases(CaseQuery())
            return [case.reference for case in found if await tx.first_broken_event(case.reference)]

    async def kept(self) -> Counter[str]:
        """How often each mail was kept, by Message-ID."""
        raws = await self._all("SELECT raw FROM arrival")
        return Counter(str(message_from_bytes(bytes(raw))["Message-ID"]) for (raw,) in raws)

    async def read(self) -> Counter[str]:
        """How often each mail was filed, by Message-ID."""
        return Counter(found for (found,) in await self._all("SELECT message_id FROM message"))

    async def states(self) -> Counter[str]:
        return Counter(state for (state,) in await self._all("SELECT state FROM arrival"))

    async def letters(self) -> Counter[str]:
        """Letters that we owe or owed, by state."""
        return Counter(state for (state,) in await self._all("SELECT state FROM outbox WHERE lane = 'mail'"))

    async def idle(self) -> bool:
        """Nothing to read and nothing to deliver."""
        tally = await self.tally()
        return not (tally.unread or tally.owed)

    async def _all(self, query: str) -> list[tuple[object, ...]]:
        async with self.database.looking() as session:
            return [tuple(row) for row in await session.execute(text(query))]


@asynccontextmanager
async def records_of(url: str) -> AsyncIterator[Records]:
    database = Database(url)
    try:
        yield Records(database, SqlStore(database, SystemClock(ZoneInfo("Europe/Amsterdam"))))
    finally:
        await database.close()
