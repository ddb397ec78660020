"""The calendar's morning round: at its hour, on its day, once; and a day that can be moved on."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clocks import MovableClock, SystemClock
from bot.schedule import Calendar
from cases import lifecycle
from cases.desk import Desk
from cases.effects import SendDigest, ShowSecondLook
from cases.errors import StoreAway
from cases.records import Lane
from cases.retention import Retention
from cases.second_looks import SecondLooks
from tests.builders import NOW, FrozenClock, a_case, pass_over
from tests.fakes import InMemoryStore

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@pytest.fixture
def store():
    return InMemoryStore(FrozenClock())


@pytest.fixture
def rung():
    return []


@pytest.fixture
def calendar(store, rung):
    desk = Desk(store, store.clock)
    looks, retention = SecondLooks(store, store.clock), Retention(store, store.clock)
    return Calendar(desk, looks, retention, AMSTERDAM, time(8, 30), lambda: rung.append(True))


async def owed(store):
    claimed = await store.outbox.claim(50, store.clock.now() + timedelta(minutes=1), Lane.SLACK)
    return [row.effect for row in claimed]


def local(day, hour, minute=0):
    return datetime(2026, *day, hour, minute, tzinfo=AMSTERDAM).astimezone(UTC)


async def test_nothing_goes_out_before_its_hour(calendar, store, rung):
    store.clock.at = local((3, 5), 8, 29)

    await calendar.round()

    assert await owed(store) == []
    assert rung == []


async def test_at_its_hour_the_digest_is_owed_once_however_often_it_is_asked(calendar, store, rung):
    store.clock.at = local((3, 5), 8, 30)

    for _ in range(3):
        await calendar.round()

    assert await owed(store) == [SendDigest(day=store.clock.day(store.clock.now()))]
    assert rung == [True]


async def test_an_hour_that_was_missed_is_caught_up_with_the_same_day(calendar, store):
    store.clock.at = local((3, 5), 17)

    await calendar.round()

    assert len(await owed(store)) == 1


async def test_a_nudge_and_the_digest_come_in_the_same_round(calendar, store):
    async with store.begin() as tx:
        await tx.record(lifecycle.propose(a_case(), at=NOW))
    store.clock.at = local((3, 19), 8, 30)

    await calendar.round()

    async with store.look() as tx:
        assert (await tx.tally()).owed == 3  # the first card, the nudge, the digest


@pytest.mark.parametrize("day", [(3, 7), (3, 8), (4, 6), (5, 14)])
async def test_weekends_and_holidays_are_quiet(calendar, store, day):
    store.clock.at = local(day, 12)

    await calendar.round()

    assert await owed(store) == []


@pytest.mark.parametrize("day", [(3, 29), (10, 25)])
async def test_the_hour_is_the_local_one_on_both_sides_of_a_change_of_the_clocks(calendar, store, day):
    monday = (day[0], day[1] + 1)

    store.clock.at = local(monday, 8, 29)
    await calendar.round()
    before = await owed(store)
    store.clock.at = local(monday, 8, 30)
    await calendar.round()

    assert before == []
    assert len(await owed(store)) == 1


async def test_a_database_that_is_away_is_waited_for(store, rung):
    class Away:
        clock = store.clock

        async def remind(self, _):
            raise StoreAway(error="locked")

    store.clock.at = local((3, 5), 9)

    await Calendar(Away(), None, None, AMSTERDAM, time(8, 30), lambda: rung.append(True)).round()

    assert rung == []


async def test_the_scheduler_rings_at_the_set_hour_in_the_set_zone(calendar):
    scheduler = calendar.scheduler()
    scheduler.start(paused=True)

    job = scheduler.get_job("morning round")

    assert (job.next_run_time.hour, job.next_run_time.minute) == (8, 30)
    assert str(job.next_run_time.tzinfo) == "Europe/Amsterdam"
    scheduler.shutdown()


def test_the_day_moves_on_for_every_process_that_reads_the_file(tmp_path):
    here = MovableClock(AMSTERDAM, tmp_path / "moved")
    there = MovableClock(AMSTERDAM, tmp_path / "moved")
    today = here.day(here.now())

    moved = here.move_on(3, at_least=time(8, 30))

    assert moved == today + timedelta(days=3)
    assert there.day(there.now()) == moved
    assert there.now().astimezone(AMSTERDAM).time() >= time(8, 29, 59)


def test_a_damaged_file_moves_nothing(tmp_path):
    (tmp_path / "moved").write_text("soon", encoding="ascii")

    clock = MovableClock(AMSTERDAM, tmp_path / "moved")

    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_the_machines_clock_knows_the_controllers_day():
    clock = SystemClock(AMSTERDAM)

    assert clock.day(datetime(2026, 7, 15, 22, 0, tzinfo=UTC)).isoformat() == "2026-07-16"
    assert clock.now().tzinfo is UTC


async def test_a_week_begins_with_a_second_look_and_old_content_goes(calendar, store, rung):
    await pass_over(store)

    store.clock.at = local((3, 9), 8, 30)
    await calendar.round()
    assert ShowSecondLook(week=date(2026, 3, 9)) in await owed(store)

    store.clock.at = local((4, 7), 8, 30)
    await calendar.round()
    async with store.look() as tx:
        assert (await tx.message(1)).is_forgotten
