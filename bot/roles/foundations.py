"""What every role stands on: clock, store and desk."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from bot.clocks import MovableClock, SystemClock
from bot.settings import Settings
from bot.troubles import Troubles
from cases.desk import Desk
from cases.effects import StaffLine
from cases.ports import Clock
from cases.retention import Retention
from cases.second_looks import SecondLooks
from storage.database import Database
from storage.inbox import SqlInbox
from storage.locks import RoleLock
from storage.outbox import SqlOutbox
from storage.pulses import SqlPulses
from storage.sql import SqlStore


@dataclass(frozen=True, slots=True)
class Foundations:
    """One process's share of the house.

    `clock` is the controller's day, which the local workspace can move on; leases and signs of life go by
    the machine's own.
    """

    settings: Settings
    instance: str
    clock: Clock
    database: Database
    store: SqlStore
    desk: Desk
    looks: SecondLooks
    retention: Retention
    inbox: SqlInbox
    outbox: SqlOutbox
    pulses: SqlPulses
    troubles: Troubles

    def role_lock(self, role: str) -> RoleLock | None:
        """SQLite takes one process per role; PostgreSQL any number."""
        return RoleLock(self.settings.data_dir / f"{role}.lock") if self.database.is_file else None


@asynccontextmanager
async def lay(settings: Settings) -> AsyncIterator[Foundations]:
    """Everything but the connections, which are made when first used and closed at the end."""
    clock = clock_for(settings)
    machine = SystemClock(settings.zone)
    database = Database(settings.database_url)
    store = SqlStore(database, clock)
    desk = Desk(store, clock, settings.undo)
    instance = uuid4().hex[:12]

    async def tell(line: StaffLine, part: str, since: datetime) -> None:
        await desk.tell_staff(line, part=part, since=since.isoformat())

    try:
        yield Foundations(
            settings=settings,
            instance=instance,
            clock=clock,
            database=database,
            store=store,
            desk=desk,
            looks=SecondLooks(store, clock),
            retention=Retention(store, clock),
            inbox=SqlInbox(database, machine, instance),
            outbox=SqlOutbox(database, machine, instance),
            pulses=SqlPulses(database, machine),
            troubles=Troubles(
                now=machine.now, tell=tell, lasting=timedelta(minutes=settings.trouble_minutes)
            ),
        )
    finally:
        await database.close()


def clock_for(settings: Settings) -> Clock:
    """The machine's time; only the local workspace can move the day on."""
    if settings.is_local:
        return MovableClock(settings.zone, settings.data_dir / "day-moved-on")
    return SystemClock(settings.zone)
