"""How dates and rights are said in the languages we write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from cases.holidays import Holiday
from cases.messages import Channel, Language
from cases.model import Right

_MONTHS: Final = {
    Language.NL: "januari februari maart april mei juni juli augustus september oktober november december",
    Language.EN: "January February March April May June July August September October November December",
}
_WEEKDAYS: Final = {
    Language.NL: "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    Language.EN: "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
}
_AND: Final = {Language.NL: "en", Language.EN: "and"}

_HOLIDAYS: Final[Mapping[Language, Mapping[Holiday, str]]] = {
    Language.NL: {
        Holiday.NEW_YEARS_DAY: "Nieuwjaarsdag",
        Holiday.EASTER_SUNDAY: "eerste paasdag",
        Holiday.EASTER_MONDAY: "tweede paasdag",
        Holiday.KINGS_DAY: "Koningsdag",
        Holiday.LIBERATION_DAY: "Bevrijdingsdag",
        Holiday.ASCENSION: "Hemelvaartsdag",
        Holiday.WHIT_SUNDAY: "eerste pinksterdag",
        Holiday.WHIT_MONDAY: "tweede pinksterdag",
        Holiday.CHRISTMAS_DAY: "eerste kerstdag",
        Holiday.BOXING_DAY: "tweede kerstdag",
    },
    Language.EN: {
        Holiday.NEW_YEARS_DAY: "New Year's Day",
        Holiday.EASTER_SUNDAY: "Easter Sunday",
        Holiday.EASTER_MONDAY: "Easter Monday",
        Holiday.KINGS_DAY: "King's Day",
        Holiday.LIBERATION_DAY: "Liberation Day",
        Holiday.ASCENSION: "Ascension Day",
        Holiday.WHIT_SUNDAY: "Whit Sunday",
        Holiday.WHIT_MONDAY: "Whit Monday",
        Holiday.CHRISTMAS_DAY: "Christmas Day",
        Holiday.BOXING_DAY: "Boxing Day",
    },
}

_RIGHTS: Final[Mapping[Language, Mapping[Right, str]]] = {
    Language.NL: {
        Right.ACCESS: "inzage in uw persoonsgegevens",
        Right.RECTIFICATION: "verbetering of aanvulling van uw persoonsgegevens",
        Right.ERASURE: "verwijdering van uw persoonsgegevens",
        Right.RESTRICTION: "beperking van het gebruik van uw persoonsgegevens",
        Right.OBJECTION: "bezwaar tegen het gebruik van uw persoonsgegevens",
        Right.PORTABILITY: "overdracht van uw persoonsgegevens",
        Right.CONSENT_WITHDRAWAL: "intrekking van uw toestemming",
        Right.COMPLAINT: "een klacht over de omgang met uw persoonsgegevens",
    },
    Language.EN: {
        Right.ACCESS: "access to your personal data",
        Right.RECTIFICATION: "correction or completion of your personal data",
        Right.ERASURE: "erasure of your personal data",
        Right.RESTRICTION: "restriction of the use of your personal data",
        Right.OBJECTION: "objection to the use of your personal data",
        Right.PORTABILITY: "transfer of your personal data",
        Right.CONSENT_WITHDRAWAL: "withdrawal of your consent",
        Right.COMPLAINT: "a complaint about how your personal data were handled",
    },
}

_SHORT_RIGHTS: Final[Mapping[Language, Mapping[Right, str]]] = {
    Language.NL: {
        Right.ACCESS: "inzage",
        Right.RECTIFICATION: "rectificatie",
        Right.ERASURE: "verwijdering",
        Right.RESTRICTION: "beperking",
        Right.OBJECTION: "bezwaar",
        Right.PORTABILITY: "overdraagbaarheid",
        Right.CONSENT_WITHDRAWAL: "intrekken toestemming",
        Right.COMPLAINT: "klacht",
    },
    Language.EN: {
        Right.ACCESS: "access",
        Right.RECTIFICATION: "rectification",
        Right.ERASURE: "erasure",
        Right.RESTRICTION: "restriction",
        Right.OBJECTION: "objection",
        Right.PORTABILITY: "portability",
        Right.CONSENT_WITHDRAWAL: "consent withdrawal",
        Right.COMPLAINT: "complaint",
    },
}

_CHANNELS: Final[Mapping[Language, Mapping[Channel, str]]] = {
    Language.NL: {
        Channel.MAIL: "per e-mail",
        Channel.SLACK: "via Slack",
        Channel.PHONE: "per telefoon",
        Channel.LETTER: "per brief",
    },
    Language.EN: {
        Channel.MAIL: "by e-mail",
        Channel.SLACK: "through Slack",
        Channel.PHONE: "by telephone",
        Channel.LETTER: "by letter",
    },
}


def written(language: Language) -> Language:
    """The language we write in to somebody who writes in this one."""
    return Language.NL if language is Language.NL else Language.EN


def long_date(day: date, language: Language, *, weekday: bool = False) -> str:
    """'5 maart 2026', or with the weekday 'donderdag 5 maart 2026'."""
    said = f"{day.day} {_MONTHS[language].split()[day.month - 1]} {day.year}"
    return f"{_WEEKDAYS[language].split()[day.weekday()]} {said}" if weekday else said


def day_off(day: date, holiday: Holiday | None, language: Language) -> str:
    """Why a day is no working day: the holiday's name, or else the weekday's."""
    return _HOLIDAYS[language][holiday] if holiday else _WEEKDAYS[language].split()[day.weekday()]


def right(name: Right, language: Language) -> str:
    """In a letter: 'inzage in uw persoonsgegevens'."""
    return _RIGHTS[language][name]


def short_right(name: Right, language: Language) -> str:
    """On a card: 'inzage'."""
    return _SHORT_RIGHTS[language][name]


def by_channel(channel: Channel, language: Language) -> str:
    return _CHANNELS[language][channel]


def listed(words: Iterable[str], language: Language) -> str:
    """'a, b en c'."""
    *others, last = list(words) or [""]
    return f"{', '.join(others)} {_AND[language]} {last}" if others else last
