"""What words are about: concept classes in two languages, read from nlp/lexicon/*.toml.

A model that learned from a few hundred mails knows few words; the lexicon carries what it learned to words
it never saw: `wis`, `vernietig` and `scrub` are all ERASE.  The lexicon is saved inside the model, so that
an old model keeps reading as it was trained.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "lexicon"

#: class -> its entries as written in the file
Entries = Mapping[str, Sequence[str]]
Cut = Callable[[str], Sequence[str]]

#: Words longer than this are no words; keeps the memory of looked-up words small.
_LONGEST_WORD = 40
#: So many words may stand between a verb and its particle.
_PARTED = 8
_SENTENCE_ENDS = frozenset(".!?")
_MIDDLES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})  # noqa: RUF001 - these are what people type


def read(folder: Path = FOLDER) -> Entries:
    """All languages together; a mail in Dutch is full of English words."""
    classes: dict[str, list[str]] = {}
    for file in sorted(folder.glob("*.toml")):
        for name, words in tomllib.loads(file.read_text(encoding="utf-8")).items():
            classes.setdefault(name, []).extend(words.split())
    return classes


@lru_cache(maxsize=20_000)
def fold(word: str) -> str:
    """Lower case without accents: `Eén` and `een` are one word to somebody in a hurry."""
    small = word[:_LONGEST_WORD].lower().translate(_MIDDLES)
    if small.isascii():
        return small
    return re.sub(r"[\u0300-\u036f]", "", unicodedata.normalize("NFKD", small))


class Lexicon:
    """Looks up what words are about; phrases before words, exact words before patterns."""

    def __init__(self, entries: Entries, cut: Cut) -> None:
        """`cut` divides an entry into words just as mails are divided."""
        self.entries = entries
        self.classes = tuple(entries)
        self._words: dict[str, str] = {}
        self._heads: dict[str, str] = {}
        self._tails: dict[str, str] = {}
        #: By their first two words.
        self._phrases: dict[tuple[str, ...], list[tuple[tuple[str, ...], str]]] = {}
        self._verbs: dict[str, list[tuple[str, str]]] = {}
        for name, words in entries.items():
            for entry in words:
                self._enter(name, entry, cut)
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))
        #: Words that may mean more than they do alone.
        self._beginnings = {first for first, *_ in self._phrases} | self._verbs.keys()
        self._known: dict[str, str] = {}

    def _parted(self, words: Sequence[str], at: int) -> str:
        """`pas dat overal aan`, `take me right off`: a verb whose particle follows in the same sentence."""
        for particle, name in self._verbs.get(words[at], ()):
            for word in words[at + 1 : at + 2 + _PARTED]:
                if word in _SENTENCE_ENDS:
                    break
                if word == particle:
                    return name
        return ""

    def _enter(self, name: str, entry: str, cut: Cut) -> None:
        if ".." in entry:
            verb, particle = entry.split("..")
            self._verbs.setdefault(fold(verb), []).append((fold(particle), name))
        elif entry.endswith("*"):
            self._heads.setdefault(fold(entry[:-1]), name)
        elif entry.startswith("*"):
            self._tails.setdefault(fold(entry[1:]), name)
        else:
            whole = entry.isalpha()  # nobody cuts mere letters; asking for each takes a second
            words = tuple(fold(word) for word in ([entry] if whole else cut(entry.replace("_", " "))))
            if len(words) == 1:
                self._words.setdefault(words[0], name)
            else:
                self._phrases.setdefault(words[:2], []).append((words, name))

    def mark(self, words: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """(first word, word behind the last, class) for all that is known, in order; `words` are folded."""
        behind = 0
        for at, word in enumerate(words):
            known = self._known.get(word)
            if known is None:
                known = self._meet(word)
            if at < behind or not (known or word in self._beginnings):
                continue
            length, name = self._phrase_at(words, at)
            if not length:
                length, name = 1, self._parted(words, at) or known
            if name:
                yield at, at + length, name
                behind = at + length

    def _phrase_at(self, words: Sequence[str], at: int) -> tuple[int, str]:
        for phrase, name in self._phrases.get(tuple(words[at : at + 2]), ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                return len(phrase), name
        return 0, ""

    def _meet(self, word: str) -> str:
        """The class of a word by itself, or nothing."""
        known = self._words.get(word) or self._by_part(word)
        if len(self._known) < 50_000:  # noqa: PLR2004 - bounds the memory, nothing else
            self._known[word] = known
        return known

    def _by_part(self, word: str) -> str:
        """The longest known beginning, else the longest known end."""
        for cut in range(len(word), 2, -1):
            if name := self._heads.get(word[:cut]):
                return name
        for cut in range(1, len(word) - 2):
            if name := self._tails.get(word[cut:]):
                return name
        return ""
