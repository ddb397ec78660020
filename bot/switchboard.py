"""Listeners that tell a person themselves what went wrong, between Bolt and us.

Bolt would do that with its error handler, but forgets the acknowledgement when it does: a listener that fails
within some milliseconds of its `ack()` then looks like one that never answered (slack-bolt 1.30).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps
from re import Pattern
from typing import Any

from slack_bolt.async_app import AsyncApp

from bot.reception import Reception

Listener = Callable[..., Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Switchboard:
    app: AsyncApp
    reception: Reception

    def action(self, action_id: str | Pattern[str]) -> Callable[[Listener], Listener]:
        return lambda listener: self._registered(self.app.action(action_id), listener)

    def view(self, callback_id: str | Pattern[str]) -> Callable[[Listener], Listener]:
        return lambda listener: self._registered(self.app.view(callback_id), listener)

    def _registered(self, register: Callable[..., Any], listener: Listener) -> Listener:
        register(self._telling(listener))
        return listener

    def _telling(self, listener: Listener) -> Listener:
        """Bolt looks at the names of the arguments, through `wraps`; every listener of ours takes `body`."""

        @wraps(listener)
        async def telling(**facts: Any) -> None:
            try:
                await listener(**facts)
            except Exception as error:  # noqa: BLE001 - whatever it was, the person who clicked is told
                body = facts["body"]
                await self.reception.tell(self.app.client, body, await self.reception.sentence(error, body))

        return telling
