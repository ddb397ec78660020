"""From the day of receipt to every date of a case.  Dates only: the law counts days, not hours.

All of it is recomputed from what happened, never patched.  Regulation 1182/71 art. 3 governs, since the
GDPR is Union law.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from cases.holidays import is_working_day, last_ordinary_working_day
from cases.model import Case, Pause

PROMISE_DAYS: Final = 28  #: "binnen vier weken na ontvangst", the privacy statement


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """The last day, until 23:59:59 local time, of each clock of one case."""

    received_on: date
    promise_due: date  #: written answer, as promised; nothing moves it
    statutory_due: date  #: art. 12(3), one month; pauses counted in, and the extension where there is one
    statutory_unpaused: date  #: the same without any pause, always shown beside it
    refusal_due: date  #: art. 12(4): a no never leans on an extension
    extension_notice_due: date  #: art. 12(3): neither pause nor extension helps
    extended_due: date  #: three months from receipt, without a pause
    promise_safe_day: date  #: the last ordinary working day in time
    statutory_safe_day: date
    extended_safe_day: date

    @property
    def safe_day(self) -> date:
        """Of the earliest running clock; the promise is never later than the month."""
        return min(self.promise_safe_day, self.statutory_safe_day)


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The calendar date of receipt, weekends included, until 23:59:59 local time."""
    return instant.astimezone(zone).date()


def dates(received_on: date, pauses: Iterable[Pause] = (), *, extended: bool = False) -> Dates:
    """Every date of a case received on that day."""
    paused = timedelta(days=paused_days(pauses))
    month, three_months = months_after(received_on, 1), months_after(received_on, 3)
    promise = received_on + timedelta(days=PROMISE_DAYS)
    statutory = (three_months if extended else month) + paused
    return Dates(
        received_on=received_on,
        promise_due=promise,
        statutory_due=next_working_day(statutory),
        statutory_unpaused=next_working_day(statutory - paused),
        refusal_due=next_working_day(month + paused),
        extension_notice_due=next_working_day(month),
        extended_due=next_working_day(three_months),
        promise_safe_day=last_ordinary_working_day(promise),
        # one day less where there was a pause: whether the day of asking counts is disputed
        statutory_safe_day=last_ordinary_working_day(statutory - timedelta(days=bool(paused))),
        extended_safe_day=last_ordinary_working_day(three_months),
    )


def dates_of_case(case: Case) -> Dates:
    return dates(case.received_on, case.pauses, extended=case.extended)


def months_after(day: date, months: int) -> date:
    """The same day number, or the month's last: 31 August -> 30 September (1182/71 art. 3(2)(c))."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def next_working_day(day: date) -> date:
    """An end on a holiday, Saturday or Sunday moves on (Regulation 1182/71 art. 3(4))."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def paused_days(pauses: Iterable[Pause]) -> int:
    """Days in the union of the pauses; the day of asking is not paused, the day of the answer is."""
    days: set[int] = set()
    for pause in pauses:
        days.update(range(pause.asked_on.toordinal() + 1, pause.answered_on.toordinal() + 1))
    return len(days)
