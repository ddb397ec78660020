"""A courier takes what is due, puts back what could not leave, and never stops for one that fails."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.bell import Bell
from bot.courier import Courier, NotNow, NotYet
from bot.troubles import Troubles
from cases.effects import SendDigest, SendLetter, ShowCard, StaffLine
from cases.errors import StoreAway
from cases.model import LetterKind
from cases.records import Lane
from tests.builders import NOW, TODAY, FrozenClock
from tests.fakes import InMemoryStore


@dataclass
class Round:
    """Delivers, or fails as it was told to."""

    store: InMemoryStore
    faults: list[Exception] = field(default_factory=list)
    delivered: list[object] = field(default_factory=list)

    async def deliver(self, owed):
        if self.faults:
            raise self.faults.pop(0)
        self.delivered.append(owed.effect)
        await self.store.outbox.settle(owed.id)


@pytest.fixture
def store():
    return InMemoryStore(FrozenClock())


@pytest.fixture
def told():
    return []


@pytest.fixture
def troubles(store, told):
    async def tell(line, part, since):
        told.append((line, part))

    return Troubles(now=store.clock.now, tell=tell)


@pytest.fixture
def slack_round(store):
    return Round(store)


@pytest.fixture
def courier(store, troubles, slack_round):
    return Courier(store.outbox, store.clock, troubles, Bell(), Lane.SLACK, slack_round.deliver)


async def owe(store, *effects):
    async with store.begin() as tx:
        await tx.owe(*effects)


async def test_what_is_owed_is_delivered_once(store, courier, slack_round):
    await owe(store, ShowCard(reference="AVG-2026-0001"))

    taken = [await courier.round(), await courier.round()]

    assert taken == [1, 0]
    assert slack_round.delivered == [ShowCard(reference="AVG-2026-0001")]


async def test_a_lane_leaves_the_other_lanes_things_alone(store, courier, slack_round):
    letter = SendLetter(kind=LetterKind.ACKNOWLEDGEMENT, reference="AVG-2026-0001", not_before=NOW)
    await owe(store, letter, ShowCard(reference="AVG-2026-0001"))

    await courier.round()

    assert slack_round.delivered == [ShowCard(reference="AVG-2026-0001")]


async def test_what_could_not_leave_is_tried_again_later(store, courier, slack_round):
    await owe(store, SendDigest(day=TODAY))
    slack_round.faults = [NotNow(part="slack", error="timeout")]

    await courier.round()
    at_once = await courier.round()
    store.clock.move(timedelta(seconds=3))
    later = await courier.round()

    assert (at_once, later) == (0, 1)
    assert slack_round.delivered == [SendDigest(day=TODAY)]


async def test_a_wait_for_its_turn_is_no_failed_attempt(store, courier, slack_round):
    await owe(store, SendDigest(day=TODAY))
    slack_round.faults = [NotYet(2.0)]

    await courier.round()
    store.clock.move(timedelta(seconds=2))
    [owed] = await store.outbox.claim(1, store.clock.now(), Lane.SLACK)

    assert owed.attempts == 0


async def test_being_asked_to_slow_down_is_obeyed_and_no_trouble(store, courier, slack_round, troubles):
    await owe(store, SendDigest(day=TODAY))
    slack_round.faults = [NotNow(part="slack", error="ratelimited", retry_after=30.0)]

    await courier.round()
    store.clock.move(timedelta(seconds=29))

    assert await courier.round() == 0
    assert troubles.of("slack") is None


async def test_a_bug_in_one_delivery_holds_up_no_other(store, courier, slack_round, troubles):
    await owe(store, ShowCard(reference="AVG-2026-0001"), ShowCard(reference="AVG-2026-0002"))
    slack_round.faults = [KeyError("a name that must not be logged")]

    await courier.round()

    assert slack_round.delivered == [ShowCard(reference="AVG-2026-0002")]
    assert troubles.of("courier") == "KeyError"


async def test_staff_reads_one_line_when_trouble_lasts_and_one_when_it_is_over(
    store, courier, slack_round, told
):
    await owe(store, SendDigest(day=TODAY))
    slack_round.faults = [NotNow(part="slack", error="timeout") for _ in range(12)]

    while slack_round.faults:
        store.clock.move(timedelta(minutes=20))
        await courier.round()
    store.clock.move(timedelta(minutes=20))
    await courier.round()

    assert told == [(StaffLine.TROUBLE_LASTS, "slack"), (StaffLine.TROUBLE_OVER, "slack")]


async def test_a_hiccup_is_told_to_nobody(store, courier, slack_round, told):
    await owe(store, SendDigest(day=TODAY))
    slack_round.faults = [NotNow(part="slack", error="timeout")]

    await courier.round()
    store.clock.move(timedelta(seconds=10))
    await courier.round()

    assert told == []


async def test_a_store_that_is_away_while_telling_is_told_later(store):
    calls = []

    async def tell(line, part, since):
        calls.append(line)
        if len(calls) == 1:
            raise StoreAway(error="locked")

    troubles = Troubles(now=store.clock.now, tell=tell, lasting=timedelta(0))

    await troubles.failed("mail", "timeout")
    await troubles.failed("mail", "timeout")
    await troubles.failed("mail", "timeout")

    assert calls == [StaffLine.TROUBLE_LASTS, StaffLine.TROUBLE_LASTS]


async def test_many_that_fail_at_once_are_one_line_for_staff(store):
    told = []

    async def tell(line, part, since):
        await asyncio.sleep(0)  # as any store does, it lets the others go on
        told.append(line)

    troubles = Troubles(now=store.clock.now, tell=tell, lasting=timedelta(0))

    await asyncio.gather(*(troubles.failed("mail", "ConnectError") for _ in range(5)))

    assert told == [StaffLine.TROUBLE_LASTS]
