"""The worker's round: every mail finds its place, and one that nobody can read holds up no other."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot.bell import Bell
from bot.roles.worker import Worker
from cases.desk import Desk
from cases.effects import StaffLine, TellStaff
from cases.errors import StoreAway
from cases.ports import CaseQuery
from cases.triage import Triage
from intake.mail import UNREADABLE
from storage.errors import RecordRefused
from tests.builders import FrozenClock, a_message, a_reading, an_arrival
from tests.fakes import InMemoryStore


class AlwaysAccess:
    def classify(self, _subject_line, _text):
        return a_reading()


class Reading:
    """Reads what arrived, or fails on the numbers that it was told."""

    def __init__(self):
        self.faults = {}

    def __call__(self, arrival):
        fault = self.faults.get(arrival.id)
        if isinstance(fault, Exception):
            raise fault
        message = a_message(arrival.id)
        return replace(message, faults=(fault,)) if fault else message


@pytest.fixture
def store():
    return InMemoryStore(FrozenClock())


@pytest.fixture
def read():
    return Reading()


@pytest.fixture
def worker(store, read):
    return Worker(
        SimpleNamespace(inbox=store.inbox), Triage(store, AlwaysAccess(), store.clock), read, Bell()
    )


async def keep(store, *numbers):
    for number in numbers:
        await store.keeper.keep(an_arrival(number))


async def everything(worker):
    while await worker.round():
        pass


async def references(store):
    async with store.look() as tx:
        return [case.reference for case in await tx.cases(CaseQuery())]


async def told_to_staff(store):
    rows = await store.outbox.claim(50, store.clock.now())
    return [row.effect for row in rows if isinstance(row.effect, TellStaff)]


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (RecursionError("somebody's words"), "RecursionError"),
        (RecordRefused(error="DataError"), "RecordRefused"),
        (f"{UNREADABLE}: LookupError", f"{UNREADABLE}: LookupError"),
    ],
)
async def test_a_mail_that_cannot_be_read_is_set_aside_and_the_next_ones_are_read(
    store, read, worker, fault, told
):
    await keep(store, 1, 2, 3)
    read.faults[2] = fault

    await everything(worker)

    [line] = await told_to_staff(store)
    assert await references(store) == ["AVG-2026-0001", "AVG-2026-0002"]
    assert (line.line, line.facts) == (StaffLine.MAIL_SET_ASIDE, {"message": 2, "error": told})


async def test_a_mail_that_was_set_aside_is_read_again_on_request(store, read, worker):
    await keep(store, 1)
    read.faults[1] = RecursionError()
    await everything(worker)
    read.faults.clear()

    await Desk(store, store.clock).retry(1)
    await everything(worker)

    assert await references(store) == ["AVG-2026-0001"]
    async with store.look() as tx:
        assert await tx.set_asides() == []


async def test_a_database_that_is_away_for_a_moment_sets_no_mail_aside(store, worker, read):
    faults = [StoreAway(error="locked")]

    class Hiccup(Triage):
        async def triage(self, *what):
            if faults:
                raise faults.pop()
            return await super().triage(*what)

    await keep(store, 1)
    patient = replace(worker, triage=Hiccup(store, AlwaysAccess(), store.clock))

    await everything(patient)

    assert await references(store) == ["AVG-2026-0001"]
    assert await told_to_staff(store) == []
