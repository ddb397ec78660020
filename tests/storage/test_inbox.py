"""Mail between the door and the desk: kept once, read once, never lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from cases.effects import StaffLine, TellStaff
from cases.errors import MessageNotFound
from cases.lifecycle import propose
from cases.model import Facts
from cases.records import FiledAs, Filing
from tests.builders import NOW, a_case, a_filing, a_letter, a_message, a_reading, an_arrival
from tests.storage.conftest import House

LEASE = timedelta(minutes=2)
OTHER = Filing(filed_as=FiledAs.OTHER)


async def file(house: House, arrival_id: int, filing: Filing = OTHER) -> bool:
    async with house.store.begin() as tx:
        return await tx.file(arrival_id, a_message(arrival_id), filing)


async def test_mail_is_handed_out_oldest_first_with_every_octet(house: House) -> None:
    raw = bytes(range(256)) * 3
    await house.keep(an_arrival(1, raw=raw, sender="", recipients=("a@x.nl", "b@x.nl")), an_arrival(2))

    first, second = await house.inbox.claim(10)

    assert (first.raw, first.sender, first.recipients) == (raw, "", ("a@x.nl", "b@x.nl"))
    assert (first.received_at, first.attempts) == (NOW, 1)
    assert second.raw == an_arrival(2).raw
    assert await house.inbox.claim(10) == []


async def test_the_same_delivery_twice_is_kept_once(house: House) -> None:
    arrival = an_arrival(1, recipients=("a@x.nl", "b@x.nl"))
    again = an_arrival(1, recipients=("b@x.nl", "a@x.nl"), received_at=NOW + LEASE)

    await house.keep(arrival, again, an_arrival(1, recipients=("a@x.nl",)))

    assert len(await house.inbox.claim(10)) == 2


async def test_two_workers_never_read_the_same_mail(house: House) -> None:
    await house.keep(*map(an_arrival, range(40)))
    read: Counter[int] = Counter()

    async def work(worker: object) -> None:
        while mails := await worker.claim(3):  # type: ignore[attr-defined]  # either worker of the house
            for mail in mails:
                read.update([mail.id] * await file(house, mail.id))

    await asyncio.gather(work(house.inbox), work(house.other_worker))

    assert len(read) == 40
    assert set(read.values()) == {1}


@pytest.mark.postgres
async def test_a_worker_does_not_wait_for_another_that_is_just_claiming(postgres_house: House) -> None:
    house = postgres_house
    await house.keep(an_arrival(1), an_arrival(2))

    async with house.store.begin() as tx:
        await tx.set_aside(1, "ValueError")  # holds the row until its commit
        async with asyncio.timeout(5):
            meanwhile = await house.inbox.claim(10)

    assert [mail.id for mail in meanwhile] == [2]


async def test_a_mail_is_filed_by_one_worker_and_the_other_is_told(house: House) -> None:
    await house.keep(an_arrival())
    (mail,) = await house.inbox.claim(1)

    answers = await asyncio.gather(*(file(house, mail.id) for _ in range(3)))

    assert sorted(answers) == [False, False, True]
    async with house.store.begin() as tx:
        assert not await tx.set_aside(mail.id, "ValueError")


async def test_a_dead_workers_mail_is_handed_out_again_when_its_lease_ends(house: House) -> None:
    await house.keep(an_arrival(1), an_arrival(2))
    await house.inbox.claim(10)

    house.clock.move(LEASE)
    at_the_end = await house.other_worker.claim(10)
    house.clock.move(timedelta(seconds=1))
    after = await house.other_worker.claim(10)

    assert at_the_end == []
    assert [(mail.id, mail.attempts) for mail in after] == [(1, 2)]


async def test_a_mail_that_kills_its_workers_is_set_aside_alone_and_staff_is_told(house: House) -> None:
    await house.keep(*map(an_arrival, range(1, 5)))
    read: list[int] = []

    for _ in range(12):  # the first mail kills whoever reads it; what was claimed with it is freed
        for mail in await house.inbox.claim(10):
            if mail.id == 1:
                break
            await file(house, mail.id)
            read.append(mail.id)
        await house.inbox.release_claims()

    assert read == [2, 3, 4]
    async with house.store.look() as tx:
        (aside,) = await tx.set_asides()
    assert (aside.id, aside.error, aside.attempts) == (1, "WorkerDied", 3)
    (owed,) = await house.claimed()
    facts: Facts = {"message": 1, "error": "WorkerDied"}
    assert owed.effect == TellStaff(line=StaffLine.MAIL_SET_ASIDE, facts=facts)


async def test_a_mail_that_was_set_aside_is_kept_and_can_be_tried_again(house: House) -> None:
    await house.keep(an_arrival())
    (mail,) = await house.inbox.claim(1)
    async with house.store.begin() as tx:
        assert await tx.set_aside(mail.id, "UnicodeDecodeError")

    house.clock.move(2 * LEASE)
    meanwhile = await house.inbox.claim(1)
    async with house.store.begin() as tx:
        (aside,) = await tx.set_asides()
        kept = await tx.arrival(mail.id)
        await tx.retry(mail.id)
        left = await tx.set_asides()

    assert (meanwhile, left) == ([], [])
    assert (aside.id, aside.error, aside.received_at) == (mail.id, "UnicodeDecodeError", NOW)
    assert kept.raw == an_arrival().raw
    assert [again.attempts for again in await house.inbox.claim(1)] == [1]


async def test_only_what_was_set_aside_can_be_tried_again(house: House) -> None:
    await house.keep(an_arrival())

    async with house.store.begin() as tx:
        with pytest.raises(MessageNotFound):
            await tx.retry(1)
        with pytest.raises(MessageNotFound):
            await tx.retry(404)
        with pytest.raises(MessageNotFound):
            await tx.arrival(404)


async def test_the_same_message_is_known_by_its_fingerprint(house: House) -> None:
    await house.keep(an_arrival())
    async with house.store.begin() as tx:
        unknown = await tx.filed_before(a_message().fingerprint)
        await tx.record(propose(a_case(), at=NOW))
        await tx.file(1, a_message(), a_filing())

    async with house.store.begin() as tx:
        known = await tx.filed_before(a_message(7, fingerprint=a_message().fingerprint).fingerprint)

    assert unknown is None
    assert known == a_filing(reading=a_reading())


async def test_the_same_message_to_two_addresses_opens_one_case(house: House) -> None:
    await house.keep(an_arrival(1), an_arrival(1, recipients=("privacy@smartfms.nl",)))

    async def triage(arrival_id: int) -> FiledAs:
        async with house.store.begin() as tx:
            if await tx.filed_before(a_message().fingerprint):
                await tx.file(arrival_id, a_message(), Filing(filed_as=FiledAs.DUPLICATE))
                return FiledAs.DUPLICATE
            case = a_case(await tx.next_reference(2026))
            await tx.file(arrival_id, a_message(), a_filing(case.reference))
            await tx.record(propose(case, at=NOW))
            return FiledAs.REQUEST

    filed = await asyncio.gather(triage(1), triage(2))

    assert sorted(filed) == [FiledAs.DUPLICATE, FiledAs.REQUEST]


async def test_a_reply_finds_its_case_by_our_letter_before_anybody_elses_message(house: House) -> None:
    await house.keep(an_arrival(1), an_arrival(2))
    ours = a_letter()
    async with house.store.begin() as tx:
        for number in (1, 2):
            reference = f"AVG-2026-000{number}"
            await tx.record(propose(a_case(reference), at=NOW))
            claims = ours.message_id if number == 2 else "<first@example.org>"
            await tx.file(number, a_message(message_id=claims), a_filing(reference))
        await tx.keep_letter(ours)

    async with house.store.look() as tx:
        found = [
            await tx.case_in_thread([ours.message_id]),
            await tx.case_in_thread(["<unknown@example.org>", "<first@example.org>"]),
            await tx.case_in_thread(["<unknown@example.org>"]),
            await tx.case_in_thread([]),
            await tx.case_in_thread([f"<{number}@example.org>" for number in range(5000)]),
        ]

    assert found == ["AVG-2026-0001", "AVG-2026-0001", None, None, None]


async def test_the_freshest_sign_of_life_of_a_role_is_told(house: House) -> None:
    await house.pulses.beat("worker", "a", {"read": 1})
    house.clock.move(LEASE)
    await house.pulses.beat("worker", "b", {"read": 5})
    await house.pulses.beat("smtp", "c", {})
    house.clock.move(LEASE)
    await house.pulses.beat("worker", "b", {"read": 9})

    told = await house.pulses.pulses()

    assert told == {"worker": (NOW + 2 * LEASE, {"read": 9}), "smtp": (NOW + LEASE, {})}


async def test_a_worker_that_stops_gives_its_mail_back_untouched(sql_house: House) -> None:
    await sql_house.keep(an_arrival(1), an_arrival(2), an_arrival(3))
    await sql_house.other_worker.claim(1)
    await sql_house.inbox.claim(10)
    await file(sql_house, 2)

    await sql_house.inbox.give_back()

    (third,) = await sql_house.inbox.claim(10)
    assert (third.id, third.attempts) == (3, 1), "its own, unread, as if it had never been begun"
