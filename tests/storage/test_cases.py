"""A case as it is kept: the same promises on the fake, on SQLite and on PostgreSQL."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from cases import lifecycle
from cases.effects import Change, ShowCard
from cases.errors import CaseNotFound, StaleCase
from cases.lifecycle import Answer, propose
from cases.messages import Automatic, Channel, Language, Person
from cases.model import (
    CaseRight,
    EventKind,
    LastMove,
    Outcome,
    Pause,
    Right,
    Status,
)
from cases.records import CardPlace, CaseQuery
from tests.builders import NOW, TODAY, a_case, a_filing, a_letter, a_message, an_arrival, an_event
from tests.storage.conftest import House


async def test_a_case_comes_back_with_every_field_as_it_was_recorded(house: House) -> None:
    case = a_case(
        rights=(),
        status=Status.CLOSED,
        requester=Person(name="Ünal Çelik", address="unal@example.org"),
        language=Language.OTHER,
        channel=Channel.LETTER,
        received_at=datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=2))),
        received_on=date(2026, 3, 29),
        outcome=Outcome.PARTLY_GRANTED,
        pauses=(Pause(asked_on=date(2026, 4, 1), answered_on=date(2026, 4, 9)),),
        extended=True,
        assignee="U0AGENT",
        thread=("<a@example.org>", "<b@example.org>"),
        unanswerable=Automatic.LIST,
        last=LastMove(kind=EventKind.CASE_CLOSED, by="U0AGENT", at=NOW),
    )
    full = CaseRight(
        right=Right.OBJECTION,
        received_on=TODAY,
        status=Status.CLOSED,
        outcome=Outcome.REFUSED,
        reason="Geen direct marketing.",
        score=0.1 + 0.2,
        evidence="Stop daarmee!",
        stopped_at=NOW,
    )
    case = replace(case, rights=(full, CaseRight(right=Right.ACCESS, received_on=TODAY)))

    kept = await house.open_case(case)

    assert kept == case


async def test_an_instant_comes_back_in_utc(house: House) -> None:
    there = timezone(timedelta(hours=2))

    kept = await house.open_case(a_case(received_at=datetime(2026, 3, 5, 11, tzinfo=there)))

    assert kept.received_at == datetime(2026, 3, 5, 9, tzinfo=UTC)


async def test_two_agents_cannot_both_win(house: House) -> None:
    seen = await house.open_case()

    async def click(change: Change) -> str:
        try:
            async with house.store.begin() as tx:
                await tx.record(change)
        except StaleCase:
            return "second"
        return "first"

    clicks = [
        lifecycle.confirm(seen, by="U1", at=NOW, letter_at=NOW),
        lifecycle.dismiss(seen, by="U2", at=NOW),
    ]
    answers = await asyncio.gather(*map(click, clicks))

    assert sorted(answers) == ["first", "second"]
    kept = await house.case(seen.reference)
    assert kept.version == 2
    assert kept.status is (Status.OPEN if answers[0] == "first" else Status.CLOSED)


async def test_the_one_who_comes_second_leaves_no_event_and_owes_nothing(house: House) -> None:
    seen = await house.open_case()
    async with house.store.begin() as tx:
        await tx.record(lifecycle.confirm(seen, by="U1", at=NOW, letter_at=NOW))
    async with house.store.look() as tx:
        before = await tx.case_file(seen.reference), await tx.tally()

    with pytest.raises(StaleCase):
        async with house.store.begin() as tx:
            await tx.record(lifecycle.confirm(seen, by="U2", at=NOW, letter_at=NOW))

    async with house.store.look() as tx:
        assert (await tx.case_file(seen.reference), await tx.tally()) == before


async def test_changed_rights_replace_the_rights_that_were_there(house: House) -> None:
    seen = await house.open_case(a_case(rights=(Right.ACCESS, Right.ERASURE)))

    async with house.store.begin() as tx:
        case = await tx.case(seen.reference)
        rights = (Right.ERASURE, Right.OBJECTION)
        await tx.record(lifecycle.change_rights(case, rights, by="U1", at=NOW, today=TODAY))
        within = await tx.case(seen.reference)

    kept = await house.case(seen.reference)
    assert [mine.right for mine in kept.rights] == [Right.ERASURE, Right.OBJECTION]
    assert within == kept


async def test_a_transaction_that_fails_leaves_nothing(house: House) -> None:
    async def fail() -> None:
        async with house.store.begin() as tx:
            reference = await tx.next_reference(2026)
            await tx.record(propose(a_case(reference), at=NOW))
            await tx.once("digest", "digest", TODAY)
            raise KeyError(reference)

    with pytest.raises(KeyError):
        await fail()

    async with house.store.begin() as tx:
        assert await tx.next_reference(2026) == "AVG-2026-0001"
        assert await tx.once("digest", "digest", TODAY)
        assert await tx.cases(CaseQuery()) == []


async def test_references_have_no_gap_and_no_collision_when_twenty_ask_at_once(house: House) -> None:
    async def ask() -> str:
        async with house.store.begin() as tx:
            reference = await tx.next_reference(2026)
            await tx.record(propose(a_case(reference), at=NOW))
            return reference

    given = await asyncio.gather(*(ask() for _ in range(20)))

    assert sorted(given) == [f"AVG-2026-{number:04d}" for number in range(1, 21)]


async def test_each_year_counts_from_one(house: House) -> None:
    async with house.store.begin() as tx:
        given = [await tx.next_reference(year) for year in (2026, 2027, 2026)]

    assert given == ["AVG-2026-0001", "AVG-2027-0001", "AVG-2026-0002"]


async def test_what_is_not_there_is_said_to_be_not_there(house: House) -> None:
    missing = a_case("AVG-2026-0404", version=3)

    async with house.store.begin() as tx:
        with pytest.raises(CaseNotFound, match="AVG-2026-0404"):
            await tx.case("AVG-2026-0404")
        with pytest.raises(CaseNotFound):
            await tx.case_file("AVG-2026-0404")
        with pytest.raises(CaseNotFound):
            await tx.note(an_event("AVG-2026-0404"))
        with pytest.raises(CaseNotFound):
            await tx.record(lifecycle.confirm(missing, by="U1", at=NOW, letter_at=NOW))


async def test_a_reference_that_is_taken_cannot_begin_again(house: House) -> None:
    await house.open_case()

    with pytest.raises(StaleCase):
        await house.open_case(a_case(requester=Person(address="thief@example.org")))

    assert (await house.case("AVG-2026-0001")).requester.address == "noor@example.org"


async def test_cases_come_by_earliest_date_then_reference(house: House) -> None:
    await house.open_case(a_case("AVG-2026-0001", received_on=date(2026, 5, 1)))
    await house.open_case(a_case("AVG-2026-0003", received_on=date(2026, 3, 2)))
    await house.open_case(a_case("AVG-2026-0002", received_on=date(2026, 3, 2)))

    async with house.store.look() as tx:
        found = await tx.cases(CaseQuery())

    assert [case.reference[-1] for case in found] == ["2", "3", "1"]


async def test_cases_are_found_by_status_by_right_and_by_being_live(house: House) -> None:
    await house.open_case(a_case("AVG-2026-0001"))
    await house.open_case(a_case("AVG-2026-0002", rights=(Right.ERASURE, Right.ACCESS), status=Status.OPEN))
    await house.open_case(a_case("AVG-2026-0003", rights=(Right.ERASURE,), status=Status.CLOSED))

    async with house.store.look() as tx:
        asked = {
            "erasure": CaseQuery(right=Right.ERASURE),
            "open": CaseQuery(status=Status.OPEN),
            "live": CaseQuery(live_only=True),
            "live erasure": CaseQuery(live_only=True, right=Right.ERASURE),
        }
        found = {
            name: "".join(case.reference[-1] for case in await tx.cases(query))
            for name, query in asked.items()
        }

    assert found == {"erasure": "23", "open": "2", "live": "12", "live erasure": "2"}


async def test_a_case_file_tells_the_whole_story_in_order(house: House) -> None:
    await house.keep(an_arrival(1))
    (arrival,) = await house.inbox.claim(1)
    async with house.store.begin() as tx:
        await tx.file(arrival.id, a_message(), a_filing())
        await tx.record(propose(a_case(), at=NOW))
    async with house.store.begin() as tx:
        seen = await tx.case("AVG-2026-0001")
        await tx.record(lifecycle.confirm(seen, by="U1", at=NOW, letter_at=NOW + timedelta(minutes=10)))
        await tx.place_card(seen.reference, CardPlace(channel="C1", ts="1.1"))
        await tx.place_card(seen.reference, CardPlace(channel="C1", ts="2.2"))
        await tx.keep_letter(a_letter(7, sent_at=None))
        await tx.keep_letter(a_letter(7, body="Zo ging hij weg."))

    async with house.store.look() as tx:
        kept = await tx.case_file("AVG-2026-0001")

    assert [event.kind for event in kept.events] == [EventKind.CASE_PROPOSED, EventKind.CASE_CONFIRMED]
    assert kept.events[1].facts == {"rights": ["access"], "letter": "owed"}
    assert [(message.id, message.text) for message in kept.messages] == [(arrival.id, a_message().text)]
    assert kept.letters == (a_letter(7, body="Zo ging hij weg."),)
    assert kept.letters_owed == (NOW + timedelta(minutes=10),)
    assert kept.card == CardPlace(channel="C1", ts="2.2")


async def test_the_ledger_says_yes_once(house: House) -> None:
    async def ask(about: str, kind: str, day: date) -> bool:
        async with house.store.begin() as tx:
            return await tx.once(about, kind, day)

    at_once = await asyncio.gather(*(ask("AVG-2026-0001", "ten_days", TODAY) for _ in range(5)))
    others = [
        await ask("AVG-2026-0001", EventKind.BECAME_OVERDUE, date.min),
        await ask("AVG-2026-0001", EventKind.BECAME_OVERDUE, date.min),
        await ask("AVG-2026-0002", "ten_days", TODAY),
    ]

    assert sorted(at_once) == [False, False, False, False, True]
    assert others == [True, False, True]


async def test_notes_that_come_at_once_are_all_in_the_register(house: House) -> None:
    await house.open_case()

    async def note(number: int) -> None:
        async with house.store.begin() as tx:
            await tx.note(an_event(kind=EventKind.MESSAGE_JOINED, facts={"message": number}))

    await asyncio.gather(*map(note, range(8)))

    async with house.store.look() as tx:
        events = (await tx.case_file("AVG-2026-0001")).events
    assert {event.facts["message"] for event in events[1:]} == set(range(8))


async def test_text_that_a_database_refuses_is_kept_without_what_it_refuses(sql_house: House) -> None:
    nasty = "A\x00B\ud800C 🙂 \u202eD"

    kept = await sql_house.open_case(
        a_case(requester=Person(name=nasty, address=nasty), subject_line=nasty, thread=(nasty,))
    )
    async with sql_house.store.begin() as tx:
        await tx.note(an_event(facts={nasty: [nasty]}))

    clean = "AB\ufffdC 🙂 \u202eD"
    assert kept.requester == Person(name=clean, address=clean)
    assert (kept.subject_line, kept.thread) == (clean, (clean,))
    async with sql_house.store.look() as tx:
        assert (await tx.case_file(kept.reference)).events[-1].facts == {clean: [clean]}


async def test_long_names_and_texts_are_kept_whole(house: House) -> None:
    name, text = "é" * 300, "woord " * 200_000

    await house.keep(an_arrival(1))
    (arrival,) = await house.inbox.claim(1)
    async with house.store.begin() as tx:
        message = a_message(text=text, message_id=f"<{'x' * 9000}@example.org>")
        await tx.file(arrival.id, message, a_filing())
        await tx.record(propose(a_case(requester=Person(name=name, address=name)), at=NOW))
        found = await tx.case_in_thread([f"<{'y' * 9000}@example.org>", message.message_id])

    assert found == "AVG-2026-0001"
    async with house.store.look() as tx:
        kept = await tx.case_file("AVG-2026-0001")
    assert kept.case.requester.name == name
    assert kept.messages[0].text == text


async def test_a_closed_case_keeps_its_answers_when_it_is_reopened_and_closed(house: House) -> None:
    seen = await house.open_case(a_case(status=Status.OPEN))
    answers = {Right.ACCESS: Answer(outcome=Outcome.NOT_HELD, reason="Niets gevonden.")}

    async with house.store.begin() as tx:
        await tx.record(lifecycle.close(seen, answers, by="U1", at=NOW))
        await tx.record(lifecycle.reopen(await tx.case(seen.reference), by="U1", at=NOW))
        await tx.record(lifecycle.close(await tx.case(seen.reference), answers, by="U1", at=NOW))

    kept = await house.case(seen.reference)
    assert (kept.version, kept.outcome, kept.rights[0].reason) == (4, Outcome.NOT_HELD, "Niets gevonden.")


async def test_the_tally_counts_what_stands_where(house: House) -> None:
    await house.open_case()
    await house.open_case(a_case("AVG-2026-0002", status=Status.CLOSED))
    await house.keep(*(an_arrival(number, received_at=NOW + timedelta(hours=number)) for number in (1, 2, 3)))
    async with house.store.begin() as tx:
        assert await tx.set_aside(2, "ValueError")
    (card, _) = await house.claimed()
    await house.outbox.postpone(card.id, NOW + timedelta(hours=1), "SlackAway")

    async with house.store.look() as tx:
        tally = await tx.tally()

    assert (tally.unread, tally.set_aside, tally.oldest_unread) == (2, 1, NOW + timedelta(hours=1))
    assert (tally.owed, tally.oldest_owed) == (2, NOW)
    assert tally.cases == {Status.PROPOSED: 1, Status.OPEN: 0, Status.CLOSED: 1}
    assert card.effect == ShowCard(reference="AVG-2026-0001")
