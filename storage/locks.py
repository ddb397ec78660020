"""One process per role on a data folder: SQLite takes one writer of a kind."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from storage.errors import RoleTaken

_LOOK_AGAIN: Final = 0.05


class RoleLock:
    """An exclusive lock on a file, released by the system when its process ends, however it ends.

    Waits `patience` seconds for a predecessor that is just stopping, then raises RoleTaken.  It blocks the
    thread meanwhile: take it before the event loop has anything to do.
    """

    def __init__(self, path: Path, *, patience: float = 10) -> None:
        self._path = path
        self._patience = patience
        self._file: int | None = None

    def take(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        until = time.monotonic() + self._patience
        while not _locked(file):
            if time.monotonic() > until:
                os.close(file)
                raise RoleTaken(role=self._path.stem)
            time.sleep(_LOOK_AGAIN)
        self._file = file

    def give_back(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        self.take()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.give_back()


def _locked(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
