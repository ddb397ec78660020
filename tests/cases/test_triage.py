"""Where a message goes: to its case, to a new one, or to the ordinary mail; and what is owed for it."""

from dataclasses import dataclass, field, replace

import pytest

from cases import lifecycle
from cases.effects import ShowCard, TellStaff, TellThread
from cases.messages import Attachment, Automatic, Person
from cases.model import Band, Classification, EventKind, Right, Status
from cases.records import CaseQuery, FiledAs
from cases.triage import Triage
from tests.builders import NOW, FrozenClock, a_letter, a_message, a_reading, an_arrival
from tests.fakes import InMemoryStore

STRANGER = Person(name="Iemand anders", address="iemand.anders@example.org")


@dataclass
class Scripted:
    """A classifier that reads what the test says: the words in the text name the rights."""

    seen: list[str] = field(default_factory=list)

    def classify(self, subject_line: str, text: str) -> Classification:
        self.seen.append(text)
        rights = frozenset(right for right in Right if right.value in f"{subject_line} {text}")
        return replace(a_reading(*rights), rights=rights)


@pytest.fixture
def store():
    return InMemoryStore(FrozenClock())


@pytest.fixture
def triage(store):
    return Triage(store, Scripted(), store.clock)


async def arrive(store, triage, message, number=1):
    """A mail comes through the door, and a worker reads it as `message`."""
    await store.keeper.keep(an_arrival(number))
    [arrival] = await store.inbox.claim(1)
    return await triage.triage(arrival.id, message)


async def owed(store):
    claimed = []
    while rows := await store.outbox.claim(10, store.clock.now()):
        for row in rows:
            claimed.append(row.effect)
            await store.outbox.settle(row.id)
    return claimed


async def cases_of(store):
    async with store.look() as tx:
        return list(await tx.cases(CaseQuery()))


async def test_a_request_opens_a_case_with_its_clock_and_owes_one_card(store, triage):
    filing = await arrive(store, triage, a_message(new_text="erasure please", text="erasure please"))

    [case] = await cases_of(store)
    assert filing.filed_as is FiledAs.REQUEST
    assert case.reference == "AVG-2026-0001" == filing.reference
    assert case.status is Status.PROPOSED
    assert [mine.right for mine in case.rights] == [Right.ERASURE]
    assert case.received_on == store.clock.day(NOW)
    assert await owed(store) == [ShowCard(reference=case.reference)]


async def test_ordinary_mail_opens_nothing(store, triage):
    filing = await arrive(store, triage, a_message(new_text="printer", text="printer"))

    assert filing.filed_as is FiledAs.OTHER
    assert await cases_of(store) == []
    assert await owed(store) == []


async def test_a_request_that_stands_only_in_the_forwarded_part_is_found(store, triage):
    message = a_message(new_text="zie onder", text="zie onder\n> access, I want to see it")

    filing = await arrive(store, triage, message)

    assert filing.filed_as is FiledAs.REQUEST


@pytest.mark.parametrize("automatic", [Automatic.AUTO_REPLY, Automatic.BOUNCE, Automatic.OWN])
async def test_machine_talk_opens_no_case_and_is_not_even_classified(store, triage, automatic):
    filing = await arrive(store, triage, a_message(new_text="erasure", automatic=automatic))

    assert filing.filed_as is FiledAs.MACHINE
    assert triage.classifier.seen == []
    assert await cases_of(store) == []


@pytest.mark.parametrize("automatic", [Automatic.LIST, Automatic.AUTO_GENERATED])
async def test_a_request_inside_a_do_not_answer_mail_opens_a_case_that_sends_no_letter(
    store, triage, automatic
):
    await arrive(store, triage, a_message(new_text="erasure", automatic=automatic))

    [case] = await cases_of(store)
    assert case.unanswerable is automatic


async def an_open_case_with_a_letter(store, triage):
    await arrive(store, triage, a_message(new_text="access"))
    async with store.begin() as tx:
        case = await tx.case("AVG-2026-0001")
        await tx.record(lifecycle.confirm(case, by="U0ANNA", at=NOW, letter_at=NOW))
        await tx.keep_letter(a_letter(number=99, message_id="<our-letter@smartfms.example>"))
    await owed(store)


def a_reply(**facts):
    told = {
        "message_id": "<reply@example.org>",
        "fingerprint": "b" * 64,
        "in_reply_to": ("<our-letter@smartfms.example>",),
        "new_text": "bedankt",
        "text": "bedankt",
    }
    return a_message(2, **(told | facts))


async def test_the_requesters_reply_joins_the_case_and_shows_in_its_thread(store, triage):
    await an_open_case_with_a_letter(store, triage)

    filing = await arrive(store, triage, a_reply(), 2)

    assert (filing.filed_as, filing.reference) == (FiledAs.REPLY, "AVG-2026-0001")
    [told] = await owed(store)
    assert isinstance(told, TellThread)
    assert told.event.kind is EventKind.MESSAGE_JOINED
    assert len(await cases_of(store)) == 1


async def test_the_reference_in_the_subject_is_enough_for_the_requester(store, triage):
    await an_open_case_with_a_letter(store, triage)

    filing = await arrive(store, triage, a_reply(in_reply_to=(), subject_line="RE: Vraag [AVG-2026-0001]"), 2)

    assert filing.filed_as is FiledAs.REPLY


async def test_a_stranger_with_the_right_reference_is_shown_and_never_becomes_the_addressee(store, triage):
    await an_open_case_with_a_letter(store, triage)

    filing = await arrive(store, triage, a_reply(sender=STRANGER), 2)

    [case] = await cases_of(store)
    assert filing.filed_as is FiledAs.STRANGER
    assert case.requester.address != STRANGER.address


async def test_a_new_right_in_a_reply_is_pointed_out(store, triage):
    await an_open_case_with_a_letter(store, triage)

    await arrive(store, triage, a_reply(new_text="and erasure too"), 2)

    [told] = await owed(store)
    assert told.event.facts["also"] == ["erasure"]


async def test_a_new_request_in_the_thread_of_a_closed_case_starts_its_own_month(store, triage):
    await an_open_case_with_a_letter(store, triage)
    async with store.begin() as tx:
        case = await tx.case("AVG-2026-0001")
        answer = lifecycle.Answer(outcome=lifecycle.Outcome.GRANTED)
        await tx.record(lifecycle.close(case, {Right.ACCESS: answer}, by="U0ANNA", at=NOW))

    filing = await arrive(store, triage, a_reply(new_text="erasure now"), 2)

    assert (filing.filed_as, filing.reference) == (FiledAs.REQUEST, "AVG-2026-0002")


async def test_our_own_letter_sent_back_below_an_answer_asks_for_nothing(store, triage):
    await an_open_case_with_a_letter(store, triage)
    letter = "U kunt ons vragen om uw gegevens te verbeteren (rectification) of te wissen (erasure)."
    async with store.begin() as tx:
        await tx.keep_letter(a_letter(number=99, message_id="<our-letter@smartfms.example>", body=letter))

    await arrive(store, triage, a_reply(new_text=f"Dank u!\n\n> {letter[:50]}\n> {letter[50:]}"), 2)

    [told] = await owed(store)
    assert told.event.facts["also"] == []
    assert triage.classifier.seen[-1] == "Dank u!"


@pytest.mark.parametrize("closed", [False, True])
async def test_a_stranger_who_asks_in_somebodys_thread_gets_a_case_of_their_own(store, triage, closed):
    await an_open_case_with_a_letter(store, triage)
    if closed:
        async with store.begin() as tx:
            case = await tx.case("AVG-2026-0001")
            answer = lifecycle.Answer(outcome=lifecycle.Outcome.GRANTED)
            await tx.record(lifecycle.close(case, {Right.ACCESS: answer}, by="U0ANNA", at=NOW))
        await owed(store)

    filing = await arrive(store, triage, a_reply(sender=STRANGER, new_text="access for me too"), 2)

    first, second = await cases_of(store)
    assert (filing.filed_as, filing.reference) == (FiledAs.REQUEST, "AVG-2026-0002")
    assert (first.requester == STRANGER, second.requester == STRANGER) == (False, True)
    told = [effect for effect in await owed(store) if isinstance(effect, TellThread)]
    assert [(one.reference, one.event.facts["opened"]) for one in told] == [
        ("AVG-2026-0001", "AVG-2026-0002")
    ]


async def test_a_scan_without_a_word_is_set_aside_for_a_person(store, triage):
    scan = Attachment(name="scan.pdf", media_type="application/pdf", size=90_000)

    filing = await arrive(
        store, triage, a_message(subject_line="Brief", text="", new_text="", attachments=(scan,))
    )

    assert filing is None
    async with store.look() as tx:
        assert [kept.error for kept in await tx.set_asides()] == ["OnlyAttachments"]


async def test_a_scan_whose_subject_asks_opens_a_case(store, triage):
    scan = Attachment(name="scan.pdf", media_type="application/pdf", size=90_000)

    filing = await arrive(
        store, triage, a_message(subject_line="access", text="", new_text="", attachments=(scan,))
    )

    assert filing.filed_as is FiledAs.REQUEST


async def test_a_bounce_of_our_letter_is_told_in_the_case(store, triage):
    await an_open_case_with_a_letter(store, triage)

    filing = await arrive(store, triage, a_reply(automatic=Automatic.BOUNCE, sender=STRANGER), 2)

    [told] = await owed(store)
    assert filing.filed_as is FiledAs.MACHINE
    assert told.event.kind is EventKind.LETTER_BOUNCED


async def test_an_unknown_reference_is_no_case(store, triage):
    filing = await arrive(store, triage, a_message(subject_line="AVG-1999-0001", new_text="access"))

    assert filing.filed_as is FiledAs.REQUEST
    assert filing.reference == "AVG-2026-0001"


async def test_the_same_mail_to_two_addresses_is_one_case(store, triage):
    message = a_message(new_text="access")
    await arrive(store, triage, message)

    filing = await arrive(store, triage, message, 2)

    assert (filing.filed_as, filing.reference) == (FiledAs.DUPLICATE, "AVG-2026-0001")
    assert len(await cases_of(store)) == 1


async def test_the_worker_that_comes_second_changes_nothing(store, triage):
    message = a_message(new_text="access")
    await arrive(store, triage, message)

    again = await triage.triage(1, replace(message, fingerprint="c" * 64))

    assert again is None
    assert len(await cases_of(store)) == 1
    async with store.begin() as tx:
        assert await tx.next_reference(2026) == "AVG-2026-0002"  # no number was used up


async def test_an_unreadable_mail_is_set_aside_and_staff_is_told_once(store, triage):
    await store.keeper.keep(an_arrival())
    [arrival] = await store.inbox.claim(1)

    await triage.set_aside(arrival.id, "RecursionError")
    await triage.set_aside(arrival.id, "RecursionError")

    [told] = await owed(store)
    assert isinstance(told, TellStaff)
    assert told.facts == {"message": arrival.id, "error": "RecursionError"}
    async with store.look() as tx:
        assert [kept.error for kept in await tx.set_asides()] == ["RecursionError"]


class Doubting:
    """A classifier that is never sure, and thinks of erasure at most."""

    def classify(self, subject_line: str, text: str) -> Classification:
        scores = {right: 0.3 if right is Right.ERASURE else 0.05 for right in Right}
        return replace(a_reading(), rights=frozenset(), scores=scores, evidence=(), band=Band.DOUBTFUL)


async def test_a_doubtful_mail_opens_a_case_whose_card_asks_about_the_likeliest_right(store):
    filing = await arrive(store, Triage(store, Doubting(), store.clock), a_message())

    [case] = await cases_of(store)
    assert (filing.filed_as, case.doubtful, case.status) == (FiledAs.REQUEST, True, Status.PROPOSED)
    assert [(mine.right, mine.score) for mine in case.rights] == [(Right.ERASURE, 0.3)]
    async with store.look() as tx:
        [event] = (await tx.case_file(case.reference)).events
    assert event.facts["doubtful"] is True


async def test_a_doubtful_reply_joins_its_case_and_opens_none(store, triage):
    await arrive(store, triage, a_message(new_text="access", text="access"))
    reply = a_message(2, in_reply_to=("<1@example.org>",))

    filing = await arrive(store, Triage(store, Doubting(), store.clock), reply, number=2)

    assert (filing.filed_as, len(await cases_of(store))) == (FiledAs.REPLY, 1)
