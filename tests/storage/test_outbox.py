"""What we owe, handed to couriers: order, leases, and who may still call something back."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from cases.effects import (
    Effect,
    RecallLetters,
    SendDigest,
    SendLetter,
    SendReminder,
    ShowCard,
    StaffLine,
    TellStaff,
    TellThread,
)
from cases.errors import TooLate
from cases.model import LetterKind, Nudge
from cases.records import Lane, OwedState
from tests.builders import NOW, TODAY, an_event
from tests.storage.conftest import House

ONE, TWO = "AVG-2026-0001", "AVG-2026-0002"
MINUTE = timedelta(minutes=1)
LEASE = timedelta(minutes=2)


def letter(reference: str = ONE, *, after: timedelta = timedelta()) -> SendLetter:
    return SendLetter(kind=LetterKind.ACKNOWLEDGEMENT, reference=reference, not_before=NOW + after)


def told(reference: str = ONE) -> TellThread:
    return TellThread(reference=reference, event=an_event(reference))


async def effects(house: House, limit: int = 10, lane: Lane | None = None) -> list[Effect]:
    return [owed.effect for owed in await house.claimed(limit, lane=lane)]


async def test_every_effect_comes_back_as_it_was_owed(house: House) -> None:
    owed: list[Effect] = [
        ShowCard(reference=ONE),
        told(TWO),
        letter(),
        SendReminder(reference="AVG-2026-0003", nudge=Nudge.FIVE_DAYS, day=TODAY),
        SendDigest(day=TODAY),
        TellStaff(line=StaffLine.MAIL_SET_ASIDE, facts={"message": 3, "error": "ValueError"}),
    ]

    await house.owe(*owed)

    assert await effects(house) == owed


async def test_of_one_case_slack_goes_one_by_one_and_in_order(house: House) -> None:
    await house.owe(ShowCard(reference=ONE), told(), ShowCard(reference=TWO))

    first = await house.claimed()
    meanwhile = await house.claimed()
    await house.outbox.settle(first[0].id)
    then = await house.claimed()

    assert [owed.effect for owed in first] == [ShowCard(reference=ONE), ShowCard(reference=TWO)]
    assert meanwhile == []
    assert [owed.effect for owed in then] == [told()]


async def test_letters_never_wait_for_slack_nor_slack_for_letters(house: House) -> None:
    await house.owe(ShowCard(reference=ONE), letter(), told(), letter())

    (card, first_letter) = await house.claimed()
    await house.outbox.postpone(card.id, NOW + 9 * MINUTE, "SlackAway")
    await house.outbox.settle(first_letter.id)

    assert await effects(house) == [letter()]


async def test_a_courier_of_one_lane_takes_nothing_of_the_other(house: House) -> None:
    await house.owe(ShowCard(reference=ONE), letter())

    assert await effects(house, lane=Lane.MAIL) == [letter()]
    assert await effects(house, lane=Lane.SLACK) == [ShowCard(reference=ONE)]


async def test_what_is_not_due_waits(house: House) -> None:
    await house.owe(letter(after=10 * MINUTE))

    early = await house.outbox.claim(10, NOW + 9 * MINUTE)
    late = await house.outbox.claim(10, NOW + 10 * MINUTE)

    assert early == []
    assert [owed.owed_since for owed in late] == [NOW + 10 * MINUTE]


async def test_a_card_that_waits_makes_another_needless_and_keeps_its_place(house: House) -> None:
    await house.owe(ShowCard(reference=ONE), told(), ShowCard(reference=ONE), ShowCard(reference=TWO))

    seen: list[Effect] = []
    while claimed := await house.claimed():
        seen += [owed.effect for owed in claimed]
        for owed in claimed:
            await house.outbox.settle(owed.id)

    assert seen == [ShowCard(reference=ONE), ShowCard(reference=TWO), told()]


async def test_a_card_that_is_being_drawn_is_owed_once_more(house: House) -> None:
    await house.owe(ShowCard(reference=ONE))
    (drawing,) = await house.claimed()

    await house.owe(ShowCard(reference=ONE))
    await house.outbox.settle(drawing.id)

    assert await effects(house) == [ShowCard(reference=ONE)]


@pytest.mark.postgres
async def test_a_card_is_not_drawn_between_a_change_and_its_commit(postgres_house: House) -> None:
    house = postgres_house
    await house.owe(ShowCard(reference=ONE), ShowCard(reference=TWO))

    async with house.store.begin() as tx:
        await tx.owe(ShowCard(reference=ONE))
        meanwhile = await effects(house)

    assert meanwhile == [ShowCard(reference=TWO)]
    assert await effects(house) == [ShowCard(reference=ONE)]


async def test_what_failed_for_a_while_comes_back_later_with_its_tries_counted(house: House) -> None:
    await house.owe(letter())
    (first,) = await house.claimed()

    assert await house.outbox.take_off(first.id)
    await house.outbox.postpone(first.id, NOW + MINUTE, "RelayAway")

    assert await house.claimed() == []
    house.clock.move(MINUTE)
    (again,) = await house.claimed()
    assert (again.id, again.attempts, again.was_in_flight) == (first.id, 1, False)
    assert again.owed_since == NOW


async def test_waiting_for_its_turn_is_no_try(house: House) -> None:
    await house.owe(told())
    (first,) = await house.claimed()

    await house.outbox.wait(first.id, NOW + MINUTE)

    house.clock.move(MINUTE)
    (again,) = await house.claimed()
    assert again.attempts == 0


async def test_what_a_dead_courier_had_claimed_comes_back_when_its_lease_ends(house: House) -> None:
    await house.owe(letter())
    (claimed,) = await house.claimed()

    house.clock.move(LEASE)
    (again,) = await house.other_courier.claim(10, house.clock.now())

    assert (again.id, again.attempts, again.was_in_flight) == (claimed.id, 0, False)
    assert not await house.outbox.take_off(claimed.id)
    assert await house.other_courier.take_off(claimed.id)


async def test_what_a_dead_courier_had_in_flight_says_so_until_somebody_decides(house: House) -> None:
    await house.owe(letter())
    (claimed,) = await house.claimed()
    await house.outbox.take_off(claimed.id)

    house.clock.move(LEASE)
    (once,) = await house.other_courier.claim(10, house.clock.now())
    house.clock.move(LEASE)
    (twice,) = await house.other_courier.claim(10, house.clock.now())
    await house.other_courier.mark_unclear(twice.id, "CourierDied")

    assert (once.was_in_flight, twice.was_in_flight) == (True, True)
    assert twice.attempts == 2
    house.clock.move(LEASE)
    assert await house.claimed() == []
    async with house.store.look() as tx:
        assert (await tx.tally()).unclear_letters == 1
        assert [waiting.state for waiting in await tx.letters_waiting()] == [OwedState.UNCLEAR]


async def test_the_day_may_be_moved_on_without_ending_a_lease(house: House) -> None:
    await house.owe(letter())
    await house.claimed()

    assert await house.other_courier.claim(10, NOW + timedelta(days=1)) == []


async def test_a_person_may_send_an_unclear_or_failed_letter_again(house: House) -> None:
    await house.owe(letter(ONE), letter(TWO))
    (one, two) = await house.claimed()
    await house.outbox.mark_unclear(one.id, "CourierDied")
    await house.outbox.fail(two.id, "550")
    async with house.store.look() as tx:
        before = await tx.tally()

    await house.outbox.resend(one.id)
    await house.outbox.resend(two.id)

    assert (before.unclear_letters, before.failed_letters, before.owed) == (1, 1, 0)
    assert [owed.id for owed in await house.claimed()] == [one.id, two.id]


async def test_a_settled_letter_is_not_sent_again(house: House) -> None:
    await house.owe(letter())
    (owed,) = await house.claimed()
    await house.outbox.settle(owed.id)

    await house.outbox.resend(owed.id)
    await house.outbox.postpone(owed.id, NOW, "TooLate")
    await house.outbox.fail(owed.id, "TooLate")

    assert await house.claimed() == []
    async with house.store.look() as tx:
        assert (await tx.tally()).failed_letters == 0


async def test_a_late_word_that_it_left_settles_what_was_unclear(house: House) -> None:
    await house.owe(letter())
    (owed,) = await house.claimed()
    await house.outbox.mark_unclear(owed.id, "CourierDied")

    await house.outbox.settle(owed.id)

    async with house.store.look() as tx:
        assert (await tx.tally()).unclear_letters == 0


async def test_a_recalled_letter_stays_in_the_house_even_when_a_courier_has_claimed_it(house: House) -> None:
    await house.owe(letter(ONE), letter(TWO))
    (one, two) = await house.claimed()

    await house.owe(RecallLetters(reference=ONE))

    assert not await house.outbox.take_off(one.id)
    assert await house.outbox.take_off(two.id)
    async with house.store.look() as tx:
        assert [waiting.id for waiting in await tx.letters_waiting()] == []


@pytest.mark.parametrize("state", ["in flight", "settled", "unclear"])
async def test_a_letter_that_left_or_may_have_left_cannot_be_recalled(house: House, state: str) -> None:
    await house.owe(letter())
    (owed,) = await house.claimed()
    await house.outbox.take_off(owed.id)
    if state == "settled":
        await house.outbox.settle(owed.id)
    if state == "unclear":
        await house.outbox.mark_unclear(owed.id, "CourierDied")

    with pytest.raises(TooLate, match=ONE):
        await house.owe(ShowCard(reference=ONE), RecallLetters(reference=ONE))

    assert await house.claimed() == []


async def test_a_recall_and_a_take_off_at_once_have_one_winner(house: House) -> None:
    references = [f"AVG-2026-{number:04d}" for number in range(1, 9)]
    await house.owe(*map(letter, references))
    claimed = await house.claimed()

    async def recall(reference: str) -> bool:
        try:
            await house.owe(RecallLetters(reference=reference))
        except TooLate:
            return False
        return True

    recalls = asyncio.gather(*map(recall, references))
    left = await asyncio.gather(*(house.outbox.take_off(owed.id) for owed in claimed))
    stayed = await recalls

    assert [not gone for gone in left] == stayed


async def test_two_couriers_never_carry_the_same(house: House) -> None:
    await house.owe(*(ShowCard(reference=f"AVG-2026-{number:04d}") for number in range(1, 41)))
    seen: Counter[int] = Counter()

    async def carry(courier: object) -> None:
        while owed := await courier.claim(3, NOW):  # type: ignore[attr-defined]  # either courier of the house
            seen.update(each.id for each in owed)
            for each in owed:
                await courier.settle(each.id)  # type: ignore[attr-defined]  # as above

    await asyncio.gather(carry(house.outbox), carry(house.other_courier))

    assert len(seen) == 40
    assert set(seen.values()) == {1}


async def test_released_claims_are_handed_out_at_once(house: House) -> None:
    await house.owe(letter(ONE), letter(TWO))
    (one, _) = await house.claimed()
    await house.outbox.take_off(one.id)

    await house.outbox.release_claims()

    assert [owed.was_in_flight for owed in await house.claimed()] == [True, False]


async def test_what_concerns_no_case_waits_for_nothing(house: House) -> None:
    lines = [TellStaff(line=StaffLine.TROUBLE_OVER, facts={"part": str(number)}) for number in range(3)]
    await house.owe(*lines)

    assert await effects(house, 2) == lines[:2]
    assert await effects(house, 2) == lines[2:]
