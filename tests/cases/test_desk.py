"""Use cases on the store in memory: a click is one transaction, a morning the same however often it comes."""

import asyncio
from datetime import timedelta

import pytest

from cases import lifecycle
from cases.desk import Desk
from cases.effects import SendDigest, SendLetter, SendReminder, ShowCard, StaffLine, TellStaff
from cases.errors import CaseNotFound, IllegalMove, StaleCase
from cases.model import EventKind, LetterKind, Nudge, Outcome, Right, Status
from tests.builders import NOW, FrozenClock, a_case
from tests.fakes import InMemoryStore

ANNA, BRAM = "U0ANNA", "U0BRAM"


@pytest.fixture
def store():
    return InMemoryStore(FrozenClock())


@pytest.fixture
def desk(store):
    return Desk(store, store.clock, undo=timedelta(minutes=10))


@pytest.fixture
async def case(store):
    async with store.begin() as tx:
        await tx.record(lifecycle.propose(a_case(), at=NOW))
    await owed(store)
    return "AVG-2026-0001"


async def owed(store):
    """What may leave now, taken out of the outbox."""
    taken = []
    while rows := await store.outbox.claim(10, store.clock.now()):
        for row in rows:
            taken.append(row.effect)
            await store.outbox.settle(row.id)
    return taken


async def test_a_letter_waits_out_the_undo_time(desk, store, case):
    await desk.confirm(case, by=ANNA)

    assert not any(isinstance(effect, SendLetter) for effect in await owed(store))
    store.clock.move(timedelta(minutes=10))
    [letter] = [effect for effect in await owed(store) if isinstance(effect, SendLetter)]
    assert letter.kind is LetterKind.ACKNOWLEDGEMENT


async def test_an_undone_confirmation_never_sends_its_letter(desk, store, case):
    await desk.confirm(case, by=ANNA)
    await desk.undo_confirmation(case, by=ANNA)

    store.clock.move(timedelta(hours=1))

    assert not any(isinstance(effect, SendLetter) for effect in await owed(store))
    assert (await desk.case_file(case)).case.status is Status.PROPOSED


async def test_of_two_agents_at_once_one_wins(desk, case):
    results = await asyncio.gather(
        desk.confirm(case, by=ANNA), desk.dismiss(case, by=BRAM), return_exceptions=True
    )

    refused = [result for result in results if isinstance(result, (IllegalMove, StaleCase))]
    assert len(refused) == 1


async def test_a_modal_that_was_opened_on_an_older_case_is_refused(desk, case):
    seen = (await desk.case_file(case)).case.version
    await desk.confirm(case, by=BRAM)

    with pytest.raises(StaleCase):
        await desk.change_rights(case, {Right.ERASURE}, by=ANNA, seen=seen)


async def test_the_whole_life_of_a_case_is_told_by_its_events(desk, case):
    await desk.confirm(case, by=ANNA)
    version = (await desk.case_file(case)).case.version
    await desk.change_rights(case, {Right.OBJECTION}, by=BRAM, seen=version)
    await desk.stop_marketing(case, by=BRAM)
    version = (await desk.case_file(case)).case.version
    answers = {Right.OBJECTION: lifecycle.Answer(outcome=Outcome.GRANTED)}
    await desk.close(case, answers, by=ANNA, seen=version)
    await desk.reopen(case, by=BRAM)

    told = [event.kind for event in (await desk.case_file(case)).events]

    assert told == [
        EventKind.CASE_PROPOSED,
        EventKind.CASE_CONFIRMED,
        EventKind.RIGHTS_CHANGED,
        EventKind.MARKETING_STOPPED,
        EventKind.CASE_CLOSED,
        EventKind.CASE_REOPENED,
    ]


async def test_an_unknown_reference_is_a_sentence(desk):
    with pytest.raises(CaseNotFound, match="There is no case AVG-2026-9999"):
        await desk.dismiss("AVG-2026-9999", by=ANNA)


async def test_the_morning_round_is_the_same_however_often_it_comes(desk, store, case):
    store.clock.move(timedelta(days=14))  # Thursday 19 March, ten working days before the safe day
    today = store.clock.day(store.clock.now())

    counts = [(await desk.remind(today), await desk.owe_digest(today)) for _ in range(3)]

    assert counts == [(1, True), (0, False), (0, False)]
    reminders = [effect for effect in await owed(store) if not isinstance(effect, ShowCard)]
    assert reminders == [
        SendReminder(reference=case, nudge=Nudge.TEN_DAYS, day=today),
        SendDigest(day=today),
    ]


async def test_a_week_asleep_brings_the_latest_nudge_and_not_the_ones_between(desk, store, case):
    store.clock.move(
        timedelta(days=22)
    )  # Friday 27 March: the ten-days' and the five-days' nudge have passed
    today = store.clock.day(store.clock.now())

    assert await desk.remind(today) == 1

    [told] = [effect for effect in await owed(store) if isinstance(effect, SendReminder)]
    assert told.nudge is Nudge.FIVE_DAYS


async def test_nobody_is_nudged_in_the_weekend(desk, store, case):
    store.clock.move(timedelta(days=16))  # Saturday 21 March
    today = store.clock.day(store.clock.now())

    assert await desk.remind(today) == 0
    assert await desk.owe_digest(today) is False


async def test_becoming_overdue_is_written_once(desk, store, case):
    for day in (29, 30, 33):
        store.clock.at = NOW + timedelta(days=day)
        await desk.remind(store.clock.day(store.clock.now()))

    kinds = [event.kind for event in (await desk.case_file(case)).events]

    assert kinds.count(EventKind.BECAME_OVERDUE) == 1


async def test_trouble_is_told_to_staff(desk, store):
    await desk.tell_staff(StaffLine.TROUBLE_LASTS, part="mail", since="2026-03-05T08:00:00+00:00")

    [told] = await owed(store)

    assert isinstance(told, TellStaff)
    assert told.facts["part"] == "mail"
