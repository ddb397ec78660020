"""The sender: many SMTP sessions at once from a process of its own, so that it takes nothing from the server.

One job as JSON per line on standard input, one result per line on standard output; the end of the input
ends it.  It knows only as much SMTP as it needs, which makes it several times cheaper than the server.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass, field

from tests.bench.mails import MAILBOX, numbered

#: What to say next, given the answer to what was said.
Talk = Generator[bytes, bytes, None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """Send the mails `first` to `first + mails - 1` over `sessions` connections at once."""

    port: int
    sessions: int
    mails: int
    first: int
    one_each: bool  #: a connection per mail


@dataclass(kw_only=True, slots=True)
class Result:
    """Times in seconds; `waits` from the final dot to its answer, of what was acknowledged."""

    seconds: float = 0.0
    acknowledged: list[int] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)


class Visitor(asyncio.Protocol):
    """One connection that says what `talk` wants and hears until the answer is whole."""

    def __init__(self, talk: Talk, gone: asyncio.Future[None]) -> None:
        self._talk = talk
        self._gone = gone
        self._heard = b""
        next(talk)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._heard += data
        last = self._heard.rfind(b"\n", 0, -1) + 1
        if not self._heard.endswith(b"\n") or self._heard[last + 3 : last + 4] == b"-":
            return
        heard, self._heard = self._heard, b""
        try:
            self._transport.write(self._talk.send(heard))  # type: ignore[attr-defined]  # a socket's transport writes
        except StopIteration:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self._gone.done():
            self._gone.set_result(None)


def talk(numbers: Iterator[int], result: Result, *, one: bool) -> Talk:
    """A session; it ends early when anything but a yes is heard."""
    if not (yield b"").startswith(b"220") or not (yield b"EHLO bench.voorbeeld.nl\r\n").startswith(b"250"):
        return
    for number in numbers:
        mail = numbered(number)
        yield b"MAIL FROM:<klant@voorbeeld.nl>\r\n"
        yield b"RCPT TO:<%s>\r\n" % MAILBOX.encode()
        if not (yield b"DATA\r\n").startswith(b"354"):
            return
        said = time.perf_counter()
        answer = yield mail + b".\r\n"
        if not answer.startswith(b"250"):
            return
        result.waits.append(time.perf_counter() - said)
        result.acknowledged.append(number)
        if one:
            break
    yield b"QUIT\r\n"


async def send(job: Job) -> Result:
    """All of it, as fast as the server answers."""
    result = Result()
    numbers = iter(range(job.first, job.first + job.mails))
    visits = iter(range(job.mails if job.one_each else job.sessions))
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(job.sessions):
            group.create_task(_come(job, visits, numbers, result))
    result.seconds = time.perf_counter() - began
    return result


async def _come(job: Job, visits: Iterator[int], numbers: Iterator[int], result: Result) -> None:
    """One visitor after another, for as long as there is mail to bring."""
    loop = asyncio.get_running_loop()
    for _ in visits:
        gone = loop.create_future()
        conversation = talk(numbers, result, one=job.one_each)
        await loop.create_connection(lambda: Visitor(conversation, gone), "127.0.0.1", job.port)  # noqa: B023 - called before the next turn
        await gone


def main() -> None:
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        result = asyncio.run(send(Job(**json.loads(line))))
        sys.stdout.write(json.dumps(asdict(result)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
