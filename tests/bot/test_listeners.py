"""A click is acknowledged, checked, done, and rung for; who may not or comes second reads a sentence."""

import asyncio
from types import SimpleNamespace

import pytest
from slack_bolt.async_app import AsyncApp
from structlog.testing import capture_logs

from bot import buttons, listeners, modals
from bot.forms import Forms
from bot.people import People
from bot.reception import Reception
from bot.settings import load
from cases import lifecycle
from cases.desk import Desk
from cases.effects import SendLetter
from cases.errors import StoreAway
from cases.messages import Language
from cases.model import EventKind, LetterKind, Outcome, Right, Status
from cases.records import CaseQuery, OwedState
from cases.second_looks import SecondLooks
from tests.bot import fake_slack as world
from tests.bot.a_file import NL, NOW
from tests.bot.clicks import acked, click, dispatch, submission
from tests.bot.fake_slack import ANNA, BRAM, ELKE, GIJS, FakeSlack, slack_served
from tests.bot.slack_rules import assert_view_fits, seen
from tests.builders import TODAY, FrozenClock, a_case, a_letter, pass_over
from tests.fakes import InMemoryStore

REFERENCE = "AVG-2026-0001"


@pytest.fixture
def slack():
    return FakeSlack()


@pytest.fixture
async def house(slack):
    """The people's side over a store in memory, with one proposed case that asks to be left alone."""
    async with slack_served(slack) as client:
        clock = FrozenClock()
        store = InMemoryStore(clock)
        desk = Desk(store, clock)
        people = People(client, load(_env_file=None))
        await people.check_channels()
        app = AsyncApp(client=client, process_before_response=True, request_verification_enabled=False)
        rung = []
        looks = SecondLooks(store, clock)
        outbox = store.outbox
        listeners.register(app, desk, people, NL, lambda: rung.append(1), letters=outbox, looks=looks)
        async with store.begin() as tx:
            await tx.record(lifecycle.propose(a_case(REFERENCE, rights=(Right.OBJECTION,)), at=NOW))
        slack.calls.clear()
        yield SimpleNamespace(
            app=app, desk=desk, looks=looks, store=store, people=people, client=client, rung=rung
        )


async def case_of(house):
    return (await house.desk.cases(CaseQuery()))[0]


def told(slack):
    """Sentences that only the clicker saw."""
    return [call["text"] for call in slack.asked("chat.postEphemeral")]


async def test_an_agent_confirms_and_the_couriers_are_rung(house, slack):
    response = await dispatch(house.app, click(buttons.CONFIRM, REFERENCE))

    case = await case_of(house)
    assert response.status == 200
    assert (case.status, case.last.by, case.assignee) == (Status.OPEN, ANNA, ANNA)
    assert house.rung
    assert told(slack) == []


async def test_the_second_agent_reads_who_was_first_and_what_and_when(house, slack):
    await dispatch(house.app, click(buttons.CONFIRM, REFERENCE))

    await dispatch(house.app, click(buttons.CONFIRM, REFERENCE, user=BRAM))

    (sentence,) = told(slack)
    assert sentence.startswith(f"<@{ANNA}> was je voor en heeft dit verzoek bevestigd, vandaag om 09:10.")
    assert sentence.endswith(f"Dit kan nu niet meer (zaak {REFERENCE}: in behandeling).")
    assert slack.asked("chat.postEphemeral")[0]["user"] == BRAM
    assert (await case_of(house)).last.by == ANNA


async def test_two_clicks_at_once_confirm_once_and_one_of_both_is_told(house, slack):
    both = [dispatch(house.app, click(buttons.CONFIRM, REFERENCE, user=user)) for user in (ANNA, BRAM)]

    await asyncio.gather(*both)

    effects = [due.effect for due in house.store.drawers.outbox.values()]
    assert len([one for one in effects if isinstance(one, SendLetter)]) == 1
    assert len(told(slack)) == 1


async def test_who_clicks_twice_is_not_told_that_a_colleague_was_first(house, slack):
    for _ in range(2):
        await dispatch(house.app, click(buttons.CONFIRM, REFERENCE))

    assert told(slack)[0].startswith("Je hebt zelf al dit verzoek bevestigd")


@pytest.mark.parametrize("action_id", buttons.ACTIONS)
@pytest.mark.parametrize("user", [GIJS, ELKE])
async def test_guests_and_outsiders_are_refused_on_every_action_told_and_logged(
    house, slack, action_id, user
):
    before = await case_of(house)

    with capture_logs() as logged:
        await dispatch(house.app, click(action_id, f"{REFERENCE}/1", user=user))

    assert await case_of(house) == before
    assert told(slack) == [NL("error.NotAllowed")]
    assert {"event": "refused, no agent", "log_level": "warning", "user": user, "what": action_id} in logged
    assert slack.asked("views.open") == []
    assert not house.rung


async def test_a_guest_who_submits_a_form_is_refused_in_it(house):
    view = modals.change_rights_modal(await case_of(house), NL)
    values = {"rights": {"rights": {"selected_options": [{"value": "erasure"}]}}}

    response = await dispatch(house.app, submission(view, values, user=GIJS))

    assert NL("error.NotAllowed") in seen(acked(response)["view"]["blocks"])
    assert (await case_of(house)).rights[0].right is Right.OBJECTION


async def test_dismissing_can_be_taken_back(house):
    await dispatch(house.app, click(buttons.DISMISS, REFERENCE))
    dismissed = await case_of(house)
    await dispatch(house.app, click(buttons.UNDO_DISMISSAL, REFERENCE))

    assert (dismissed.status, dismissed.outcome) == (Status.CLOSED, Outcome.NOT_A_REQUEST)
    assert (await case_of(house)).status is Status.PROPOSED


async def test_a_confirmation_is_undone_while_its_letter_waits(house):
    await dispatch(house.app, click(buttons.CONFIRM, REFERENCE))
    await dispatch(house.app, click(buttons.UNDO_CONFIRMATION, REFERENCE))

    assert (await case_of(house)).status is Status.PROPOSED


async def test_marketing_that_stopped_is_recorded_once(house, slack):
    await dispatch(house.app, click(buttons.CONFIRM, REFERENCE))
    for _ in range(2):
        await dispatch(house.app, click(buttons.STOP_MARKETING, REFERENCE))

    assert (await case_of(house)).rights[0].stopped_at == NOW
    assert "hoeft niets (meer) te worden gestopt" in told(slack)[0]


async def test_a_refusal_below_a_thread_is_told_in_that_thread(house, slack):
    await dispatch(house.app, click(buttons.REOPEN, REFERENCE, thread="9.000900"))

    assert slack.asked("chat.postEphemeral")[0]["thread_ts"] == "9.000900"


async def test_a_form_opens_before_the_record_is_read(house, slack):
    await dispatch(house.app, click(buttons.CHANGE_RIGHTS, REFERENCE))

    opened, filled = slack.asked("views.open")[0], slack.asked("views.update")[0]
    assert opened["trigger_id"] == "1.2.trigger"
    assert opened["view"]["callback_id"] == modals.NOTICE_VIEW
    assert filled["view"]["callback_id"] == modals.CHANGE_RIGHTS_VIEW
    assert_view_fits(filled["view"])


async def test_a_form_that_is_not_lawful_any_more_says_so_in_its_window(house, slack):
    await dispatch(house.app, click(buttons.DISMISS, REFERENCE))

    await dispatch(house.app, click(buttons.CHANGE_RIGHTS, REFERENCE, user=BRAM))

    view = slack.asked("views.update")[0]["view"]
    assert f"<@{ANNA}> was je voor" in seen(view["blocks"])


async def test_a_trigger_that_expired_asks_to_click_again(house, slack):
    slack.failing["views.open"] = "expired_trigger_id"

    await dispatch(house.app, click(buttons.ANSWER, REFERENCE))

    assert told(slack) == [NL("error.TooSlow")]


async def test_a_window_that_was_closed_meanwhile_is_no_fault(house, slack):
    slack.failing["views.update"] = "not_found"

    await dispatch(house.app, click(buttons.CHANGE_RIGHTS, REFERENCE))

    assert told(slack) == []


async def test_changed_rights_are_recorded_and_the_window_closes(house):
    view = modals.change_rights_modal(await case_of(house), NL)
    values = {"rights": {"rights": {"selected_options": [{"value": "erasure"}]}}}

    response = await dispatch(house.app, submission(view, values))

    assert (response.status, acked(response)) == (200, {})
    assert [one.right for one in (await case_of(house)).rights] == [Right.ERASURE]
    assert house.rung


async def test_the_language_of_the_letters_is_changed_in_the_same_form(house):
    view = modals.change_rights_modal(await case_of(house), NL)
    values = {
        "rights": {"rights": {"selected_options": [{"value": "objection"}]}},
        "language": {"language": {"selected_option": {"value": "en"}}},
    }

    await dispatch(house.app, submission(view, values))

    case = await case_of(house)
    assert (case.language, case.last.kind) == (Language.EN, EventKind.LANGUAGE_CHANGED)


@pytest.fixture
async def passed_over(house):
    """A message that the second look asks about."""
    await pass_over(house.store)
    async with house.store.begin() as tx:
        await tx.next_reference(2026)  # the one that the fixture's case has
    await house.looks.owe(TODAY)


async def test_a_second_look_is_answered_once_and_the_next_one_reads_by_whom(house, slack, passed_over):
    await dispatch(house.app, click(buttons.WAS_NONE, "1"))
    await dispatch(house.app, click(buttons.WAS_REQUEST, "1", user=BRAM))

    assert (await house.looks.tally()).missed == 0
    assert told(slack) == [f"<@{ANNA}> heeft dit bericht al bekeken."]
    assert house.rung


async def test_a_missed_request_becomes_a_case_with_a_click(house, passed_over):
    await dispatch(house.app, click(buttons.WAS_REQUEST, "1"))

    cases = await house.desk.cases(CaseQuery())
    assert [case.doubtful for case in cases] == [False, True]


async def test_no_right_at_all_is_told_below_the_boxes(house):
    view = modals.change_rights_modal(await case_of(house), NL)

    response = await dispatch(house.app, submission(view, {"rights": {"rights": {"selected_options": []}}}))

    assert acked(response) == {"response_action": "errors", "errors": {"rights": NL("error.NoRights")}}


async def test_a_form_that_the_case_has_overtaken_says_who_was_first_and_records_nothing(house):
    view = modals.change_rights_modal(await case_of(house), NL)
    await dispatch(house.app, click(buttons.CONFIRM, REFERENCE, user=BRAM))
    values = {"rights": {"rights": {"selected_options": [{"value": "erasure"}]}}}

    response = await dispatch(house.app, submission(view, values))

    answer = acked(response)
    assert answer["response_action"] == "update"
    assert_view_fits(answer["view"])
    assert f"<@{BRAM}> was je voor en heeft dit verzoek bevestigd" in seen(answer["view"]["blocks"])
    assert (await case_of(house)).rights[0].right is Right.OBJECTION


async def test_a_no_without_a_reason_is_told_below_its_field_and_with_one_it_closes(house):
    await dispatch(house.app, click(buttons.CONFIRM, REFERENCE))
    view = modals.answer_modal(await case_of(house), NL)
    refused = {"outcome": {"selected_option": {"value": "refused"}}}
    without = {"outcome:objection": refused, "reason:objection": {"reason": {"value": "  "}}}
    with_one = {"outcome:objection": refused, "reason:objection": {"reason": {"value": "Niet van u."}}}

    first = await dispatch(house.app, submission(view, without))
    still = await case_of(house)
    second = await dispatch(house.app, submission(view, with_one))

    assert acked(first)["errors"].keys() == {"reason:objection"}
    assert "waarom bezwaar niet" in acked(first)["errors"]["reason:objection"]
    assert still.status is Status.OPEN
    assert acked(second) == {}
    assert (await case_of(house)).outcome is Outcome.REFUSED


async def test_every_missing_reason_is_told_at_once(house):
    rights = (Right.ACCESS, Right.ERASURE, Right.OBJECTION)
    async with house.store.begin() as tx:
        await tx.record(lifecycle.propose(a_case("AVG-2026-0002", rights=rights), at=NOW))
    await dispatch(house.app, click(buttons.CONFIRM, "AVG-2026-0002"))
    view = modals.answer_modal((await house.desk.case_file("AVG-2026-0002")).case, NL)
    chosen = {Right.ACCESS: "granted", Right.ERASURE: "refused", Right.OBJECTION: "not_held"}
    values = {
        f"outcome:{right}": {"outcome": {"selected_option": {"value": no}}} for right, no in chosen.items()
    }

    response = await dispatch(house.app, submission(view, values))

    assert acked(response)["errors"].keys() == {"reason:erasure", "reason:objection"}


async def a_stuck_letter(house):
    """The acknowledgement of a confirmed case, of which nobody knows whether it left; its outbox id."""
    async with house.store.begin() as tx:
        await tx.owe(SendLetter(kind=LetterKind.ACKNOWLEDGEMENT, reference=REFERENCE, not_before=NOW))
    (owed,) = [one for one in await house.store.outbox.claim(9, NOW) if isinstance(one.effect, SendLetter)]
    async with house.store.begin() as tx:
        await tx.keep_letter(a_letter(owed.id, REFERENCE, sent_at=None))
    await house.store.outbox.mark_unclear(owed.id, "crash")
    return owed.id


async def test_an_unclear_letter_is_sent_again_when_a_person_says_so(house, slack):
    owed_id = await a_stuck_letter(house)

    await dispatch(
        house.app, click(buttons.SEND_AGAIN, buttons.letter_value(REFERENCE, owed_id), thread="9.0009")
    )

    assert house.store.drawers.outbox[owed_id].state is OwedState.OWED
    assert house.rung
    events = (await house.desk.case_file(REFERENCE)).events
    assert (events[-1].kind, events[-1].by) == (EventKind.LETTER_RESENT, ANNA)


async def test_an_unclear_letter_that_arrived_counts_as_sent_on_a_colleagues_word(house, slack):
    owed_id = await a_stuck_letter(house)
    value = buttons.letter_value(REFERENCE, owed_id)

    await dispatch(house.app, click(buttons.IT_ARRIVED, value))
    await dispatch(house.app, click(buttons.SEND_AGAIN, value, user=BRAM))

    file = await house.desk.case_file(REFERENCE)
    assert house.store.drawers.outbox[owed_id].state is OwedState.SETTLED
    assert file.letters[0].sent_at == NOW
    assert (file.events[-1].kind, file.events[-1].by) == (EventKind.LETTER_SENT, ANNA)
    assert told(slack) == [NL("error.LetterSettled")]


async def test_a_letter_of_another_case_cannot_be_decided_on(house, slack):
    owed_id = await a_stuck_letter(house)

    await dispatch(house.app, click(buttons.IT_ARRIVED, buttons.letter_value("AVG-2026-0999", owed_id)))

    assert house.store.drawers.outbox[owed_id].state is OwedState.UNCLEAR
    assert told(slack) == [NL("error.LetterSettled")]


async def test_a_case_that_is_gone_is_said_to_be_gone(house, slack):
    await dispatch(house.app, click(buttons.CONFIRM, "AVG-2026-0999"))

    assert told(slack) == [NL("error.CaseNotFound", reference="AVG-2026-0999")]


async def test_a_fault_of_ours_is_told_with_a_code_that_is_in_the_log(house, slack):
    with capture_logs() as logged:
        await dispatch(house.app, click(buttons.SEND_AGAIN, "no value of ours: Noor de Vries"))

    (fault,) = [one for one in logged if one["event"] == "a click failed"]
    assert told(slack) == [NL("error.fault", code=fault["code"])]
    assert (fault["error"], fault["what"]) == ("ValueError", buttons.SEND_AGAIN)
    assert "Noor" not in str(logged)


async def test_what_nobody_knows_is_acknowledged_all_the_same(house, slack):
    action = await dispatch(house.app, click("open-the-page", "x"))
    view = await dispatch(house.app, submission({"type": "modal", "callback_id": "yesterday"}, {}))

    assert (action.status, view.status) == (200, 200)
    assert told(slack) == []


async def test_an_answer_that_cannot_be_told_is_only_logged(house, slack):
    slack.failing["chat.postEphemeral"] = "user_not_in_channel"

    with capture_logs() as logged:
        response = await dispatch(house.app, click(buttons.CONFIRM, REFERENCE, user=GIJS))

    assert response.status == 200
    assert any(one["event"] == "not told" for one in logged)


@pytest.mark.parametrize(
    ("fault", "words"), [(None, "modal.done"), (StoreAway(), "error.StoreAway")], ids=["done", "store away"]
)
async def test_a_slow_submission_says_working_first_and_then_how_it_ended(house, slack, fault, words):
    answers, shown = [], asyncio.Event()

    async def ack(**answer):
        answers.append(answer)
        shown.set()

    async def work():
        await shown.wait()
        if fault:
            raise fault

    forms = Forms(Reception(house.desk, house.people, NL), patience=0)
    body = submission({"type": "modal", "callback_id": modals.CHANGE_RIGHTS_VIEW}, {})
    await forms.submit(ack, house.client, body, work())

    assert answers == [{"response_action": "update", "view": modals.working_modal(NL)}]
    (after,) = slack.asked("views.update")
    assert (after["view_id"], seen(after["view"]["blocks"])) == ("V1", NL(words))


async def test_a_sentence_is_told_in_the_channel_of_the_click(house, slack):
    await dispatch(house.app, click(buttons.REOPEN, REFERENCE))

    assert slack.asked("chat.postEphemeral")[0]["channel"] == world.STAFF
