"""Where uploaded files are kept: a folder beside the journal, or memory when there is no journal."""

from __future__ import annotations

import os
from pathlib import Path


class Attic:
    """Bytes by file id. Ids are made by the stand-in, so they are safe as file names."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._memory: dict[str, bytes] = {}

    def keep(self, file_id: str, content: bytes) -> None:
        """Whole or not at all: written beside and moved into place."""
        if self._folder is None:
            self._memory[file_id] = content
            return
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f"{file_id}.part"
        unfinished.write_bytes(content)
        os.replace(unfinished, self._folder / file_id)  # noqa: PTH105 - says what it promises: an atomic move

    def fetch(self, file_id: str) -> bytes:
        """Raises KeyError or FileNotFoundError for a file that never came."""
        return self._memory[file_id] if self._folder is None else (self._folder / file_id).read_bytes()
