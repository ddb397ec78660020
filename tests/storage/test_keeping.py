"""250 means that it is on disk: many mails in one commit, and none of them lost."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from cases.errors import StoreAway
from cases.messages import Arrival
from storage.database import Database
from storage.errors import DeskBusy, RecordRefused
from storage.keeping import GroupKeeper
from tests.builders import an_arrival

ROOT = Path(__file__).parents[2]


class Kept:
    """A keeper under test, and what its database really holds."""

    def __init__(self, database: Database) -> None:
        self.engine: Engine = database.sync_engine()
        self.keeper = GroupKeeper(self.engine, most_waiting=1000, most_bytes=2**20)

    def count(self) -> int:
        with self.engine.connect() as connection:
            return int(connection.scalar(text("SELECT count(*) FROM arrival")) or 0)

    def refuse(self, sender: str) -> None:
        """The database takes everything but mail from this sender."""
        sqlite = f"""CREATE TRIGGER refusal BEFORE INSERT ON arrival WHEN NEW.sender = '{sender}'
            BEGIN SELECT RAISE(ABORT, '{sender}'); END"""
        postgres = f"ALTER TABLE arrival ADD CONSTRAINT refusal CHECK (sender <> '{sender}')"
        with self.engine.begin() as connection:
            connection.exec_driver_sql(sqlite if self.engine.dialect.name == "sqlite" else postgres)


@pytest.fixture
async def kept(database: Database) -> AsyncIterator[Kept]:
    made = Kept(database)
    yield made
    await made.keeper.close()


async def test_what_came_together_is_committed_together(kept: Kept) -> None:
    waiting = [asyncio.ensure_future(kept.keeper.keep(an_arrival(number))) for number in range(100)]
    await asyncio.sleep(0)  # each has queued its mail; the writer has not begun

    kept.keeper.start()
    await asyncio.gather(*waiting)

    assert kept.count() == 100
    assert kept.keeper.commits == 1


async def test_a_mail_is_readable_by_others_when_keep_returns(kept: Kept) -> None:
    kept.keeper.start()

    for number in range(1, 4):
        await kept.keeper.keep(an_arrival(number))
        assert kept.count() == number


async def test_a_mail_that_the_database_refuses_fails_alone(kept: Kept) -> None:
    poison = an_arrival(99, sender="poison@example.org")
    kept.refuse(poison.sender)
    mails = [*map(an_arrival, range(5)), poison, *map(an_arrival, range(5, 10))]
    waiting = [asyncio.ensure_future(kept.keeper.keep(mail)) for mail in mails]
    await asyncio.sleep(0)

    kept.keeper.start()
    answers = await asyncio.gather(*waiting, return_exceptions=True)

    assert [type(answer) for answer in answers if answer is not None] == [RecordRefused]
    assert isinstance(answers[5], RecordRefused)
    assert "poison" not in str(answers[5])
    assert kept.count() == 10


async def test_keeping_twice_keeps_once_even_within_one_commit(kept: Kept) -> None:
    again = asyncio.gather(*(kept.keeper.keep(an_arrival(1)) for _ in range(5)))
    await asyncio.sleep(0)

    kept.keeper.start()
    await again
    await kept.keeper.keep(an_arrival(1))

    assert kept.count() == 1


async def test_the_desk_is_busy_when_too_much_waits(database: Database) -> None:
    by_number = GroupKeeper(database.sync_engine(), most_waiting=2)
    by_size = GroupKeeper(database.sync_engine(), most_bytes=10)
    waiting = [
        asyncio.ensure_future(by_number.keep(an_arrival(1))),
        asyncio.ensure_future(by_number.keep(an_arrival(2))),
        asyncio.ensure_future(by_size.keep(an_arrival(3))),
    ]
    await asyncio.sleep(0)

    with pytest.raises(DeskBusy):
        await by_number.keep(an_arrival(4))
    with pytest.raises(DeskBusy):
        await by_size.keep(an_arrival(5))

    for keeper in (by_number, by_size):
        keeper.start()
    await asyncio.gather(*waiting)
    await by_number.keep(an_arrival(4))
    await by_number.close()
    await by_size.close()


async def test_closing_commits_what_waits_and_takes_nothing_more(kept: Kept) -> None:
    waiting = [asyncio.ensure_future(kept.keeper.keep(an_arrival(number))) for number in range(20)]
    await asyncio.sleep(0)
    kept.keeper.start()

    await kept.keeper.close()

    await asyncio.gather(*waiting)
    assert kept.count() == 20
    with pytest.raises(DeskBusy):
        await kept.keeper.keep(an_arrival(99))


async def test_a_session_that_hangs_up_harms_nobody(kept: Kept) -> None:
    gone = asyncio.ensure_future(kept.keeper.keep(an_arrival(1)))
    stays = asyncio.ensure_future(kept.keeper.keep(an_arrival(2)))
    await asyncio.sleep(0)

    gone.cancel()
    kept.keeper.start()
    await stays

    assert kept.count() == 2


async def test_a_database_that_is_away_is_said_to_be_away_to_all(sqlite_url: str) -> None:
    folder = sqlite_url.removesuffix("/rightsdesk.db")  # nobody can open a folder as a database
    keeper = GroupKeeper(Database(folder).sync_engine())
    keeper.start()

    answers = await asyncio.gather(*map(keeper.keep, map(an_arrival, range(3))), return_exceptions=True)

    assert [type(answer) for answer in answers] == [StoreAway] * 3
    await keeper.close()


@pytest.mark.postgres
async def test_a_connection_that_died_meanwhile_is_made_anew(postgres_url: str) -> None:
    database = Database(postgres_url)
    kept = Kept(database)
    kept.keeper.start()
    await kept.keeper.keep(an_arrival(1))

    with kept.engine.connect() as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        connection.execute(text(f"{others} AND datname = current_database()"))
        killed = connection.scalar(text("SELECT count(*) FROM arrival"))
    await kept.keeper.keep(an_arrival(2))

    assert killed == 1
    assert kept.count() == 2
    await kept.keeper.close()


async def test_a_name_of_three_hundred_letters_and_odd_octets_are_kept(kept: Kept) -> None:
    kept.keeper.start()
    odd = replace(an_arrival(), sender="é" * 300 + "\udcff\x00", raw=b"\x00\xff" * 10)

    await kept.keeper.keep(odd)

    with kept.engine.connect() as connection:
        assert bytes(connection.scalar(text("SELECT raw FROM arrival")) or b"") == odd.raw


_CHILD = """
import asyncio, sys
from storage.database import Database
from storage.keeping import GroupKeeper
from tests.builders import an_arrival

async def main():
    keeper = GroupKeeper(Database(sys.argv[1]).sync_engine())
    keeper.start()
    async def session(first):
        for number in range(first, 10**6, 20):
            await keeper.keep(an_arrival(number))
            print(number, flush=True)
    await asyncio.gather(*map(session, range(20)))

asyncio.run(main())
"""


def test_after_a_kill_everything_that_was_acknowledged_is_there(sqlite_url: str) -> None:
    acknowledged = set()
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD, sqlite_url],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            acknowledged.add(int(line))
            if len(acknowledged) == 150:
                child.send_signal(signal.SIGKILL)

    engine = Database(sqlite_url).sync_engine()
    with engine.connect() as connection:
        kept = {bytes(raw) for (raw,) in connection.execute(text("SELECT raw FROM arrival"))}
    engine.dispose()
    assert len(acknowledged) >= 150
    assert {an_arrival(number).raw for number in acknowledged} <= kept


def test_no_two_deliveries_run_together() -> None:
    from storage.mail_rows import fingerprint_of

    one = an_arrival(sender="a", recipients=("bc", "d"), raw=b"e")
    others: list[Arrival] = [
        replace(one, sender="ab", recipients=("c", "d")),
        replace(one, recipients=("b", "cd")),
        replace(one, recipients=("bc",), raw=b"de"),
        replace(one, raw=b"E"),
    ]

    assert fingerprint_of(replace(one, recipients=("d", "bc"))) == fingerprint_of(one)
    assert len({fingerprint_of(arrival) for arrival in [one, *others]}) == 5
