"""Posting to a strict workspace: once, whatever was lost on the way, and always something."""

import time
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks import Card
from bot.local_workspace import BOT_TOKEN
from bot.local_workspace.population import STAFF_CHANNEL as STAFF
from bot.noticeboard import CardGone, Noticeboard, SlackAway
from bot.pacing import Pacing
from cases.effects import ShowCard
from cases.records import CardPlace, Owed
from tests.bot.local_workspace.stage import opened

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CARD = Card("AVG-2026-0001", [{"type": "section", "text": {"type": "mrkdwn", "text": "Een *kaart*"}}])


@pytest.fixture
async def place():
    async with opened() as stage:
        yield stage


@pytest.fixture
async def board(place):
    async with aiohttp.ClientSession() as session:
        yield Noticeboard(
            AsyncWebClient(
                token=BOT_TOKEN, base_url=f"{place.address}/api/", session=session, retry_handlers=[]
            ),
            Pacing(time.monotonic, per_second=10_000),
        )


def owed(place, number=1, **facts):
    told = {"id": number, "effect": ShowCard(reference="AVG-2026-0001"), "attempts": 0}
    return Owed(**told | {"owed_since": place.clock.now()} | facts)


async def test_a_card_is_posted_with_its_blocks_and_its_text(place, board):
    ts = await board.post(owed(place), "card", STAFF, CARD)

    [message] = place.workspace.messages(STAFF)
    assert message["ts"] == ts
    assert message["text"] == "AVG-2026-0001"
    assert message["blocks"][0]["text"]["text"] == "Een *kaart*"


@pytest.mark.parametrize("sign", [{"attempts": 1}, {"was_in_flight": True}])
async def test_a_post_whose_answer_was_lost_is_found_and_not_repeated(place, board, sign):
    first = await board.post(owed(place), "card", STAFF, CARD)

    again = await board.post(owed(place, **sign), "card", STAFF, CARD)

    assert again == first
    assert len(place.workspace.messages(STAFF)) == 1


async def test_a_post_that_never_arrived_is_sent_on_the_retry(place, board):
    await board.post(owed(place, 7), "card", STAFF, CARD)

    await board.post(owed(place, 8, attempts=1), "card", STAFF, CARD)

    assert len(place.workspace.messages(STAFF)) == 2


async def test_what_was_said_in_a_thread_is_looked_for_in_that_thread(place, board):
    thread = await board.post(owed(place), "card", STAFF, CARD)
    first = await board.post(owed(place, 2), "thread", STAFF, CARD, thread=thread)

    again = await board.post(owed(place, 2, was_in_flight=True), "thread", STAFF, CARD, thread=thread)

    assert again == first


async def test_it_is_found_behind_more_than_one_page_of_other_messages(place, board):
    first = await board.post(owed(place), "card", STAFF, CARD)
    for number in range(2, 240):
        await board.post(owed(place, number), "card", STAFF, CARD)

    assert await board.post(owed(place, was_in_flight=True), "card", STAFF, CARD) == first


async def test_blocks_that_slack_refuses_leave_a_card_of_words(place, board):
    broken = Card("AVG-2026-0001", [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}])

    await board.post(owed(place), "card", STAFF, broken)

    [message] = place.workspace.messages(STAFF)
    assert message["text"] == "AVG-2026-0001"


async def test_a_card_that_somebody_deleted_is_told_apart_from_trouble(place, board):
    with pytest.raises(CardGone):
        await board.redraw(CardPlace(channel=STAFF, ts="1.000001"), CARD)


async def test_a_redrawn_card_is_the_same_message(place, board):
    ts = await board.post(owed(place), "card", STAFF, CARD)

    await board.redraw(CardPlace(channel=STAFF, ts=ts), Card("AVG-2026-0001 in behandeling", CARD.blocks))

    [message] = place.workspace.messages(STAFF)
    assert (message["ts"], message["text"]) == (ts, "AVG-2026-0001 in behandeling")


async def test_being_asked_to_slow_down_tells_for_how_long():
    async with opened(burst=1) as place, aiohttp.ClientSession() as session:
        board = Noticeboard(
            AsyncWebClient(
                token=BOT_TOKEN, base_url=f"{place.address}/api/", session=session, retry_handlers=[]
            ),
            Pacing(time.monotonic, per_second=10_000),
        )
        await board.post(owed(place), "card", STAFF, CARD)

        with pytest.raises(SlackAway) as told:
            await board.post(owed(place, 2), "card", STAFF, CARD)

    assert told.value.retry_after >= 1


async def test_a_workspace_that_is_gone_is_away(place):
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            token=BOT_TOKEN, base_url="http://127.0.0.1:9/api/", session=session, retry_handlers=[]
        )

        with pytest.raises(SlackAway):
            await Noticeboard(client, Pacing(time.monotonic)).post(owed(place), "card", STAFF, CARD)


@pytest.mark.parametrize(
    ("sign", "looks"),
    [
        ({"attempts": 1}, 0),
        ({"attempts": 2}, 1),  # another bot tried between, and may have been heard
        ({"attempts": 1, "was_in_flight": True}, 1),
    ],
)
async def test_a_post_that_was_told_to_wait_is_not_looked_for(sign, looks):
    async with refusing_once() as (asked, board):
        with pytest.raises(SlackAway):
            await board.post(an_owed(), "card", STAFF, CARD)

        await board.post(an_owed(**sign), "card", STAFF, CARD)

    assert asked == ["chat.postMessage", *["conversations.history"] * looks, "chat.postMessage"]


def an_owed(**sign):
    told = {"id": 1, "effect": ShowCard(reference="AVG-2026-0001"), "attempts": 0, "owed_since": NOW}
    return Owed(**told | sign)


@asynccontextmanager
async def refusing_once():
    """A workspace that asks to slow down at the first post; what it was asked, and a board in it."""
    asked = []

    async def answer(request):
        asked.append(request.match_info["method"])
        if len(asked) == 1:
            slow = {"ok": False, "error": "ratelimited"}
            return web.json_response(slow, status=429, headers={"Retry-After": "1"})
        return web.json_response({"ok": True, "ts": "1.0", "messages": []})

    app = web.Application()
    app.router.add_route("*", "/api/{method}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = "http://{}:{}/api/".format(*runner.addresses[0])
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=url, session=session, retry_handlers=[])
        clock = iter(range(0, 10_000, 100))  # nobody waits for the pause that was asked
        yield asked, Noticeboard(client, Pacing(lambda: float(next(clock))))
    await runner.cleanup()
