"""The workspace, served by the test: it survives the product's death, and counts every post."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.buttons import CONFIRM
from bot.local_workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, LocalWorkspace, Outcome
from bot.local_workspace.population import ANNA, STAFF_CHANNEL
from bot.noticeboard import METADATA

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Slack:
    """`journal` is what it remembers by when it goes away and comes back, on the same port.

    `hanging`: methods of the Web API whose calls are not looked at until they are taken out of it.
    """

    journal: Path
    per_second: float = 1000.0
    burst: int = 1000
    port: int = 0
    hanging: set[str] = field(default_factory=set)
    refused: Counter[int] = field(default_factory=Counter)  #: HTTP status -> how often it was answered
    _runner: web.AppRunner | None = None
    _workspace: LocalWorkspace | None = None

    @property
    def workspace(self) -> LocalWorkspace:
        assert self._workspace is not None
        return self._workspace

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    @property
    def settings(self) -> dict[str, str]:
        return {
            "SLACK_BOT_TOKEN": BOT_TOKEN,
            "SLACK_APP_TOKEN": APP_TOKEN,
            "SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "RIGHTSDESK_SLACK_API_URL": self.address,
            "RIGHTSDESK_SLACK_PACE": "200",
        }

    async def open(self) -> None:
        self._workspace = LocalWorkspace(
            self.journal,
            neighbourhood=None,
            now=lambda: datetime.now(UTC),
            posts_per_second=self.per_second,
            burst=self.burst,
        )
        app = web.Application(middlewares=[self._mood])
        self._workspace.mount(app)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()
        self.port = int(self._runner.addresses[0][1])

    async def close(self) -> None:
        if self._runner:
            await self._runner.cleanup()
            self._runner = None

    def cards(self) -> list[dict[str, Any]]:
        """Every message in the staff channel that was posted as a case's card."""
        return [
            message for message in self.workspace.messages(STAFF_CHANNEL) if _mark(message).endswith("card")
        ]

    def staff_lines(self) -> list[dict[str, Any]]:
        """What staff was told outside any case."""
        messages = self.workspace.messages(STAFF_CHANNEL)
        return [message for message in messages if _mark(message).endswith("staff")]

    def marks(self) -> list[str]:
        """The marks of all our posts, threads included: each thing we owed, once."""
        channel = self.workspace.office.ledger.state.messages.get(STAFF_CHANNEL, {})
        return [mark for message in channel.values() if (mark := _mark(message))]

    def to_confirm(self) -> list[str]:
        """The cards that still ask to be confirmed, by ts."""
        return [card["ts"] for card in self.cards() if CONFIRM in _actions(card)]

    async def confirm(self, ts: str) -> Outcome:
        return await self.workspace.press(user=ANNA, channel=STAFF_CHANNEL, ts=ts, action_id=CONFIRM)

    @web.middleware
    async def _mood(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        method = request.path.rpartition("/")[2]
        if method in self.hanging:
            await request.read()  # it has come whole, and is looked at even when nobody waits any more
        while method in self.hanging:  # noqa: ASYNC110 - a set that tests change as they like
            await asyncio.sleep(0.02)
        answer = await handler(request)
        if answer.status >= 400:
            self.refused[answer.status] += 1
        return answer


def _mark(message: dict[str, Any]) -> str:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA:
        return ""
    return str(metadata["event_payload"]["mark"])


def _actions(message: dict[str, Any]) -> set[str]:
    return {
        element["action_id"]
        for block in message.get("blocks", ())
        if block["type"] == "actions"
        for element in block["elements"]
    }


@asynccontextmanager
async def slack_served(folder: Path, **facts: Any) -> AsyncIterator[Slack]:
    slack = Slack(folder / "slack.jsonl", **facts)
    await slack.open()
    try:
        yield slack
    finally:
        slack.hanging.clear()
        await slack.close()
