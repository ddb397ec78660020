"""What the outbox owes to Slack, delivered into a strict workspace: each thing where it belongs, once."""

import time
from datetime import timedelta

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.bell import Bell
from bot.courier import Courier
from bot.local_workspace import BOT_TOKEN
from bot.local_workspace.population import DEADLINES_CHANNEL, LEADS_CHANNEL, STAFF_CHANNEL
from bot.noticeboard import Noticeboard
from bot.pacing import Pacing
from bot.places import Places
from bot.slack_round import SlackRound
from bot.troubles import Troubles
from bot.wordings import Texts
from cases import lifecycle
from cases.desk import Desk
from cases.effects import SendDigest, SendReminder, ShowCard, StaffLine, TellStaff
from cases.messages import Language, Person
from cases.model import Nudge, Outcome, Right
from cases.records import Lane
from cases.second_looks import SecondLooks
from tests.bot.local_workspace.stage import opened
from tests.builders import NOW, TODAY, FrozenClock, a_case, pass_over
from tests.fakes import InMemoryStore

REFERENCE = "AVG-2026-0001"
ANNA = "U0ANNA"
HOSTILE = "<!channel> *vet* `code` <https://evil.example|klik> \u202egnp.exe\x00" + "x" * 4000


class Office:
    """A desk on the store in memory whose courier posts into a workspace."""

    def __init__(self, workspace, client):
        self.workspace = workspace
        self.store = InMemoryStore(FrozenClock())
        self.desk = Desk(self.store, self.store.clock)
        places = Places(
            team="T0SMARTFMS", staff=STAFF_CHANNEL, deadlines=DEADLINES_CHANNEL, leads=LEADS_CHANNEL
        )
        board = Noticeboard(client, Pacing(time.monotonic, per_second=10_000))
        self.looks = SecondLooks(self.store, self.store.clock)
        texts = Texts(Language.NL)
        slack_round = SlackRound(self.desk, self.store.outbox, board, places, texts, self.looks)
        troubles = Troubles(now=self.store.clock.now, tell=self._tell)
        self.courier = Courier(
            self.store.outbox, self.store.clock, troubles, Bell(), Lane.SLACK, slack_round.deliver
        )
        self.client = client

    async def _tell(self, *_):
        raise AssertionError

    async def owe(self, *effects):
        async with self.store.begin() as tx:
            await tx.owe(*effects)

    async def propose(self, **facts):
        async with self.store.begin() as tx:
            await tx.record(lifecycle.propose(a_case(REFERENCE, **facts), at=NOW))

    async def deliver(self):
        """Until nothing that is due is left; what waits for something else comes a second later."""
        for _ in range(6):
            while await self.courier.round():
                pass
            self.store.clock.move(timedelta(seconds=1))

    def said(self, channel):
        return [str(message) for message in self.workspace.messages(channel)]


@pytest.fixture
async def office():
    async with opened() as place, aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=BOT_TOKEN, base_url=f"{place.address}/api/", session=session, retry_handlers=[]
        )
        yield Office(place.workspace, client)


async def test_a_case_has_one_card_that_is_redrawn_and_a_thread_that_tells(office):
    await office.propose()
    await office.deliver()
    await office.desk.confirm(REFERENCE, by=ANNA)
    await office.deliver()

    [card] = office.workspace.messages(STAFF_CHANNEL)
    told = office.workspace.thread(STAFF_CHANNEL, card["ts"])
    assert "in behandeling" in str(card)
    assert "case-confirm" not in str(card)
    assert f"<@{ANNA}> heeft bevestigd" in str(told)


async def test_a_card_that_somebody_deleted_is_posted_anew(office):
    await office.propose()
    await office.deliver()
    [card] = office.workspace.messages(STAFF_CHANNEL)
    await office.client.chat_delete(channel=STAFF_CHANNEL, ts=card["ts"])

    await office.owe(ShowCard(reference=REFERENCE))
    await office.deliver()

    [again] = office.workspace.messages(STAFF_CHANNEL)
    assert again["ts"] != card["ts"]
    assert (await office.desk.case_file(REFERENCE)).card.ts == again["ts"]


async def test_a_reminder_goes_to_the_deadlines_channel_and_into_the_thread(office):
    await office.propose()
    await office.deliver()
    office.store.clock.move(timedelta(days=14))  # ten working days before the safe day
    today = office.store.clock.day(office.store.clock.now())

    await office.desk.remind(today)
    await office.deliver()

    [card] = office.workspace.messages(STAFF_CHANNEL)
    [reminder] = office.said(DEADLINES_CHANNEL)
    assert "binnen tien werkdagen" in reminder
    assert "binnen tien werkdagen" in str(office.workspace.thread(STAFF_CHANNEL, card["ts"]))


async def test_a_reminder_waits_for_its_card(office):
    await office.propose()
    await office.store.outbox.claim(1, office.store.clock.now())  # another courier holds the card and dies
    office.store.clock.move(timedelta(days=14))
    await office.desk.remind(office.store.clock.day(office.store.clock.now()))

    await office.store.outbox.release_claims()
    await office.deliver()

    assert len(office.said(STAFF_CHANNEL)) == 1
    assert len(office.said(DEADLINES_CHANNEL)) == 1


@pytest.mark.parametrize("closed", [True, False])
async def test_a_reminder_that_nobody_needs_any_more_is_left_out(office, closed):
    await office.propose()
    await office.deliver()
    day = office.store.clock.day(NOW + timedelta(days=14))
    if closed:
        await office.desk.confirm(REFERENCE, by=ANNA)
        version = (await office.desk.case_file(REFERENCE)).case.version
        answers = {Right.ACCESS: lifecycle.Answer(outcome=Outcome.GRANTED)}
        await office.desk.close(REFERENCE, answers, by=ANNA, seen=version)
    office.store.clock.move(timedelta(days=14 if closed else 22))

    await office.owe(SendReminder(reference=REFERENCE, nudge=Nudge.TEN_DAYS, day=day))
    await office.deliver()

    assert office.said(DEADLINES_CHANNEL) == []


async def test_the_digest_goes_to_the_leads_and_an_old_one_to_nobody(office):
    await office.propose()
    today = office.store.clock.day(NOW)

    await office.owe(SendDigest(day=today - timedelta(days=1)), SendDigest(day=today))
    await office.deliver()

    [digest] = office.said(LEADS_CHANNEL)
    assert "donderdag 5 maart 2026" in digest
    assert REFERENCE in digest


async def test_a_mail_that_was_set_aside_is_told_to_staff(office):
    facts = {"message": 12, "error": "RecursionError"}

    await office.owe(TellStaff(line=StaffLine.MAIL_SET_ASIDE, facts=facts))
    await office.deliver()

    [line] = office.said(STAFF_CHANNEL)
    assert "12" in line
    assert "RecursionError" in line
    assert "rightsdesk retry" in line


async def test_hostile_words_reach_slack_cut_and_harmless(office):
    await office.propose(requester=Person(name=HOSTILE, address=HOSTILE), subject_line=HOSTILE)
    await office.deliver()

    [card] = office.workspace.messages(STAFF_CHANNEL)
    assert card["blocks"]  # not the fallback of mere words: the workspace took every block
    assert office.workspace.rung(STAFF_CHANNEL) == []
    assert "\u202e" not in str(card)


async def test_the_second_look_is_posted_once_and_redrawn_with_each_answer(office):
    await pass_over(office.store, new_text="Graag de printer wissen.")
    await office.looks.owe(TODAY)
    await office.deliver()
    [post] = office.workspace.messages(STAFF_CHANNEL)
    assert "Graag de printer wissen." in str(post)

    await office.looks.was_none(1, by=ANNA)
    await office.deliver()

    [redrawn] = office.workspace.messages(STAFF_CHANNEL)
    assert f"Geen verzoek volgens <@{ANNA}>" in str(redrawn)
    assert "0 gemist van 1 bekeken" in str(redrawn)


async def test_a_second_look_that_somebody_deleted_is_posted_anew(office):
    await pass_over(office.store)
    await office.looks.owe(TODAY)
    await office.deliver()
    [post] = office.workspace.messages(STAFF_CHANNEL)
    await office.client.chat_delete(channel=STAFF_CHANNEL, ts=post["ts"])

    await office.looks.was_none(1, by=ANNA)
    await office.deliver()

    [again] = [one for one in office.workspace.messages(STAFF_CHANNEL) if "subtype" not in one]
    assert again["ts"] != post["ts"]
