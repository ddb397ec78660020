"""Header blocks inside a text: what mailers put above a mail that they quote or pass on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MAX_LINE: Final = 2_000  #: characters that any pattern gets to see of a line
_MAX_FIELDS: Final = 12  #: lines from the first field to the last
_NAMES: Final = {
    "from": "van|from|von|de|afzender|sender",
    "date": "verzonden|verstuurd|datum|date|sent|gesendet|envoyé|verzonden op|datum verzonden",
    "to": "aan|to|an|à|cc|kopie|bcc|antwoord aan|reply-to",
    "subject": "onderwerp|subject|betreff|objet|betreft",
}
_FIELD: Final = {
    meaning: re.compile(rf"[>\s*_|]{{0,20}}(?:{names})[*_]{{0,3}}\s?:[*_]{{0,3}}\s*(.*)", re.IGNORECASE)
    for meaning, names in _NAMES.items()
}
#: lines that say in words that a mail follows which somebody passes on
_PASSED_ON: Final = re.compile(
    r"[>\s*]{0,20}(?:"
    r"-{2,}\s?(?:doorgestuurd bericht|doorgestuurde e-?mail|forwarded message|weitergeleitete nachricht"
    r"|forwarded by .{1,100}|message transféré)\s?-{0,20}.{0,40}"
    r"|(?:begin doorgestuurd bericht|begin forwarded message|anfang der weitergeleiteten (?:nachricht|e-mail)"
    r"|start doorgestuurd bericht|doorgestuurd bericht|forwarded message|début du message transféré)\s?:?"
    r")[\s*]*",
    re.IGNORECASE,
)
#: lines that say that a mail follows, whether answered or passed on
_ORIGINAL: Final = re.compile(
    r"[>\s*]{0,20}[-_]{2,}\s?(?:oorspronkelijk(?:e)? (?:bericht|e-?mail)|origineel bericht|original message"
    r"|original appointment|ursprüngliche nachricht|message d'origine)\s?[-_]{0,20}[\s*]*",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """A header block: lines [start, end) of the text, and its fields by meaning (from, date, to, subject)."""

    start: int
    end: int
    fields: dict[str, str]

    @property
    def is_mail(self) -> bool:
        """From whom, and when, and one thing more: a web form's "Van: … Onderwerp: …" is no mail."""
        return "from" in self.fields and "date" in self.fields and len(self.fields) > 2  # noqa: PLR2004 - see above

    @property
    def is_likely_mail(self) -> bool:
        """Enough below a line that says that a mail follows."""
        return "from" in self.fields and len(self.fields) > 1


def passes_on(line: str) -> bool:
    return _PASSED_ON.fullmatch(line[:MAX_LINE]) is not None


def names_original(line: str) -> bool:
    return _ORIGINAL.fullmatch(line[:MAX_LINE]) is not None


def block_at(lines: Sequence[str], start: int) -> Block | None:
    """The block whose first field stands in this line; None when none does."""
    first = _field(lines[start])
    if first is None or first[0] not in {"from", "date", "subject"}:
        return None
    fields = {first[0]: first[1]}
    end = start + 1
    last = first[0]
    for position in range(start + 1, min(start + _MAX_FIELDS, len(lines))):
        line = lines[position].strip("> \t*")
        field = _field(lines[position])
        if field is not None:
            last = field[0]
            fields.setdefault(*field)
        elif not line and len(fields) > 1:
            break
        elif line and last in {"to", "subject"} and position == end and len(fields) > 1:
            if not _goes_on(last, line):
                break
        elif line:
            break
        end = position + 1
    return Block(start=start, end=end, fields=fields)


def _goes_on(last: str, line: str) -> bool:
    """A long list of recipients is wrapped; anything else below a block is the mail."""
    return last == "to" and ("@" in line or ";" in line)


def _field(line: str) -> tuple[str, str] | None:
    line = line[:MAX_LINE].replace("\N{NO-BREAK SPACE}", " ")
    if ":" not in line:
        return None
    for meaning, pattern in _FIELD.items():
        if (found := pattern.fullmatch(line)) is not None:
            return meaning, found.group(1).strip(" *_\t")
    return None
