"""What is due today: nudges and the digest.  Pure: cases and a date in, what to say out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from cases.clock import dates_of_case
from cases.holidays import is_ordinary_working_day, working_days_before
from cases.model import Case, Nudge, Status
from cases.records import Tally

#: Ordinary working days before the safe day of the earliest running clock, latest nudge last.
LADDER: Final = ((10, Nudge.TEN_DAYS), (5, Nudge.FIVE_DAYS), (1, Nudge.ONE_DAY), (0, Nudge.SAFE_DAY))

#: These come anew each working day.
_DAILY: Final = frozenset({Nudge.PAST_PROMISE, Nudge.PAST_STATUTE})

#: The digest looks this many days ahead.
WEEK: Final = timedelta(days=7)


def nudge_due(case: Case, today: date) -> tuple[Nudge, date] | None:
    """The nudge that a live case has earned by today, and the day it belongs to.

    Only the latest one: a service that slept for a week does not send what the days between would have.
    A nudge belongs to its own working day, so the ledger (case, nudge, day) lets it out once.
    """
    if not case.is_live:
        return None
    found = dates_of_case(case)
    if today > found.promise_due:
        late = Nudge.PAST_STATUTE if today > found.statutory_due else Nudge.PAST_PROMISE
        return late, _working_day_up_to(today)
    steps = [(working_days_before(found.safe_day, days), nudge) for days, nudge in LADDER]
    reached = [(nudge, day) for day, nudge in steps if case.received_on < day <= today]
    return reached[-1] if reached else None


def is_overtaken(case: Case, nudge: Nudge, day: date, today: date) -> bool:
    """A nudge of `day` that could not go out until `today`: has the case earned a later one since?"""
    due = nudge_due(case, today)
    return due is None or due[0] is not nudge or (nudge in _DAILY and day < due[1])


def is_digest_overtaken(day: date, today: date) -> bool:
    """A digest that could not go out in time gives way to that of a later working day."""
    return _working_day_up_to(today) > day


def _working_day_up_to(today: date) -> date:
    while not is_ordinary_working_day(today):
        today -= timedelta(days=1)
    return today


@dataclass(frozen=True, kw_only=True, slots=True)
class Digest:
    """What team leads read on a working day; every group oldest first, none shortened."""

    day: date
    past_statute: Sequence[Case] = ()
    past_promise: Sequence[Case] = ()  #: but not past the statutory date
    due_this_week: Sequence[Case] = ()
    awaiting_confirmation: Sequence[Case] = ()  #: may stand in another group too
    live: int = 0
    failed_letters: int = 0
    unclear_letters: int = 0
    set_aside: int = 0
    unread: int = 0

    @property
    def overdue(self) -> int:
        return len(self.past_statute) + len(self.past_promise)


def digest_of(cases: Iterable[Case], day: date, tally: Tally) -> Digest:
    """The day's list over all live cases."""
    live = sorted((case for case in cases if case.is_live), key=_urgency)
    return Digest(
        day=day,
        past_statute=[case for case in live if is_past_statute(case, day)],
        past_promise=[case for case in live if is_overdue(case, day) and not is_past_statute(case, day)],
        due_this_week=[
            case for case in live if not is_overdue(case, day) and dates_of_case(case).safe_day <= day + WEEK
        ],
        awaiting_confirmation=[case for case in live if case.status is Status.PROPOSED],
        live=len(live),
        failed_letters=tally.failed_letters,
        unclear_letters=tally.unclear_letters,
        set_aside=tally.set_aside,
        unread=tally.unread,
    )


def is_overdue(case: Case, today: date) -> bool:
    """Past its promise, which is the earlier clock; a closed case is never overdue."""
    return case.is_live and today > dates_of_case(case).promise_due


def is_past_statute(case: Case, today: date) -> bool:
    return case.is_live and today > dates_of_case(case).statutory_due


def _urgency(case: Case) -> tuple[date, str]:
    return dates_of_case(case).promise_due, case.reference
