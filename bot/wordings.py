"""All words that colleagues read, by key, in the staff's language; the words stand in `texts/`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from bot.escaping import plain
from cases import wording
from cases.messages import Language
from cases.model import RIGHTS_DESK, Right

_FOLDER: Final = Path(__file__).parent / "texts"
_AMSTERDAM: Final = ZoneInfo("Europe/Amsterdam")
_SLACK_ID: Final = re.compile(r"[UW][A-Z0-9]{2,20}")
_LONGEST_NAME: Final = 40


class UnknownText(LookupError):
    """A key that the catalogue does not have: a fault of ours, never of a person."""


class Texts:
    """The catalogue of one language, and how it says days, moments, rights and people."""

    def __init__(self, language: Language, zone: ZoneInfo = _AMSTERDAM) -> None:
        self.language = wording.written(language)
        self._zone = zone
        self._texts = catalogue(self.language)

    def __call__(self, key: str, **facts: object) -> str:
        return self._template(key).format(**facts)

    def has(self, key: str) -> bool:
        return key in self._texts

    def count(self, key: str, number: int, **facts: object) -> str:
        """The singular under `<key>.one`, everything else under `<key>.many`."""
        return self(f"{key}.{'one' if number == 1 else 'many'}", number=number, **facts)

    def day(self, day: date) -> str:
        return wording.long_date(day, self.language, weekday=True)

    def short_day(self, day: date) -> str:
        return wording.long_date(day, self.language)

    def time(self, instant: datetime) -> str:
        """'14:32', local."""
        return f"{instant.astimezone(self._zone):%H:%M}"

    def local_day(self, instant: datetime) -> date:
        return instant.astimezone(self._zone).date()

    def instant(self, instant: datetime) -> str:
        """'op maandag 16 maart 2026 om 14:32': for what stands in a channel for weeks."""
        return self("moment.other", day=self.day(self.local_day(instant)), time=self.time(instant))

    def moment(self, instant: datetime, today: date) -> str:
        """'vandaag om 14:32', or with its day when that is another one: for what is read at once."""
        if self.local_day(instant) == today:
            return self("moment.today", time=self.time(instant))
        return self.instant(instant)

    def percent(self, share: float) -> str:
        """'2,5 %' of 0.025."""
        told = f"{100 * share:.1f} %"
        return told.replace(".", ",") if self.language is Language.NL else told

    def rights(self, rights: Iterable[Right]) -> str:
        return wording.listed((wording.short_right(right, self.language) for right in rights), self.language)

    def right(self, right: Right) -> str:
        return wording.short_right(right, self.language)

    def person(self, by: str | None) -> str:
        """Who acted, for mrkdwn: a mention of a colleague, or the name of whatever else it was."""
        if by is None:
            return self("person.nobody")
        if by == RIGHTS_DESK:
            return self("person.rights_desk")
        return f"<@{by}>" if _SLACK_ID.fullmatch(by) else plain(by, _LONGEST_NAME) or self("person.nobody")

    def _template(self, key: str) -> str:
        try:
            return self._texts[key]
        except KeyError:
            raise UnknownText(f"{self.language}: {key}") from None


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Key -> sentence with its facts in braces; tables of the file joined with dots."""
    return dict(_flat(tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))))


def _flat(table: Mapping[str, object], above: str = "") -> Iterable[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", str(value)
