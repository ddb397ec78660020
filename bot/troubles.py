"""What is out of order, and since when; staff reads one line when it lasts and one when it is over."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

import structlog

from cases.effects import StaffLine
from cases.errors import RightsDeskError

log = structlog.get_logger()

LASTING: Final = timedelta(minutes=5)

Tell = Callable[[StaffLine, str, datetime], Awaitable[None]]


@dataclass(slots=True)
class _Trouble:
    since: datetime
    error: str
    told: bool = False


@dataclass(slots=True)
class Troubles:
    """One per process; `tell` owes staff a line."""

    now: Callable[[], datetime]
    tell: Tell
    lasting: timedelta = LASTING
    _open: dict[str, _Trouble] = field(default_factory=dict)

    def of(self, part: str) -> str | None:
        """What is wrong with a part (a class name or code), if anything."""
        trouble = self._open.get(part)
        return trouble.error if trouble else None

    async def failed(self, part: str, error: str) -> None:
        trouble = self._open.setdefault(part, _Trouble(since=self.now(), error=error))
        trouble.error = error
        log.warning("out of order", part=part, error=error)
        if not trouble.told and self.now() - trouble.since >= self.lasting:
            trouble.told = True  # before the line is owed, for many may fail at once
            trouble.told = await self._told(StaffLine.TROUBLE_LASTS, part, trouble.since)

    async def worked(self, part: str) -> None:
        trouble = self._open.pop(part, None)
        if trouble is None:
            return
        log.info("in order again", part=part)
        if trouble.told:
            await self._told(StaffLine.TROUBLE_OVER, part, trouble.since)

    async def _told(self, line: StaffLine, part: str, since: datetime) -> bool:
        """Owing the line needs the store, which may be what is out of order."""
        try:
            await self.tell(line, part, since)
        except RightsDeskError as fault:
            log.warning("staff not told", part=part, error=type(fault).__name__)
            return False
        return True
