"""Takes what we owe out of the outbox and delivers it, one lane for Slack and one for letters."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.backoff import FIRST, pause
from bot.bell import Bell
from bot.troubles import Troubles
from cases.errors import RightsDeskError, StoreAway
from cases.ports import Clock, Outbox
from cases.records import Lane, Owed

log = structlog.get_logger()

_AT_ONCE: Final = 10
_LOOK_EVERY: Final = 0.25  #: seconds between looks when nobody rings
_WRITE_AGAIN: Final = 1.0  #: seconds


class NotYet(RightsDeskError):
    """Something else has to be delivered first."""

    def __init__(self, seconds: float = 1.0) -> None:
        super().__init__()
        self.seconds = seconds


class NotNow(RightsDeskError):
    """It surely did not leave ({error}); it is tried again."""

    def __init__(self, *, part: str, error: str, retry_after: float = 0.0) -> None:
        super().__init__(error=error)
        self.part, self.error, self.retry_after = part, error, retry_after


#: Delivers one thing and settles it; NotYet and NotNow put it back.
Deliver = Callable[[Owed], Awaitable[None]]


async def surely(write: Callable[[], Awaitable[None]]) -> None:
    """Write down what became of a thing, however long the database is away.

    What is forgotten stays claimed until its lease ends, and a letter would even leave a second time.
    """
    while True:
        try:
            return await write()
        except StoreAway:
            log.warning("not written down yet")
            await asyncio.sleep(_WRITE_AGAIN)


@dataclass(frozen=True, slots=True)
class Courier:
    outbox: Outbox
    clock: Clock
    troubles: Troubles
    bell: Bell
    lane: Lane
    deliver: Deliver
    retry_seconds: float = FIRST  #: before the second try

    async def run(self) -> None:
        """Until cancelled.  Faults of the database or the other side are waited out, never fatal."""
        while True:
            try:
                delivered = await self.round()
            except RightsDeskError as fault:
                await self.troubles.failed("database", type(fault).__name__)
                delivered = 0
                await asyncio.sleep(1)
            if not delivered:
                await self.bell.wait(_LOOK_EVERY)

    async def round(self) -> int:
        """One look into the outbox; how many things were taken out of it."""
        claimed = await self.outbox.claim(_AT_ONCE, self.clock.now(), self.lane)
        if claimed:  # an idle look only reads
            await self.troubles.worked("database")
        await asyncio.gather(*(self._attempt(owed) for owed in claimed))
        return len(claimed)

    async def _attempt(self, owed: Owed) -> None:
        try:
            await self.deliver(owed)
        except NotYet as fault:
            until = self._in(timedelta(seconds=fault.seconds))
            await surely(lambda: self.outbox.wait(owed.id, until))
        except NotNow as fault:
            await self._put_back(owed, fault.error, timedelta(seconds=fault.retry_after))
            if not fault.retry_after:  # being asked to slow down is no trouble
                await self.troubles.failed(fault.part, fault.error)
        except RightsDeskError as fault:
            await self.troubles.failed("database", type(fault).__name__)
            await self._put_back(owed, type(fault).__name__)
        except Exception as fault:  # our own mistake must not stop what others wait for
            log.exception("not delivered", owed=owed.id, effect=type(owed.effect).__name__)
            await self._put_back(owed, type(fault).__name__)
            await self.troubles.failed("courier", type(fault).__name__)
        else:
            await self.troubles.worked(self.lane)

    async def _put_back(self, owed: Owed, error: str, at_least: timedelta = timedelta()) -> None:
        until = self._in(max(self._pause(owed), at_least))
        await surely(lambda: self.outbox.postpone(owed.id, until, error))

    def _pause(self, owed: Owed) -> timedelta:
        return pause(owed.attempts, self.retry_seconds)

    def _in(self, later: timedelta) -> datetime:
        return self.clock.now() + later
