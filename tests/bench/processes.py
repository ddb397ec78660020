"""Servers and senders in processes of their own, as in a real house."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bot.settings import child_environment

ROOT: Final = Path(__file__).parents[2]
_GRACE: Final = 40.0  #: seconds to stop in order


class DidNotStart(Exception):
    """A process ended, or said nothing of use; its last words are the text."""


@contextmanager
def started(folder: Path, *words: str, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """`python -m words` in a folder of its own, where no `.env` waits, with its log; ended at the end."""
    known = child_environment(PYTHONPATH=str(ROOT), PYTHONUNBUFFERED="1", **environment)
    with (
        (folder / f"{words[-1].rpartition('.')[2]}.log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-m", *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            cwd=folder,
            env=known,
            text=True,
        ) as process,
    ):
        try:
            yield process
        finally:
            _end(process)


def told(process: subprocess.Popen[str], beginning: str) -> str:
    """The rest of the first line that begins so; DidNotStart when the process ends before."""
    assert process.stdout is not None
    for line in process.stdout:
        if line.startswith(beginning):
            return line.removeprefix(beginning).strip()
    raise DidNotStart(f"{process.args!r} did not say {beginning!r} and ended with {process.wait()}")


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.communicate(timeout=_GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
