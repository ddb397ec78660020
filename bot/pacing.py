"""Slack takes one message a second per channel, with short bursts; we queue rather than be refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Pacing:
    """A token bucket per channel.  `monotonic` gives seconds; `sleep` waits them."""

    monotonic: Callable[[], float]
    per_second: float = 1.0
    burst: int = 3
    _free_at: dict[str, float] = field(default_factory=dict)

    async def turn(self, channel: str) -> None:
        """Wait until a message may go to this channel."""
        if (wait := self._reserve(channel)) > 0:
            await asyncio.sleep(wait)

    def hold(self, channel: str, seconds: float) -> None:
        """Slack said `Retry-After`: nobody posts there before."""
        until = self.monotonic() + seconds + (self.burst - 1) / self.per_second
        self._free_at[channel] = max(self._free_at.get(channel, 0.0), until)

    def _reserve(self, channel: str) -> float:
        """Take the next place in the queue; seconds until it is our turn."""
        now = self.monotonic()
        slot = max(self._free_at.get(channel, 0.0), now)
        self._free_at[channel] = slot + 1 / self.per_second
        return slot - now - (self.burst - 1) / self.per_second
