"""The words of `foreign.toml`, as patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from cases.model import Right

#: Takes the accents off and keeps the length, so that offsets hold.
PLAIN: Final = str.maketrans(
    "àáâäãåçèéêëìíîïñòóôöõùúûüýÿąćęłńśźżÀÁÂÄÃÅÇÈÉÊËÌÍÎÏÑÒÓÔÖÕÙÚÛÜÝĄĆĘŁŃŚŹŻ",
    "aaaaaaceeeeiiiinooooouuuuyyacelnszzAAAAAACEEEEIIIINOOOOOUUUUYACELNSZZ",
)
_LEXICON: Final = Path(__file__).with_name("foreign.toml")

Words = re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Patterns are matched on plain text, see PLAIN."""

    small: frozenset[str]
    articles: Mapping[int, Right]
    words: Mapping[str, Words]  #: the plain lists, by their names
    beside: Mapping[Right, Words]
    alone: Mapping[Right, Words]
    ours: Mapping[Right, Words]  #: Dutch and English, which the model reads: what must not be left to it
    hints: frozenset[str]  #: no phrase of `ours` is without one of these


@cache
def lexicon() -> Lexicon:
    lists = tomllib.loads(_LEXICON.read_text(encoding="utf-8"))
    return Lexicon(
        small=frozenset(lists["small"].split()),
        articles={number: Right(name) for name, numbers in lists["articles"].items() for number in numbers},
        beside={Right(name): _words(phrases) for name, phrases in lists["beside"].items()},
        alone={Right(name): _words(phrases) for name, phrases in lists["alone"].items()},
        ours={Right(name): _words(phrases) for name, phrases in lists["ours"].items()},
        hints=frozenset(phrase.split()[0] for phrases in lists["ours"].values() for phrase in phrases),
        words={name: _words(phrases) for name, phrases in lists.items() if isinstance(phrases, list)},
    )


def _words(phrases: Iterable[str]) -> Words:
    """`mein* _ daten`: a stem, up to three words, a word.  Gaps are bounded, so is the time."""
    written = "|".join(re.escape(phrase.translate(PLAIN)) for phrase in phrases)
    gaps = written.replace(r"\ _\ ", r"\W{1,5}(?:\w{1,30}\W{1,5}){0,3}").replace(r"\ ", r"\W{1,5}")
    ends = gaps.replace(r"\*", r"\w*")
    return re.compile(rf"(?<!\w)(?:{ends})(?!\w)", re.IGNORECASE)
