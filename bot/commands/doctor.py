"""`doctor`: everything that can be set wrong, at once, and what to do about each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer

from bot.commands import checks, paper
from bot.commands.checks import Check
from bot.commands.tools import Tools, tools
from bot.settings import Settings
from cases.errors import RightsDeskError


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: rightsdesk doctor --json")(doctor)


def doctor(
    ctx: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="a JSON array of check, ok, advice")] = False,
) -> None:
    """Look at settings, database, model, ports, relay and Slack; exit code 1 when anything needs care."""
    found = examine(tools(ctx))
    if as_json:
        paper.put([asdict(check) for check in found])
    else:
        _tell(found)
    if not all(check.ok for check in found):
        raise typer.Exit(1)


def examine(given: Tools) -> list[Check]:
    """Without right settings nothing else can be looked at; all their faults are told together."""
    try:
        settings = given.settings()
    except RightsDeskError as fault:
        return [Check("settings", ok=False, advice=str(fault))]
    return [
        Check("settings", ok=True),
        checks.letterhead(settings),
        checks.data_folder(settings),
        checks.database(given.revisions, settings),
        checks.model(given.model_version, settings),
        *asyncio.run(_outside(settings)),
    ]


async def _outside(settings: Settings) -> list[Check]:
    from bot.commands.slack_checks import slack  # noqa: PLC0415 - Slack's library is loaded only to ask

    return [
        await checks.port(
            "SMTP port", "RIGHTSDESK_SMTP_PORT", settings.smtp_host, settings.smtp_port, greets=True
        ),
        await checks.http_port(settings),
        await checks.relay(settings),
        *await slack(settings),
    ]


def _tell(found: Sequence[Check]) -> None:
    for check in found:
        paper.say(f"{'ok   ' if check.ok else 'FAULT'}  {check.check:24}  {check.advice}".rstrip())
