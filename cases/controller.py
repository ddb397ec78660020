"""Who the controller is, as its letters state it; read from one TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from cases.errors import SettingMissing

DEFAULT: Final = Path(__file__).parent / "controllers" / "smart_fms.toml"
_LONGEST: Final = 200  #: characters of one line
_MOST_YEARS: Final = 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Authority:
    """The supervisory authority that people may complain to (art. 77)."""

    name: str
    website: str
    postal: tuple[str, ...]
    phone: str


AUTORITEIT_PERSOONSGEGEVENS: Final = Authority(
    name="Autoriteit Persoonsgegevens",
    website="autoriteitpersoonsgegevens.nl",
    postal=("Postbus 93374", "2509 AJ DEN HAAG"),
    phone="088 - 1805 250",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Controller:
    """What every letter needs to know of who writes it; an empty text is not known, and left out."""

    name: str  #: with its legal form
    short_name: str  #: in running text
    service_desk: str  #: who answers questions and complaints
    mail: str
    phone: str
    postal: tuple[str, ...]  #: address lines
    statement_url: str  #: where the privacy statement is read
    statement_date: date  #: from when it applies
    kept_years: int  #: a case file is kept this long after its closing
    website: str = ""
    office: tuple[str, ...] = ()  #: address lines of where people can come
    office_hours: str = ""
    authority: Authority = AUTORITEIT_PERSOONSGEGEVENS

    @property
    def sender_name(self) -> str:
        """As our letters are signed: 'Smart FMS Service Desk'."""
        return f"{self.short_name} {self.service_desk}"


def read(path: Path | None = None) -> Controller:
    """The controller of that file, or of the one that comes along; SettingMissing says what is wrong."""
    place = path or DEFAULT
    try:
        told = tomllib.loads(place.read_text("utf-8"))
    except OSError:
        raise _fault(f"the file {place} cannot be read.") from None
    except ValueError as fault:  # neither UTF-8 nor TOML; TOML's fault tells line and column
        where = str(fault) if isinstance(fault, tomllib.TOMLDecodeError) else "it is not UTF-8"
        raise _fault(f"the file {place} is no TOML: {where}.") from None
    return Controller(**_checked(Controller, told, place))


#: Type of a field -> (what it is in words, reads it or gives None).
_READERS: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "str": ("a text on one line", lambda told: told if _is_line(told) else None),
    "tuple[str, ...]": ("a list of lines", lambda told: _lines(told)),
    "date": ("a date like 2018-05-16", lambda told: _day(told)),
    "int": ("a whole number of years from 1", lambda told: _years(told)),
}


def _checked(shape: type[Controller | Authority], told: Mapping[str, Any], place: Path) -> dict[str, Any]:
    """The fields of a shape from a table; each missing, mistyped or unknown key is named."""
    known = {field.name: field for field in fields(shape)}
    if unknown := sorted(told.keys() - known.keys()):
        raise _fault(f"the file {place} holds the unknown key {unknown[0]}; known are {', '.join(known)}.")
    found: dict[str, Any] = {}
    for name, field in known.items():
        if name in told:
            found[name] = _value(name, str(field.type), told[name], place)
        elif field.default is MISSING:
            raise _fault(f"the file {place} lacks the key {name}.")
    return found


def _value(name: str, kind: str, told: Any, place: Path) -> Any:
    if kind == "Authority":
        if not isinstance(told, dict):
            raise _fault(f"the file {place} needs authority as a table of its own, [authority].")
        return Authority(**_checked(Authority, told, place))
    wanted, reader = _READERS[kind]
    found = reader(told)
    if found is None:
        raise _fault(f"the file {place} needs {wanted} for the key {name}.")
    return found


def _is_line(told: Any) -> bool:
    return isinstance(told, str) and bool(told.strip()) and told.isprintable() and len(told) <= _LONGEST


def _lines(told: Any) -> tuple[str, ...] | None:
    return tuple(told) if isinstance(told, list) and told and all(map(_is_line, told)) else None


def _day(told: Any) -> date | None:
    return told if isinstance(told, date) and not isinstance(told, datetime) else None


def _years(told: Any) -> int | None:
    return told if type(told) is int and 1 <= told <= _MOST_YEARS else None


def _fault(advice: str) -> SettingMissing:
    return SettingMissing(setting="RIGHTSDESK_CONTROLLER", advice=advice)
