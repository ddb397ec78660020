"""The process that started this one: its lines ring, and when it is gone, however it went, we end too.

Nothing is imported here that takes time, so that a child is no orphan while it still loads its model.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Callable
from typing import Final

_STDIN: Final = 0
_GRACE: Final = 3.0  #: seconds to give back what was begun


class Parent:
    """Watched by a thread: a line on standard input rings, its end means that the parent is gone.

    Until `tell` is called there is nothing to give back, and the process ends at once.
    """

    def __init__(self) -> None:
        self._ring: Callable[[], None] = _nothing
        self._end: Callable[[], None] = _leave

    def watch(self) -> None:
        threading.Thread(target=self._listen, name="parent", daemon=True).start()

    def tell(self, *, ring: Callable[[], None], gone: Callable[[], None]) -> None:
        """From now on these are called in the running loop."""
        loop = asyncio.get_running_loop()

        def end() -> None:
            loop.call_soon_threadsafe(gone)
            time.sleep(_GRACE)
            _leave()  # a worker that hangs in a mail must not outlive its parent

        self._end = end
        self._ring = lambda: _call(loop, ring)

    def _listen(self) -> None:
        while os.read(_STDIN, 4096):
            self._ring()
        self._end()


def _call(loop: asyncio.AbstractEventLoop, ring: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(ring)


def _leave() -> None:
    os._exit(0)


def _nothing() -> None:
    """Nobody listens yet."""
