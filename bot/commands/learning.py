"""`train` and `evaluate`: the classifier's school."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.commands import paper, progress
from bot.commands.json_lines import JsonLines
from bot.commands.tools import tools
from cases.model import Right


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: rightsdesk train")(train)
    app.command(epilog="Example: rightsdesk evaluate held_out.jsonl --json")(evaluate)


def train(
    ctx: typer.Context,
    *,
    if_needed: Annotated[bool, typer.Option("--if-needed", help="not when the model is current")] = False,
) -> None:
    """Train the classifier on the corpus and install it in the data folder, with progress shown."""
    settings = tools(ctx).settings()
    version, is_current = tools(ctx).model_version(settings)
    if if_needed and is_current:
        paper.complain(f"The model {version} is current.")
        return
    with progress.shown("Training") as told:
        version = tools(ctx).train(settings, told)
    paper.complain(f"The model {version} is in {settings.model_dir}.")


def evaluate(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help='lines {"id","lang","labels","subject","text"}')
    ] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object, by language")] = False,
) -> None:
    """Scores of the installed model on labelled mails, per right and language.

    Without a file on the part of our own corpus that no training has seen.
    """
    settings = tools(ctx).settings()
    if file is not None:
        _look_through(file)
    figures, table = tools(ctx).evaluate(settings, file)
    if as_json:
        paper.put(figures)
    else:
        paper.say(table)


def _look_through(file: Path) -> None:
    """Every fault in the file with its line number, before the model is loaded for nothing."""
    lines = JsonLines(file)
    for number, fields in lines:
        labels = fields.get("labels")
        if not isinstance(fields.get("text"), str):
            lines.tell(number, "write text as a string")
        elif not isinstance(labels, list) or not set(map(str, labels)) <= set(Right):
            lines.tell(number, f"write labels as a list of {', '.join(Right)}")
        elif not all(isinstance(fields.get(name) or "", str) for name in ("subject", "lang")):
            lines.tell(number, "write subject and lang as strings")
        elif "id" not in fields:
            lines.tell(number, "it has no id")
    lines.end()
