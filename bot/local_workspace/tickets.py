"""Things that Slack hands out to be used shortly: trigger ids and response URLs."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from bot.local_workspace.faults import SlackFault

USES: Final = 5
#: So many tickets are remembered; the oldest have long expired by then.
_REMEMBERED: Final = 5000


def _make_room(issued: dict[str, Any]) -> None:
    if len(issued) >= _REMEMBERED:
        del issued[next(iter(issued))]


@dataclass
class Trigger:
    """Whose click it was, in which modal (if any), and when (monotonic seconds)."""

    user: str
    view_id: str | None
    issued: float
    used: bool = False


@dataclass
class Triggers:
    """A trigger id opens or pushes one view, within three seconds of the click."""

    lifetime: float
    monotonic: Callable[[], float]
    _issued: dict[str, Trigger] = field(default_factory=dict)

    def issue(self, user: str, view_id: str | None = None) -> str:
        _make_room(self._issued)
        trigger_id = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._issued[trigger_id] = Trigger(user, view_id, self.monotonic())
        return trigger_id

    def spend(self, trigger_id: str) -> Trigger:
        """Raises Slack's word for a trigger that is unknown, too old or used before."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackFault("invalid_trigger_id")
        if self.monotonic() - trigger.issued > self.lifetime:
            raise SlackFault("expired_trigger_id")
        if trigger.used:
            raise SlackFault("exchanged_trigger_id")
        trigger.used = True
        return trigger


@dataclass
class ResponseUrl:
    """What a response URL answers to: a message (ts, None for a command) as one person saw it."""

    user: str
    channel: str
    ts: str | None
    ephemeral: bool
    thread_ts: str | None
    issued: float
    uses: int = 0


@dataclass
class ResponseUrls:
    """Five uses within thirty minutes."""

    lifetime: float
    monotonic: Callable[[], float]
    _issued: dict[str, ResponseUrl] = field(default_factory=dict)

    def issue(
        self,
        *,
        user: str,
        channel: str,
        ts: str | None = None,
        ephemeral: bool = False,
        thread_ts: str | None = None,
    ) -> str:
        """The secret part of the URL."""
        _make_room(self._issued)
        token = secrets.token_urlsafe(18)
        self._issued[token] = ResponseUrl(user, channel, ts, ephemeral, thread_ts, self.monotonic())
        return token

    def spend(self, token: str) -> ResponseUrl:
        """Raises `expired_url` or `used_url`, which are answered with status 404."""
        ticket = self._issued.get(token)
        if ticket is None or self.monotonic() - ticket.issued > self.lifetime:
            raise SlackFault("expired_url")
        if ticket.uses >= USES:
            raise SlackFault("used_url")
        ticket.uses += 1
        return ticket
