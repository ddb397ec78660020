"""All roles at once: mail door, Slack and calendar in one process, the worker as its child."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from bot.roles.bot import Side, people_served
from bot.roles.child import worker_kept
from bot.roles.clock import calendar_kept
from bot.roles.foundations import Foundations, lay
from bot.roles.preparing import prepare
from bot.roles.running import settle_memory, stopped
from bot.roles.smtp import open_door
from bot.schedule import Calendar
from bot.settings import Settings

#: The roles that this one process plays, each locked on SQLite.
_ROLES = ("smtp", "bot", "clock")


@dataclass(slots=True)
class Running:
    """The house with its doors open."""

    house: Foundations
    side: Side
    smtp_port: int


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Running]:
    """Opened from the inside out, so that nobody is let in before there is somebody to serve them.

    The worker comes first, since it takes longest to be ready: it loads the model meanwhile.
    """
    calendars: list[Calendar] = []
    ports: list[int] = []

    async def new_day() -> None:
        for calendar in calendars:
            await calendar.round()

    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(lay(settings))
        for role in _ROLES:
            if lock := house.role_lock(role):
                await asyncio.to_thread(lock.take)
                stack.callback(lock.give_back)
        if house.database.is_file:
            await house.outbox.release_claims()
        child = await stack.enter_async_context(worker_kept())
        side = await stack.enter_async_context(
            people_served(house, smtp_port=lambda: ports[0], new_day=new_day)
        )
        calendars.append(await stack.enter_async_context(calendar_kept(house, side.ring)))
        ports.append(await stack.enter_async_context(open_door(house, child.ring)))
        settle_memory()
        yield Running(house, side, ports[0])


async def serve(settings: Settings) -> None:
    prepare(settings)
    async with running(settings) as now:
        announce(now)
        await stopped()


def announce(now: Running) -> None:
    """Where to find what; the ports are the real ones when 0 was asked."""
    settings = now.house.settings
    print(f"SMTP on {settings.smtp_host}:{now.smtp_port}", flush=True)  # noqa: T201 - what `run` is asked to tell
    print(f"HTTP on http://{settings.http_host}:{now.side.http_port}/", flush=True)  # noqa: T201 - as above
