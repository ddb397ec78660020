"""Mail onto the disk, many at a time: one thread commits what several sessions brought meanwhile.

There is no timer: whatever queued while the last commit ran makes the next one.  A busy listener thus
commits rarely and an idle one at once.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from cases.messages import Arrival
from storage import dialects
from storage.errors import DeskBusy, RecordRefused
from storage.faults import in_our_words, passes
from storage.mail_rows import arrival_values
from storage.tables import ArrivalRow

BATCH_BYTES: Final = 32 * 2**20
BATCH_ROWS: Final = 500


@dataclass(frozen=True, slots=True, eq=False)
class _Wish:
    """A mail that a session waits for."""

    arrival: Arrival
    kept: asyncio.Future[None]
    loop: asyncio.AbstractEventLoop


class GroupKeeper:
    """cases.ports.Keeper.  `start` it before the first mail, `close` it behind the last.

    Holds at most `most_waiting` mails and `most_bytes` of them, beyond which DeskBusy asks to come back.
    """

    def __init__(self, engine: Engine, *, most_waiting: int = 2000, most_bytes: int = 256 * 2**20) -> None:
        self._engine = engine
        self._insertion = dialects.insert(engine.dialect, ArrivalRow).on_conflict_do_nothing()
        self._most_waiting = most_waiting
        self._most_bytes = most_bytes
        self._queue: deque[_Wish] = deque()
        self._bytes = 0
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._write, name="keeper", daemon=True)
        self.commits = 0

    def start(self) -> None:
        self._thread.start()

    async def close(self) -> None:
        """Everything that was queued is committed and answered; then the thread and its connection end."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if self._thread.is_alive():
            await asyncio.to_thread(self._thread.join)
        self._engine.dispose()

    async def keep(self, arrival: Arrival) -> None:
        loop = asyncio.get_running_loop()
        wish = _Wish(arrival, loop.create_future(), loop)
        with self._changed:
            full = len(self._queue) >= self._most_waiting or self._bytes >= self._most_bytes
            if full or self._closing:
                raise DeskBusy
            self._queue.append(wish)
            self._bytes += len(arrival.raw)
            self._changed.notify()
        await wish.kept

    def _write(self) -> None:
        while batch := self._next_batch():
            _answer(batch, self._keep(batch))

    def _next_batch(self) -> list[_Wish]:
        """Wait for mail; empty when the keeper closes and nothing is left."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            batch: list[_Wish] = []
            size = 0
            while self._queue and len(batch) < BATCH_ROWS and size < BATCH_BYTES:
                batch.append(self._queue.popleft())
                size += len(batch[-1].arrival.raw)
            self._bytes -= size
            return batch

    def _keep(self, batch: Sequence[_Wish]) -> list[Exception | None]:
        """What became of each: None, or why not.  A row that is at fault fails alone."""
        try:
            self._commit(batch)
        except Exception as error:  # noqa: BLE001 - whatever it is, each session hears of it
            if _concerns_all(error):
                return [_told(error) for _ in batch]
            return [_told(error)] if len(batch) == 1 else [self._keep([wish])[0] for wish in batch]
        return [None] * len(batch)

    def _commit(self, batch: Sequence[_Wish]) -> None:
        """One transaction; the very first statement on a connection that died meanwhile gets a second try."""
        rows = [arrival_values(wish.arrival) for wish in batch]
        try:
            self._insert(rows)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            self._insert(rows)
        self.commits += 1

    def _insert(self, rows: Sequence[dict[str, object]]) -> None:
        with self._engine.begin() as connection:
            connection.execute(self._insertion, rows)


def _concerns_all(error: Exception) -> bool:
    return isinstance(error, SQLAlchemyError) and passes(error)


def _told(error: Exception) -> Exception:
    """A sentence without the row in it."""
    if isinstance(error, SQLAlchemyError):
        return in_our_words(error)
    return RecordRefused(error=type(error).__name__)


def _answer(batch: Sequence[_Wish], faults: Sequence[Exception | None]) -> None:
    """Wake each loop once per batch, not once per mail."""
    by_loop: dict[asyncio.AbstractEventLoop, list[tuple[_Wish, Exception | None]]] = {}
    for wish, fault in zip(batch, faults, strict=True):
        by_loop.setdefault(wish.loop, []).append((wish, fault))
    for loop, answers in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, answers)


def _resolve(answers: Sequence[tuple[_Wish, Exception | None]]) -> None:
    """In the loop; a session that hung up has cancelled its future."""
    for wish, fault in answers:
        if wish.kept.done():
            continue
        if fault is None:
            wish.kept.set_result(None)
        else:
            wish.kept.set_exception(fault)
