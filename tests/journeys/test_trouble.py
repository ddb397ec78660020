"""What we depend on goes away and comes back: nothing is lost, health names it, staff reads one line each."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks import Card
from bot.local_workspace import BOT_TOKEN
from bot.local_workspace.population import STAFF_CHANNEL
from bot.noticeboard import Noticeboard, SlackAway
from bot.pacing import Pacing
from cases.effects import ShowCard
from cases.records import Owed
from tests.journeys.customers import Sender, a_mail, send
from tests.journeys.letterbox import Letterbox, letterbox_open
from tests.journeys.product import Product, environment, eventually, running
from tests.journeys.records import Records, records_of
from tests.journeys.slack import Slack, slack_served

#: Patience of a product in a hurry: retries after a fifth of a second, staff is told after one.
HURRIED = {"RIGHTSDESK_RETRY_SECONDS": "0.2", "RIGHTSDESK_TROUBLE_MINUTES": "0.02"}


@dataclass(frozen=True)
class Street:
    product: Product
    slack: Slack
    box: Letterbox
    records: Records
    database: Path

    async def well(self) -> bool:
        return (await self.product.health())[0] == 200

    async def ill(self, part: str) -> str | None:
        """Why a part is ill, when health says 503 because of it."""
        status, parts = await self.product.health()
        return parts[part].get("why") if status == 503 and not parts.get(part, {"ok": True})["ok"] else None

    async def told(self) -> list[str]:
        return [line["text"] for line in self.slack.staff_lines()]


@asynccontextmanager
async def opened(tmp_path: Path, model: str, **facts: Any) -> AsyncIterator[Street]:
    async with slack_served(tmp_path, **facts) as slack, letterbox_open() as box:
        env = environment(tmp_path, RIGHTSDESK_MODEL=model, **slack.settings, **box.settings, **HURRIED)
        database = tmp_path / "rightsdesk.db"
        async with running(env) as product, records_of(f"sqlite:///{database}") as records:
            street = Street(product, slack, box, records, database)
            await eventually(street.well, "health is well")
            yield street
            assert "Traceback" not in product.everything


async def test_slack_away_delays_cards_and_loses_none(tmp_path: Path, trained_model: str) -> None:
    async with opened(tmp_path, trained_model) as street:
        await street.slack.close()
        await send(await street.product.up(), *(a_mail(n, is_request=True) for n in range(5)))
        why = await eventually(lambda: street.ill("slack"), "health names Slack")
        await eventually(lambda: _lasts(street, "slack"), "it lasts")
        await street.slack.open()
        await eventually(lambda: len(street.slack.cards()) == 5, "the cards are up", seconds=30)
        await eventually(street.well, "health is well again", seconds=30)
        await eventually(street.records.idle, "all is delivered")

        assert "Socket Mode" in why or "Slack" in why
        assert len(street.slack.marks()) == len(set(street.slack.marks()))
        assert len(await street.told()) == 2
        for ts in street.slack.to_confirm():
            await street.slack.confirm(ts)
        await eventually(lambda: len(street.box.taken) == 5, "clicks work as before")


async def _lasts(street: Street, part: str) -> bool:
    """Staff is owed the line."""
    rows = await street.records._all("SELECT payload FROM outbox WHERE kind LIKE '%taff%'")
    return any(part in str(payload) for (payload,) in rows)


async def test_a_slack_that_asks_to_slow_down_is_obeyed(tmp_path: Path, trained_model: str) -> None:
    async with opened(tmp_path, trained_model, per_second=4.0, burst=2) as street:
        await send(await street.product.up(), *(a_mail(n, is_request=True) for n in range(8)))
        await eventually(lambda: len(street.slack.cards()) == 8, "the cards are up", seconds=40)
        await eventually(street.records.idle, "all is delivered")

        assert street.slack.refused[429] > 0
        assert len(street.slack.marks()) == len(set(street.slack.marks())) == 8
        assert await street.well()
        assert await street.told() == []


async def test_a_slack_that_hangs_gets_each_card_once(tmp_path: Path) -> None:
    """It looks at the post after we gave up on it; the next try finds what it did."""
    async with slack_served(tmp_path) as slack, hurried_board(slack) as board:
        slack.hanging.add("chat.postMessage")
        with pytest.raises(SlackAway):
            await board.post(an_owed(), "card", STAFF_CHANNEL, CARD)
        slack.hanging.clear()
        await eventually(slack.cards, "the post is looked at in the end")

        ts = await board.post(an_owed(attempts=1), "card", STAFF_CHANNEL, CARD)

        assert [card["ts"] for card in slack.cards()] == [ts]


CARD = Card("AVG-2026-0001", [{"type": "section", "text": {"type": "mrkdwn", "text": "Een kaart"}}])


def an_owed(attempts: int = 0) -> Owed:
    effect = ShowCard(reference="AVG-2026-0001")
    return Owed(id=1, effect=effect, attempts=attempts, owed_since=datetime.now(UTC))


@asynccontextmanager
async def hurried_board(slack: Slack) -> AsyncIterator[Noticeboard]:
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=0.3)) as session:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=slack.address, session=session, retry_handlers=[])
        yield Noticeboard(client, Pacing(time.monotonic))


async def test_a_relay_that_is_away_gets_each_letter_once_it_is_back(
    tmp_path: Path, trained_model: str
) -> None:
    async with opened(tmp_path, trained_model) as street:
        await street.box.close()
        await send(await street.product.up(), *(a_mail(n, is_request=True) for n in range(3)))
        await eventually(lambda: len(street.slack.to_confirm()) == 3, "the cards ask to be confirmed")
        for ts in street.slack.to_confirm():
            await street.slack.confirm(ts)
        why = await eventually(lambda: street.ill("outbox"), "health names the relay")
        lines = await eventually(street.told, "staff reads that it lasts")
        await street.box.open()
        await eventually(lambda: len(street.box.taken) == 3, "the letters leave", seconds=30)
        await eventually(street.well, "health is well again")
        await eventually(street.records.idle, "all is told")

        assert "relay" in why
        assert len(lines) == 1
        assert len(await street.told()) == 2
        assert set(street.box.letters.values()) == {1}
        assert await street.records.letters() == {"settled": 3}


@pytest.mark.timeout(120)
async def test_a_database_that_is_locked_is_waited_for(tmp_path: Path, trained_model: str) -> None:
    """Longer than anybody waits for the lock, so that every loop meets the fault itself."""
    async with opened(tmp_path, trained_model) as street:
        port, sender = await street.product.up(), Sender()
        await send(port, *(a_mail(n, is_request=True) for n in range(3)))
        await eventually(lambda: len(street.slack.to_confirm()) == 3, "the cards ask to be confirmed")
        other = sqlite3.connect(street.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        async with asyncio.TaskGroup() as meanwhile:
            for number in range(3, 6):
                meanwhile.create_task(sender.deliver(port, a_mail(number, is_request=True)))
            clicks = [meanwhile.create_task(street.slack.confirm(ts)) for ts in street.slack.to_confirm()]
            why = await eventually(lambda: street.ill("database"), "health names the database", seconds=40)
            other.execute("ROLLBACK")
            other.close()
        await eventually(lambda: len(street.slack.cards()) == 6, "the other cards are up", seconds=30)
        await eventually(street.well, "health is well again")
        for ts in street.slack.to_confirm():
            await street.slack.confirm(ts)
        await eventually(lambda: len(street.box.taken) == 6, "every letter leaves")
        await eventually(street.records.idle, "all is told")

        assert "StoreAway" in why
        assert all(click.done() for click in clicks)
        assert set((await street.records.kept()).values()) == {1}
        assert set(street.box.letters.values()) == {1}
        assert len(street.slack.marks()) == len(set(street.slack.marks()))
        assert len(street.slack.workspace.messages(STAFF_CHANNEL)) == 6 + len(await street.told())
