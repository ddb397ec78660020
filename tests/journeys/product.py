"""The real product as a process: started, spoken to, killed, stopped."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

#: What would reach the product from whoever runs the tests, and must not.
_OURS = re.compile(r"RIGHTSDESK_|SLACK_|DATABASE_URL|https?_proxy", re.IGNORECASE)
_SMTP = re.compile(r"SMTP on \S+:(\d+)")
_HTTP = re.compile(r"HTTP on (\S+)")


_started: list[Product] = []


async def eventually(true: Callable[[], Any], what: str, *, seconds: float = 20) -> Any:
    """Wait on a condition, which may be a coroutine; its value."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                value = true()
                value = await value if asyncio.iscoroutine(value) else value
                if value:
                    return value
                await asyncio.sleep(0.02)
    except TimeoutError:
        raise AssertionError(f"did not happen within {seconds} s: {what}") from None


def environment(folder: Path, **settings: str) -> dict[str, str]:
    """Nothing of whoever runs the tests, free ports, and everything in one folder."""
    clean = {name: value for name, value in os.environ.items() if not _OURS.match(name)}
    scripts = str(Path(sys.executable).parent)
    return {
        **clean,
        "PATH": f"{scripts}{os.pathsep}{clean.get('PATH', '')}",
        "RIGHTSDESK_SMTP_PORT": "0",
        "RIGHTSDESK_HTTP_PORT": "0",
        "RIGHTSDESK_DATA_DIR": str(folder),
        **settings,
    }


def is_alive(pid: int) -> bool:
    """Still there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


@dataclass
class Product:
    """One running process, and what it said."""

    process: Process
    said: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _readers: list[asyncio.Task[None]] = field(default_factory=list)

    def listen(self) -> None:
        for stream, lines in ((self.process.stdout, self.said), (self.process.stderr, self.errors)):
            assert stream is not None
            self._readers.append(asyncio.create_task(_read(stream, lines)))

    @property
    def everything(self) -> str:
        return "\n".join([*self.said, *self.errors])

    @property
    def smtp_port(self) -> int | None:
        found = _SMTP.search("\n".join(self.said))
        return int(found[1]) if found else None

    @property
    def page(self) -> str | None:
        found = _HTTP.search("\n".join(self.said))
        return found[1] if found else None

    @property
    def runs(self) -> bool:
        return self.process.returncode is None

    def children(self) -> list[int]:
        pid = self.process.pid
        with suppress(FileNotFoundError):
            told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
            return [int(child) for child in told.split()]
        return []

    async def up(self) -> int:
        """The port of the mail door, once it is open."""
        await eventually(lambda: self.smtp_port or not self.runs, "the mail door opens", seconds=30)
        assert self.runs, self.everything
        assert self.smtp_port
        return self.smtp_port

    async def health(self) -> tuple[int, dict[str, Any]]:
        """HTTP status, and the parts."""
        async with aiohttp.ClientSession() as session, session.get(f"{self.page}health") as answer:
            return answer.status, (await answer.json())["parts"]

    async def kill(self) -> None:
        """As the machine would: no goodbye."""
        with suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    async def stop(self, number: signal.Signals = signal.SIGTERM, *, seconds: float = 20) -> int:
        """Ask it to end; its exit code."""
        if self.runs:
            self.process.send_signal(number)
        async with asyncio.timeout(seconds):
            return await self.ended()

    async def ended(self) -> int:
        code = await self.process.wait()
        await asyncio.gather(*self._readers)
        return code


async def _read(stream: asyncio.StreamReader, lines: list[str]) -> None:
    async for line in stream:
        lines.append(line.decode("utf-8", "replace").rstrip("\n"))  # noqa: PERF401 - read while it still talks


async def start(env: Mapping[str, str], *command: str, folder: Path | None = None) -> Product:
    """`rightsdesk COMMAND`, in a folder where no .env lies."""
    program = str(Path(sys.executable).parent / "rightsdesk")
    product = Product(
        await asyncio.create_subprocess_exec(
            program,
            *(command or ("run",)),
            env=dict(env),
            cwd=folder or env["RIGHTSDESK_DATA_DIR"],
            stdout=PIPE,
            stderr=PIPE,
            limit=2**22,
        )
    )
    product.listen()
    _started.append(product)
    return product


async def kill_all() -> None:
    """Behind a test that failed: nothing of it runs on."""
    while _started:
        product = _started.pop()
        if product.runs:
            await product.kill()


@asynccontextmanager
async def running(env: Mapping[str, str], *command: str) -> AsyncIterator[Product]:
    """With its doors open, and gone at the end however the test went."""
    product = await start(env, *command)
    try:
        await product.up()
        yield product
    finally:
        if product.runs:
            try:
                await product.stop()
            except TimeoutError:
                await product.kill()
        await product.ended()
