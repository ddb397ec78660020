"""Examples, second looks and forgetting: the same story on the fake, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from cases.errors import NoSuchMessage
from cases.lessons import Example, LookTally, Origin
from cases.messages import Language
from cases.model import Band, Right
from cases.records import CardPlace, FiledAs, Filing
from tests.builders import NOW, a_filing, a_message, a_reading, an_arrival
from tests.storage.conftest import House

WEEK = date(2026, 3, 2)
NONE = Filing(filed_as=FiledAs.OTHER, reading=a_reading(rights=frozenset(), band=Band.NONE, request=0.01))


async def file(house: House, number: int, filing: Filing, **facts: object) -> None:
    await house.keep(an_arrival(number))
    async with house.store.begin() as tx:
        await tx.file(number, a_message(number, **facts), filing)


def an_example(message: int, **facts: object) -> Example:
    told = {
        "origin": Origin.CONFIRMED,
        "labels": frozenset({Right.ACCESS, Right.ERASURE}),
        "read": frozenset({Right.ACCESS}),
        "model": "abc",
        "language": Language.NL,
        "decided_at": NOW,
        "subject_line": "▮",
        "text": "Welke gegevens hebben jullie van ▮?",
    }
    return Example(message=message, **{**told, **facts})


async def test_the_latest_decision_about_a_message_is_the_example(house: House) -> None:
    await file(house, 1, NONE)
    await file(house, 2, NONE)
    later = an_example(1, origin=Origin.DISMISSED, labels=frozenset(), decided_at=NOW + timedelta(hours=1))

    async with house.store.begin() as tx:
        for example in (an_example(1), an_example(2), later):
            await tx.keep_example(example)
    async with house.store.look() as tx:
        assert await tx.examples() == [an_example(2), later]

    async with house.store.begin() as tx:
        await tx.drop_example(2)
        assert await tx.examples() == [later]


async def test_the_message_that_opened_a_case_is_found_with_its_reading(house: House) -> None:
    await house.open_case()
    await file(house, 1, a_filing(filed_as=FiledAs.REPLY))
    await file(house, 2, a_filing())

    async with house.store.look() as tx:
        message = await tx.opening_message("AVG-2026-0001")
        assert await tx.opening_message("AVG-2026-9999") is None

    assert (message.id, message.reading, message.new_text) == (2, a_reading(), a_message().new_text)


async def test_what_was_passed_over_is_recent_and_continues_no_case(house: House) -> None:
    await house.open_case()
    await file(house, 1, NONE, received_at=NOW - timedelta(days=8))
    await file(house, 2, NONE)
    await file(house, 3, a_filing())
    await file(house, 4, Filing(filed_as=FiledAs.MACHINE))

    async with house.store.look() as tx:
        assert list(await tx.passed_over(NOW - timedelta(days=7))) == [2]


async def test_a_second_look_asks_is_answered_and_is_counted(house: House) -> None:
    await house.open_case()
    for number in (1, 2, 3):
        await file(house, number, NONE)

    async with house.store.begin() as tx:
        await tx.begin_look(WEEK, [1, 3])
        await tx.place_look(WEEK, CardPlace(channel="C1", ts="1.2"))
        assert await tx.asked(2) is None
        assert await tx.answer_look(1, was_request=False, by="U1", at=NOW) == WEEK
        await tx.adopt(3, "AVG-2026-0001")
        assert await tx.answer_look(3, was_request=True, by="U2", at=NOW) == WEEK
    async with house.store.look() as tx:
        look, tally = await tx.second_look(WEEK), await tx.look_tally()
        adopted = await tx.opening_message("AVG-2026-0001")

    assert [(one.message, one.by, one.was_request, one.reference) for one in look.messages] == [
        (1, "U1", False, None),
        (3, "U2", True, "AVG-2026-0001"),
    ]
    assert look.place == CardPlace(channel="C1", ts="1.2")
    assert tally == LookTally(asked=2, answered=2, missed=1)
    assert adopted.id == 3


async def test_a_message_is_asked_about_once(house: House) -> None:
    await file(house, 1, NONE)

    async with house.store.begin() as tx:
        await tx.begin_look(WEEK, [1])
        await tx.begin_look(WEEK + timedelta(days=7), [1])
        assert (await tx.second_look(WEEK + timedelta(days=7))).messages == ()
        assert await tx.look_tally() == LookTally(asked=1)


async def test_content_without_a_case_is_forgotten_and_a_case_keeps_its_mail(house: House) -> None:
    await house.open_case()
    await file(house, 1, NONE)
    await file(house, 2, a_filing())
    await file(house, 3, NONE, received_at=NOW + timedelta(days=1))

    async with house.store.begin() as tx:
        assert await tx.forget_content(NOW + timedelta(hours=1)) == 1
        assert await tx.forget_content(NOW + timedelta(hours=1)) == 0
    async with house.store.look() as tx:
        gone, kept, fresh = [await tx.message(number) for number in (1, 2, 3)]
        raw = [(await tx.arrival(number)).raw for number in (1, 2, 3)]
        assert await tx.filed_before(a_message(1).fingerprint) is not None

    assert gone.is_forgotten
    assert (gone.subject_line, gone.new_text, gone.sender.address, gone.message_id) == ("", "", "", "")
    assert (kept.is_forgotten, fresh.is_forgotten) == (False, False)
    assert (raw[0], bool(raw[1]), bool(raw[2])) == (b"", True, True)


async def test_the_same_mail_sent_again_after_it_was_forgotten_is_kept_once(house: House) -> None:
    await file(house, 1, NONE)
    async with house.store.begin() as tx:
        await tx.forget_content(NOW + timedelta(days=1))

    await house.keep(an_arrival(2))

    assert [arrival.id for arrival in await house.inbox.claim(10)] == [2]


async def test_a_message_that_never_came_is_said_to_be_missing(house: House) -> None:
    async with house.store.look() as tx:
        with pytest.raises(NoSuchMessage):
            await tx.message(99)
