"""A bell that wakes a loop before its next look."""

from __future__ import annotations

import asyncio
from contextlib import suppress


class Bell:
    """Rung by whoever made work; waited for by whoever does it.  Rings while nobody waits are kept."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def wait(self, seconds: float) -> None:
        """Until it rings, or `seconds` at most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        self._rung.clear()
