"""The door where mail comes in: it keeps what it accepts.  SMTP (RFC 5321) and LMTP (RFC 2033)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from cases.errors import RightsDeskError
from cases.messages import Arrival
from cases.ports import Keeper
from intake.conversation import Conversation, LmtpConversation
from intake.gate import DoorLimits, Gate
from intake.mailboxes import is_ours, plain_address

log = structlog.get_logger()

ACCEPTED: Final = "250 2.0.0 Message kept"
RECIPIENT_OK: Final = "250 2.1.5 OK"
NOT_OURS: Final = "550 5.1.1 No such mailbox here"
TOO_MANY_RECIPIENTS: Final = "452 4.5.3 Too many recipients"
NO_ROOM: Final = "452 4.3.1 Too busy to keep the message, please try again"
TRY_LATER: Final = "451 4.3.0 Something went wrong here, please try again"
NO_RECIPIENTS: Final = "554 5.5.1 No valid recipients"


@dataclass(frozen=True, kw_only=True, slots=True)
class MailDoor:
    """aiosmtpd handler.  250 is a promise: the mail is on disk.  Knows nothing about cases.

    `mailboxes` are plain addresses; `now` gives an aware instant, UTC.
    """

    keeper: Keeper
    mailboxes: frozenset[str]
    now: Callable[[], datetime]
    recipients: int = DoorLimits().recipients
    keeping: set[asyncio.Task[None]] = field(default_factory=set)  #: begun and not yet committed

    async def handle_RCPT(  # noqa: N802 - the name and the arguments are aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if not is_ours(address, self.mailboxes):
            log.info("recipient refused")
            return NOT_OURS
        if len(envelope.rcpt_tos) >= self.recipients:
            return TOO_MANY_RECIPIENTS
        envelope.rcpt_tos.append(address)
        return RECIPIENT_OK

    async def handle_DATA(  # noqa: N802 - the name and the arguments are aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if not envelope.rcpt_tos:
            return NO_RECIPIENTS
        try:
            await self._keep(_arrival(envelope, self.now()))
        except RightsDeskError as error:
            log.warning("no room for a mail", error=type(error).__name__)
            return NO_ROOM
        except Exception as error:  # noqa: BLE001 - whatever it was, the sender must keep the mail and try again
            log.error("mail not kept", error=type(error).__name__)  # noqa: TRY400 - a traceback may quote the mail
            return TRY_LATER
        return ACCEPTED

    async def handle_exception(self, error: Exception) -> str:
        """The library's own answer would be 500 with the exception's text: a bounce for good, and a leak."""
        log.error("session failed", error=type(error).__name__)
        return TRY_LATER

    async def _keep(self, arrival: Arrival) -> None:
        """Keep a mail even when its sender hangs up meanwhile.

        A second commit of the same mail is harmless; a commit cancelled half-way may not be.
        """
        task = asyncio.ensure_future(self.keeper.keep(arrival))
        self.keeping.add(task)
        task.add_done_callback(self.keeping.discard)
        await asyncio.shield(task)


def _arrival(envelope: Envelope, received_at: datetime) -> Arrival:
    sender = envelope.mail_from or ""
    return Arrival(
        sender="" if sender == "<>" else _clean(sender),
        recipients=tuple(dict.fromkeys(_clean(address) for address in envelope.rcpt_tos)),
        raw=bytes(envelope.original_content or b""),
        received_at=received_at,
    )


def _clean(address: str) -> str:
    """Text that a database takes: octets that are no UTF-8, and NUL, are replaced."""
    return (
        address.encode("utf-8", "surrogateescape")
        .decode("utf-8", "replace")
        .replace("\0", "\N{REPLACEMENT CHARACTER}")
    )


@dataclass(kw_only=True, slots=True)
class MailListener:
    """Sockets of one door.  `start` and `start_lmtp` may be called more than once; `close` ends them all."""

    door: MailDoor
    limits: DoorLimits = field(default_factory=DoorLimits)
    hostname: str = "localhost"
    gate: Gate = field(init=False)
    _servers: list[asyncio.Server] = field(default_factory=list)
    _sockets: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.gate = Gate(self.limits)

    async def start(self, host: str, port: int) -> int:
        """Listen for SMTP; port 0 takes any free one.  The port that it became; OSError when it is taken."""
        _hush_aiosmtpd()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Conversation(self.door, self.gate, hostname=self.hostname, loop=loop), host, port
        )
        self._servers.append(server)
        actual = int(server.sockets[0].getsockname()[1])
        log.info("mail door open", port=actual)
        return actual

    async def start_lmtp(self, socket: Path) -> None:
        """Listen for LMTP on a unix socket, which its owner and group may use."""
        _hush_aiosmtpd()
        loop = asyncio.get_running_loop()
        server = await loop.create_unix_server(
            lambda: LmtpConversation(self.door, self.gate, hostname=self.hostname, loop=loop), str(socket)
        )
        socket.chmod(0o660)  # noqa: ASYNC240 - once, at the start, on a local path
        self._servers.append(server)
        self._sockets.append(socket)
        log.info("mail door open", lmtp=True)

    @property
    def is_open(self) -> bool:
        return bool(self._servers) and all(server.is_serving() for server in self._servers)

    async def close(self, grace: float | None = None) -> None:
        """Stop accepting, let running sessions end their mail (at most `grace` seconds), then close.

        Mails whose keeping has begun are waited for too, as long again.
        """
        seconds = self.limits.grace if grace is None else grace
        for server in self._servers:
            server.close()
        cut_off = await self.gate.drain(seconds)
        unsettled = await self._settle(seconds)
        for server in self._servers:
            await server.wait_closed()
        for socket in self._sockets:
            socket.unlink(missing_ok=True)
        self._servers.clear()
        self._sockets.clear()
        log.info("mail door closed", cut_off=cut_off, unsettled=unsettled)

    async def _settle(self, seconds: float) -> int:
        if not self.door.keeping:
            return 0
        _, pending = await asyncio.wait(self.door.keeping, timeout=seconds)
        return len(pending)


async def listen(
    keeper: Keeper,
    *,
    mailboxes: Iterable[str],
    now: Callable[[], datetime],
    host: str = "127.0.0.1",
    port: int = 8025,
    lmtp_socket: Path | None = None,
    limits: DoorLimits | None = None,
    hostname: str = "localhost",
) -> tuple[MailListener, int]:
    """Open the door; the listener to close later, and the port it got."""
    limits = limits or DoorLimits()
    door = MailDoor(
        keeper=keeper,
        mailboxes=frozenset(plain_address(mailbox) for mailbox in mailboxes),
        now=now,
        recipients=limits.recipients,
    )
    listener = MailListener(door=door, limits=limits, hostname=hostname)
    actual = await listener.start(host, port)
    if lmtp_socket is not None:
        await listener.start_lmtp(lmtp_socket)
    return listener, actual


def _hush_aiosmtpd() -> None:
    """The library logs every command with its address, and at debug level every line of the mail."""
    chatter = logging.getLogger("mail.log")
    chatter.setLevel(logging.CRITICAL + 1)
    if _say_nothing not in chatter.filters:
        chatter.addFilter(_say_nothing)


def _say_nothing(_record: logging.LogRecord) -> bool:
    return False
