"""How a role runs until it is told to stop, and shows that it is alive meanwhile."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, Final

import structlog

from bot.health import BEAT_EVERY
from bot.roles.foundations import Foundations
from cases.errors import RightsDeskError
from cases.model import Fact

log = structlog.get_logger()

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)


class CannotListen(RightsDeskError):
    """{setting}: nothing can listen on {place} ({why}).  Choose another, or stop what is there."""


@contextmanager
def named_when_taken(setting: str, place: str) -> Iterator[None]:
    """CannotListen instead of the system's own words, which name no setting."""
    try:
        yield
    except OSError as fault:
        why = os.strerror(fault.errno) if fault.errno else type(fault).__name__
        raise CannotListen(setting=setting, place=place, why=why.lower()) from None


async def stopped(told: asyncio.Event | None = None) -> None:
    """Return when the process is asked to stop, or `told` is set; a second request is left to kill it."""
    loop, told = asyncio.get_running_loop(), told or asyncio.Event()
    for number in _SIGNALS:
        loop.add_signal_handler(number, told.set)
    try:
        await told.wait()
    finally:
        for number in _SIGNALS:
            loop.remove_signal_handler(number)


@asynccontextmanager
async def tasks(*work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Run these beside the body; when the body ends they are cancelled, when one fails the body is."""
    async with asyncio.TaskGroup() as group:
        running = [group.create_task(job) for job in work]
        yield
        for task in running:  # when the body fails the group does so, and twice would cut off a rollback
            task.cancel()


async def beating(
    house: Foundations, role: str, facts: Callable[[], Mapping[str, Fact]] = dict[str, Fact]
) -> None:
    """A sign of life every few seconds, until cancelled; and whether the database takes what we write."""
    while True:
        try:
            await house.pulses.beat(role, house.instance, facts())
        except RightsDeskError as fault:  # an idle house writes nothing else, so this is where it shows
            await house.troubles.failed("database", type(fault).__name__)
        else:
            await house.troubles.worked("database")
        await asyncio.sleep(BEAT_EVERY)


def settle_memory() -> None:
    """Once after start: what is loaded stays, and the collector need not walk it (p99 2.2 -> 1.0)."""
    gc.collect()
    gc.freeze()
