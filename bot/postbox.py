"""Our one SMTP client, in two halves: up to RCPT nothing has left; from DATA on it may have.

The courier writes "in flight" down between the halves, so that a crash never sends a letter twice unseen.
No error here carries an address or the relay's words, only a code or the name of a fault.
"""

from __future__ import annotations

import re
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Final, Literal

from aiosmtplib import SMTP, SMTPException, SMTPResponse, SMTPResponseException

from bot.addresses import AddressRefused, WireAddress, wire_address
from cases.errors import RightsDeskError

__all__ = [
    "AddressRefused",
    "Handover",
    "LetterRefused",
    "Postbox",
    "Relay",
    "RelayAway",
    "Unclear",
]

_GO_AHEAD: Final = 354
#: 5xx that are about us and not about the letter: log in first, encrypt first (RFC 4954 6, RFC 3207 4).
_ABOUT_US: Final = frozenset({530, 534, 535, 538})


class RelayAway(RightsDeskError):
    """The mail server for our letters did not take one now ({error}); it surely did not leave."""


class LetterRefused(RightsDeskError):
    """The mail server for our letters refused a letter for good ({error})."""


class Unclear(RightsDeskError):
    """The mail server for our letters was handed a letter and never said what became of it ({error})."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Relay:
    """The mail server that our letters leave through.  Certificates are always verified."""

    host: str
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    tls: Literal["none", "starttls", "tls"] = "none"
    trust: Path | None = None  #: PEM file of an authority of one's own, besides the system's
    patience: float = 60.0  #: seconds for connecting and for each command
    patience_at_the_end: float = 600.0  #: seconds for the answer to the letter itself, RFC 5321 4.5.3.2.6
    farewell: float = 5.0  #: seconds for the answer to QUIT, on which nothing depends


@dataclass(frozen=True, slots=True)
class Handover:
    """The relay has agreed to sender and recipient and waits for the letter."""

    client: SMTP
    content: bytes  #: with CRLF, dots not doubled
    patience: float
    patience_at_the_end: float

    async def data(self) -> None:
        """Return when the relay has taken the letter over.

        RelayAway: not sent, try again.  LetterRefused: never.  Unclear: nobody knows, do not try again.
        """
        with _surely_not_sent():
            invited = await self.client.execute_command(b"DATA", timeout=self.patience)
        if invited.code != _GO_AHEAD:
            raise _refusal(invited, LetterRefused)
        answer = await self._content()
        if answer.code // 100 in {4, 5}:
            raise _refusal(answer, LetterRefused)
        if answer.code // 100 != 2:  # noqa: PLR2004 - 2yz is yes (RFC 5321 4.2.1)
            raise Unclear(error=str(answer.code))

    async def _content(self) -> SMTPResponse:
        """From the first octet to the final answer; whatever breaks here leaves it unclear."""
        protocol = self.client.protocol
        if protocol is None:
            raise RelayAway(error="disconnected")
        try:
            protocol.write(re.sub(rb"(?m)^\.", b"..", self.content) + b".\r\n")
            return await protocol.read_response(timeout=self.patience_at_the_end)
        except (SMTPException, OSError) as fault:
            raise Unclear(error=_name(fault)) from None


@dataclass(frozen=True, slots=True)
class Postbox:
    """Hands letters to the relay, one connection for each."""

    relay: Relay

    @asynccontextmanager
    async def open(self, mail: EmailMessage, to: str) -> AsyncIterator[Handover]:
        """Connect and agree on the envelope, from the null sender (RFC 3834 3.3) to that one address.

        RelayAway or AddressRefused: it surely did not leave.  Leaving without `data()` sends nothing.
        """
        address = wire_address(to)
        content = mail.as_bytes()
        client = self._client()
        try:
            await self._connect(client)
            await self._envelope(client, address)
            yield Handover(client, content, self.relay.patience, self.relay.patience_at_the_end)
            await _part(client, self.relay.farewell)
        finally:
            client.close()

    async def reachable(self) -> None:
        """Connect, encrypt and log in as for a letter, and leave again; RelayAway tells what failed."""
        client = self._client()
        try:
            await self._connect(client)
            await _part(client, self.relay.farewell)
        finally:
            client.close()

    def _client(self) -> SMTP:
        relay = self.relay
        return SMTP(
            hostname=relay.host,
            port=relay.port,
            username=relay.user or None,
            password=relay.password or None,
            timeout=relay.patience,
            use_tls=relay.tls == "tls",
            start_tls=relay.tls == "starttls",
            cert_bundle=str(relay.trust) if relay.trust else None,
        )

    async def _connect(self, client: SMTP) -> None:
        with _surely_not_sent():
            await client.connect()
            if client.is_ehlo_or_helo_needed:
                await client.ehlo()

    async def _envelope(self, client: SMTP, address: WireAddress) -> None:
        utf8 = [b"SMTPUTF8"] if address.needs_utf8 else []
        if utf8 and not client.supports_extension("smtputf8"):
            raise AddressRefused(error="no SMTPUTF8 at the relay")
        recipient = b"TO:<" + address.mailbox.encode() + b">"
        with _surely_not_sent():
            agreed = [await client.execute_command(b"MAIL", b"FROM:<>", *utf8)]
            if _is_yes(agreed[0]):
                agreed.append(await client.execute_command(b"RCPT", recipient))
        if not _is_yes(agreed[-1]):
            raise _refusal(agreed[-1], AddressRefused)


async def _part(client: SMTP, patience: float) -> None:
    """QUIT, out of politeness: what had to be heard has been heard."""
    try:
        await client.quit(timeout=patience)
    except (SMTPException, OSError):
        return


def _is_yes(answer: SMTPResponse) -> bool:
    return answer.code // 100 == 2  # noqa: PLR2004 - 2yz is yes (RFC 5321 4.2.1)


def _refusal(answer: SMTPResponse, for_good: type[RightsDeskError]) -> RightsDeskError:
    """5yz is for good, unless it is about us; anything else may go better later."""
    lasts = answer.code // 100 == 5 and answer.code not in _ABOUT_US  # noqa: PLR2004 - RFC 5321 4.2.1
    return (for_good if lasts else RelayAway)(error=str(answer.code))


@contextmanager
def _surely_not_sent() -> Iterator[None]:
    """Before the letter itself every fault is one that time or a setting heals."""
    try:
        yield
    except SMTPResponseException as answer:
        raise RelayAway(error=str(answer.code)) from None
    except (SMTPException, OSError) as fault:
        raise RelayAway(error=_name(fault)) from None


def _name(fault: Exception) -> str:
    """One word for a fault, and never its text, in which libraries print addresses."""
    cause = fault.__cause__ if isinstance(fault.__cause__, OSError) else fault
    if isinstance(cause, ssl.SSLCertVerificationError):
        return "certificate"
    if isinstance(cause, TimeoutError):
        return "timeout"
    return type(cause).__name__
