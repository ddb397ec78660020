"""`classify` and `read`: what the product makes of a text or a mail, without keeping anything."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from bot.commands import paper
from bot.commands.faults import read_bytes
from bot.commands.json_lines import Fields, JsonLines
from bot.commands.sources import looks_like_mail, text_of
from bot.commands.tools import BatchClassifier, tools
from bot.settings import Settings
from cases.errors import RightsDeskError
from cases.messages import InboundMessage
from cases.model import Classification, Right
from cases.reading import Written, reading_of, readings_of

_BATCH: Final = 64  #: lines that the classifier reads at a time


def add_to(app: typer.Typer) -> None:
    app.command(
        epilog="Example: rightsdesk classify mail.eml, or: echo 'Verwijder mij' | rightsdesk classify -"
    )(classify)
    app.command(epilog="Example: rightsdesk read var/mails/*.eml")(read)


def classify(
    ctx: typer.Context,
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE]…", help="mail or text, `-` is stdin")
    ] = None,
    jsonl: Annotated[Path | None, typer.Option(metavar="FILE", help="JSON lines, `-` is stdin")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="a JSON array")] = False,  # noqa: FBT002 - a flag
) -> None:
    """The rights that a mail or text invokes, with scores, language and the words that say so.

    Or, with --jsonl, of many: lines {"id","subject","text"} in, a line with the reading of each out.
    """
    if bool(files) == (jsonl is not None):
        raise typer.BadParameter("name files, or --jsonl FILE", param_hint="FILE")
    settings = tools(ctx).settings()
    if jsonl is not None:
        _answer_lines(JsonLines(jsonl), tools(ctx).classifier(settings), tools(ctx).written)
        return
    rows = list(_classified(ctx, files or [], settings))
    if as_json:
        paper.put(rows)
    else:
        _tell(rows)
    if len(rows) < len(files or []):
        raise typer.Exit(1)


def read(
    ctx: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="a mail, `-` is stdin")],
) -> None:
    """What intake makes of a mail: one JSON line per file, whatever bytes it holds."""
    settings = tools(ctx).settings()
    missing = 0
    for file in files:
        try:
            message = _message(ctx, read_bytes(file), settings)
        except RightsDeskError as fault:
            missing += 1
            paper.complain(str(fault))
        else:
            paper.put(tools(ctx).mail_json(message, str(file)), line=True)
    if missing:
        raise typer.Exit(1)


def _classified(ctx: typer.Context, files: Iterable[Path], settings: Settings) -> Iterator[dict[str, Any]]:
    """A row per file that could be read, a sentence for each other one."""
    classifier = tools(ctx).classifier(settings)
    for file in files:
        try:
            raw = read_bytes(file)
            if file.suffix.casefold() == ".eml" or looks_like_mail(raw):
                row = _mail_row(classifier, _message(ctx, raw, settings))
            else:
                written = tools(ctx).written("", text_of(raw, file))
                [reading] = readings_of(classifier.classify_many, [written])
                row = reading_json(reading)
        except RightsDeskError as fault:
            paper.complain(str(fault))
        else:
            yield {"file": str(file), **row}


def _mail_row(classifier: BatchClassifier, message: InboundMessage) -> dict[str, Any]:
    """As the worker would read it; what a machine wrote is read by nobody, and `automatic` says so."""
    reading = reading_of(classifier, message)
    automatic = {"automatic": message.automatic.value if message.automatic else None}
    return {**(reading_json(reading) if reading else _UNREAD), **automatic}


def _message(ctx: typer.Context, raw: bytes, settings: Settings) -> InboundMessage:
    return tools(ctx).read_file(settings, raw)


def reading_json(reading: Classification) -> dict[str, Any]:
    return {
        "is_request": reading.is_request,
        "rights": [right.value for right in Right if right in reading.rights],
        "scores": {right.value: round(reading.scores.get(right, 0.0), 4) for right in Right},
        "language": reading.language.value,
        "evidence": [
            {"right": said.right.value, "text": said.text, "start": said.start, "end": said.end}
            for said in reading.evidence
            if said.right in reading.rights
        ],
        "band": reading.band.value,
        "request": round(reading.request, 4),
        "model": reading.model,
    }


_UNREAD: Final[dict[str, Any]] = {
    "is_request": False,
    "rights": [],
    "scores": {right.value: 0.0 for right in Right},
    "language": None,
    "evidence": [],
    "band": "none",
    "request": 0.0,
    "model": "",
}


def _tell(rows: Iterable[dict[str, Any]]) -> None:
    for row in rows:
        rights = ", ".join(f"{right} {paper.percent(row['scores'][right])}" for right in row["rights"])
        unread = f"written by a machine ({row['automatic']})" if row.get("automatic") else "no request"
        paper.say(
            f"{paper.plain(row['file'])}: {rights or unread} · language {row['language'] or 'not read'}"
        )
        for said in row["evidence"]:
            paper.say(f"  {said['right']}: {paper.plain(said['text'], cut=200)}")


def _answer_lines(
    lines: JsonLines, classifier: BatchClassifier, written: Callable[[str, str], Written]
) -> None:
    """Batches in and out, so that a long file neither fills the memory nor waits for its end."""
    good = _texts(lines)
    while batch := list(islice(good, _BATCH)):
        readings = readings_of(classifier.classify_many, [written(*told) for _, *told in batch])
        for (name, *_), reading in zip(batch, readings, strict=True):
            paper.put({"id": name, **reading_json(reading)}, line=True)
    lines.end()


def _texts(lines: JsonLines) -> Iterator[tuple[object, str, str]]:
    for number, fields in lines:
        subject, text = _words(fields, "subject"), _words(fields, "text")
        if subject is None or text is None:
            lines.tell(number, f"write {'subject' if subject is None else 'text'} as a string")
        elif "text" not in fields:
            lines.tell(number, "it has no text")
        else:
            yield fields.get("id"), subject, text


def _words(fields: Fields, name: str) -> str | None:
    """A string without halves of surrogate pairs, which UTF-8 cannot spell; None for other things."""
    found = fields.get(name)
    if found is None:
        return ""
    return found.encode("utf-8", "replace").decode("utf-8") if isinstance(found, str) else None
