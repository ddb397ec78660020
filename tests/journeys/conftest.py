"""The model that every journey needs, trained before the first of them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.journeys.product import kill_all

_FIND = "from tests.models import model_for_tests; print(model_for_tests())"


@pytest.fixture(scope="session")
def trained_model() -> str:
    """In a process of its own, so that spaCy is not loaded beside the tests."""
    root = Path(__file__).parent.parent.parent
    told = subprocess.run([sys.executable, "-c", _FIND], cwd=root, check=True, capture_output=True, text=True)
    return told.stdout.splitlines()[-1]


@pytest.fixture(autouse=True)
async def _nothing_runs_on() -> AsyncIterator[None]:
    yield
    await kill_all()
