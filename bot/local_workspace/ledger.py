"""The one way to change the stand-in: write the record, then take it in, then tell the open pages.

Also hands out what must be unique: message timestamps (strictly rising, also when the clock is set back)
and ids.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from bot.local_workspace.journal import Journal
from bot.local_workspace.state import State

#: Kinds that end with the program, as they do in Slack.
PASSING: Final = frozenset({"ephemeral_posted", "ephemeral_gone"})
_MICROSECONDS: Final = 1_000_000


class Ledger:
    """State, journal and the list of pages that want to hear of changes."""

    def __init__(self, journal: Journal, now: Callable[[], datetime]) -> None:
        self.state = State()
        self.now = now
        self._journal = journal
        self._watchers: set[asyncio.Queue[dict[str, Any] | None]] = set()
        self._issued = 0
        for record in journal.replay():
            self.state.apply(record)

    def record(self, kind: str, **facts: Any) -> None:
        """Journal first: what was answered `ok: true` is on disk."""
        record = {"kind": kind, **facts}
        if kind not in PASSING:
            self._journal.append(record)
        self.state.apply(record)
        self.tell({"kind": kind, **{key: facts[key] for key in ("channel", "user") if key in facts}})

    def tell(self, news: dict[str, Any]) -> None:
        """Let the open pages know; no texts go along, the page asks for what its person may see."""
        for watcher in self._watchers:
            watcher.put_nowait(news)

    def watch(self) -> asyncio.Queue[dict[str, Any] | None]:
        """A queue of news; None means that the workspace closes."""
        watcher: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._watchers.add(watcher)
        return watcher

    def unwatch(self, watcher: asyncio.Queue[dict[str, Any] | None]) -> None:
        self._watchers.discard(watcher)

    def next_ts(self) -> str:
        """Seconds and microseconds since 1970, later than every one before."""
        seconds, micros = (int(part) for part in self.state.last_ts.split("."))
        last = max(self._issued, seconds * _MICROSECONDS + micros)
        self._issued = max(last + 1, int(self.now().timestamp() * _MICROSECONDS))
        return f"{self._issued // _MICROSECONDS}.{self._issued % _MICROSECONDS:06d}"

    def next_id(self, prefix: str) -> str:
        """An id in Slack's manner; not guessable and not repeated after a restart."""
        return prefix + secrets.token_hex(5).upper()

    def close(self) -> None:
        for watcher in self._watchers:
            watcher.put_nowait(None)
        self._journal.close()
