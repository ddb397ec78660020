"""When the desk looks at its calendar.

Every job may run twice, late or never: the ledger makes that harmless.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time
from zoneinfo import ZoneInfo

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from cases.desk import Desk
from cases.errors import RightsDeskError
from cases.retention import Retention
from cases.second_looks import SecondLooks

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The morning round, from the set local hour on: nudges, digest, the week's second look, forgetting."""

    desk: Desk
    looks: SecondLooks
    retention: Retention
    zone: ZoneInfo
    digest_at: time
    ring: Callable[[], None]

    async def round(self) -> None:
        """Owe whatever today has earned by now; nothing the second time."""
        now = self.desk.clock.now()
        if now.astimezone(self.zone).time() < self.digest_at:
            return
        today = self.desk.clock.day(now)
        try:
            nudges = await self.desk.remind(today)
            digest = await self.desk.owe_digest(today)
            look = await self.looks.owe(today)
            forgotten = await self.retention.forget()
        except RightsDeskError as fault:
            log.warning("calendar waits", error=type(fault).__name__)
            return
        if forgotten:
            log.info("content deleted", mails=forgotten)
        if nudges or digest or look:
            log.info("calendar", day=today.isoformat(), nudges=nudges, digest=digest, second_look=look)
            self.ring()

    def scheduler(self) -> AsyncIOScheduler:
        """On the hour that was set, and every minute besides, for hours missed and clocks that jump."""
        scheduler = AsyncIOScheduler(timezone=self.zone)
        at = CronTrigger(hour=self.digest_at.hour, minute=self.digest_at.minute, timezone=self.zone)
        once = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        scheduler.add_job(self.round, at, id="morning round", **once)
        scheduler.add_job(self.round, IntervalTrigger(minutes=1), id="catch up", **once)
        return scheduler
