"""`kill -9` at any moment: nothing that was accepted is lost, nothing happens twice."""

from __future__ import annotations

import asyncio
import os
import random
import signal
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.local_workspace import NotOnScreen
from cases.model import EventKind
from tests.journeys.customers import Sender, a_mail
from tests.journeys.letterbox import Letterbox, letterbox_open
from tests.journeys.product import Product, environment, eventually, is_alive, start
from tests.journeys.records import records_of
from tests.journeys.slack import Slack, slack_served

KILLS = 20
MAILS_PER_LIFE = 3
#: What has just been seen to happen when the product is killed; "start" is before anything did.
MOMENTS = ("start", "door", "mail", "card", "letter", "post")
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
                while moment != "door" and self.counts()[moment] == before[moment]:
                    await asyncio.sleep(0.002)
        await asyncio.sleep(self.chance.expovariate(15))

    async def agent(self) -> None:
        """Confirms whatever asks for it, and tries again when the click was lost."""
        while True:
            for ts in self.slack.to_confirm():
                with suppress(NotOnScreen):
                    await self.slack.confirm(ts)
            await asyncio.sleep(0.03)


@pytest.fixture
def seed() -> int:
    told = os.environ.get("JOURNEY_SEED")
    return int(told) if told else random.SystemRandom().randrange(10_000)


@pytest.mark.timeout(300)
async def test_killed_at_any_moment_nothing_is_lost_and_nothing_happens_twice(
    tmp_path: Path, trained_model: str, seed: int, capsys: Any
) -> None:
    print(f"JOURNEY_SEED={seed}")
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
                await eventually(records.idle, "all is read and delivered", seconds=40)
                await eventually(lambda: not slack.to_confirm(), "all is confirmed")
                await eventually(records.idle, "all letters left", seconds=40)
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
