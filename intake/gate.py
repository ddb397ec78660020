"""How many may be inside at once, and how they are shown out."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Final, Protocol

MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class DoorLimits:
    """What one mail and one sender may take; a connection too many is asked to come back later."""

    mail_size: int = 25 * MEBIBYTE  #: octets, told in EHLO (RFC 1870)
    connections: int = 500
    connections_per_address: int = 200  #: a mail server in front is one address
    recipients: int = 100  #: RFC 5321, 4.5.3.1.8: at least a hundred
    #: seconds without a command; aiosmtpd counts a whole DATA, our own answer included, as one command
    timeout: float = 300.0
    grace: float = 30.0  #: seconds that running sessions get when we stop


class Guest(Protocol):
    """One connection, as far as the gate cares."""

    @property
    def is_idle(self) -> bool:
        """Between two mails: nothing is lost when it is sent away now."""
        ...

    def bid_farewell(self) -> None:
        """Say 421 and close when that is written."""
        ...

    def cut_off(self) -> None:
        """Close now."""
        ...


class Gate:
    """Counts who is inside.  Shared by all the listeners of one process."""

    def __init__(self, limits: DoorLimits) -> None:
        self.limits = limits
        self.closing = False
        self._inside: dict[Guest, str] = {}
        self._by_address: Counter[str] = Counter()
        self._empty = asyncio.Event()
        self._empty.set()

    @property
    def count(self) -> int:
        return len(self._inside)

    def admit(self, guest: Guest, address: str) -> bool:
        """Let a connection in, or not; an empty address (a unix socket) has no limit of its own."""
        crowded = self.count >= self.limits.connections
        greedy = bool(address) and self._by_address[address] >= self.limits.connections_per_address
        if self.closing or crowded or greedy:
            return False
        self._inside[guest] = address
        self._by_address[address] += 1
        self._empty.clear()
        return True

    def leave(self, guest: Guest) -> None:
        """Forget a connection; saying it twice does no harm."""
        address = self._inside.pop(guest, None)
        if address is None:
            return
        self._by_address[address] -= 1
        if not self._by_address[address]:
            del self._by_address[address]
        if not self._inside:
            self._empty.set()

    async def drain(self, grace: float) -> int:
        """Send the idle away, wait for the others, cut off who is left; how many those were.

        A guest that becomes idle after this began sees `closing` and leaves by itself.
        """
        self.closing = True
        for guest in tuple(self._inside):
            if guest.is_idle:
                guest.bid_farewell()
        if await self._emptied(grace):
            return 0
        late = tuple(self._inside)
        for guest in late:
            guest.bid_farewell()
        if not await self._emptied(1.0):
            for guest in tuple(self._inside):
                guest.cut_off()
            await self._emptied(1.0)
        return len(late)

    async def _emptied(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._empty.wait()
        except TimeoutError:
            return False
        return True
