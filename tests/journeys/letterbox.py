"""The relay that our letters leave through: a real SMTP server that may go away and come back."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes

from aiosmtpd.smtp import Envelope, Session

from tests.bot.relays import MoodyServer, OtherSide


@dataclass
class Letterbox(OtherSide):
    """Thinks for a moment before it says what it did with a letter, as relays do."""

    answers: dict[str, str] = field(default_factory=dict)
    thinks: float = 0.0  #: seconds at most
    chance: random.Random = field(default_factory=random.Random)
    _server: asyncio.Server | None = None

    async def handle_DATA(self, server: MoodyServer, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd
        answer = await super().handle_DATA(server, session, envelope)
        await asyncio.sleep(self.chance.uniform(0, self.thinks))
        return answer

    @property
    def letters(self) -> Counter[str]:
        """How often each letter was taken, by Message-ID."""
        return Counter(
            str(message_from_bytes(bytes(one.original_content or b""))["Message-ID"]) for one in self.taken
        )

    @property
    def settings(self) -> dict[str, str]:
        return {
            "RIGHTSDESK_RELAY_HOST": "127.0.0.1",
            "RIGHTSDESK_RELAY_PORT": str(self.port),
            "RIGHTSDESK_UNDO_MINUTES": "0",
        }

    async def open(self) -> None:
        loop = asyncio.get_running_loop()

        def answer() -> MoodyServer:
            self.sessions.append(MoodyServer(self, loop=loop))
            return self.sessions[-1]

        self._server = await loop.create_server(answer, "127.0.0.1", self.port, reuse_address=True)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        if self._server:
            self._server.close()
            self._server = None
        for session in self.sessions:
            await _end(session)
        self.sessions.clear()


async def _end(session: MoodyServer) -> None:
    if session.transport is not None:
        session.transport.abort()
    if session._handler_coroutine is not None:
        session._handler_coroutine.cancel()
        await asyncio.wait({session._handler_coroutine})


@asynccontextmanager
async def letterbox_open(thinks: float = 0.0, seed: int = 0) -> AsyncIterator[Letterbox]:
    box = Letterbox(thinks=thinks, chance=random.Random(seed))
    await box.open()
    try:
        yield box
    finally:
        await box.close()
