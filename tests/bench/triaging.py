"""What one worker reads, classifies and files, beside what the classifier does alone with the same words.

A process of its own (`python -m tests.bench.triaging FOLDER MODEL`), as the worker is; the result is one line
of JSON on standard output.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from bot import logs
from bot.bell import Bell
from bot.roles.foundations import Foundations, lay
from bot.roles.running import settle_memory
from bot.roles.worker import Worker, reader_for
from bot.settings import load
from cases.messages import Arrival, InboundMessage
from cases.triage import Triage
from nlp.classifier import SpacyClassifier
from storage.keeping import GroupKeeper
from storage.schema import migrate
from tests.bench.mails import MAILBOX, numbered
from tests.bench.processes import DidNotStart, started, told

_BEGINNING: Final = "TRIAGE "
Round = tuple[float, float]  #: mails per second: classified only, and by the whole worker


def measure(folder: Path, model: Path) -> list[Round]:
    """Rounds, each beside its own baseline, from a process of its own."""
    with started(folder, "tests.bench.triaging", str(folder), str(model)) as process:
        return [(alone, whole) for alone, whole in json.loads(told(process, _BEGINNING))]


async def triaged(folder: Path, model: Path, rounds: int = 5, mails: int = 100) -> list[Round]:
    """Keep `mails`, classify their words alone, then let the worker take them; and so on."""
    settings = load(
        database_url=f"sqlite:///{folder / 'triage.db'}", data_dir=folder, mailboxes=MAILBOX, model=model
    )
    await asyncio.to_thread(migrate, settings.database_url)
    classifier = SpacyClassifier.load(model)
    read = reader_for(settings)
    async with lay(settings) as house:
        worker = Worker(house, Triage(house.store, classifier, house.clock), read, Bell())
        done = []
        for turn in range(rounds + 1):
            arrivals = [_arrival(house, number) for number in range(turn * mails, (turn + 1) * mails)]
            await _keep(house, arrivals)
            words = [read(arrival) for arrival in arrivals]
            settle_memory()
            done.append((mails / _classifying(classifier, words), mails / await _working(worker, mails)))
    return done[1:]  # the first warms both


def _arrival(house: Foundations, number: int) -> Arrival:
    raw = numbered(number)
    return Arrival(sender="klant@voorbeeld.nl", recipients=(MAILBOX,), raw=raw, received_at=house.clock.now())


async def _keep(house: Foundations, arrivals: Sequence[Arrival]) -> None:
    keeper = GroupKeeper(house.database.sync_engine())
    keeper.start()
    await asyncio.gather(*map(keeper.keep, arrivals))
    await keeper.close()


def _classifying(classifier: SpacyClassifier, messages: Sequence[InboundMessage]) -> float:
    return _timed(lambda: [classifier.classify(one.subject_line, one.new_text) for one in messages])


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


async def _working(worker: Worker, mails: int) -> float:
    began, done = time.perf_counter(), 0
    while taken := await worker.round():
        done += taken
    seconds = time.perf_counter() - began
    if done != mails:
        raise DidNotStart(f"the worker took {done} mails of {mails}")
    return seconds


if __name__ == "__main__":
    logs.set_up("console", "info")
    print(_BEGINNING + json.dumps(asyncio.run(triaged(Path(sys.argv[1]), Path(sys.argv[2])))))  # noqa: T201 - the result
