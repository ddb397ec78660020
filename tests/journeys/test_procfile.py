"""The Procfile as it is, on PostgreSQL, with two workers: each mail kept once, read once, carded once."""

from __future__ import annotations

import asyncio
import re
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from tests.conftest import PostgresServer
from tests.journeys.customers import Sender, a_mail
from tests.journeys.letterbox import letterbox_open
from tests.journeys.product import Product, environment, eventually, is_alive, start
from tests.journeys.records import records_of
from tests.journeys.slack import slack_served

ROOT = Path(__file__).parent.parent.parent
HONCHO = str(Path(sys.executable).parent / "honcho")
REQUESTS, ORDINARY = 60, 140
_SESSIONS = 4
_PORT = re.compile(r"smtp\.1\s+\| SMTP on \S+:(\d+)")


@pytest.mark.postgres
@pytest.mark.timeout(200)
async def test_two_workers_read_two_hundred_mails_once_each_and_every_case_gets_one_card(
    tmp_path: Path, trained_model: str, postgres_server: PostgresServer
) -> None:
    url = postgres_server.new_database("template0")
    async with slack_served(tmp_path) as slack, letterbox_open() as box:
        settings = {"DATABASE_URL": url, "RIGHTSDESK_MODEL": trained_model, **slack.settings, **box.settings}
        env = environment(tmp_path, **settings)
        await _release(env, tmp_path)
        async with _honcho(env, tmp_path, "smtp", "worker", "bot", "clock", "-c", "worker=2") as house:
            port = int((await eventually(lambda: _PORT.search(house.everything), "the mail door opens"))[1])

            await _send_all(port)

            async with records_of(url) as records:
                await eventually(records.idle, "all is read and delivered", seconds=60)
            descendants = _descendants(house.process.pid)
            code = await house.stop(signal.SIGTERM)

        async with records_of(url) as records:
            kept, read, states = await records.kept(), await records.read(), await records.states()
            files, broken = await records.files(), await records.broken_chains()
    assert sum(kept.values()) == len(kept) == REQUESTS + ORDINARY
    assert read == kept
    assert states == {"read": REQUESTS + ORDINARY}
    assert len(files) >= REQUESTS * 0.8, "the classifier finds most of them"
    assert sorted(file.card.ts for file in files if file.card) == sorted(card["ts"] for card in slack.cards())
    assert len(slack.cards()) == len(files)
    assert broken == []
    assert sum(_workers_that_read(house).values()) == REQUESTS + ORDINARY
    assert min(_workers_that_read(house).values()) > 0, "both workers had their share"
    assert len(descendants) >= 5
    assert not any(is_alive(pid) for pid in descendants)
    assert code in {0, -signal.SIGTERM, 128 + signal.SIGTERM}, house.everything
    assert "Traceback" not in house.everything


async def _release(env: dict[str, str], folder: Path) -> None:
    """The phase before a deployment's processes start, word for word as the Procfile has it."""
    lines = (ROOT / "Procfile").read_text(encoding="utf-8").splitlines()
    (command,) = [line.partition(": ")[2] for line in lines if line.startswith("release: ")]
    program, *words = command.split()
    assert program == "rightsdesk"
    release = await start(env, *words, folder=folder)
    assert await release.ended() == 0, release.everything


@asynccontextmanager
async def _honcho(env: dict[str, str], folder: Path, *words: str) -> AsyncIterator[Product]:
    shutil.copy(ROOT / "Procfile", folder)
    process = await asyncio.create_subprocess_exec(
        HONCHO,
        "start",
        *words,
        env=env,
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    house = Product(process)
    house.listen()
    try:
        yield house
    finally:
        if house.runs:
            with suppress(TimeoutError):
                await house.stop()
        await house.kill()
        await house.ended()


async def _send_all(port: int) -> None:
    """In four sessions at once, requests and ordinary mail mixed."""
    mails = [a_mail(number, is_request=number % 10 < 3) for number in range(REQUESTS + ORDINARY)]
    sender = Sender()

    async def session(mine: int) -> None:
        for mail in mails[mine::_SESSIONS]:
            await sender.deliver(port, mail)

    async with asyncio.TaskGroup() as group:
        for mine in range(_SESSIONS):
            group.create_task(session(mine))
    assert len(sender.accepted) == len(mails)


def _workers_that_read(house: Product) -> dict[str, int]:
    """By their lines in the log, which name no mail."""
    lines = house.everything.splitlines()
    names = ("worker.1", "worker.2")
    return {name: sum(f" {name}" in line and "mail read" in line for line in lines) for name in names}


def _descendants(pid: int) -> list[int]:
    try:
        told = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except FileNotFoundError:
        return []
    return [found for child in map(int, told.split()) for found in (child, *_descendants(child))]
