"""`make bench`: tables on standard output, progress on standard error; 1 when a mail was lost."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Final

from bot.settings import load
from nlp.training import fingerprint
from tests.bench import accepting, cards, doors, reading, report, triaging
from tests.bench.processes import DidNotStart

_NO_MODEL: Final = "left out: there is no trained model (`make train` makes one)"


def main() -> int:
    asked = _asked()
    began = time.perf_counter()
    _say(f"{report.surroundings()}\nBaseline of every ratio: {doors.BARE}, in the same run\n")
    _say(_heading("Accepting mail, 5 kB"))
    book = accepting.measure(doors.openings(asked.model), rounds=asked.rounds, say=_progress)
    _say(report.accepting(book))
    if not asked.model:
        _say(f"\n{doors.BUSY}: {_NO_MODEL}")
    failed = not all(tally.is_square for tally in book.tallies)
    for title, measured in (
        ("From a mail's 250 to its card", _cards),
        ("Triage, one worker", _triage),
        (f"Reading a mail of some 150 words, beside a {reading.BARE}", _reading),
    ):
        _say(f"\n{_heading(title)}")
        failed |= not _tried(measured, asked.model)
    _say(f"\n{time.perf_counter() - began:.0f} s in all")
    return int(failed)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="turns of every door at every shape")
    parser.add_argument("--model", type=Path, default=load().model_dir, help="folder of the trained model")
    asked = parser.parse_args()
    asked.model = asked.model.resolve() if fingerprint.version_of(asked.model) else None
    return asked


def _tried(measured: Callable[[Path, Path], str], model: Path | None) -> bool:
    """A part that fails is said in its place; the others are still shown."""
    if model is None:
        _say(f"  {_NO_MODEL}")
        return True
    with tempfile.TemporaryDirectory(prefix="rightsdesk-bench-") as folder:
        try:
            _say(f"  {measured(Path(folder), model)}")
        except (DidNotStart, LookupError, OSError) as fault:
            _say(f"  failed: {fault}")
            for log in Path(folder).glob("*.log"):
                _progress(log.read_text(encoding="utf-8", errors="replace")[-1000:])
            return False
    return True


def _cards(folder: Path, model: Path) -> str:
    return report.spread("card visible through the Web API", cards.measure(folder, model))


def _triage(folder: Path, model: Path) -> str:
    rounds = triaging.measure(folder, model)
    ratios = [whole / alone for alone, whole in rounds]
    return (
        f"read, classified and filed: {median(whole for _, whole in rounds):.0f} mails/s, "
        f"classified only: {median(alone for alone, _ in rounds):.0f}/s, "
        f"ratio {median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f} over {len(rounds)} rounds)"
    )


def _reading(_folder: Path, model: Path) -> str:
    return reading.told(model)


def _heading(title: str) -> str:
    return f"{title}\n{'-' * len(title)}"


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the report


def _progress(text: str) -> None:
    print(f"... {text}", file=sys.stderr, flush=True)  # noqa: T201 - as above


if __name__ == "__main__":
    raise SystemExit(main())
