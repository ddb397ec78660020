"""`digest` and `remind`: what the clock would send on a day, and sending it."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Annotated, Final

import typer

from bot.commands import paper
from bot.commands.dates import day_of
from bot.commands.shown import case_json, digest_json, tell_cases
from bot.commands.tools import Ground, tools
from bot.settings import Settings
from cases.agenda import Digest
from cases.clock import dates_of_case
from cases.errors import RightsDeskError
from cases.holidays import is_ordinary_working_day

_GROUPS: Final = {
    "past_statute": "Past the statutory date",
    "past_promise": "Past the promise",
    "due_this_week": "Due within a week",
    "awaiting_confirmation": "Awaiting confirmation",
}

Day = Annotated[str | None, typer.Option("--date", metavar="DATE", help="that day; without it today")]
Send = Annotated[bool, typer.Option("--send", help="owe it to Slack now, as the clock does; once per day")]
AsJson = Annotated[bool, typer.Option("--json", help="JSON and nothing else")]


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: rightsdesk digest --date 2026-03-30")(digest)
    app.command(epilog="Example: rightsdesk remind --date 2026-03-30 --json")(remind)


def digest(ctx: typer.Context, *, day: Day = None, send: Send = False, as_json: AsJson = False) -> None:
    """What the digest for team leads says on a day, from the register as it is now."""
    asyncio.run(_digest(ctx, day, send=send, as_json=as_json))


def remind(ctx: typer.Context, *, day: Day = None, send: Send = False, as_json: AsJson = False) -> None:
    """The nudges that cases have earned by a day; whether one went out before is known to --send."""
    asyncio.run(_remind(ctx, day, send=send, as_json=as_json))


async def _digest(ctx: typer.Context, given: str | None, *, send: bool, as_json: bool) -> None:
    settings = tools(ctx).settings()
    day = _named(given, settings)
    async with tools(ctx).lay(settings) as ground:
        today = day or _today(ground)
        found = await ground.desk.digest(today)
        sent = await ground.desk.owe_digest(today) if send else None
    if as_json:
        paper.put({**digest_json(found), "sent": bool(sent)})
    else:
        _tell(found)
    if sent is not None:
        paper.complain(_sending(today, sent=sent))


async def _remind(ctx: typer.Context, given: str | None, *, send: bool, as_json: bool) -> None:
    settings = tools(ctx).settings()
    day = _named(given, settings)
    async with tools(ctx).lay(settings) as ground:
        today = day or _today(ground)
        nudges = await ground.desk.nudges(today)
        sent = await ground.desk.remind(today) if send else None
    rows = [
        {**case_json(case, today), "nudge": nudge.value, "day": str(since)} for case, nudge, since in nudges
    ]
    if as_json:
        paper.put(rows)
    elif rows:
        titles = ("REFERENCE", "NUDGE", "SINCE", "SAFE DAY", "PROMISE", "STATUTORY")
        names = ("reference", "nudge", "day", "safe_day", "promise_due", "statutory_due")
        paper.table(titles, [[row[name] for name in names] for row in rows])
    else:
        paper.complain(f"No case needs a reminder on {today}.")
    if sent is not None:
        paper.complain(
            f"{sent} reminder(s) will leave; the others had gone out before, or wait for a working day."
        )


def _named(given: str | None, settings: Settings) -> date | None:
    try:
        return day_of(given, settings.zone) if given is not None else None
    except RightsDeskError as fault:
        raise typer.BadParameter(f"{fault}.", param_hint="--date") from None


def _today(ground: Ground) -> date:
    return ground.clock.day(ground.clock.now())


def _sending(day: date, *, sent: bool) -> str:
    if sent:
        return f"The digest of {day} will leave in a moment."
    if is_ordinary_working_day(day):
        return f"The digest of {day} went out before; nothing is sent twice."
    return f"{day} is no working day, so there is no digest."


def _tell(found: Digest) -> None:
    paper.say(f"{found.day}: {found.live} live, {found.overdue} overdue")
    for name, title in _GROUPS.items():
        if cases := getattr(found, name):
            paper.say(f"\n{title} ({len(cases)})")
            tell_cases(sorted(cases, key=lambda case: dates_of_case(case).promise_due), found.day)
    for name in ("failed_letters", "unclear_letters", "set_aside", "unread"):
        if count := getattr(found, name):
            paper.say(f"{name.replace('_', ' ')}: {count}")
