"""One of each role on SQLite."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from storage.errors import RoleTaken
from storage.locks import RoleLock

ROOT = Path(__file__).parents[2]

_HOLD = """
import sys, pathlib
from storage.locks import RoleLock
with RoleLock(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_role_that_runs_already_is_named(tmp_path: Path) -> None:
    first, second = RoleLock(tmp_path / "var" / "worker.lock"), RoleLock(tmp_path / "var" / "clock.lock")
    first.take()
    second.take()

    with pytest.raises(RoleTaken, match="The role worker already runs"):
        RoleLock(tmp_path / "var" / "worker.lock", patience=0.1).take()

    first.give_back()
    with RoleLock(tmp_path / "var" / "worker.lock", patience=0):
        second.give_back()


@pytest.mark.parametrize("end", ["kill", "terminate"])
def test_a_role_is_free_when_its_process_ends_however_it_ends(tmp_path: Path, end: str) -> None:
    path = tmp_path / "bot.lock"
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        with pytest.raises(RoleTaken):
            RoleLock(path, patience=0).take()

        getattr(process, end)()

        with RoleLock(path, patience=10):
            assert process.wait(10) != 0
