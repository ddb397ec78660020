"""Letters leave once, exactly as kept; what nobody knows about is left to a person."""

from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from zoneinfo import ZoneInfo

import pytest

from bot.courier import NotNow
from bot.mailroom import Mailroom
from bot.postbox import Postbox, Relay
from cases import controller, lifecycle
from cases.desk import Desk
from cases.errors import StoreAway
from cases.messages import Language, Person
from cases.model import EventKind
from cases.records import Lane
from tests.bot.relays import DROP, relay
from tests.builders import NOW, FrozenClock, a_case
from tests.fakes import InMemoryStore

REFERENCE = "AVG-2026-0001"


@pytest.fixture
def store():
    return InMemoryStore(FrozenClock())


@pytest.fixture
def desk(store):
    return Desk(store, store.clock, undo=timedelta(0))


def mailroom(desk, port=None):
    return Mailroom(
        desk=desk,
        outbox=desk.store.outbox,
        controller=controller.read(),
        sender="servicedesk@smartfms.nl",
        postbox=Postbox(Relay(host="127.0.0.1", port=port, patience=2)) if port else None,
        zone=ZoneInfo("Europe/Amsterdam"),
    )


async def confirmed(desk, **facts):
    """A confirmed case, and the acknowledgement that is owed for it."""
    async with desk.store.begin() as tx:
        await tx.record(lifecycle.propose(a_case(**facts), at=NOW))
    await desk.confirm(REFERENCE, by="U0ANNA")
    return await claim(desk)


async def claim(desk):
    [owed] = await desk.store.outbox.claim(1, desk.clock.now(), Lane.MAIL)
    return owed


async def kinds(desk):
    return [event.kind for event in (await desk.case_file(REFERENCE)).events]


async def nothing_owed(desk):
    return not await desk.store.outbox.claim(1, desk.clock.now() + timedelta(days=1), Lane.MAIL)


async def test_a_letter_leaves_threaded_marked_and_from_nobody(desk):
    owed = await confirmed(desk)
    async with relay() as other_side:
        await mailroom(desk, other_side.port).deliver(owed)

    [taken] = other_side.taken
    mail = message_from_bytes(taken.content)
    assert taken.mail_from in {"", "<>", None}
    assert taken.rcpt_tos == ["noor@example.org"]
    assert mail["In-Reply-To"] == "<first@example.org>"
    assert mail["References"] == "<first@example.org>"
    assert mail["Auto-Submitted"] == "auto-replied"
    assert REFERENCE.lower() in mail["Message-ID"].lower()
    assert REFERENCE in mail["Subject"]


async def test_what_left_is_kept_word_for_word_and_told_in_the_case(desk):
    owed = await confirmed(desk)
    async with relay() as other_side:
        await mailroom(desk, other_side.port).deliver(owed)

    [letter] = (await desk.case_file(REFERENCE)).letters
    sent = message_from_bytes(other_side.taken[0].content)
    text = sent.get_payload(decode=True).decode().replace("\r\n", "\n")
    assert letter.sent_at == NOW
    assert letter.body.strip() == text.strip()
    assert EventKind.LETTER_SENT in await kinds(desk)
    assert await nothing_owed(desk)


@pytest.mark.parametrize(
    ("language", "word"), [(Language.EN, "Dear"), (Language.NL, "Beste"), (Language.OTHER, "Dear")]
)
async def test_the_letter_speaks_the_requesters_language_or_else_english(desk, language, word):
    owed = await confirmed(desk, language=language)

    await mailroom(desk).deliver(owed)

    [letter] = (await desk.case_file(REFERENCE)).letters
    assert word in letter.body


async def test_without_a_relay_a_letter_is_kept_to_be_shown(desk):
    owed = await confirmed(desk)

    await mailroom(desk).deliver(owed)

    [letter] = (await desk.case_file(REFERENCE)).letters
    assert letter.sent_at == NOW
    assert await nothing_owed(desk)


@pytest.mark.parametrize(
    "answers", [{"GREETING": "421 4.3.2 later"}, {"RCPT": "450 4.2.1 later"}, {"CONTENT": "451 4.3.0 later"}]
)
async def test_a_relay_that_says_later_gets_the_same_letter_later(desk, answers):
    owed = await confirmed(desk)
    async with relay(answers) as other_side:
        with pytest.raises(NotNow):
            await mailroom(desk, other_side.port).deliver(owed)
        await desk.store.outbox.postpone(owed.id, NOW, "RelayAway")
        answers.clear()
        await mailroom(desk, other_side.port).deliver(await claim(desk))

    mails = [message_from_bytes(taken.content) for taken in other_side.taken]
    assert len({mail["Message-ID"] for mail in mails}) == 1
    assert (await kinds(desk)).count(EventKind.LETTER_SENT) == 1


async def test_a_relay_that_is_not_there_is_waited_for(desk):
    owed = await confirmed(desk)

    with pytest.raises(NotNow):
        await mailroom(desk, 9).deliver(owed)

    assert (await desk.case_file(REFERENCE)).letters == ()


@pytest.mark.parametrize("answers", [{"RCPT": "550 5.1.1 nobody here"}, {"CONTENT": "554 5.7.1 no"}])
async def test_a_letter_refused_for_good_is_told_and_not_tried_again(desk, answers):
    owed = await confirmed(desk)
    async with relay(answers) as other_side:
        await mailroom(desk, other_side.port).deliver(owed)

    assert EventKind.LETTER_FAILED in await kinds(desk)
    assert await nothing_owed(desk)
    async with desk.store.look() as tx:
        assert (await tx.tally()).failed_letters == 1


async def test_a_line_that_breaks_behind_the_letter_leaves_it_unclear(desk):
    owed = await confirmed(desk)
    async with relay({"CONTENT": DROP}) as other_side:
        await mailroom(desk, other_side.port).deliver(owed)

    assert EventKind.LETTER_UNCLEAR in await kinds(desk)
    assert await nothing_owed(desk)
    async with desk.store.look() as tx:
        assert (await tx.tally()).unclear_letters == 1


async def test_a_crash_while_handing_over_sends_no_second_copy(desk):
    owed = await confirmed(desk)
    async with relay() as other_side:
        room = mailroom(desk, other_side.port)
        await desk.store.outbox.take_off(owed.id)
        await desk.store.outbox.release_claims()  # the courier died here

        await room.deliver(await claim(desk))

    assert other_side.taken == []
    assert EventKind.LETTER_UNCLEAR in await kinds(desk)


async def test_a_crash_after_the_letter_was_written_down_as_sent_only_settles(desk):
    owed = await confirmed(desk)
    async with relay() as other_side:
        room = mailroom(desk, other_side.port)
        await desk.store.outbox.take_off(owed.id)
        letter = await room._written(owed, owed.effect)
        async with desk.store.begin() as tx:
            await tx.keep_letter(replace(letter, sent_at=NOW))
        await desk.store.outbox.release_claims()  # the courier died here

        await room.deliver(await claim(desk))

    assert other_side.taken == []
    assert EventKind.LETTER_UNCLEAR not in await kinds(desk)
    assert await nothing_owed(desk)


async def test_a_letter_that_a_person_sends_again_is_the_very_same(desk):
    owed = await confirmed(desk)
    async with relay({"CONTENT": DROP}) as other_side:
        await mailroom(desk, other_side.port).deliver(owed)
        other_side.answers.clear()
        await desk.store.outbox.resend(owed.id)
        await mailroom(desk, other_side.port).deliver(await claim(desk))

    first, second = (message_from_bytes(taken.content) for taken in other_side.taken)
    assert first["Message-ID"] == second["Message-ID"]


async def test_a_confirmation_undone_while_the_letter_was_being_written_wins(desk):
    owed = await confirmed(desk)
    await desk.undo_confirmation(REFERENCE, by="U0ANNA")
    async with relay() as other_side:
        await mailroom(desk, other_side.port).deliver(owed)

    assert other_side.taken == []


async def test_a_hostile_name_reaches_neither_the_header_nor_the_envelope(desk):
    owed = await confirmed(
        desk, requester=Person(name="Noor\r\nBcc: all@example.org", address="noor@example.org")
    )
    async with relay() as other_side:
        await mailroom(desk, other_side.port).deliver(owed)

    [taken] = other_side.taken
    assert taken.rcpt_tos == ["noor@example.org"]
    assert message_from_bytes(taken.content)["Bcc"] is None


class LockedWhenTaken(InMemoryStore):
    """From the moment that the relay has the letter the store takes nothing for two transactions."""

    other_side = None
    refusals = 2

    @asynccontextmanager
    async def begin(self):
        if self.other_side and self.other_side.taken and self.refusals:
            self.refusals -= 1
            raise StoreAway(error="locked")
        async with super().begin() as tx:
            yield tx


async def test_a_letter_that_left_while_the_database_locked_is_not_sent_again():
    store = LockedWhenTaken(FrozenClock())
    desk = Desk(store, store.clock, undo=timedelta(0))
    owed = await confirmed(desk)
    async with relay() as store.other_side:
        await mailroom(desk, store.other_side.port).deliver(owed)

    assert len(store.other_side.taken) == 1
    assert store.refusals == 0
    assert (await kinds(desk)).count(EventKind.LETTER_SENT) == 1
    assert await nothing_owed(desk)
