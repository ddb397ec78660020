"""`import`: an archive through the same keeper, reader and triage as mail that comes in today."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final

import typer

from bot.commands import paper, progress
from bot.commands.archives import KeptMail, opened
from bot.commands.receipt import arrival_from
from bot.commands.tools import Ground, Read, Tools, tools
from bot.settings import Settings
from cases.messages import Arrival
from cases.ports import Keeper
from cases.records import FiledAs

_AT_ONCE: Final = 50  #: mails kept in one commit and then read
_PATIENCE: Final = 600  #: looks at what a worker beside us took and has not filed yet
_LOOK_AGAIN: Final = 0.1  #: seconds between those looks
_NAMES: Final = {
    FiledAs.REQUEST: "cases",
    FiledAs.REPLY: "filed",
    FiledAs.STRANGER: "filed",
    FiledAs.MACHINE: "filed",
    FiledAs.DUPLICATE: "filed",
    FiledAs.OTHER: "filed",
}


def add_to(app: typer.Typer) -> None:
    app.command("import", epilog="Example: rightsdesk import ~/Mail/servicedesk.mbox")(bring_in)


def bring_in(
    ctx: typer.Context,
    path: Annotated[Path, typer.Argument(metavar="PATH", help="mbox, Maildir, folder of .eml, or one .eml")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """Bring in an archive of mail; each counts from its own day of receipt, and nothing comes in twice."""
    settings = tools(ctx).settings()
    with opened(path) as mails:
        tools(ctx).migrate(settings)
        counts = asyncio.run(_bring_in(tools(ctx), settings, mails))
    if as_json:
        paper.put({name.replace(" ", "_"): count for name, count in counts.items()})
    else:
        paper.say(paper.counted(counts))


async def _bring_in(given: Tools, settings: Settings, mails: Sequence[KeptMail]) -> dict[str, int]:
    """Oldest first, so that a reply finds the case that its first mail opened."""
    classifier = given.classifier(settings)
    async with given.lay(settings) as ground, given.keeper(ground) as keeper:
        work = Importing(ground, keeper, given.reader(settings), given.worker(ground, classifier))
        dated = sorted(mails, key=lambda mail: _arrival(mail, settings).received_at)
        with progress.shown("Importing") as told:
            for start in range(0, len(dated), _AT_ONCE):
                some = dated[start : start + _AT_ONCE]
                await work.take([_arrival(mail, settings) for mail in some])
                told(start + len(some), len(mails))
        return {"read": len(mails), **{name: work.counts[name] for name in _COUNTED}}


_COUNTED: Final = ("cases", "filed", "set aside", "already there", "left to the worker")


@dataclass(frozen=True, slots=True)
class Importing:
    """One archive on its way in."""

    ground: Ground
    keeper: Keeper
    read: Read
    read_what_waits: Callable[[], Awaitable[int]]  #: one round of a worker; how many mails it took
    counts: Counter[str] = field(default_factory=Counter)

    async def take(self, arrivals: Sequence[Arrival]) -> None:
        """Keep what is new, read it as the worker does, and look where it was put."""
        new: dict[str, Arrival] = {}
        for arrival in arrivals:
            mark = self._fingerprint(arrival)
            if mark in new or await self._filed(mark):
                self.counts["already there"] += 1
            else:
                new[mark] = arrival
        before = await self._set_aside()
        await asyncio.gather(*(self.keeper.keep(arrival) for arrival in new.values()))
        while await self.read_what_waits():
            pass
        await self._count(set(new), before)

    async def _count(self, marks: set[str], set_aside_before: int) -> None:
        """Where each went; a worker that runs beside us may still hold some of them."""
        for _ in range(_PATIENCE):
            for mark in list(marks):
                if filed_as := await self._filed(mark):
                    marks.discard(mark)
                    self.counts[_NAMES[filed_as]] += 1
            unread = await self._unread() if marks else 0
            if not unread:
                break
            await asyncio.sleep(_LOOK_AGAIN)
            await self.read_what_waits()
        set_aside = min(len(marks), await self._set_aside() - set_aside_before)
        left = min(len(marks) - set_aside, unread)
        self.counts["set aside"] += set_aside
        self.counts["left to the worker"] += left
        self.counts["already there"] += len(marks) - set_aside - left  # set aside by an earlier import

    def _fingerprint(self, arrival: Arrival) -> str:
        """What the register knows a mail by; what cannot be read is set aside later."""
        try:
            return self.read(arrival).fingerprint
        except Exception:  # noqa: BLE001 - any mail may bring any fault; the worker names it
            return sha256(arrival.raw).hexdigest()

    async def _filed(self, mark: str) -> FiledAs | None:
        async with self.ground.store.look() as tx:
            filing = await tx.filed_before(mark)
        return filing.filed_as if filing else None

    async def _unread(self) -> int:
        async with self.ground.store.look() as tx:
            return (await tx.tally()).unread

    async def _set_aside(self) -> int:
        return len(await self.ground.desk.set_asides())


def _arrival(mail: KeptMail, settings: Settings) -> Arrival:
    return arrival_from(mail.load(), settings, otherwise=mail.file_time)
