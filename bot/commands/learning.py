"""`train`, `evaluate` and `model`: the classifier's school."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands import paper, progress
from bot.commands.json_lines import JsonLines
from bot.commands.tools import Tools, Trial, tools
from bot.settings import Settings
from cases.errors import RightsDeskError
from cases.lessons import Example
from cases.model import Right


class NoDecisions(RightsDeskError):
    """No agent has confirmed, changed or dismissed anything yet, so there is nothing to learn from."""


def add_to(app: typer.Typer) -> None:
    app.command(epilog="Example: rightsdesk train --with-confirmed")(train)
    app.command(epilog="Example: rightsdesk evaluate held_out.jsonl --json")(evaluate)
    models = typer.Typer(
        help="Trained models: list them, or take another one into use.", no_args_is_help=True
    )
    models.command("list", epilog="Example: rightsdesk model list --json")(list_models)
    models.command("use", epilog="Example: rightsdesk model use 4bae47f59993")(use_model)
    app.add_typer(models, name="model")


def train(
    ctx: typer.Context,
    *,
    if_needed: Annotated[bool, typer.Option("--if-needed", help="not when the model is current")] = False,
    with_confirmed: Annotated[
        bool, typer.Option("--with-confirmed", help="from agents' decisions too, if that is not worse")
    ] = False,
) -> None:
    """Train the classifier on the corpus and install it in the data folder, with progress shown.

    With agents' decisions a candidate is trained and judged beside the model in use, on the same mails.  It
    is installed only if it finds no fewer requests and reads the rights no worse.
    """
    settings = tools(ctx).settings()
    if with_confirmed:
        _try_candidate(tools(ctx), settings)
        return
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
    report: Annotated[Path | None, typer.Option(metavar="FOLDER", help="for a page with pictures")] = None,
) -> None:
    """Scores of the installed model and of two baselines on labelled mails, per right and language.

    Without a file on the part of our own corpus that no training has seen.
    """
    settings = tools(ctx).settings()
    if file is not None:
        _look_through(file)
    folder = report or settings.data_dir / "evaluation"
    figures, table = tools(ctx).evaluate(settings, file, folder)
    if as_json:
        paper.put(figures)
    else:
        paper.say(table)
    paper.complain(f"The page with pictures is {folder / 'report.md'}.")


def list_models(
    ctx: typer.Context, *, as_json: Annotated[bool, typer.Option("--json", help="a JSON array")] = False
) -> None:
    """The models that lie here, newest first, and which one is in use."""
    models = tools(ctx).models(tools(ctx).settings())
    if as_json:
        paper.put(models)
        return
    if not models:
        paper.complain("There is no model yet.  `rightsdesk train` makes one.")
    for one in models:
        paper.say(_model_line(one))


def use_model(ctx: typer.Context, version: Annotated[str, typer.Argument(metavar="VERSION")]) -> None:
    """Take a model into use: an older one again, or a candidate.  Running workers take it within seconds."""
    settings = tools(ctx).settings()
    tools(ctx).use_model(settings, version)
    paper.complain(f"The model {version} is in use.")


def _try_candidate(given: Tools, settings: Settings) -> None:
    examples = asyncio.run(_examples(given, settings))
    if not examples:
        raise NoDecisions
    paper.complain(f"{len(examples)} decision(s) of agents to learn from.")
    with progress.shown("Training a candidate") as told:
        trial = given.train_candidate(settings, examples, told)
    for line in _verdict(trial):
        paper.say(line)


async def _examples(given: Tools, settings: Settings) -> Sequence[Example]:
    async with given.lay(settings) as ground, ground.store.look() as tx:
        return await tx.examples()


def _verdict(trial: Trial) -> list[str]:
    told = (
        f"It is in use now; `rightsdesk model use {trial.current}` goes back."
        if trial.installed
        else "It is worse, so the current model stays in use."
    )
    return [
        f"{'':24} any right  macro-F1",
        f"{'current ' + trial.current:24} {trial.recall_before:9.3f} {trial.macro_f1_before:9.3f}",
        f"{'candidate ' + trial.candidate:24} {trial.recall_after:9.3f} {trial.macro_f1_after:9.3f}",
        told,
    ]


def _model_line(one: dict[str, Any]) -> str:
    figures = one["figures"].get("all", {})
    reached = (
        f"any right {figures['any_right']['recall']:.3f}, macro-F1 {figures['macro_f1']:.3f}"
        if figures
        else "not evaluated"
    )
    mark = "*" if one["in_use"] else " "
    return f"{mark} {one['version']}  {one['trained_at'][:16]}  {one['examples']:4} examples  {reached}"


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
