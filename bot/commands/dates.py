"""`due`: every date of a case received then, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Final
from zoneinfo import ZoneInfo

import typer
from typer.core import TyperCommand

from bot.commands import paper
from bot.commands.json_lines import Fields, JsonLines
from bot.commands.tools import tools
from cases.clock import dates, local_day
from cases.errors import RightsDeskError
from cases.messages import Language
from cases.model import Pause
from cases.reasons import reasons
from cases.wording import long_date

#: Years between which the rules of this trade and of Python's calendar can be counted with.
YEARS: Final = range(1900, 2200)

_JOINT: Final = "\n"  #: no date has it

_TITLES: Final = {
    Language.NL: {
        "received_on": "Ontvangen",
        "promise_due": "Belofte",
        "statutory_due": "Wettelijke termijn",
        "refusal_due": "Weigering",
        "extension_notice_due": "Bericht van verlenging",
        "extended_due": "Verlengde termijn",
        "safe_day": "Veilige dag",
    },
    Language.EN: {
        "received_on": "Received",
        "promise_due": "Promise",
        "statutory_due": "Statutory date",
        "refusal_due": "Refusal",
        "extension_notice_due": "Notice of extension",
        "extended_due": "Extended date",
        "safe_day": "Safe day",
    },
}


class NoDate(RightsDeskError):
    """'{text}' is no date that we can count with; write 2026-03-05 or 2026-03-05T09:00:00+01:00 (1900 to 2199)"""  # noqa: E501 - the sentence goes on, or gets its full stop, where it is used


class PauseBackwards(RightsDeskError):
    """the pause from {start} ends before it starts, on {end}"""


class PauseTooEarly(RightsDeskError):
    """the pause from {start} starts before the day of receipt, {received}"""


class WithPauses(TyperCommand):
    """`--pause FROM TO`, any number of times: typer knows no option of two words that may be repeated."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        return super().parse_args(ctx, joined_pauses(args))


def joined_pauses(args: Sequence[str]) -> list[str]:
    """Each `--pause FROM TO` as an option of one word; behind `--` nothing is an option."""
    joined: list[str] = []
    rest = list(args)
    while rest:
        word = rest.pop(0)
        if word == "--":
            return [*joined, word, *rest]
        if word == "--pause":
            pair, rest = rest[:2], rest[2:]
            joined += [word, _JOINT.join(pair)] if pair else [word]
        else:
            joined.append(word)
    return joined


def add_to(app: typer.Typer) -> None:
    app.command(
        cls=WithPauses,
        epilog="Example: rightsdesk due 2026-03-05 --pause 2026-03-10 2026-03-17",
    )(due)


def due(
    ctx: typer.Context,
    received: Annotated[
        str | None, typer.Argument(help="date, or instant; without offset: local time")
    ] = None,
    pause: Annotated[
        list[str] | None, typer.Option(metavar="FROM TO", help="asked who it is, and shown; may be repeated")
    ] = None,
    jsonl: Annotated[Path | None, typer.Option(metavar="FILE", help="JSON lines, `-` is stdin")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON object")] = False,  # noqa: FBT002 - a flag
) -> None:
    """The dates of a case received then, with a sentence for each.

    Or, with --jsonl, of many: lines {"id","received","pauses":[{"from","to"}]} in, a line with the dates of
    each out.
    """
    settings = tools(ctx).settings()
    if (received is None) == (jsonl is None):
        raise typer.BadParameter("name either a date of receipt or --jsonl FILE", param_hint="RECEIVED")
    if jsonl is not None:
        _answer_lines(JsonLines(jsonl), settings.zone)
        return
    try:
        day = day_of(received, settings.zone)
        pauses = [_typed_pause(words, day, settings.zone) for words in pause or ()]
    except RightsDeskError as fault:
        raise typer.BadParameter(f"{fault}.") from None
    show = _put if as_json else _tell
    show(day, pauses, settings.language)


def day_of(given: object, zone: ZoneInfo) -> date:
    """The local calendar date of a date or an instant (ISO 8601); NoDate for anything else."""
    text = given.strip() if isinstance(given, str) else ""
    try:
        instant = datetime.fromisoformat(text)
        day = local_day(instant, zone) if instant.tzinfo else instant.date()
    except (ValueError, OverflowError):
        raise NoDate(text=paper.plain(str(given), cut=40)) from None
    if day.year not in YEARS:
        raise NoDate(text=text)
    return day


def pause_between(start: object, end: object, received_on: date, zone: ZoneInfo) -> Pause:
    """Nobody is asked before the request came, nor answers before being asked."""
    pause = Pause(asked_on=day_of(start, zone), answered_on=day_of(end, zone))
    if pause.answered_on < pause.asked_on:
        raise PauseBackwards(start=pause.asked_on, end=pause.answered_on)
    if pause.asked_on < received_on:
        raise PauseTooEarly(start=pause.asked_on, received=received_on)
    return pause


def dates_json(received_on: date, pauses: Sequence[Pause]) -> dict[str, str]:
    """Every name in `cases.clock.Dates`, and the safe day of the earliest."""
    found = dates(received_on, pauses)
    return {name: str(day) for name, day in asdict(found).items()} | {"safe_day": str(found.safe_day)}


def _typed_pause(words: str, received_on: date, zone: ZoneInfo) -> Pause:
    start, _, end = words.partition(_JOINT)
    return pause_between(start, end, received_on, zone)


def _put(day: date, pauses: Sequence[Pause], language: Language) -> None:
    paper.put({**dates_json(day, pauses), "reasons": reasons(dates(day, pauses), language, pauses)})


def _tell(day: date, pauses: Sequence[Pause], language: Language) -> None:
    found = dates(day, pauses)
    why = reasons(found, language, pauses)
    width = max(map(len, _TITLES[language].values()))
    for name, title in _TITLES[language].items():
        paper.say(f"{title:{width}}  {long_date(getattr(found, name), language, weekday=True)}")
        if name in why:
            paper.say(f"{'':{width}}  {why[name]}")


def _answer_lines(lines: JsonLines, zone: ZoneInfo) -> None:
    for number, fields in lines:
        try:
            paper.put({"id": fields.get("id"), **_answer(fields, zone)}, line=True)
        except RightsDeskError as fault:
            lines.tell(number, str(fault))
    lines.end()


def _answer(fields: Fields, zone: ZoneInfo) -> dict[str, str]:
    received_on = day_of(fields.get("received"), zone)
    given = fields.get("pauses") or []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise WrongPauses
    pauses = [pause_between(one.get("from"), one.get("to"), received_on, zone) for one in given]
    return dates_json(received_on, pauses)


class WrongPauses(RightsDeskError):
    """write pauses as a list of objects with from and to"""
