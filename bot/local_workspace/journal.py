"""The stand-in's memory on disk: one JSON object a line, only ever added to.

A line is handed to the operating system before the reply that depends on it leaves, so a killed process
loses nothing that it had answered `ok: true` for. A line that was cut in the middle by such a kill was
never answered: it is dropped, and the next line starts after it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any


class Journal:
    """An append-only JSON-lines file, or nothing at all when there is no path (memory only)."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._file: IO[bytes] | None = None
        self._closed = False

    def replay(self) -> Iterator[dict[str, Any]]:
        """Every whole record, oldest first; a torn last line is cut off so that the file stays readable."""
        if self._path is None or not self._path.exists():
            return
        whole = 0
        with self._path.open("rb") as lines:
            for line in lines:
                if not line.endswith(b"\n"):
                    break
                whole += len(line)
                record = _read(line)
                if record is not None:
                    yield record
        if whole < self._path.stat().st_size:
            with self._path.open("rb+") as torn:
                torn.truncate(whole)

    def append(self, record: dict[str, Any]) -> None:
        """Returns once the kernel has the line: it survives the death of this process, not of the machine."""
        if self._path is None:
            return
        line = json.dumps(record, separators=(",", ":")).encode() + b"\n"
        if self._closed:
            with self._path.open("ab", buffering=0) as late:
                late.write(line)
            return
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("ab", buffering=0)
        self._file.write(line)

    def close(self) -> None:
        """What is still written after this (a call that was under way) opens the file for itself."""
        self._closed = True
        if self._file is not None:
            self._file.close()
            self._file = None


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) else None
