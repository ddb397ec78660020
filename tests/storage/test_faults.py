"""A database that is away, locked or refuses: said in a sentence, and nothing half done."""

from __future__ import annotations

import asyncio
import sqlite3
import time

import pytest
from sqlalchemy import text
from structlog.testing import capture_logs

from cases.errors import StoreAway
from cases.lifecycle import propose
from storage.database import Database
from storage.errors import RecordRefused
from storage.sql import SqlStore
from tests.builders import NOW, FrozenClock, a_case, a_filing, a_letter, a_message, an_arrival
from tests.storage.conftest import House


async def test_a_locked_database_is_said_to_be_away_and_works_again_later(sqlite_url: str) -> None:
    holder, hurried = Database(sqlite_url), Database(sqlite_url, busy_seconds=0.05)
    store = SqlStore(hurried, FrozenClock())

    async with holder.writing() as session:
        await session.execute(text("SELECT 1"))
        with pytest.raises(StoreAway, match="nothing was lost"):
            async with store.begin() as tx:
                await tx.next_reference(2026)
        async with store.look() as tx:
            assert (await tx.tally()).unread == 0  # who only looks is never locked out

    async with store.begin() as tx:
        assert await tx.next_reference(2026) == "AVG-2026-0001"
    await holder.close()
    await hurried.close()


@pytest.mark.postgres
async def test_a_connection_that_is_cut_is_said_to_be_away_and_made_anew(postgres_url: str) -> None:
    database, other = Database(postgres_url), Database(postgres_url)
    store = SqlStore(database, FrozenClock())

    async def cut() -> None:
        async with store.begin() as tx:
            await tx.next_reference(2026)
            async with other.writing() as session:
                others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                mine = "datname = current_database() AND pid <> pg_backend_pid()"
                await session.execute(text(f"{others} WHERE {mine}"))
            await tx.next_reference(2026)

    with pytest.raises(StoreAway):
        await cut()

    async with store.begin() as tx:
        assert await tx.next_reference(2026) == "AVG-2026-0001"
    await database.close()
    await other.close()


async def test_what_is_refused_is_told_without_what_was_in_it(database: Database) -> None:
    store = SqlStore(database, FrozenClock())
    async with store.begin() as tx:
        await tx.record(propose(a_case(), at=NOW))
        await tx.keep_letter(a_letter(1))

    with capture_logs() as logs, pytest.raises(RecordRefused) as told:
        async with store.begin() as tx:
            await tx.keep_letter(a_letter(2, message_id=a_letter(1).message_id))

    assert "noor" not in f"{told.value!r} {told.value.facts} {logs}"
    assert told.value.__suppress_context__


async def test_a_message_of_a_case_that_never_began_is_refused(sql_house: House) -> None:
    await sql_house.keeper.keep(a_mail := an_arrival())

    with pytest.raises(RecordRefused):
        async with sql_house.store.begin() as tx:
            await tx.file(1, a_message(), a_filing("AVG-2026-0404"))

    assert [mail.raw for mail in await sql_house.inbox.claim(1)] == [a_mail.raw]


async def test_a_cancelled_transaction_leaves_nothing_and_holds_nobody_up(house: House) -> None:
    begun = asyncio.Event()

    async def never_ends() -> None:
        async with house.store.begin() as tx:
            await tx.next_reference(2026)
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.ensure_future(never_ends())
    await begun.wait()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

    async with house.store.begin() as tx:
        assert await tx.next_reference(2026) == "AVG-2026-0001"


async def test_a_look_sees_one_moment_from_its_first_word_to_its_last(sql_house: House) -> None:
    async with sql_house.store.look() as look:
        before = await look.tally()
        await sql_house.open_case()
        after = await look.tally()

    assert after == before
    async with sql_house.store.look() as look:
        assert await look.tally() != before


async def test_who_waits_behind_others_for_a_locked_file_waits_no_longer_than_they(sqlite_url: str) -> None:
    database = Database(sqlite_url, busy_seconds=0.3)
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    async def write() -> None:
        async with database.writing() as session:
            await session.execute(text("SELECT 1"))

    started = time.monotonic()
    faults = await asyncio.gather(*(write() for _ in range(8)), return_exceptions=True)

    assert {type(fault) for fault in faults} == {StoreAway}
    assert time.monotonic() - started < 8 * 0.3
    other.close()
    async with database.writing():
        pass
    await database.close()
