"""Writes a letter: what the record says, in the words of the file for its kind and language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from cases.clock import Dates, dates, local_day
from cases.controller import Controller
from cases.letters.layout import laid_out
from cases.letters.salutation import sane_name
from cases.messages import Language
from cases.model import STOP_AT_ONCE, Case, CaseRight, LetterKind, Right
from cases.wording import by_channel, listed, long_date, right, written

#: Art. 12(2) and (6): nobody has to identify to be left alone, or to complain.
NO_IDENTITY: Final = STOP_AT_ONCE | {Right.COMPLAINT}

#: Art. 12(3) gives a month for articles 15 to 22; these two stand elsewhere (art. 7(3) and 77).
OUTSIDE_THE_MONTH: Final = frozenset({Right.CONSENT_WITHDRAWAL, Right.COMPLAINT})

_texts: Final = Environment(  # noqa: S701 - letters are plain text, there is no markup to escape
    loader=PackageLoader("cases", "letters"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    cache_size=-1,
)


@dataclass(frozen=True, slots=True)
class Letter:
    subject_line: str
    body: str  #: plain text, lines of at most 72 characters where words allow, newline at the end


@dataclass(frozen=True, kw_only=True, slots=True)
class Term:
    """Rights that came in on one day share their dates."""

    rights: Sequence[str]  #: in the words of the letter
    dates: Dates
    has_month: bool  #: the law gives a month for one of them at least
    is_complaint: bool  #: and nothing else


def write(
    kind: LetterKind,
    case: Case,
    *,
    controller: Controller,
    written_on: date,
    language: Language | None = None,
    zone: ZoneInfo = ZoneInfo("Europe/Amsterdam"),  # noqa: B008 - a constant; zones are cached and immutable
) -> Letter:
    """The letter of that kind, in the requester's language unless another one is asked for."""
    chosen = written(language or case.language)
    text = _texts.get_template(f"{chosen}/{kind}.txt").render(
        _facts(case, chosen, zone), controller=controller, written_on=written_on
    )
    subject_line, _, body = text.partition("\n")
    return Letter(subject_line.strip(), laid_out(body))


def _facts(case: Case, language: Language, zone: ZoneInfo) -> Mapping[str, Any]:
    """The words that every file may use, besides `controller` and `written_on`."""
    rights = [mine.right for mine in case.rights]
    return {
        "reference": case.reference,
        "name": sane_name(case.requester.name),
        "received_on": case.received_on,
        "by_channel": by_channel(case.channel, language),
        "asks_for": frozenset(map(str, rights)),
        "rights": [right(name, language) for name in rights],
        "terms": _terms(case, language),
        "extended": case.extended,
        "paused": bool(case.pauses),
        "some_need_no_identity": not NO_IDENTITY.isdisjoint(rights),
        "may_need_identity": not NO_IDENTITY.issuperset(rights),
        "stopped_on": {
            str(mine.right): mine.stopped_at and local_day(mine.stopped_at, zone)
            for mine in case.rights
            if mine.right in STOP_AT_ONCE
        },
        "day": partial(long_date, language=language),
        "weekday": partial(long_date, language=language, weekday=True),
        "listed": partial(listed, language=language),
    }


def _terms(case: Case, language: Language) -> list[Term]:
    """The clocks of the case, earliest first; a right that was added later has its own."""
    by_day: dict[date, list[CaseRight]] = {}
    for mine in sorted(case.rights, key=lambda mine: mine.received_on):
        by_day.setdefault(mine.received_on, []).append(mine)
    return [
        Term(
            rights=[right(mine.right, language) for mine in together],
            dates=dates(received_on, case.pauses, extended=case.extended),
            has_month=not OUTSIDE_THE_MONTH.issuperset(mine.right for mine in together),
            is_complaint=all(mine.right is Right.COMPLAINT for mine in together),
        )
        for received_on, together in by_day.items()
    ]
