"""What may be learned from without keeping anybody's data: names, addresses and numbers become a mark.

Rather too much is masked than too little: a reader of such a text should not know who wrote it.  What the
classifier learns from, verbs and nouns and the numbers of the law's articles, stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

#: One mark for everything; no letter and no digit, so that the classifier sees no word in it.
MASK: Final = "▮"
_LONGEST: Final = 20_000

_TUSSENVOEGSEL: Final = (
    r"(?:v/d|van|von|de|den|der|het|ten|ter|te|in|op|la|le|du|da|dos|di|el|al|bin|ibn|'t|d')"
)
_APOSTROPHES: Final = "'\u2019"
_CAPITAL: Final = r"[^\W\d_a-zß-öø-ÿ]"
_PATTERNS: Final = (
    r"\bhttps?://\S+|\bwww\.\S+",
    r"[\w.+%'-]+@[\w-]+(?:\.[\w-]+)+",
    r"\b[A-Z]{2}\d{2}(?:[ ]?[A-Z0-9]{2,4}){3,8}\b",  # IBAN
    r"\b\d{4}\s?[A-Z]{2}\b",  # a Dutch postcode
    r"\b[A-Z]{1,2}\d[A-Z\d]?\s?\d[A-Z]{2}\b",  # a British one
    # a street and its number
    r"\b\w+(?:straat|laan|weg|plein|kade|gracht|singel|dijk|hof|steeg|pad|dreef|wal|markt|plantsoen|baan)\s+\d{1,5}\s?[a-zA-Z]?\b",
    r"\b\d{1,5}[a-zA-Z]?\s+(?:[A-Z]\w+\s+){1,3}(?:Street|Road|Lane|Avenue|Close|Drive|Square|Way|St|Rd|Ave)\b",
    # dates, telephone numbers, and whatever else has digits: only numbers up to two digits stay (art. 15)
    r"\b\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b",
    r"\b\d{1,2}\s+(?:jan|feb|m(?:aa)?rt|mar|apr|mei|may|jun|jul|aug|sep|o[kc]t|nov|dec)[a-z]*\.?(?:\s+\d{2,4})?\b",
    r"\+?\(?\d[\d\s().-]{5,}\d",
    r"\b(?=\w*\d)(?=\w*[^\W\d])\w{4,}\b",  # document and reference numbers
    r"\d{3,}",
)
_ANY: Final = re.compile("|".join(f"(?:{one})" for one in _PATTERNS), re.IGNORECASE)
#: Behind these stands a name.
_ADDRESSED: Final = re.compile(
    r"(\b(?:geachte|beste|lieve|hallo|hoi|hey|hi|dear|hello|dhr|mevr|mevrouw|meneer|heer|mw|mr|mrs|ms|miss|"
    r"dr|drs|ir|ing|prof|ik ben|mijn naam is|my name is|i am|namens)\b\.?[ ]+)"
    rf"((?:{_TUSSENVOEGSEL}[ ]+)*{_CAPITAL}[\w{_APOSTROPHES}.-]*)",
    re.IGNORECASE,
)
_FAREWELL: Final = re.compile(
    r"^(\W*(?:met\b.{0,30})?\b(?:groet|groeten|groetjes|gr|mvg|hoogachting|hoogachtend|(?:\w+ )?regards|"
    r"best wishes|best|cheers|thanks|thank you|yours(?: \w+)?|sincerely|dank|bedankt)\b)"
    r"((?:\W+\w+){0,4})\W*$",
    re.IGNORECASE,
)
_SIGNATURE_LINES: Final = 4
_LONGEST_LINE: Final = 200  #: a farewell is short
_NAMEWORD: Final = rf"{_CAPITAL}(?:[^\W\d_]|[{_APOSTROPHES}.-])+|{_CAPITAL}\."
#: A capital in the middle of a sentence, with what belongs to the name around it.
_NAME: Final = re.compile(
    rf"(?<=[^\s.!?:;\"“”(>•*-])([ ]+)((?:{_NAMEWORD})(?:[ ]+(?:{_TUSSENVOEGSEL}[ ]+)*(?:{_NAMEWORD}))*)"
)
#: Two words with a capital, wherever they stand, are a name too.
_FULL_NAME: Final = re.compile(rf"\b({_CAPITAL}[^\W\d_]+)([ ]+(?:{_TUSSENVOEGSEL}[ ]+)*(?:{_NAMEWORD}))+")
#: Words with a capital that are no names, and that say what is asked.
_NO_NAMES: Final = frozenset(
    """
    ik i u uw je jij mijn my dit dat deze die het de een the a an avg gdpr dpa ap gba ico dpc cnil eu uavg bsn
    sar dsar pdf csv json xml excel word app crm linkedin facebook whatsapp instagram google teams slack
    autoriteit persoonsgegevens gegevensbescherming verordening artikel article art regulation act data
    protection general privacy service desk helpdesk functionaris officer nederland nederlands dutch english
    engels belgium maandag dinsdag woensdag donderdag vrijdag zaterdag zondag monday tuesday wednesday
    thursday friday saturday sunday januari februari maart april mei juni juli augustus september oktober
    november december january february march may june july august october
    """.split()  # noqa: SIM905 - one word a line would be a page
)


def redact(text: str, names: Iterable[str] = ()) -> str:
    """The text without names, addresses and numbers.  Total; linear in the text's length.

    `names` are those known from the header: sender, address, colleagues.
    """
    text = _signatures(text[:_LONGEST])
    text = _known(text, names)
    text = _ANY.sub(MASK, text)
    text = _ADDRESSED.sub(lambda hit: hit[1] + _masked(hit[2]), text)
    text = _FULL_NAME.sub(lambda hit: _masked(hit[0]), text)
    return _NAME.sub(lambda hit: hit[1] + _masked(hit[2]), text)


def _masked(name: str) -> str:
    """Each word of a name, but no word that says what is asked."""
    return " ".join(
        word if word.strip(f"{_APOSTROPHES}.").casefold() in _NO_NAMES else MASK for word in name.split(" ")
    )


def _known(text: str, names: Iterable[str]) -> str:
    parts = {part for name in names for part in re.split(r"[\W\d_]+", name) if len(part) > 2}  # noqa: PLR2004 - shorter ones are words
    wanted = sorted(parts - set(_TUSSENVOEGSEL), key=len, reverse=True)
    if not wanted:
        return text
    return re.sub(r"\b(?:" + "|".join(map(re.escape, wanted)) + r")\b", MASK, text, flags=re.IGNORECASE)


def _signatures(text: str) -> str:
    """The short lines below a farewell are who wrote it and where he lives."""
    lines = text.split("\n")
    left = 0
    for at, line in enumerate(lines):
        if farewell := _FAREWELL.match(line[:_LONGEST_LINE]):
            lines[at] = f"{farewell[1]} {MASK}" if farewell[2].strip() else farewell[1]
            left = _SIGNATURE_LINES
        elif left and line.strip() and len(line.split()) <= 6:  # noqa: PLR2004 - longer ones are sentences again
            lines[at] = MASK
            left -= 1
        elif line.strip():
            left = 0
    return "\n".join(lines)
