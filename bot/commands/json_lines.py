"""JSON lines from a file: the good ones in order, and a sentence with its number for each bad one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Never

import typer

from bot.commands import paper
from bot.commands.faults import cannot_read

Fields = dict[str, Any]


@dataclass
class JsonLines:
    """One pass over a file, `-` being standard input; `faults` counts what was told on the way."""

    file: Path
    faults: int = 0

    def __iter__(self) -> Iterator[tuple[int, Fields]]:
        """Line number, from 1, and its object; empty lines are skipped."""
        with self._open() as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip() and (fields := self._object(number, line)) is not None:
                    yield number, fields

    def tell(self, number: int, why: str) -> None:
        """A line that cannot be used; the others go on."""
        self.faults += 1
        paper.complain(f"{paper.plain(str(self.file))}: line {number}: {why}.")

    def end(self) -> None:
        """Exit code 1 when a line was left out."""
        if self.faults:
            raise typer.Exit(1)

    def _object(self, number: int, line: bytes) -> Fields | None:
        try:
            value = json.loads(line.decode("utf-8-sig"), parse_constant=_no_number)
        except UnicodeDecodeError:
            self.tell(number, "it is not UTF-8 text")
        except (ValueError, RecursionError):
            self.tell(number, "it is not JSON")
        else:
            if isinstance(value, dict):
                return value
            self.tell(number, "write one JSON object per line")
        return None

    def _open(self) -> AbstractContextManager[BinaryIO]:
        if str(self.file) == "-":
            return nullcontext(typer.get_binary_stream("stdin"))
        try:
            return self.file.open("rb")
        except OSError as fault:
            raise cannot_read(self.file, fault) from None


def _no_number(name: str) -> Never:
    """NaN and Infinity are no JSON (RFC 8259), and would come out again as no JSON."""
    raise ValueError(name)
