"""One database, its engines, and the two ways to use it: writing and looking."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from functools import cached_property
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

from cases.errors import StoreAway
from storage import dialects
from storage.address import async_address, database_url, is_file, make_folder, sync_address
from storage.faults import told_plainly


class Database:
    """Made from DATABASE_URL; connects when it is first used.  One per process and event loop."""

    def __init__(self, url: str, *, busy_seconds: float = dialects.BUSY_SECONDS) -> None:
        self.url = database_url(url)
        self._options = dialects.engine_options(self.url, busy_seconds)
        self.is_file = is_file(self.url)
        self._busy_seconds = busy_seconds
        self._turn = asyncio.Lock()  #: SQLite's one writer: tasks queue here in order, not in its busy loop

    @cached_property
    def engine(self) -> AsyncEngine:
        if self.is_file:
            make_folder(self.url)
        engine = create_async_engine(async_address(self.url), **self._options)
        dialects.prepare(engine.sync_engine)
        return engine

    def sync_engine(self) -> Engine:
        """An engine for a thread of its own: the keeper's, and migrations."""
        if self.is_file:
            make_folder(self.url)
        engine = create_engine(sync_address(self.url), **self._options)
        dialects.prepare(engine)
        return engine.execution_options(**dialects.for_writing(engine.dialect))

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[AsyncSession]:
        """Committed at the end, or nothing of it; StoreAway when the database is away or stays locked."""
        options = dialects.for_writing(self.engine.dialect)
        if not self.is_file:
            async with self._session(self.engine.execution_options(**options)) as session:
                yield session
            return
        async with self._our_turn(), self._session(self.engine.execution_options(**options)) as session:
            yield session

    @asynccontextmanager
    async def _our_turn(self) -> AsyncIterator[None]:
        """As patient as SQLite itself: while another process holds its lock, all who came before us wait."""
        try:
            async with asyncio.timeout(self._busy_seconds):
                await self._turn.acquire()
        except TimeoutError:
            raise StoreAway(error="locked") from None
        try:
            yield
        finally:
            self._turn.release()

    @asynccontextmanager
    async def looking(self) -> AsyncIterator[AsyncSession]:
        options = dialects.for_looking(self.engine.dialect)
        async with self._session(self.engine.execution_options(**options)) as session:
            yield session

    async def close(self) -> None:
        await self.engine.dispose()

    @staticmethod
    @asynccontextmanager
    async def _session(engine: AsyncEngine) -> AsyncIterator[AsyncSession]:
        """What is read again is really read again; rows stay readable after the commit."""
        fresh = {"populate_existing": True}
        sessions = AsyncSession(engine, expire_on_commit=False, execution_options=fresh)
        with told_plainly():
            async with sessions as session:
                await session.begin()
                try:
                    yield session
                    await _to_the_end(session.commit())
                except BaseException:
                    await _to_the_end(session.rollback())
                    raise


async def _to_the_end(work: Coroutine[Any, Any, None]) -> None:
    """A transaction's end is never cut off by a cancellation, which is only heard behind it."""
    task = asyncio.ensure_future(work)
    cut: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as cancelled:
            cut = cancelled
        except Exception:  # noqa: BLE001 - the task has it, and gives it below
            break
    task.result()
    if cut:
        raise cut
