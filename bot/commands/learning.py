"""`train` and `evaluate`: the classifier's school."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

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
        Path, typer.Argument(metavar="FILE", help='lines {"id","lang","labels","subject","text"}')
    ],
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,  # noqa: FBT002 - a flag
) -> None:
    """Scores of the installed model on labelled mails, per right and language."""
    _look_through(file)
    scores = tools(ctx).evaluate(tools(ctx).settings(), file)
    if as_json:
        paper.put(scores)
        return
    for line in _told(scores):
        paper.say(line)


def _look_through(file: Path) -> None:
    """Every fault in the file with its line number, before the model is loaded for nothing."""
    lines = JsonLines(file)
    for number, fields in lines:
        labels = fields.get("labels")
        if not isinstance(fields.get("text"), str):
            lines.tell(number, "write text as a string")
        elif not isinstance(labels, list) or not set(map(str, labels)) <= set(Right):
            lines.tell(number, f"write labels as a list of {', '.join(Right)}")
        elif not isinstance(fields.get("subject") or "", str):
            lines.tell(number, "write subject as a string")
        elif "id" not in fields:
            lines.tell(number, "it has no id")
    lines.end()


def _told(scores: dict[str, Any], indent: str = "") -> list[str]:
    """Nested scores as an indented list."""
    told: list[str] = []
    for name, value in scores.items():
        if isinstance(value, dict):
            told += [f"{indent}{name}", *_told(value, f"{indent}  ")]
        else:
            said = f"{value:.3f}" if isinstance(value, float) else value
            told.append(f"{indent}{name:24} {said}")
    return told
