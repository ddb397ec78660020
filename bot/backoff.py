"""How long to wait before trying again."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Final

FIRST: Final = 2.0
_LONGEST: Final = 900.0


def pause(attempts: int, first: float = FIRST) -> timedelta:
    """`first` seconds, then twice as long each time up to a quarter of an hour, spread by a fifth so that
    what failed together does not come back together.
    """
    seconds = min(_LONGEST, first * 2 ** min(attempts, 12))
    return timedelta(seconds=seconds * random.uniform(0.8, 1.2))  # noqa: S311 - no secret, only spread
