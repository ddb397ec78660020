"""The days that are no working days in the Netherlands.

A small table of our own, because the libraries differ from the law: `holidays` leaves out 5 May in years
that five does not divide, and both `holidays` and `workalendar` count Good Friday.
"""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from typing import Final

_SATURDAY: Final = 5
_SUNDAY: Final = 6


class Holiday(StrEnum):
    """Generally recognised holidays: art. 3(1) Algemene termijnenwet."""

    NEW_YEARS_DAY = "new_years_day"
    EASTER_SUNDAY = "easter_sunday"
    EASTER_MONDAY = "easter_monday"
    KINGS_DAY = "kings_day"
    LIBERATION_DAY = "liberation_day"
    ASCENSION = "ascension"
    WHIT_SUNDAY = "whit_sunday"
    WHIT_MONDAY = "whit_monday"
    CHRISTMAS_DAY = "christmas_day"
    BOXING_DAY = "boxing_day"


#: Bridging days put on a level with holidays by royal decree (art. 3(3)); deadlines ignore them.
_DECREED: Final = frozenset({date(2026, 1, 2), date(2028, 4, 28)})


def easter_sunday(year: int) -> date:
    """Easter by the Gregorian computus (Meeus, Jones, Butcher)."""
    century, of_century = divmod(year, 100)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * (year % 19) + century - century // 4 - correction + 15) % 30
    weekday = (32 + 2 * (century % 4) + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (year % 19 + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


@cache
def holidays(year: int) -> dict[date, Holiday]:
    """The holidays of a year.  The King's birthday is kept on the 26th when the 27th is a Sunday."""
    easter = easter_sunday(year)
    king = date(year, 4, 27)
    return {
        date(year, 1, 1): Holiday.NEW_YEARS_DAY,
        easter: Holiday.EASTER_SUNDAY,
        easter + timedelta(days=1): Holiday.EASTER_MONDAY,
        king - timedelta(days=king.weekday() == _SUNDAY): Holiday.KINGS_DAY,
        date(year, 5, 5): Holiday.LIBERATION_DAY,
        easter + timedelta(days=39): Holiday.ASCENSION,
        easter + timedelta(days=49): Holiday.WHIT_SUNDAY,
        easter + timedelta(days=50): Holiday.WHIT_MONDAY,
        date(year, 12, 25): Holiday.CHRISTMAS_DAY,
        date(year, 12, 26): Holiday.BOXING_DAY,
    }


def holiday(day: date) -> Holiday | None:
    return holidays(day.year).get(day)


def is_working_day(day: date) -> bool:
    """No Saturday, Sunday or recognised holiday: Regulation 1182/71 art. 2(1), art. 3(4)."""
    return day.weekday() < _SATURDAY and holiday(day) is None


def is_ordinary_working_day(day: date) -> bool:
    """A day on which one may count on colleagues: Good Friday and decreed bridging days are closed too."""
    easter = easter_sunday(day.year)
    closed = {easter - timedelta(days=2), easter + timedelta(days=40)} | _DECREED
    return is_working_day(day) and day not in closed


def working_days_before(day: date, count: int) -> date:
    """The day that lies `count` ordinary working days before `day`; 0 is `day` itself."""
    while count:
        day -= timedelta(days=1)
        count -= is_ordinary_working_day(day)
    return day


def last_ordinary_working_day(day: date) -> date:
    """That day, or the nearest ordinary working day before it."""
    while not is_ordinary_working_day(day):
        day -= timedelta(days=1)
    return day
