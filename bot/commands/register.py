"""`cases` and `case`: the register, read only."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

import typer

from bot.commands import paper
from bot.commands.shown import case_json, file_json, tell_cases
from bot.commands.tools import tools
from cases.agenda import is_overdue
from cases.model import Right, Status
from cases.records import CaseQuery


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: rightsdesk cases --status open --overdue --json")(cases)
    app.command(epilog="Example: rightsdesk case AVG-2026-0001")(case)


def cases(
    ctx: typer.Context,
    *,
    status: Annotated[Status | None, typer.Option(help="only cases that stand there")] = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="only live cases past their promise")] = False,
    right: Annotated[Right | None, typer.Option(help="only cases that invoke it")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="a JSON array")] = False,
) -> None:
    """The register: every case with where it stands and its dates, the earliest first."""
    asyncio.run(_cases(ctx, CaseQuery(status=status, right=right), overdue=overdue, as_json=as_json))


def case(
    ctx: typer.Context,
    reference: Annotated[str, typer.Argument(metavar="REFERENCE")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,
) -> None:
    """One case with its dates and their reasons, messages, letters and events."""
    asyncio.run(_case(ctx, reference.strip().upper(), as_json=as_json))


async def _cases(ctx: typer.Context, query: CaseQuery, *, overdue: bool, as_json: bool) -> None:
    async with tools(ctx).lay(tools(ctx).settings()) as ground:
        found = await ground.desk.cases(query)
        today = ground.clock.day(ground.clock.now())
    chosen = [one for one in found if not overdue or is_overdue(one, today)]
    if as_json:
        paper.put([case_json(one, today) for one in chosen])
    elif chosen:
        tell_cases(chosen, today)
    else:
        paper.complain("There is no such case.")


async def _case(ctx: typer.Context, reference: str, *, as_json: bool) -> None:
    settings = tools(ctx).settings()
    async with tools(ctx).lay(settings) as ground:
        file = await ground.desk.case_file(reference)
        today = ground.clock.day(ground.clock.now())
    told = file_json(file, today, settings.language)
    if as_json:
        paper.put(told)
    else:
        _tell(told)


def _tell(told: dict[str, Any]) -> None:
    stands = told["outcome"] or told["status"]
    paper.say(f"{told['reference']} · {stands}{' · overdue' if told['overdue'] else ''}")
    paper.say(f"from {paper.plain(told['requester'])} · language {told['language']} · {told['channel']}")
    for mine in told["rights"]:
        paper.say(f"right {mine['right']}: {mine['outcome'] or mine['status']}")
    for name, why in told["reasons"].items():
        paper.say(f"{name} {told['dates'].get(name) or told[name]}: {why}")
    for message in told["messages"]:
        paper.say(f"\nmessage {message['id']} · {message['received_at']} · {message['filed_as']}")
        sender = f"{message['sender_name']} <{message['sender_address']}>"
        paper.say(f"{paper.plain(sender)}: {paper.plain(message['subject_line'])}")
        paper.say(paper.paragraphs(message["text"]))
    for letter in told["letters"]:
        paper.say(f"\nletter {letter['id']} · {letter['kind']} · sent {letter['sent_at'] or 'unclear'}")
        paper.say(f"to {paper.plain(letter['to_address'])}: {paper.plain(letter['subject_line'])}")
        paper.say(paper.paragraphs(letter["body"]))
    paper.say()
    for event in told["events"]:
        facts = " ".join(f"{name}={_fact(value)}" for name, value in event["facts"].items())
        paper.say(f"{event['at']}  {event['kind']}  by {event['by']}  {facts}".rstrip())


def _fact(value: Any) -> str:
    return paper.plain(",".join(map(str, value)) if isinstance(value, list) else str(value))
