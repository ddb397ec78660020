"""What stands in a mail for the model to see: words, pairs, pieces of words, concepts and rules' hits.

All of a mail is found at once, as arrays: a Python step per word would take most of the time of a reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray
from spacy.strings import hash_string  # type: ignore[attr-defined]  # compiled, no stub
from spacy.tokens import Doc

from nlp.pipeline.forms import Forms
from nlp.pipeline.lexicon import fold
from nlp.pipeline.rules import SPANS
from nlp.pipeline.sentences import bounds

Keys = NDArray[np.uint64]
Numbers = NDArray[np.int64]


class Kind(IntEnum):
    """What an entry is."""

    WORD = 0
    PAIR = 1  #: two words in a row
    PIECE = 2  #: four letters of a word
    CONCEPT = 3
    CONCEPTS = 4  #: two near each other
    RULE = 5


#: Two concepts further apart than this (in concepts) do not belong together.
_REACH: Final = 5
_LETTERS: Final = 4
#: So many letters are an address of a page or a cat on the keyboard, and no word.
_NO_WORD: Final = 40
#: What a phrase's words behind its first are tagged.
_PHRASE: Final = np.uint64(hash_string("_"))
_EDGE: Final = np.uint64(hash_string("the edge of a sentence"))
_NO_PIECES: Final = np.zeros(0, dtype=np.uint64)
#: Odd, so that a product keeps all bits; two, so that `a b` is not `b a`.
_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_OF_KIND: Final = np.array([hash_string(kind.name) for kind in Kind], dtype=np.uint64)

#: Keys, one kind, and where they stand: twice the sentence's number, one more between two sentences.
Found = tuple[Keys, Kind, Numbers]


@dataclass(frozen=True, slots=True)
class Entries:
    """A mail's entries, by place and then by kind.

    A place is twice a sentence's number, or one more for what two sentences make together.
    """

    keys: Keys
    kinds: Numbers
    places: Numbers
    spans: list[tuple[int, int]]  #: tokens of each sentence that says something: start, end
    words: Numbers  #: words per sentence
    fired: list[frozenset[str]]  #: rights whose rules hit each sentence


@dataclass(frozen=True, slots=True)
class _Word:
    key: int
    pieces: Keys
    speaks: bool  #: letters or digits; a mere `?` does not


def entries_in(doc: Doc) -> Entries:
    """Sentences without a word are left out of the count."""
    sentences = bounds(doc)
    forms = _words.of(doc)
    at = np.array([place for place, word in enumerate(forms) if word is not None], dtype=np.int64)
    words = [word for word in forms if word is not None]
    sentence_of = np.repeat(np.arange(len(sentences)), [end - start for start, end in sentences])
    speaks = np.zeros(len(sentences), dtype=bool)
    speaks[sentence_of[at[[word.speaks for word in words]]]] = True
    numbers = np.where(speaks, np.cumsum(speaks) - 1, -1)[sentence_of]  # per token; -1: nobody speaks
    where = numbers[at]
    if len(where) and where.min() < 0:
        words = [word for word, number in zip(words, where.tolist(), strict=True) if number >= 0]
        where = where[where >= 0]
    fired = _fired(doc, numbers, int(speaks.sum()))
    found = [*_of_words(words, where), *_of_concepts(doc, numbers), _of_rules(fired)]
    kinds = np.repeat([kind for _, kind, _ in found], [len(keys) for keys, _, _ in found])
    places = np.concatenate([place for _, _, place in found])
    order = np.argsort(places * len(Kind) + kinds, kind="stable")
    return Entries(
        keys=np.concatenate([keys ^ _OF_KIND[kind] for keys, kind, _ in found])[order],
        kinds=kinds[order],
        places=places[order],
        spans=[span for span, one in zip(sentences, speaks.tolist(), strict=True) if one],
        words=np.bincount(where, minlength=len(fired)),
        fired=fired,
    )


def _word(text: str) -> _Word | None:
    if text.isspace() or len(text) >= _NO_WORD or not (text[0].isalnum() or text in "?!"):
        return None
    word = fold(text)
    word = "0" if word.isdigit() else word
    edged = f"<{word}>"
    pieces = [edged[at : at + _LETTERS] for at in range(len(edged) - _LETTERS + 1)]
    keys = [hash_string(piece) for piece in pieces] if len(word) > _LETTERS else []
    return _Word(
        hash_string(word), np.array(keys, dtype=np.uint64) if keys else _NO_PIECES, word[:1].isalnum()
    )


_words: Final = Forms(_word)


def _fired(doc: Doc, numbers: Numbers, sentences: int) -> list[frozenset[str]]:
    fired: list[set[str]] = [set() for _ in range(sentences)]
    for hit in doc.spans.get(SPANS, ()):
        if (place := int(numbers[hit.start])) >= 0:
            fired[place].add(hit.label_)
    return [frozenset(rights) for rights in fired]


def _of_words(words: Sequence[_Word], where: Numbers) -> Iterator[Found]:
    """`where`: the sentence of each.  A sentence's first and last word make a pair with its edge."""
    keys = np.array([word.key for word in words], dtype=np.uint64)
    yield keys, Kind.WORD, 2 * where
    edges = np.concatenate([[0], np.flatnonzero(np.diff(where)) + 1, [len(keys)]])
    row, sentence = np.insert(keys, edges, _EDGE), np.insert(where, edges, -1)
    yield _joined(row[:-1], row[1:]), Kind.PAIR, 2 * np.maximum(sentence[:-1], sentence[1:])
    pieces = [word.pieces for word in words]
    yield (
        np.concatenate([_NO_PIECES, *pieces]),
        Kind.PIECE,
        2 * np.repeat(where, [len(one) for one in pieces]),
    )


def _of_concepts(doc: Doc, numbers: Numbers) -> Iterator[Found]:
    """Pairs reach into the next sentence; there they are what the two make together."""
    tags = doc.to_array("TAG")
    known = (tags != 0) & (tags != _PHRASE) & (numbers >= 0)
    keys, where = tags[known], numbers[known]
    yield keys, Kind.CONCEPT, 2 * where
    for reach in range(1, _REACH + 1):
        one, other, here, there = keys[:-reach], keys[reach:], where[:-reach], where[reach:]
        near = (one != other) & (there - here <= 1)
        yield _joined(one, other)[near], Kind.CONCEPTS, (here + there)[near]


def _of_rules(fired: Sequence[frozenset[str]]) -> Found:
    """Each right that a rule found in a sentence, and besides that any did."""
    said = [(rule, at) for at, rules in enumerate(fired) for rule in (*sorted(rules), *["any"] * bool(rules))]
    keys = np.array([hash_string(rule) for rule, _ in said], dtype=np.uint64)
    return keys, Kind.RULE, 2 * np.array([at for _, at in said], dtype=np.int64)


def _joined(one: Keys, other: Keys) -> Keys:
    joined: Keys = one * _FIRST + other * _SECOND  # it wraps, as a hash may
    return joined
