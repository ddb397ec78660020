"""The commands that run until they are stopped, and `migrate`, which prepares them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Annotated, Final

import typer

from bot.commands import paper
from bot.commands.tools import tools

CHILD: Final = "child"  #: the worker that `run` starts: its standard input wakes it, and ends it

_ROLES: Final = {
    "run": "Everything in one go: mail door, Slack and clock in one process, the worker as its child.",
    "smtp": "The mail door alone; many may run on one PostgreSQL.",
    "worker": "Reads what came in and opens cases; many may run on one PostgreSQL.",
    "bot": "Slack and the letters alone; many may run on one PostgreSQL.",
    "clock": "Reminders and the digest alone; a second one changes nothing.",
    "demo": "`run` on the embedded default, with sample mails sent over real SMTP.",
}


def add_to(app: typer.Typer) -> None:
    for role, meaning in _ROLES.items():
        example = f"Example: rightsdesk {role}   (Ctrl-C stops it)"
        app.command(role, help=meaning, epilog=example)(worker if role == "worker" else _serving(role))
    app.command(epilog="Example: DATABASE_URL=sqlite:///var/rightsdesk.db rightsdesk migrate")(migrate)


def migrate(ctx: typer.Context) -> None:
    """Bring the database to the newest schema; what is in it stays."""
    settings = tools(ctx).settings()
    tools(ctx).migrate(settings)
    paper.complain("The database is at the newest schema.")


def worker(
    ctx: typer.Context, *, child: Annotated[bool, typer.Option("--child", hidden=True)] = False
) -> None:
    asyncio.run(_serve(ctx, CHILD if child else "worker"))


def _serving(role: str) -> Callable[[typer.Context], None]:
    def serve(ctx: typer.Context) -> None:
        asyncio.run(_serve(ctx, role))

    return serve


async def _serve(ctx: typer.Context, role: str) -> None:
    await tools(ctx).serve(role, tools(ctx).settings())
