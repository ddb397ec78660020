"""The same clicks through full Socket Mode, in a workspace that refuses what Slack would refuse."""

from contextlib import asynccontextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest

from bot import buttons, listeners
from bot.cards import case_card
from bot.local_workspace.population import ANNA, BRAM, GIJS, STAFF_CHANNEL
from bot.people import People
from bot.second_look import second_look_card
from bot.settings import load
from cases import lifecycle
from cases.desk import Desk
from cases.messages import Person
from cases.model import Outcome, Right, Status
from cases.records import CaseQuery
from cases.second_looks import SecondLooks, week_of
from tests.bot.a_file import NL, NOW, TODAY, UNDO
from tests.bot.local_workspace.stage import eventually, opened
from tests.builders import FrozenClock, a_case, pass_over
from tests.fakes import InMemoryStore

REFERENCE = "AVG-2026-0001"
HOSTILE = "<!channel> <@U0CARLA> <https://evil.example|klik> *vet* _x_ `code`"


@pytest.fixture
async def office():
    async with opened() as place, desk_in(place) as desk:
        yield desk


@asynccontextmanager
async def desk_in(place):
    clock = FrozenClock()
    store = InMemoryStore(clock)
    desk = Desk(store, clock)
    people = People(place.client, load(_env_file=None, agents_group="@avg-agenten"))
    await people.check_channels()
    app = place.app()
    looks = SecondLooks(store, clock)
    listeners.register(app, desk, people, NL, lambda: None, letters=store.outbox, looks=looks)
    handler = await place.connect(app)
    case = a_case(REFERENCE, rights=(Right.ACCESS,), requester=Person(name=HOSTILE, address=HOSTILE))
    async with store.begin() as tx:
        await tx.record(lifecycle.propose(replace(case, subject_line=HOSTILE), at=NOW))
    yield SimpleNamespace(
        place=place, desk=desk, looks=looks, store=store, workspace=place.workspace, client=place.client
    )
    await handler.close_async()


async def the_case(office):
    return (await office.desk.cases(CaseQuery()))[0]


async def card_shown(office):
    """The card as the record has it now; its ts."""
    file = await office.desk.case_file(REFERENCE)
    card = case_card(file, now=NOW, today=TODAY, texts=NL, undo=UNDO)
    posted = await office.client.chat_postMessage(channel=STAFF_CHANNEL, text=card.text, blocks=card.blocks)
    return posted["ts"]


async def press(office, action_id, *, user=ANNA):
    ts = await card_shown(office)
    return await office.workspace.press(user=user, channel=STAFF_CHANNEL, ts=ts, action_id=action_id)


async def form(office, action_id, callback_id):
    """Press, and wait until the form has come in place of 'one moment'."""
    assert (await press(office, action_id)).acked
    return await eventually(
        lambda: (view := office.workspace.modal(ANNA)) and view["callback_id"] == callback_id and view
    )


async def test_a_case_goes_from_first_click_to_closing(office):
    assert (await press(office, buttons.CONFIRM)).acked
    await eventually_stands(office, Status.OPEN)

    rights = await form(office, buttons.CHANGE_RIGHTS, "change-rights")
    saved = await office.workspace.submit(ANNA, rights["id"], {"rights": {"rights": ["access", "erasure"]}})
    answer = await form(office, buttons.ANSWER, "answer-case")
    chosen = {"outcome:access": {"outcome": "granted"}, "outcome:erasure": {"outcome": "refused"}}
    refused = await office.workspace.submit(ANNA, answer["id"], chosen)
    reason = {"reason:erasure": {"reason": "De fiscale bewaarplicht geldt nog."}}
    closed = await office.workspace.submit(ANNA, answer["id"], chosen | reason)

    case = await the_case(office)
    assert (saved.acked, saved.error) == (True, None)
    assert list(refused.errors) == ["reason:erasure"]
    assert closed.error is None
    assert office.workspace.modal(ANNA) is None
    assert (case.status, case.outcome) == (Status.CLOSED, Outcome.PARTLY_GRANTED)


async def test_the_second_agent_is_told_who_was_first(office):
    ts = await card_shown(office)
    for user in (ANNA, BRAM):
        await office.workspace.press(user=user, channel=STAFF_CHANNEL, ts=ts, action_id=buttons.CONFIRM)
        await eventually_stands(office, Status.OPEN)

    told = await eventually(lambda: office.workspace.ephemerals(BRAM))

    assert f"<@{ANNA}> was je voor en heeft dit verzoek bevestigd" in told[0]["text"]


async def test_a_guest_is_refused(office):
    outcome = await press(office, buttons.CONFIRM, user=GIJS)

    told = await eventually(lambda: office.workspace.ephemerals(GIJS))

    assert outcome.acked
    assert told[0]["text"] == NL("error.NotAllowed")
    assert (await the_case(office)).status is Status.PROPOSED


async def test_a_form_that_was_overtaken_says_so_in_its_window(office):
    rights = await form(office, buttons.CHANGE_RIGHTS, "change-rights")
    await press(office, buttons.CONFIRM, user=BRAM)
    await eventually_stands(office, Status.OPEN)

    await office.workspace.submit(ANNA, rights["id"], {"rights": {"rights": ["erasure"]}})

    view = await eventually(lambda: office.workspace.modal(ANNA))
    assert f"<@{BRAM}> was je voor" in str(view["blocks"])
    assert [one.right for one in (await the_case(office)).rights] == [Right.ACCESS]


async def test_a_hostile_name_rings_nobody_and_slack_takes_the_card(office):
    await card_shown(office)

    assert office.workspace.rung(STAFF_CHANNEL) == []


async def test_a_second_look_is_answered_by_an_agent_and_by_no_guest(office):
    ts = await second_look_shown(office)
    post = {"channel": STAFF_CHANNEL, "ts": ts, "action_id": buttons.WAS_REQUEST}

    by_guest = await office.workspace.press(user=GIJS, **post)
    [told] = await eventually(lambda: office.workspace.ephemerals(GIJS))
    asked = await office.looks.tally()
    by_agent = await office.workspace.press(user=ANNA, **post)
    await eventually(lambda: len(office.store.drawers.cases) > 1)

    found = office.store.drawers.cases["AVG-2026-0002"]
    tally = await office.looks.tally()
    assert by_guest.acked
    assert by_agent.acked
    assert told["text"] == NL("error.NotAllowed")
    assert asked.answered == 0
    assert (found.status, found.doubtful) == (Status.PROPOSED, True)
    assert (tally.answered, tally.missed) == (1, 1)


async def second_look_shown(office):
    """The week's post with one message that was passed over; its ts."""
    await pass_over(office.store)
    async with office.store.begin() as tx:
        await tx.next_reference(2026)  # the one that the fixture's case has
    await office.looks.owe(TODAY)
    look = await office.looks.look(week_of(TODAY))
    card = second_look_card(look, await office.looks.tally(), NL)
    posted = await office.client.chat_postMessage(channel=STAFF_CHANNEL, text=card.text, blocks=card.blocks)
    return posted["ts"]


async def eventually_stands(office, status):
    """The click was acknowledged before it was done."""
    cases = office.desk.store.drawers.cases
    await eventually(lambda: all(case.status is status for case in cases.values()))


async def test_a_command_that_we_do_not_know_is_answered_with_a_sentence(office):
    outcome = await office.workspace.slash(ANNA, STAFF_CHANNEL, "/avg", "help")

    assert outcome.acked
    assert "geen opdrachten" in str(outcome.payload)


async def test_an_event_that_nobody_asked_for_is_not_sent_again(office):
    await office.workspace.message(ANNA, STAFF_CHANNEL, "hallo allemaal")

    await office.workspace.settle()

    assert office.workspace.ephemerals(ANNA) == []
