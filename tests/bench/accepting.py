"""How much mail each door accepts: rounds in which every door has its turn, each beside its own baseline."""

from __future__ import annotations

import json
import math
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from tests.bench.doors import Door, Opening, kept, unread
from tests.bench.load import Job, Result
from tests.bench.processes import DidNotStart, started

_WARMING: Final = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """`mails` in all, over `sessions` connections at a time; `one_each`: a new connection for each."""

    sessions: int
    mails: int
    one_each: bool

    def __str__(self) -> str:
        return f"{self.sessions} sessions, {'one mail' if self.one_each else 'many mails'} each"


SHAPES: Final = (
    Shape(sessions=20, mails=1000, one_each=False),
    Shape(sessions=100, mails=1000, one_each=False),
    Shape(sessions=20, mails=600, one_each=True),
    Shape(sessions=100, mails=600, one_each=True),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """What one door did in one round.  Mails per second; seconds; the last two per mail, of the server."""

    rate: float
    p50: float
    p99: float
    working: float
    queueing: float  #: ready to run while others had the processors: how noisy the machine was


@dataclass(slots=True)
class Book:
    """All turns, by shape and door, each list in the order of the rounds; and what was acknowledged."""

    turns: dict[tuple[str, str], list[Turn]] = field(default_factory=dict)
    acknowledged: dict[str, set[int]] = field(default_factory=dict)
    sent: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """Sent, acknowledged and found again, of one door."""

    door: str
    sent: int
    acknowledged: int
    missing: int
    twice: int

    @property
    def is_square(self) -> bool:
        return self.sent == self.acknowledged and not self.missing and not self.twice


class Sender:
    """The load process; every mail of a run has a number of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self._numbers = count(1)

    def send(self, door: Door, shape: Shape) -> Result:
        first = next(self._numbers)
        self._numbers = count(first + shape.mails)
        job = Job(
            port=door.port, sessions=shape.sessions, mails=shape.mails, first=first, one_each=shape.one_each
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(asdict(job)), file=self._process.stdin, flush=True)
        answer = self._process.stdout.readline()
        if not answer:
            raise DidNotStart("the sender ended")
        return Result(**json.loads(answer))


def measure(
    openings: Sequence[Opening],
    *,
    shapes: Sequence[Shape] = SHAPES,
    rounds: int = 5,
    warming: int = _WARMING,
    say: Callable[[str], None] = lambda _: None,
) -> Book:
    """Everything, doors in changing order; at the end what was acknowledged is looked for in each store."""
    book = Book()
    with _opened(openings) as (doors, sender):
        for door in doors:
            _turn(book, sender, door, Shape(sessions=min(20, warming), mails=warming, one_each=False))
        for shape in shapes:
            say(str(shape))
            for turn in range(rounds):
                start = turn % len(doors)
                for door in (*doors[start:], *doors[:start]):
                    done = _turn(book, sender, door, shape)
                    book.turns.setdefault((str(shape), door.name), []).append(done)
        book.tallies.extend(_tally(book, door) for door in doors if door.url)
    return book


@contextmanager
def _opened(openings: Sequence[Opening]) -> Iterator[tuple[list[Door], Sender]]:
    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rightsdesk-bench-")))
        doors = []
        for number, opening in enumerate(openings):
            folder = home / str(number)
            folder.mkdir()
            doors.append(stack.enter_context(opening(folder)))
        yield doors, Sender(stack.enter_context(started(home, "tests.bench.load")))


def _turn(book: Book, sender: Sender, door: Door, shape: Shape) -> Turn:
    before = door.spent()
    with door.at_work():
        result = sender.send(door, shape)
        if door.worker and not unread(door.url):
            book.remarks.append(f"{shape}: the worker had read everything before the end of a round")
    book.sent[door.name] = book.sent.get(door.name, 0) + shape.mails
    book.acknowledged.setdefault(door.name, set()).update(result.acknowledged)
    if len(result.waits) < 2:
        return Turn(rate=0.0, p50=math.nan, p99=math.nan, working=math.nan, queueing=math.nan)
    after = door.spent()
    hundredths = quantiles(result.waits, n=100, method="inclusive")
    return Turn(
        rate=len(result.waits) / result.seconds,
        p50=median(result.waits),
        p99=hundredths[98],
        working=(after.working - before.working) / len(result.waits),
        queueing=(after.queueing - before.queueing) / len(result.waits),
    )


def _tally(book: Book, door: Door) -> Tally:
    found = kept(door.url)
    acknowledged = book.acknowledged[door.name]
    return Tally(
        door=door.name,
        sent=book.sent[door.name],
        acknowledged=len(acknowledged),
        missing=len(acknowledged - set(found)),
        twice=len(found) - len(set(found)),
    )
