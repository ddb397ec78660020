"""Mail servers for letters, real ones of aiosmtpd, that can be told to misbehave at any step."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

CERTIFICATE = Path(__file__).parent / "certificates" / "relay.pem"
USER, PASSWORD = "rightsdesk", "hunter 2 ü"
DROP = "drop"  #: instead of an answer: hang up
HANG = "hang"  #: instead of an answer: never one


@dataclass
class OtherSide:
    """What a relay took, and how it answers.

    `answers`: step -> an SMTP reply, DROP or HANG.  Steps: GREETING, any command, CONTENT (the letter is
    complete) and MIDDLE (its first line has come).
    """

    answers: dict[str, str]
    port: int = 0
    taken: list[Envelope] = field(default_factory=list)
    said: list[str] = field(default_factory=list)  #: commands as they came
    has_taken: asyncio.Event = field(default_factory=asyncio.Event)
    logged_in: bool = False  #: the session that brought the last letter
    encrypted: bool = False
    sessions: list[MoodyServer] = field(default_factory=list)

    def hang_up(self) -> None:
        """On everybody who is connected now."""
        for session in self.sessions:
            session.transport.abort()

    async def handle_DATA(self, server: MoodyServer, session: Session, envelope: Envelope) -> str:  # noqa: N802 - aiosmtpd
        self.taken.append(envelope)
        self.has_taken.set()
        self.logged_in = bool(session.authenticated)
        self.encrypted = server.transport.get_extra_info("sslcontext") is not None
        return await server.mood("CONTENT") or "250 2.0.0 taken"


class MoodyServer(SMTP):
    """aiosmtpd's server, asked at each step what it was told."""

    def __init__(self, side: OtherSide, **facts: Any) -> None:
        super().__init__(side, hostname="relay.example", enable_SMTPUTF8=facts.pop("utf8", True), **facts)
        self.side = side
        self._smtp_methods = {
            name: partial(self._step, name, method) for name, method in self._smtp_methods.items()
        }

    async def mood(self, step: str) -> str | None:
        answer = self.side.answers.get(step)
        if answer == DROP:
            self.transport.abort()
        if answer in {DROP, HANG}:
            await asyncio.Event().wait()  # until the lost connection cancels this session
        return answer

    async def push(self, status: Any) -> None:
        greets = not self.side.said
        await super().push((await self.mood("GREETING") if greets else None) or status)

    async def _step(self, step: str, usual: Any, arg: str | None) -> None:
        self.side.said.append(f"{step} {arg or ''}".strip())
        if answer := await self.mood(step):
            await self.push(answer)
        elif step == "DATA" and "MIDDLE" in self.side.answers:
            await self.push("354 go ahead")
            await self._reader.readline()
            await self.mood("MIDDLE")
        else:
            await usual(arg)


@asynccontextmanager
async def relay(
    answers: dict[str, str] | None = None, *, implicit_tls: bool = False, **facts: Any
) -> AsyncIterator[OtherSide]:
    """A relay on a free port of the loopback; `facts` go to aiosmtpd."""
    loop = asyncio.get_running_loop()
    side = OtherSide(answers or {})

    def answer() -> MoodyServer:
        side.sessions.append(MoodyServer(side, loop=loop, **facts))
        return side.sessions[-1]

    server = await loop.create_server(answer, "127.0.0.1", 0, ssl=server_context() if implicit_tls else None)
    side.port = server.sockets[0].getsockname()[1]
    try:
        yield side
    finally:
        server.close()
        await asyncio.gather(*(_end(session) for session in side.sessions))


async def _end(session: MoodyServer) -> None:
    if session.transport is not None:
        session.transport.abort()
    if session._handler_coroutine is not None:  # there is none where the handshake failed
        session._handler_coroutine.cancel()
        await asyncio.wait({session._handler_coroutine})


def server_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE, CERTIFICATE.with_name("key.pem"))
    return context


def log_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    """aiosmtpd's authenticator: one user, one password."""
    known = isinstance(data, LoginPassword) and data == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=known, handled=known)
