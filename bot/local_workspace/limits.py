"""How long Slack waits, and how fast it lets an app post: one message a second in a channel, with short
bursts.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.local_workspace.faults import SlackFault


@dataclass(frozen=True)
class Patience:
    """How long Slack waits, in seconds. Tests shorten it; the product does not."""

    ack: float = 3.0
    trigger: float = 3.0
    response_url: float = 1800.0
    #: Pauses before the second, third and fourth try of an event that the app did not acknowledge.
    retries: tuple[float, ...] = (0.0, 60.0, 300.0)


@dataclass
class Buckets:
    """A token bucket per channel: `burst` posts at once, refilled with `per_second`."""

    per_second: float
    burst: int
    monotonic: Callable[[], float]
    _left: dict[str, tuple[float, float]] = field(default_factory=dict)

    def take(self, channel: str) -> None:
        """One post in this channel, or `ratelimited` with the whole seconds to wait."""
        now = self.monotonic()
        tokens, since = self._left.get(channel, (float(self.burst), now))
        tokens = min(float(self.burst), tokens + (now - since) * self.per_second)
        if tokens < 1:
            self._left[channel] = (tokens, now)
            raise SlackFault("ratelimited", retry_after=max(1, math.ceil((1 - tokens) / self.per_second)))
        self._left[channel] = (tokens - 1, now)
