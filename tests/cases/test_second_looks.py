"""Ten of what was passed over are looked at each week; a missed request gets its case, and misses a rate."""

from datetime import date, timedelta

import pytest

from cases.effects import ShowCard, ShowSecondLook
from cases.errors import AlreadyLookedAt, ContentGone, NoSuchMessage
from cases.lessons import LookTally, Origin
from cases.model import Band, Right, Status
from cases.records import CaseQuery, FiledAs, Filing
from cases.retention import NO_REQUEST, Retention
from cases.second_looks import SAMPLE, SecondLooks, drawn, miss_rate, week_of
from tests.builders import NOW, FrozenClock, a_message, a_reading, an_arrival
from tests.fakes import InMemoryStore

ANNA, BRAM = "U0ANNA", "U0BRAM"
MONDAY = date(2026, 3, 9)
NONE = a_reading(
    rights=frozenset(),
    evidence=(),
    band=Band.NONE,
    scores={right: 0.3 if right is Right.ERASURE else 0.01 for right in Right},
)


@pytest.fixture
async def store():
    """Twelve mails of Thursday that were passed over; it is the Monday after."""
    store = InMemoryStore(FrozenClock())
    for number in range(1, 13):
        await store.keeper.keep(an_arrival(number))
        async with store.begin() as tx:
            await tx.file(number, a_message(number), Filing(filed_as=FiledAs.OTHER, reading=NONE))
    store.clock.move(timedelta(days=4))
    return store


@pytest.fixture
def looks(store):
    return SecondLooks(store, store.clock)


async def owed(store):
    taken = []
    while rows := await store.outbox.claim(10, store.clock.now()):
        for row in rows:
            taken.append(row.effect)
            await store.outbox.settle(row.id)
    return taken


async def test_ten_are_drawn_once_a_week(looks, store):
    days = (MONDAY, MONDAY, MONDAY + timedelta(days=2))

    assert [await looks.owe(day) for day in days] == [True, False, False]

    assert await owed(store) == [ShowSecondLook(week=MONDAY)]
    look = await looks.look(MONDAY)
    assert len({one.message for one in look.messages}) == SAMPLE


async def test_a_holiday_monday_is_made_up_for_on_tuesday(looks):
    easter_monday = date(2026, 4, 6)

    assert await looks.owe(easter_monday) is False


async def test_a_week_in_which_nothing_was_passed_over_asks_nothing(store):
    store.clock.move(timedelta(days=30))

    assert await SecondLooks(store, store.clock).owe(date(2026, 4, 8)) is False
    assert await owed(store) == []


async def test_an_answer_is_redrawn_kept_as_an_example_and_counted(looks, store):
    await looks.owe(MONDAY)
    message = (await looks.look(MONDAY)).messages[0].message
    await owed(store)

    await looks.was_none(message, by=ANNA)

    assert await owed(store) == [ShowSecondLook(week=MONDAY)]
    assert await looks.tally() == LookTally(asked=10, answered=1, missed=0)
    async with store.look() as tx:
        [example] = await tx.examples()
    assert (example.origin, example.labels, example.message) == (Origin.LOOKED_AT, frozenset(), message)


async def test_a_missed_request_becomes_a_case_of_the_day_that_it_came_in(looks, store):
    await looks.owe(MONDAY)
    message = (await looks.look(MONDAY)).messages[0].message
    await owed(store)

    opened = await looks.was_request(message, by=ANNA)

    assert (opened.received_on, opened.status, opened.doubtful) == (NOW.date(), Status.PROPOSED, True)
    assert [mine.right for mine in opened.rights] == [Right.ERASURE]  # the likeliest; the card asks
    assert ShowCard(reference=opened.reference) in await owed(store)
    assert (await looks.tally()).missed == 1
    async with store.look() as tx:
        [case] = await tx.cases(CaseQuery())
        file = await tx.case_file(case.reference)
    assert [event.by for event in file.events] == [ANNA]
    assert file.case.last.by == ANNA
    assert [one.id for one in file.messages] == [message]


async def test_the_second_who_answers_reads_who_was_first(looks):
    await looks.owe(MONDAY)
    message = (await looks.look(MONDAY)).messages[0].message
    await looks.was_none(message, by=ANNA)

    with pytest.raises(AlreadyLookedAt, match=ANNA):
        await looks.was_request(message, by=BRAM)


async def test_nobody_is_asked_about_a_message_that_was_not_drawn(looks):
    with pytest.raises(NoSuchMessage):
        await looks.was_none(1, by=ANNA)


async def test_what_was_forgotten_meanwhile_cannot_be_judged(looks, store):
    await looks.owe(MONDAY)
    message = (await looks.look(MONDAY)).messages[0].message
    store.clock.move(NO_REQUEST)
    assert await Retention(store, store.clock).forget() == 12

    with pytest.raises(ContentGone):
        await looks.was_none(message, by=ANNA)


async def test_content_of_no_request_is_kept_for_thirty_days_and_not_longer(store):
    retention = Retention(store, store.clock)
    store.clock.at = NOW + NO_REQUEST
    assert await retention.forget() == 0

    store.clock.move(timedelta(seconds=1))
    assert await retention.forget() == 12
    assert await retention.forget() == 0


def test_whoever_draws_for_a_week_draws_the_same_and_another_week_draws_others():
    ids = list(range(100))

    assert drawn(ids, MONDAY) == drawn(ids[::-1], MONDAY)
    assert drawn(ids, MONDAY) != drawn(ids, MONDAY + timedelta(days=7))
    assert drawn([4, 2], MONDAY) == [2, 4]


@pytest.mark.parametrize(
    ("answered", "missed", "share", "low", "high"),
    [(0, 0, 0.0, 0.0, 1.0), (10, 0, 0.0, 0.0, 0.278), (100, 2, 0.02, 0.006, 0.070), (1, 1, 1.0, 0.207, 1.0)],
)
def test_the_miss_rate_is_honest_about_few_answers(answered, missed, share, low, high):
    """Bounds by Wilson (1927), worked with a pocket calculator."""
    found = miss_rate(LookTally(asked=answered, answered=answered, missed=missed))

    assert found == pytest.approx((share, low, high), abs=0.001)


def test_a_week_begins_on_monday():
    assert {week_of(MONDAY + timedelta(days=days)) for days in range(7)} == {MONDAY}
