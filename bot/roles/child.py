"""The worker as a child process: started, woken, started again when it dies, and never left behind."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

import structlog

from bot.backoff import pause
from bot.roles.running import tasks
from bot.settings import child_environment

log = structlog.get_logger()

_GRACE: Final = 10.0  #: seconds for the child to end by itself


class WorkerChild:
    """A line on its standard input wakes it; the end of that input, however it comes about, ends it."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    def ring(self) -> None:
        """There is mail to read."""
        if self._process and self._process.stdin and not self._process.stdin.is_closing():
            self._process.stdin.write(b"\n")

    async def run(self) -> None:
        """Keep one alive until cancelled."""
        died = 0
        try:
            while True:
                started = asyncio.get_running_loop().time()
                self._process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-m", "bot", "worker", "--child"),
                    stdin=asyncio.subprocess.PIPE,
                    env=child_environment(),
                    start_new_session=True,  # Ctrl-C reaches the parent alone, which then ends the child
                )
                code = await self._process.wait()
                died = 0 if asyncio.get_running_loop().time() - started > 60 else died + 1  # noqa: PLR2004 - a minute of life counts as healthy
                log.warning("worker ended, started again", code=code, died=died)
                await asyncio.sleep(pause(min(died - 2, 4)).total_seconds() if died > 1 else 0)
        finally:
            await self._end()

    async def _end(self) -> None:
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.terminate()
        try:
            async with asyncio.timeout(_GRACE):
                await process.wait()
        except TimeoutError:
            process.kill()
            await process.wait()


@asynccontextmanager
async def worker_kept() -> AsyncIterator[WorkerChild]:
    child = WorkerChild()
    async with tasks(child.run()):
        yield child
