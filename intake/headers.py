"""Header fields -> text, addresses, ids and dates.  Total, and bounded before anything is decoded."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from intake.charsets import decode_octets

MAX_TEXT: Final = 10_000  #: characters of a field, before decoding
MAX_IDS: Final = 100
ENCODED_WORD: Final = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?")
_ID: Final = re.compile(r"<[^<>]{1,990}>")
_SPACE: Final = re.compile(r"\s+")
#: control characters, and those that change the direction of what follows (Unicode TR 36, 2.1)
_INVISIBLE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_MONTHS: Final = {"mrt": "Mar", "mei": "May", "okt": "Oct", "maa": "Mar", "januari": "Jan", "februari": "Feb"}
_EARLIEST: Final = datetime(1980, 1, 1, tzinfo=UTC)  #: there was no mail as we know it before RFC 822
_AHEAD: Final = timedelta(days=2)


class Fields:
    """The header fields of one mail or part, by name in any case; values as they came, in text, unfolded."""

    def __init__(self, raw: Iterable[tuple[str, object]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in raw:
            self._values.setdefault(name.lower(), []).append(_unfold(str(value)))

    def all(self, name: str) -> list[str]:
        return self._values.get(name, [])

    def first(self, name: str) -> str:
        """The first that is not empty; the empty string when there is none."""
        return next((value for value in self.all(name) if value.strip()), "")

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> Iterable[str]:
        return self._values.keys()

    def text(self, name: str) -> str:
        return clean_line(decode_words(self.first(name)))


def _unfold(value: str) -> str:
    """One line of text; raw octets, which the parser hands out as surrogates, decoded by their looks."""
    value = value[: MAX_TEXT * 6]
    if not value.isascii() or "\x1b" in value:
        value = decode_octets(value.encode("utf-8", "surrogateescape"))[0]
    return _SPACE.sub(" ", value.replace("\r\n", "\n")) if "\n" in value or "\r" in value else value


def decode_words(value: str) -> str:
    """RFC 2047 encoded words, decoded; what is no encoded word stays.

    Neighbours in the same charset are joined before decoding: many mailers cut in the middle of a character.
    """
    value = value[:MAX_TEXT]
    pieces: list[tuple[str, bytes | str]] = []  # charset, octets; or "", text
    at = 0
    while (word := ENCODED_WORD.search(value, at)) is not None:
        end = value.find("?=", word.end())
        if end < 0:
            break
        between = value[at : word.start()]
        if between.strip() or (between and not (pieces and pieces[-1][0])):
            pieces.append(("", between))
        _join(pieces, word.group(1).split("*")[0].lower(), _octets(word.group(2), value[word.end() : end]))
        at = end + 2
    pieces.append(("", value[at:]))
    return "".join(
        part if isinstance(part, str) else decode_octets(part, charset)[0] for charset, part in pieces
    )


def _join(pieces: list[tuple[str, bytes | str]], charset: str, octets: bytes) -> None:
    if pieces and pieces[-1][0] == charset and isinstance(before := pieces[-1][1], bytes):
        pieces[-1] = (charset, before + octets)
    else:
        pieces.append((charset, octets))


def _octets(encoding: str, text: str) -> bytes:
    octets = text.encode("utf-8", "surrogateescape")
    if encoding in "qQ":
        return binascii.a2b_qp(octets, header=True)
    letters = re.sub(rb"[^A-Za-z0-9+/]", b"", octets)
    if len(letters) % 4 == 1:
        letters = letters[:-1]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))


def clean_line(text: str, limit: int = 2_000) -> str:
    """Safe to show in one line: no line breaks, control characters or turned directions."""
    return _SPACE.sub(" ", _INVISIBLE.sub(" ", text)).strip()[:limit]


def message_ids(values: Iterable[str], *, newest: bool = False) -> tuple[str, ...]:
    """Message-IDs with their angle brackets, each once, in order; of more than a hundred the last."""
    found: list[str] = []
    for value in values:
        if "<" not in value and "=?" in value:  # Python's own mailer encodes long ones
            value = decode_words(value)  # noqa: PLW2901 - the same value, readable
        ids = _ID.findall(value[: MAX_TEXT * 6])
        if not ids and "@" in value and " " not in value.strip():
            ids = [f"<{value.strip().strip('<>')[:990]}>"]
        found += [one for one in (_clean_id(each) for each in ids) if len(one) > 2]  # noqa: PLR2004 - more than <>
    once = list(dict.fromkeys(found))
    return tuple(reversed(once[-MAX_IDS:])) if newest else tuple(once[-MAX_IDS:])


def _clean_id(one: str) -> str:
    return _INVISIBLE.sub("", one).replace(" ", "")


def sent_date(value: str, received_at: datetime) -> datetime | None:
    """The Date field; aware.  None when it is missing, broken, or says what cannot be."""
    text = clean_line(value, 200)
    for dutch, english in _MONTHS.items():
        text = re.sub(rf"\b{dutch}\b\.?", english, text, flags=re.IGNORECASE)
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            moment = read(text)
            moment = moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
            if _EARLIEST <= moment <= received_at + _AHEAD:
                return moment
        except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
            continue
    return None
