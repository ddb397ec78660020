"""The calendar in a process of its own; any number may run, the ledger lets each thing happen once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from bot.roles.foundations import Foundations, lay
from bot.roles.running import beating, settle_memory, stopped, tasks
from bot.schedule import Calendar
from bot.settings import Settings


@asynccontextmanager
async def calendar_kept(house: Foundations, ring: Callable[[], None]) -> AsyncIterator[Calendar]:
    """Reminders and digest go out meanwhile."""
    settings = house.settings
    calendar = Calendar(house.desk, house.looks, house.retention, settings.zone, settings.digest_at, ring)
    scheduler = calendar.scheduler()
    await calendar.round()
    scheduler.start()
    try:
        async with tasks(beating(house, "clock")):
            yield calendar
    finally:
        scheduler.shutdown(wait=False)


async def serve(settings: Settings) -> None:
    async with lay(settings) as house, calendar_kept(house, lambda: None):
        settle_memory()
        await stopped()
