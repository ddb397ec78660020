"""Each date of a case as a sentence that names its rule and what went in, so that nobody argues with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from cases.clock import Dates, months_after, next_working_day, paused_days
from cases.holidays import holiday
from cases.messages import Language
from cases.model import Pause
from cases.wording import day_off, long_date

_SENTENCES: Final = {
    Language.NL: {
        "promise": "ontvangen {received}; vier weken later is {due} (belofte in het privacystatement)",
        "statutory": "ontvangen {received}, plus één maand is {end} (art. 12 lid 3 AVG)",
        "extended": "ontvangen {received}, plus drie maanden is {end} (verlengd, art. 12 lid 3 AVG)",
        "refusal": "ontvangen {received}, plus één maand is {end} (weigering met redenen, art. 12 lid 4 AVG)",
        "notice": "ontvangen {received}, plus één maand is {end} (bericht van verlenging, art. 12 lid 3 AVG)",
        "moved": "{rule}; dat is {why}, dus {due}",
        "paused": "{rule}; {days} dagen stilgestaan voor identificatie, zonder pauze {unpaused}",
        "one": "{rule}; 1 dag stilgestaan voor identificatie, zonder pauze {unpaused}",
        "safe": "de laatste gewone werkdag tot en met {due}",
    },
    Language.EN: {
        "promise": "received {received}; four weeks later is {due} (promised in the privacy statement)",
        "statutory": "received {received}, plus one month is {end} (GDPR art. 12(3))",
        "extended": "received {received}, plus three months is {end} (extended, GDPR art. 12(3))",
        "refusal": "received {received}, plus one month is {end} (refusal with reasons, GDPR art. 12(4))",
        "notice": "received {received}, plus one month is {end} (notice of extension, GDPR art. 12(3))",
        "moved": "{rule}; that is {why}, so {due}",
        "paused": "{rule}; stood still {days} days for identification, without the pause {unpaused}",
        "one": "{rule}; stood still 1 day for identification, without the pause {unpaused}",
        "safe": "the last ordinary working day up to {due}",
    },
}


def reasons(
    found: Dates, language: Language, pauses: Sequence[Pause] = (), *, extended: bool = False
) -> dict[str, str]:
    """Per name of a date in `Dates` its reason, without a capital or full stop."""
    month, three = months_after(found.received_on, 1), months_after(found.received_on, 3)
    paused = paused_days(pauses)
    safe_for = found.promise_due
    return {
        "promise_due": _say(
            "promise", language, found, due=long_date(found.promise_due, language, weekday=True)
        ),
        "statutory_due": _month(
            "extended" if extended else "statutory", three if extended else month, language, found, paused
        ),
        "refusal_due": _month("refusal", month, language, found, paused),
        "extension_notice_due": _month("notice", month, language, found, 0),
        "extended_due": _month("extended", three, language, found, 0),
        "safe_day": _say("safe", language, found, due=long_date(safe_for, language, weekday=True)),
    }


def _month(rule: str, nominal: date, language: Language, found: Dates, paused: int) -> str:
    """A clock of months: the rule, the pause, and the move to a working day, in the order they apply."""
    end = nominal + timedelta(days=paused)
    said = _say(rule, language, found, end=long_date(nominal, language))
    if paused:
        unpaused = long_date(next_working_day(nominal), language)
        said = _SENTENCES[language]["one" if paused == 1 else "paused"].format(
            rule=said, days=paused, unpaused=unpaused
        )
        said += f": {long_date(end, language, weekday=True)}"
    due = next_working_day(end)
    if due == end:
        return said
    why = day_off(end, holiday(end), language)
    return _SENTENCES[language]["moved"].format(
        rule=said, why=why, due=long_date(due, language, weekday=True)
    )


def _say(rule: str, language: Language, found: Dates, **facts: str) -> str:
    return _SENTENCES[language][rule].format(received=long_date(found.received_on, language), **facts)
