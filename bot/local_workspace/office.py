"""What every part of the stand-in works with, put together once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from bot.local_workspace.attic import Attic
from bot.local_workspace.ledger import Ledger
from bot.local_workspace.limits import Buckets
from bot.local_workspace.socket_mode import Line
from bot.local_workspace.tickets import ResponseUrls, Triggers


@dataclass
class Office:
    """Memory, limits, tickets and the line to the app."""

    ledger: Ledger
    buckets: Buckets
    triggers: Triggers
    response_urls: ResponseUrls
    line: Line
    attic: Attic
    monotonic: Callable[[], float]
    #: The event types that the app subscribed to; None is all that the stand-in knows.
    subscribed: frozenset[str] | None = None
    #: Where the stand-in is reached, `http://127.0.0.1:8030`; learned from the first request.
    address: str = "http://127.0.0.1"
    #: (channel, person): who looked in without being a member, and so can be answered there for now.
    visitors: set[tuple[str, str]] = field(default_factory=set)
