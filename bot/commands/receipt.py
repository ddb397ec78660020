"""A mail from an archive, as if it came through the door on the day it really came."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from typing import Final

from bot.settings import Settings
from cases.messages import Arrival

#: Nobody mailed a service desk before; such a date is a broken clock.
_FIRST: Final = datetime(1990, 1, 1, tzinfo=UTC)
_CLOCK_SKEW: Final = timedelta(days=1)
_UNKNOWN: Final = "unknown@sender.invalid"  #: RFC 6761: nobody's, for ever
#: Where servers and people write whom a mail was for, the most reliable first.
_TO: Final = ("Delivered-To", "X-Original-To", "To", "Cc")


def arrival_from(raw: bytes, settings: Settings, *, otherwise: datetime) -> Arrival:
    """The envelope is read back from the headers; `otherwise` is the receipt date of a mail that has none."""
    headers = BytesHeaderParser(policy=compat32).parsebytes(raw)
    to = tuple(box for box in _addresses(headers, *_TO) if box in settings.own_mailboxes)
    return Arrival(
        sender=_envelope_sender(headers),
        recipients=to or (settings.mailboxes.split(",")[0],),
        raw=raw,
        received_at=received_at(headers, otherwise),
    )


def received_at(headers: Message, otherwise: datetime) -> datetime:
    """When our own mail server took it: it wrote the topmost Received line (RFC 5321, 4.4).

    Where that says nothing usable the next ones do, then the sender's own Date, then `otherwise`.
    """
    told = [line.rpartition(";")[2] for line in _all(headers, "Received")]
    for text in (*told, *_all(headers, "Date")):
        if (instant := _instant(text)) is not None:
            return instant
    return otherwise


def _instant(text: str) -> datetime | None:
    """In UTC; None for what is no date, or none that a mail of ours can have."""
    try:
        instant = parsedate_to_datetime(text.strip())
        instant = (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return instant if _FIRST <= instant <= datetime.now(UTC) + _CLOCK_SKEW else None


def _envelope_sender(headers: Message) -> str:
    """Return-Path is MAIL FROM, and `<>` there the null sender; without it the author's address is taken.

    A mail with neither is not therefore a machine's, which is what the null sender would make of it.
    """
    path = _all(headers, "Return-Path")
    if path and path[0].strip() == "<>":
        return ""
    return next(iter(_addresses(headers, "Return-Path") or _addresses(headers, "From")), _UNKNOWN)


def _addresses(headers: Message, *names: str) -> list[str]:
    told = [text for name in names for text in _all(headers, name)]
    try:
        return [address.strip().casefold() for _, address in getaddresses(told) if "@" in address]
    except (ValueError, IndexError, TypeError):  # the standard library trips over some malformed lists
        return []


def _all(headers: Message, name: str) -> list[str]:
    """Every header of that name; bytes that are no ASCII come as an object that only str() understands."""
    return [str(value) for value in headers.get_all(name, [])]
