"""Which language a message is written in: Dutch, English, or another."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Final

from lingua import Language as Lingua
from lingua import LanguageDetector, LanguageDetectorBuilder

from cases.messages import Language

#: Enough to tell; the tail of a mail is signatures and quotes.
_ENOUGH: Final = 250
_FEW: Final = 5  # words
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")  # noqa: RUF001 - people type it
_CANDIDATES: Final = (Lingua.DUTCH, Lingua.ENGLISH, Lingua.GERMAN, Lingua.FRENCH, Lingua.AFRIKAANS)

_SMALL_WORDS: Final = Path(__file__).with_name("small_words.toml")


def detect(text: str) -> Language:
    """Dutch or English only when the words say so; OTHER for the rest, and for what is no language at all."""
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text[:_ENOUGH])]  # noqa: RUF001 - as above
    if not words:
        return Language.OTHER
    if len(words) < _FEW and (told := _by_small_words(words)) is not None:
        return told
    return _by_lingua(" ".join(words))


def _by_small_words(words: list[str]) -> Language | None:
    """For a handful of words, where letter statistics guess; None when the small words do not decide."""
    counts = {language: sum(word in small for word in words) for language, small in _small_words().items()}
    first, second = sorted(counts.values(), reverse=True)[:2]
    return max(counts, key=lambda language: counts[language]) if first > second else None


@cache
def _small_words() -> dict[Language, frozenset[str]]:
    lists = tomllib.loads(_SMALL_WORDS.read_text(encoding="utf-8"))
    return {Language(name): frozenset(words.split()) for name, words in lists.items()}


def _by_lingua(text: str) -> Language:
    # Lingua's names are compared with ==: they are values of a native module, not one object each.
    found = _detector().detect_language_of(text)
    if found == Lingua.DUTCH or found == Lingua.AFRIKAANS:  # noqa: PLR1714 - see above
        return Language.NL if found == Lingua.DUTCH else Language.OTHER
    return Language.EN if found == Lingua.ENGLISH else Language.OTHER


@cache
def _detector() -> LanguageDetector:
    """Five languages in low accuracy mode.  Afrikaans is there to take what only looks Dutch."""
    return LanguageDetectorBuilder.from_languages(*_CANDIDATES).with_low_accuracy_mode().build()
