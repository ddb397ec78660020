"""Where the time comes from: the machine, or in the local workspace the machine and a day moved on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class SystemClock:
    """The machine's clock, and the controller's calendar."""

    zone: ZoneInfo

    def now(self) -> datetime:
        return datetime.now(UTC)

    def day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class MovableClock:
    """The same, moved on by what a file says, so that several processes live on one day.

    Only the local workspace has it: the newcomer moves the day on to see reminders and digests.
    """

    zone: ZoneInfo
    moved: Path  #: a file with seconds; absent means none

    def now(self) -> datetime:
        return datetime.now(UTC) + self._moved()

    def day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def move_on(self, days: int, *, at_least: time) -> date:
        """Go to the same hour `days` later, or to `at_least` when that is later; returns the new day."""
        here = self.now().astimezone(self.zone)
        there = datetime.combine(
            here.date() + timedelta(days=days), max(here.time(), at_least), tzinfo=self.zone
        )
        seconds = (there - datetime.now(UTC)).total_seconds()
        waiting = self.moved.with_suffix(".new")
        waiting.write_text(f"{seconds:.0f}\n", encoding="ascii")
        waiting.replace(self.moved)
        return there.date()

    def _moved(self) -> timedelta:
        try:
            return timedelta(seconds=float(self.moved.read_text(encoding="ascii")))
        except (FileNotFoundError, ValueError):
            return timedelta()
