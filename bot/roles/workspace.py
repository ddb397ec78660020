"""The local workspace, mounted beside health where there is no Slack; with a bot token it never starts."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from bot.clocks import MovableClock
from bot.local_workspace import APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, LocalWorkspace
from bot.neighbours import Neighbours
from bot.roles.foundations import Foundations
from bot.settings import forget_proxies
from bot.socket_mode import Line

#: Given the port that HTTP got, the line to the workspace on it.
LineOn = Callable[[int], Line]


@asynccontextmanager
async def workspace_mounted(
    app: web.Application,
    house: Foundations,
    *,
    smtp_port: Callable[[], int],
    new_day: Callable[[], Awaitable[None]],
) -> AsyncIterator[LineOn | None]:
    """None when a real Slack is set."""
    settings, clock = house.settings, house.clock
    if not isinstance(clock, MovableClock):
        yield None
        return
    forget_proxies()
    neighbours = Neighbours(
        desk=house.desk,
        clock=clock,
        mailbox=settings.mailboxes.split(",")[0],
        door=lambda: (settings.smtp_host, smtp_port()),
        new_day=new_day,
        morning=settings.digest_at,
    )
    workspace = LocalWorkspace(
        settings.data_dir / "workspace.jsonl", neighbourhood=neighbours, now=clock.now, events=frozenset()
    )
    workspace.mount(app)
    try:
        yield lambda port: Line(
            BOT_TOKEN, APP_TOKEN, SIGNING_SECRET, f"http://{settings.http_host}:{port}/api/"
        )
    finally:
        await workspace.close()
