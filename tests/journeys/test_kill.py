"""`kill -9` at any moment: nothing that was accepted is lost, nothing happens twice."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.buttons import CONFIRM
from bot.local_workspace import NotOnScreen
from bot.local_workspace.population import ANNA, STAFF_CHANNEL
from cases.model import EventKind
from tests.journeys.customers import Sender, a_mail
from tests.journeys.letterbox import Letterbox, letterbox_open
from tests.journeys.product import Product, environment, eventually, is_alive, start
from tests.journeys.records import Records, records_of
from tests.journeys.slack import Slack, slack_served

KILLS = 12
MAILS_PER_LIFE = 3
#: What has just been seen to happen when the product is killed; "start" is before anything did.
MOMENTS = ("start", "door", "mail", "card", "letter", "post")
PATIENCE = 2.0  #: seconds before an agent clicks the same card again
WORKER_FIRST = 0.15  #: how often the worker is killed alone before
LETTER_ENDS = {EventKind.LETTER_SENT, EventKind.LETTER_UNCLEAR}


@dataclass
class Street:
    """Everybody around the product, who go on with their lives whatever happens to it."""

    slack: Slack
    box: Letterbox
    env: dict[str, str]
    chance: random.Random
    sender: Sender = field(default_factory=Sender)
    mails: int = 0
    product: Product | None = None
    lives: list[Product] = field(default_factory=list)

    def door(self) -> int | None:
        return self.product.smtp_port if self.product and self.product.runs else None

    def counts(self) -> dict[str, int]:
        """What can be seen to move from outside."""
        return {
            "mail": len(self.sender.accepted),
            "card": len(self.slack.cards()),
            "letter": len(self.box.taken),
            "post": len(self.slack.marks()),
        }

    async def write(self, group: asyncio.TaskGroup, count: int) -> None:
        for _ in range(count):
            self.mails += 1
            mail = a_mail(self.mails, is_request=self.mails % 3 != 0)
            group.create_task(self.sender.deliver(self.door, mail))
            await asyncio.sleep(self.chance.uniform(0, 0.05))

    async def live(self, group: asyncio.TaskGroup) -> None:
        """Start, let something happen, and kill at a moment that nobody chose."""
        self.product = await start(self.env)
        self.lives.append(self.product)
        await self.write(group, MAILS_PER_LIFE)
        moment = self.chance.choice(MOMENTS)
        if moment == "start":
            await asyncio.sleep(self.chance.uniform(0.2, 1.5))
        else:
            await self._until_something(moment)
        children = self.product.children()
        if children and self.chance.random() < WORKER_FIRST:
            os.kill(self.chance.choice(children), signal.SIGKILL)
            await asyncio.sleep(self.chance.uniform(0, 0.3))
            children += self.product.children()
        await self.product.kill()
        group.create_task(eventually(lambda: not any(map(is_alive, children)), "no child is left", seconds=6))

    async def _until_something(self, moment: str) -> None:
        """Until this is seen to happen (or nothing does for a while), and a little longer."""
        assert self.product
        await self.product.up()
        before = self.counts()
        with suppress(TimeoutError):
            async with asyncio.timeout(2.5):
                while moment != "door" and self.counts()[moment] == before[moment]:  # noqa: ASYNC110 - any of many
                    await asyncio.sleep(0.002)
        await asyncio.sleep(self.chance.expovariate(15))

    async def agent(self) -> None:
        """Confirms whatever asks for it, and with a person's patience again when the click seems lost."""
        last: dict[str, float] = {}
        while True:
            for ts in self.slack.to_confirm():
                now = time.monotonic()
                if now - last.get(ts, -PATIENCE) < PATIENCE:
                    continue
                last[ts] = now
                with suppress(NotOnScreen):
                    await self.slack.confirm(ts)
            await asyncio.sleep(0.03)


@dataclass
class Page:
    """The page of the workspace inside the product, as a browser would use it."""

    product: Product

    async def cards(self) -> list[dict[str, Any]]:
        seen = await self._ask("GET", "channel", user=ANNA, channel=STAFF_CHANNEL)
        return [message for message in seen["messages"] if message.get("blocks")]

    async def press(self, ts: str) -> bool:
        """Whether the product took it: it opens its doors before it has found the workspace again."""
        told = await self._ask("POST", "press", user=ANNA, channel=STAFF_CHANNEL, ts=ts, action_id=CONFIRM)
        return bool(told.get("acked"))

    async def _ask(self, method: str, what: str, **told: str) -> dict[str, Any]:
        given = {"params": told} if method == "GET" else {"json": told}
        async with (
            aiohttp.ClientSession() as session,
            session.request(method, f"{self.product.page}page/{what}", **given) as answer,
        ):
            return dict(await answer.json())


@pytest.fixture
def seed() -> int:
    told = os.environ.get("JOURNEY_SEED")
    return int(told) if told else random.SystemRandom().randrange(10_000)


@pytest.mark.timeout(600)
async def test_killed_at_any_moment_nothing_is_lost_and_nothing_happens_twice(
    tmp_path: Path, trained_model: str, seed: int
) -> None:
    print(f"JOURNEY_SEED={seed}")  # noqa: T201 - to play it again; pytest shows it when the test fails
    url = f"sqlite:///{tmp_path / 'rightsdesk.db'}"
    async with slack_served(tmp_path) as slack, letterbox_open(thinks=0.06, seed=seed) as box:
        env = environment(tmp_path, RIGHTSDESK_MODEL=trained_model, **slack.settings, **box.settings)
        street = Street(slack, box, env, random.Random(seed))

        async with asyncio.TaskGroup() as everybody:
            agent = everybody.create_task(street.agent())
            async with asyncio.TaskGroup() as customers:
                for _ in range(KILLS):
                    await street.live(customers)
                street.product = last = await start(env)
            async with records_of(url) as records:
                await eventually(records.idle, "all is read and delivered", seconds=200)
                await eventually(lambda: not slack.to_confirm(), "all is confirmed")
                await eventually(records.idle, "all letters left", seconds=200)
                agent.cancel()
        code = await last.stop()

        assert code == 0, last.everything
        async with records_of(url) as records:
            assert set(await records.kept()) == set(street.sender.accepted)
            assert set((await records.kept()).values()) == {1}
            assert await records.read() == await records.kept()
            assert await records.broken_chains() == []
            files = await records.files()
        assert len(files) > KILLS
        assert sorted(file.card.ts for file in files if file.card) == sorted(
            card["ts"] for card in slack.cards()
        )
        assert len(files) == len(slack.cards())
        assert len(slack.marks()) == len(set(slack.marks()))
        assert set(box.letters.values()) == {1}
        for file in files:
            ends = [event.kind for event in file.events if event.kind in LETTER_ENDS]
            assert ends, file.case.reference
            (letter,) = file.letters
            assert (letter.sent_at is not None) == (ends[-1] is EventKind.LETTER_SENT)
            if letter.sent_at:
                assert letter.message_id in box.letters


@pytest.mark.timeout(120)
async def test_the_embedded_workspace_remembers_what_it_was_told_before_the_kill(
    tmp_path: Path, trained_model: str, seed: int
) -> None:
    print(f"JOURNEY_SEED={seed}")  # noqa: T201 - as above
    env = environment(tmp_path, RIGHTSDESK_MODEL=trained_model, RIGHTSDESK_UNDO_MINUTES="0")
    chance, sender = random.Random(seed), Sender()

    for number in range(2):
        product = await start(env)
        await sender.deliver(await product.up(), a_mail(number, is_request=True))
        await eventually(partial(_has_cards, product, number + 1), "its card is up")
        await asyncio.sleep(chance.expovariate(10))
        await product.kill()
    last = await start(env)
    await last.up()
    async with records_of(f"sqlite:///{tmp_path / 'rightsdesk.db'}") as records:
        await eventually(records.idle, "all is delivered")
        for card in await _cards(last):
            await eventually(partial(Page(last).press, card["ts"]), "the click is taken")
        await eventually(lambda: _letters(records), "the letters are kept")
        await eventually(records.idle, "all is told")
        files = await records.files()
        cards = await _cards(last)

    assert await last.stop() == 0
    assert sorted(file.card.ts for file in files if file.card) == sorted(card["ts"] for card in cards)
    assert len(cards) == 2


async def _cards(product: Product) -> list[dict[str, Any]]:
    return await Page(product).cards()


async def _has_cards(product: Product, count: int) -> bool:
    return len(await _cards(product)) == count


async def _letters(records: Records) -> bool:
    return await records.letters() == {"settled": 2}
