"""One connection: what aiosmtpd 1.4.6 leaves to those who use it."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from typing import Any, ClassVar, Final

import structlog
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

from intake.gate import Gate

log = structlog.get_logger()

TOO_MANY: Final = b"421 4.7.0 Too many connections, please try again later\r\n"
STOPPING: Final = b"421 4.3.2 The service is stopping, please try again\r\n"
#: RFC 5321, 4.5.3.1.4 says 512 and more for extensions; VERP and SRS senders need that more
COMMAND_OCTETS: Final = 4096

_ATOMS: Final = r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*"
#: A path as nearly all are: <dot-atom@domain>, then parameters; no quotes, comments or source routes.
_PLAIN_PATH: Final = re.compile(
    rf"<({_ATOMS}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*)> *((?![ \t\r\n(]).*)", re.ASCII
)


def _commands(library: type[SMTP]) -> tuple[str, ...]:
    return tuple(name for name in dir(library) if name.startswith(("smtp_", "auth_")))


class Conversation(SMTP):
    """An SMTP session that counts, can be sent away, and bounds its commands by itself.

    aiosmtpd refuses a line over 1,001 octets for good, and one in a hundred real mails has one; RFC 5321 only
    says what must be accepted at least, so the limit is that of the reader's buffer: room for a megabyte of
    text without a line break, far below the size of a mail, which is held in memory anyway.
    """

    line_length_limit = 2**22
    command_size_limit = COMMAND_OCTETS
    commands: ClassVar = _commands(SMTP)

    def __init__(
        self, handler: object, gate: Gate, *, hostname: str, loop: asyncio.AbstractEventLoop
    ) -> None:
        # The class has one dictionary for all sessions and each new session empties it.
        self.command_size_limits = defaultdict(lambda: COMMAND_OCTETS)
        super().__init__(
            handler,
            data_size_limit=gate.limits.mail_size,
            enable_SMTPUTF8=True,
            hostname=hostname,  # without it each connection asks DNS, and the loop waits
            ident="Rights Desk",
            timeout=gate.limits.timeout,
            loop=loop,
        )
        self._gate = gate
        self._inside = False
        self._refused = False

    def __dir__(self) -> list[str]:
        """What the library looks for in each new session, without a walk through everything a session has."""
        return list(self.commands)

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """(address, what follows), as the library finds them; (None, None) for what is no address.

        It builds a class and a parse tree for each address, which was a third of the time that a mail took.
        """
        if plain := _PLAIN_PATH.fullmatch(arg):
            return plain[1], plain[2]
        address, further = super()._getaddr(arg)
        return address, further

    @property
    def is_idle(self) -> bool:
        return self.envelope is None or not self.envelope.mail_from

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not self._inside and not self._enter(transport):
            return
        super().connection_made(transport)
        if self._handler_coroutine is not None:
            self._handler_coroutine.add_done_callback(_look_at_the_end)

    def connection_lost(self, error: Exception | None) -> None:
        if self._refused:
            return
        self._gate.leave(self)
        super().connection_lost(error)

    async def push(self, status: Any) -> None:
        await super().push(status)
        if self._gate.closing and self.is_idle:
            self.bid_farewell()

    def bid_farewell(self) -> None:
        if isinstance(self.transport, asyncio.WriteTransport) and not self.transport.is_closing():
            self.transport.write(STOPPING)
            self.transport.close()

    def cut_off(self) -> None:
        if isinstance(self.transport, asyncio.WriteTransport):
            self.transport.abort()

    def _enter(self, transport: asyncio.BaseTransport) -> bool:
        peer = transport.get_extra_info("peername")
        address = str(peer[0]) if isinstance(peer, tuple) else ""
        self._inside = self._gate.admit(self, address)
        if not self._inside and isinstance(transport, asyncio.WriteTransport):
            log.warning("connection refused", inside=self._gate.count)
            self._refused = True
            transport.write(TOO_MANY)
            transport.close()
        return self._inside


class LmtpConversation(Conversation, LMTP):
    """The same over LMTP, where the end of data is answered once for each recipient (RFC 2033, 4.2).

    A mail is kept once for all its recipients, so they share one fate; aiosmtpd would say it only once.
    """

    commands = _commands(LMTP)
    _answers = 0

    async def push(self, status: Any) -> None:
        if isinstance(status, str) and status.startswith("354") and self.envelope is not None:
            self._answers = len(self.envelope.rcpt_tos)
        elif self._answers and isinstance(status, str):
            status, self._answers = "\r\n".join([status] * self._answers), 0
        await super().push(status)


def _look_at_the_end(session: asyncio.Task[None]) -> None:
    """A session that broke is no news for the event loop's own log, which would print its arguments."""
    if not session.cancelled() and (error := session.exception()) is not None:
        log.info("session broke off", error=type(error).__name__)
