"""The command line with fakes of our own ports behind it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import app
from bot.commands.tools import Tools, Trial
from bot.settings import Settings, load
from cases.desk import Desk
from cases.errors import ModelMissing
from cases.lessons import Example
from cases.lifecycle import propose
from cases.messages import Arrival, Channel, InboundMessage, Language, Person
from cases.model import Case, Classification, Evidence, Right
from cases.reading import Written
from cases.triage import Triage
from tests.builders import NOW, FrozenClock, an_arrival
from tests.fakes import InMemoryInbox, InMemoryKeeper, InMemoryOutbox, InMemoryStore

WORDS = {"inzage": Right.ACCESS, "verwijder": Right.ERASURE}


class WordClassifier:
    """cases.ports.Classifier: two rights, each known by one word."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def classify(self, subject_line: str, text: str) -> Classification:
        whole = subject_line + text
        found = {right: text.find(word) for word, right in WORDS.items() if word in whole}
        return Classification(
            scores={right: 0.9 if right in found else 0.1 for right in Right},
            rights=frozenset(found),
            language=Language.NL,
            evidence=tuple(
                Evidence(right=right, text=text[at : at + 6], start=at, end=at + 6)
                for right, at in found.items()
            ),
            model="words",
        )

    def classify_many(self, messages: Iterable[tuple[str, str]]) -> Iterator[Classification]:
        many = list(messages)
        self.batches.append(len(many))
        return (self.classify(*message) for message in many)


@dataclass
class House:
    """The ground that commands stand on, in memory."""

    settings: Settings
    clock: FrozenClock
    store: InMemoryStore
    desk: Desk
    inbox: InMemoryInbox
    outbox: InMemoryOutbox


@dataclass
class CommandLine:
    """Runs commands; remembers what they asked for."""

    house: House
    classifier: WordClassifier = field(default_factory=WordClassifier)
    served: list[str] = field(default_factory=list)
    trained: int = 0
    revision: str | None = "2"
    model: tuple[str | None, bool] = ("words", True)
    models: list[dict[str, Any]] = field(default_factory=list)
    learned_from: list[Example] = field(default_factory=list)
    is_better: bool = True  #: the candidate
    used: list[str] = field(default_factory=list)
    reports: list[Path] = field(default_factory=list)
    wrong: Exception | None = None  #: raised instead of settings

    def run(self, *words: str | Path, stdin: str | bytes | None = None) -> Result:
        return CliRunner().invoke(app(), [str(word) for word in words], input=stdin, obj=self.tools())

    def json(self, *words: str | Path, stdin: str | bytes | None = None) -> Any:
        """What a good command puts on standard output, which must be JSON and nothing else."""
        result = self.run(*words, stdin=stdin)
        assert result.exit_code == 0, result.stderr
        return json.loads(result.stdout)

    def fault(self, *words: str | Path, stdin: str | bytes | None = None) -> str:
        """The sentence of a fault."""
        result = self.run(*words, stdin=stdin)
        assert result.exit_code == 1, result.output
        assert "Traceback" not in result.output
        return result.stderr.strip()

    def usage(self, *words: str | Path) -> str:
        result = self.run(*words)
        assert result.exit_code == 2, result.output
        assert result.stdout == ""
        return result.stderr

    def keep(self, *cases: Case) -> None:
        async def record() -> None:
            async with self.house.store.begin() as tx:
                for case in cases:
                    await tx.record(propose(case, at=NOW))

        asyncio.run(record())

    def tools(self) -> Tools:
        return Tools(
            settings=self._settings,
            lay=self._lay,
            keeper=self._keeper,
            worker=self._worker,
            classifier=lambda _: self.classifier,
            written=lambda subject_line, text: Written(subject_line, text, text.partition("\n>")[0]),
            reader=lambda _: read,
            read_file=lambda _, raw: read(an_arrival(raw=raw)),
            mail_json=lambda message, file: {"file": file, "message_id": message.message_id},
            serve=self._serve,
            migrate=lambda _: None,
            train=self._train,
            train_candidate=self._train_candidate,
            models=lambda _: self.models,
            use_model=self._use_model,
            evaluate=self._evaluate,
            revisions=lambda _: (self.revision, "2"),
            model_version=lambda _: self.model,
        )

    def _settings(self) -> Settings:
        if self.wrong:
            raise self.wrong
        return self.house.settings

    @asynccontextmanager
    async def _lay(self, _settings: Settings) -> AsyncIterator[House]:
        yield self.house

    @asynccontextmanager
    async def _keeper(self, _ground: object) -> AsyncIterator[InMemoryKeeper]:
        yield self.house.store.keeper

    def _worker(self, _ground: object, classifier: WordClassifier) -> Any:
        triage = Triage(self.house.store, classifier, self.house.clock)

        async def take() -> int:
            arrivals = await self.house.inbox.claim(10)
            for arrival in arrivals:
                try:
                    await triage.triage(arrival.id, read(arrival))
                except UnicodeDecodeError as fault:
                    await triage.set_aside(arrival.id, type(fault).__name__)
            return len(arrivals)

        return take

    async def _serve(self, role: str, _settings: Settings) -> None:
        self.served.append(role)

    def _train_candidate(self, _settings: Settings, examples: Sequence[Example], progress: Any) -> Trial:
        progress(1, 1)
        self.learned_from = list(examples)
        reached = {"recall_after": 0.99, "macro_f1_before": 0.9, "macro_f1_after": 0.91}
        return Trial(
            current="words", candidate="new", recall_before=0.98, installed=self.is_better, **reached
        )

    def _use_model(self, _settings: Settings, version: str) -> None:
        if version == "gone":
            raise ModelMissing(place=version)
        self.used.append(version)

    def _evaluate(self, _settings: Settings, file: Path, report: Path) -> tuple[dict[str, Any], str]:
        self.reports.append(report)
        return {"all": {"mails": len(file.read_text().splitlines())}}, "recall 0.5"

    def _train(self, _settings: Settings, progress: Any) -> str:
        progress(1, 1)
        self.trained += 1
        return "new"


def read(arrival: Arrival) -> InboundMessage:
    """Enough of intake for these tests; bytes that are no UTF-8 are its unreadable mail."""
    mail = message_from_bytes(arrival.raw)
    text = mail.get_payload(decode=True).decode()
    return InboundMessage(
        channel=Channel.MAIL,
        message_id=str(mail["Message-ID"]),
        fingerprint=sha256(arrival.raw).hexdigest(),
        received_at=arrival.received_at,
        sender=Person(address=arrival.sender),
        subject_line=str(mail["Subject"] or ""),
        text=text,
        new_text=text,
    )


@pytest.fixture
def line(tmp_path) -> CommandLine:
    settings = load(data_dir=tmp_path, staff_language="nl", smtp_port=0, http_port=0, _env_file=None)
    clock = FrozenClock()
    store = InMemoryStore(clock)
    house = House(settings, clock, store, Desk(store, clock), store.inbox, store.outbox)
    return CommandLine(house)


@pytest.fixture
def mail(tmp_path):
    """Writes one mail and gives its path."""

    def write(name: str = "mail.eml", *, text: bytes = b"Graag inzage.", headers: bytes = b"") -> Path:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(
            b"From: noor@example.org\nTo: servicedesk@smartfms.nl\nSubject: Vraag\n"
            + f"Message-ID: <{name}@example.org>\n".encode()
            + headers
            + b"\n"
            + text
            + b"\n"
        )
        return file

    return write


def changed(line: CommandLine, **settings: Any) -> None:
    line.house = replace(line.house, settings=line.house.settings.model_copy(update=settings))
