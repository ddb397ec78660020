"""The figures as plain tables.  A ratio is the median of each round's ratio to that round's baseline."""

from __future__ import annotations

import math
import os
import platform
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from typing import Final

from tests.bench.accepting import Book, Turn
from tests.bench.doors import BARE

#: cpu and queue are of the server and per mail: at work, and ready to work while others had the processors
_COLUMNS: Final = (
    "door",
    "mails/s",
    "p50 ms",
    "p99 ms",
    "cpu ms",
    "queue ms",
    "rate/bare",
    "(rounds)",
    "p99/bare",
    "(rounds)",
)


def accepting(book: Book) -> str:
    """One table per shape, and what was counted back."""
    shapes = list(dict.fromkeys(shape for shape, _ in book.turns))
    parts = [_shape(book, shape) for shape in shapes]
    counted = [
        f"{tally.door}: {tally.sent} sent, {tally.acknowledged} acknowledged, "
        f"{tally.acknowledged - tally.missing} found in the store, "
        f"{tally.missing} missing, {tally.twice} twice"
        for tally in book.tallies
    ]
    return "\n\n".join([*parts, "\n".join(["Counted back", *counted, *dict.fromkeys(book.remarks)])])


def _shape(book: Book, shape: str) -> str:
    baseline = book.turns[shape, BARE]
    rows = [_row(door, turns, baseline) for (of, door), turns in book.turns.items() if of == shape]
    return f"{shape}, {len(baseline)} rounds\n{table([_COLUMNS, *sorted(rows, key=_baseline_first)])}"


def _baseline_first(row: Sequence[str]) -> bool:
    return row[0] != BARE


def _row(door: str, turns: Sequence[Turn], baseline: Sequence[Turn]) -> Sequence[str]:
    return (
        door,
        f"{median(turn.rate for turn in turns):.0f}",
        f"{median(turn.p50 for turn in turns) * 1e3:.1f}",
        f"{median(turn.p99 for turn in turns) * 1e3:.1f}",
        f"{median(turn.working for turn in turns) * 1e3:.2f}",
        f"{median(turn.queueing for turn in turns) * 1e3:.2f}",
        *_ratio(turns, baseline, lambda turn: turn.rate),
        *_ratio(turns, baseline, lambda turn: turn.p99),
    )


def _ratio(turns: Sequence[Turn], baseline: Sequence[Turn], of: Callable[[Turn], float]) -> tuple[str, str]:
    """The median and the range over the rounds."""
    ratios = [
        of(turn) / of(bare) if of(bare) else math.nan for turn, bare in zip(turns, baseline, strict=True)
    ]
    return f"{median(ratios):.2f}", f"{min(ratios):.2f}-{max(ratios):.2f}"


def spread(name: str, seconds: Sequence[float]) -> str:
    return (
        f"{name}: min {min(seconds) * 1e3:.0f} ms, median {median(seconds) * 1e3:.0f} ms, "
        f"max {max(seconds) * 1e3:.0f} ms ({len(seconds)} mails)"
    )


def table(rows: Sequence[Sequence[str]]) -> str:
    """First column to the left, figures to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Iterable[str], widths: Sequence[int]) -> str:
    first, *rest = zip(row, widths, strict=True)
    return "  " + "  ".join([first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)])


def surroundings() -> str:
    """What the figures depend on: cores, load, and what the disk takes to sync."""
    return (
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, "
        f"fsync of 5 kB {_fsync() * 1e3:.2f} ms (median of 50, in the temporary folder)"
    )


def _fsync() -> float:
    times = []
    with tempfile.TemporaryFile() as file:
        for _ in range(50):
            began = time.perf_counter()
            file.write(bytes(5000))
            file.flush()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - began)
    return median(times)
