"""A workspace on a free port, a client, and an unmodified Bolt app that only has another base address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.local_workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, LocalWorkspace, Patience


@dataclass
class Clock:
    """Both clocks of the workspace, in the test's hand."""

    moment: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    seconds: float = 1000.0

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.seconds


@dataclass
class Town:
    """A neighbourhood that keeps what it is given."""

    mails: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)
    day: date = date(2026, 3, 2)

    async def post_mail(self, **mail: Any) -> str:
        self.mails.append(mail)
        return "Aangenomen door de mailserver (250)."

    async def letters(self) -> list[dict[str, Any]]:
        return self.kept

    async def today(self) -> date:
        return self.day

    async def move_on(self, days: int) -> date:
        self.day += timedelta(days=days)
        return self.day


@dataclass
class Place:
    """A running workspace with everything a test needs of it."""

    workspace: LocalWorkspace
    address: str
    clock: Clock
    town: Town
    session: aiohttp.ClientSession
    client: AsyncWebClient

    def app(self, **more: Any) -> AsyncApp:
        return AsyncApp(client=self.client, signing_secret=SIGNING_SECRET, **more)

    async def connect(self, app: AsyncApp) -> AsyncSocketModeHandler:
        before = self.workspace.connections
        handler = AsyncSocketModeHandler(app, APP_TOKEN)
        await handler.connect_async()
        await eventually(lambda: self.workspace.connections > before)
        return handler


async def eventually(true: Callable[[], Any], *, seconds: float = 5.0) -> Any:
    """Wait on a condition; its value."""
    async with asyncio.timeout(seconds):
        while not (value := true()):  # noqa: ASYNC110 - any condition, of any part
            await asyncio.sleep(0.005)
        return value


Opened = Callable[..., Awaitable[Place]]


@asynccontextmanager
async def opened(journal: Path | None = None, **more: Any) -> AsyncIterator[Place]:
    clock, town = Clock(), Town()
    facts = {"posts_per_second": 1.0, "burst": 1000, "monotonic": clock.monotonic, "now": clock.now, **more}
    workspace = LocalWorkspace(journal, neighbourhood=town, **facts)
    app = web.Application()
    workspace.mount(app)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(token=BOT_TOKEN, base_url=f"{address}/api/", session=session)
        try:
            yield Place(workspace, address, clock, town, session, client)
        finally:
            await runner.cleanup()


#: Nobody in a test waits for real.
HURRIED = Patience(ack=0.05, retries=(0.0, 0.0))


def button(action_id: str = "confirm", **more: Any) -> dict[str, Any]:
    return {
        "type": "button",
        "action_id": action_id,
        "text": {"type": "plain_text", "text": "Bevestigen"},
        "value": "AVG-2026-0001",
        **more,
    }


def card(*elements: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": "*AVG-2026-0001*"}},
        {"type": "actions", "block_id": "acts", "elements": list(elements or [button()])},
    ]


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": "rights",
        "title": {"type": "plain_text", "text": "Rechten"},
        "submit": {"type": "plain_text", "text": "Opslaan"},
        "blocks": list(blocks or [asked()]),
        **more,
    }


def asked(block_id: str = "why", **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": {"type": "plain_text", "text": "Waarom"},
        "element": {"type": "plain_text_input", "action_id": "text"},
        **more,
    }
