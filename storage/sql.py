"""The store on SQL: one transaction per thing that happens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from cases.ports import Clock
from storage.arrivals import Arrivals
from storage.database import Database
from storage.finding import Finding
from storage.register import Register
from storage.tallies import Tallies


class SqlTransaction(Arrivals, Finding, Tallies, Register):
    """cases.ports.Transaction on SQLite and PostgreSQL, one part per topic."""


class SqlStore:
    """cases.ports.Store; StoreAway out of `begin` or `look` means that nothing was written."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[SqlTransaction]:
        async with self._database.writing() as session:
            yield SqlTransaction(session, self._clock)

    @asynccontextmanager
    async def look(self) -> AsyncIterator[SqlTransaction]:
        async with self._database.looking() as session:
            yield SqlTransaction(session, self._clock)
