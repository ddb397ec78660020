"""What we call somebody in a letter, from a name that anybody could have typed.

The name of a sender is the only text of a stranger that our letters repeat, and they repeat it under our own
sender: whatever could be a link, a command or an advertisement is left out.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 60  #: characters; longer is a text, not a name
MOST_WORDS: Final = 6
_SPOKEN_MARKS: Final = frozenset("'\N{RIGHT SINGLE QUOTATION MARK}-.·")
#: 'J.P.' and 'drs.' hold full stops and no web address; 'evil.example' does.
_INITIALS: Final = re.compile(r"(?:\w\.)+|\w{1,5}\.")
_ZALGO: Final = 4  #: marks in a row that no script needs on one letter


def sane_name(given: str) -> str:
    """The name to greet with, on one line; empty when what was given is no name.

    Words with anything but letters and the marks of names are dropped: addresses, digits, brackets.
    """
    if len(given) > LONGEST * MOST_WORDS:
        return ""
    words = [word for word in _turned(_plain(given)).split() if _is_name_word(word)]
    name = " ".join(words)
    is_name = len(name) <= LONGEST and len(words) <= MOST_WORDS and sum(map(str.isalpha, name)) > 1
    return name if is_name else ""


def _plain(given: str) -> str:
    """Composed, every kind of white space a space, no control, format or unassigned characters."""
    composed = unicodedata.normalize("NFKC", given)
    spaced = "".join(" " if char.isspace() else char for char in composed).strip(" \"'")
    return "".join(char for char in spaced if not unicodedata.category(char).startswith("C"))


def _turned(name: str) -> str:
    """'Vries, Jan de' is how address books sort; people are greeted the other way round."""
    last, comma, first = name.partition(",")
    return name.replace(",", " ") if "," in first or not comma else f"{first} {last}"


def _is_name_word(word: str) -> bool:
    kinds = [unicodedata.category(char) for char in word]
    if not any(kind.startswith("L") for kind in kinds) or _too_marked(kinds):
        return False
    if "." in word and not _INITIALS.fullmatch(word):
        return False
    return all(kind[0] in "LM" or char in _SPOKEN_MARKS for char, kind in zip(word, kinds, strict=True))


def _too_marked(kinds: list[str]) -> bool:
    marks = "".join("m" if kind.startswith("M") else " " for kind in kinds)
    return "m" * _ZALGO in marks
