"""What waits for a person: mail that could not be read, and letters that may or may not have left."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from bot.commands import paper
from bot.commands.shown import letters_json
from bot.commands.tools import Ground, tools
from bot.decisions import LetterDecisions
from bot.explaining import LetterSettled
from cases.errors import RightsDeskError
from cases.lessons import LookTally
from cases.model import RIGHTS_DESK
from cases.records import CaseQuery
from cases.second_looks import miss_rate

AsJson = Annotated[bool, typer.Option("--json", help="a JSON array")]


class NoSuchLetter(RightsDeskError):
    """There is no letter {letter} that failed or is unclear."""


def add_to(app: typer.Typer) -> None:
    app.command("second-look", epilog="Example: rightsdesk second-look --json")(second_look)
    app.command("set-aside", epilog="Example: rightsdesk set-aside --json")(set_aside)
    app.command(epilog="Example: rightsdesk retry 17 18, or: rightsdesk retry --all")(retry)
    app.command(epilog="Example: rightsdesk letters --unclear")(letters)
    app.command(epilog="Example: rightsdesk resend 42")(resend)


def second_look(
    ctx: typer.Context, *, as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False
) -> None:
    """How much the classifier misses, measured by the weekly second looks at what it passed over."""
    tally = asyncio.run(_look_tally(ctx))
    share, low, high = (round(bound, 4) for bound in miss_rate(tally))
    if as_json:
        counts = {"asked": tally.asked, "answered": tally.answered, "missed": tally.missed}
        paper.put({**counts, "miss_rate": share if tally.answered else None, "low": low, "high": high})
    elif tally.answered:
        paper.say(f"{tally.missed} missed of {tally.answered} looked at ({tally.asked} asked about).")
        paper.say(
            f"Of what is passed over {share:.1%} are requests; between {low:.1%} and {high:.1%} (95 %)."
        )
    else:
        paper.complain("Nobody has answered a second look yet.")


async def _look_tally(ctx: typer.Context) -> LookTally:
    async with tools(ctx).lay(tools(ctx).settings()) as ground, ground.store.look() as tx:
        return await tx.look_tally()


def set_aside(ctx: typer.Context, *, as_json: AsJson = False) -> None:
    """Mail that could not be read, by the number that `retry` takes; its bytes are kept."""
    rows = asyncio.run(_set_asides(ctx))
    if as_json:
        paper.put(rows)
    elif rows:
        paper.table(("ID", "RECEIVED", "ERROR", "ATTEMPTS"), [tuple(row.values()) for row in rows])
    else:
        paper.complain("No mail is set aside.")


def retry(
    ctx: typer.Context,
    numbers: Annotated[list[int] | None, typer.Argument(metavar="[ID]…")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="whatever is set aside")] = False,
) -> None:
    """Let mail that was set aside be read again."""
    if bool(numbers) == everything:
        raise typer.BadParameter("name numbers from `rightsdesk set-aside`, or --all", param_hint="ID")
    asyncio.run(_retry(ctx, numbers or []))


def letters(
    ctx: typer.Context,
    *,
    unclear: Annotated[
        bool, typer.Option("--unclear", help="only those a person has to decide about")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Letters that left or tried to; with --unclear those that failed, or may or may not have left."""
    rows = asyncio.run(_letters(ctx, unclear=unclear))
    if as_json:
        paper.put(rows)
    elif rows:
        paper.table(
            ("ID", "REFERENCE", "KIND", "STATUS", "AT", "ERROR"), [tuple(row.values()) for row in rows]
        )
    else:
        paper.complain("There is no such letter.")


def resend(ctx: typer.Context, number: Annotated[int, typer.Argument(metavar="ID")]) -> None:
    """Send a letter that failed or is unclear; after looking whether it arrived, since nobody else can."""
    asyncio.run(_resend(ctx, number))
    paper.complain(f"Letter {number} will leave in a moment.")


async def _set_asides(ctx: typer.Context) -> list[dict[str, Any]]:
    async with tools(ctx).lay(tools(ctx).settings()) as ground:
        found = await ground.desk.set_asides()
    return [
        {
            "id": one.id,
            "received_at": one.received_at.isoformat(),
            "error": one.error,
            "attempts": one.attempts,
        }
        for one in found
    ]


async def _retry(ctx: typer.Context, numbers: Sequence[int]) -> None:
    """Each on its own, so that one wrong number does not keep the others back."""
    missing = 0
    async with tools(ctx).lay(tools(ctx).settings()) as ground:
        wanted = numbers or [one.id for one in await ground.desk.set_asides()]
        for number in wanted:
            try:
                await ground.desk.retry(number)
            except RightsDeskError as fault:
                missing += 1
                paper.complain(str(fault))
    paper.complain(f"{len(wanted) - missing} mail(s) will be read again.")
    if missing:
        raise typer.Exit(1)


async def _letters(ctx: typer.Context, *, unclear: bool) -> list[dict[str, Any]]:
    async with tools(ctx).lay(tools(ctx).settings()) as ground:
        rows = await _all_letters(ground)
    return [row for row in rows if not unclear or row["status"] != "sent"]


async def _all_letters(ground: Ground) -> list[dict[str, Any]]:
    """From the register, case by case: what is asked seldom needs no index of its own."""
    rows: list[dict[str, Any]] = []
    async with ground.store.look() as tx:
        for case in await tx.cases(CaseQuery()):
            rows += letters_json(await tx.case_file(case.reference))
    return sorted(rows, key=lambda row: int(row["id"]))


async def _resend(ctx: typer.Context, number: int) -> None:
    """As the button in Slack does it: decided once, and written down in the register."""
    async with tools(ctx).lay(tools(ctx).settings()) as ground:
        async with ground.store.look() as tx:
            waiting = [one.reference for one in await tx.letters_waiting() if one.id == number]
        try:
            decisions = LetterDecisions(ground.desk, ground.outbox)
            await decisions.send_again("".join(waiting), number, by=RIGHTS_DESK)
        except LetterSettled:
            raise NoSuchLetter(letter=number) from None
