"""The store on SQL: one transaction per thing that happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncSession

from cases.ports import Clock
from storage.arrivals import Arrivals
from storage.database import Database
from storage.finding import Finding
from storage.lessons import Lessons
from storage.letters import Letters
from storage.register import Register
from storage.tallies import Tallies


class SqlTransaction(Arrivals, Finding, Letters, Lessons, Tallies, Register):
    """cases.ports.Transaction on SQLite and PostgreSQL, one part per topic."""


class SqlStore:
    """cases.ports.Store; StoreAway out of `begin` or `look` means that nothing was written."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def begin(self) -> AbstractAsyncContextManager[SqlTransaction]:
        return self._transaction(self._database.writing())

    def look(self) -> AbstractAsyncContextManager[SqlTransaction]:
        return self._transaction(self._database.looking())

    @asynccontextmanager
    async def _transaction(
        self, session: AbstractAsyncContextManager[AsyncSession]
    ) -> AsyncIterator[SqlTransaction]:
        async with session as opened:
            yield SqlTransaction(opened, self._clock)
