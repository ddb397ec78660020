"""What stands in mails for the model to see: words, pairs, pieces of words, concepts and rules' hits.

All of a batch of mails is found at once, as arrays: a Python step per word, or a dozen small arrays per mail,
would take most of the time of a reading.
"""

from __future__ import annotations

from bisect import bisect_right
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
_NO_KEYS: Final = np.zeros(0, dtype=np.uint64)
#: Odd, so that a product keeps all bits; two, so that `a b` is not `b a`.
_FIRST, _SECOND = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
_OF_KIND: Final = np.array([hash_string(kind.name) for kind in Kind], dtype=np.uint64)

#: Keys, one kind, and where they stand: twice the sentence's number, one more between two sentences.
Found = tuple[Keys, Kind, Numbers]


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of one mail that say something."""

    first: int  #: the number of the first one in the batch
    spans: list[tuple[int, int]]  #: tokens of each: start, end
    fired: list[frozenset[str]]  #: rights whose rules hit each


@dataclass(frozen=True, slots=True)
class Entries:
    """The entries of a batch of mails, by place and then by kind.

    Its sentences are numbered from the first mail to the last; between two mails one number stays free, so
    that none of them are neighbours.  A place is twice a sentence's number, or one more for what it makes
    together with the next.
    """

    keys: Keys
    kinds: Numbers
    places: Numbers
    words: Numbers  #: per number of a sentence
    mails: list[Sentences]


@dataclass(frozen=True, slots=True)
class _Word:
    key: int
    pieces: Keys
    speaks: bool  #: letters or digits; a mere `?` does not


def entries_in(docs: Sequence[Doc]) -> Entries:
    """Sentences without a word are left out of the count."""
    divided = [bounds(doc) for doc in docs]
    forms = [form for doc in docs for form in _words.of(doc)]
    mail_of = np.repeat(np.arange(len(docs)), [len(one) for one in divided])
    sentence_of = np.repeat(np.arange(len(mail_of)), [end - start for one in divided for start, end in one])
    at = np.array([place for place, word in enumerate(forms) if word is not None], dtype=np.int64)
    words = [word for word in forms if word is not None]
    speaks = np.zeros(len(mail_of), dtype=bool)
    speaks[sentence_of[at[[word.speaks for word in words]]]] = True
    of_sentence = np.where(speaks, np.cumsum(speaks) - 1 + mail_of, -1)  # -1: nobody speaks
    numbers = of_sentence[sentence_of]
    where = numbers[at]
    if len(where) and where.min() < 0:
        words = [word for word, number in zip(words, where.tolist(), strict=True) if number >= 0]
        where = where[where >= 0]
    mails = list(_told(docs, divided, of_sentence.tolist()))
    found = [*_of_words(words, where), *_of_concepts(docs, numbers), _of_rules(mails)]
    kinds = np.repeat([kind for _, kind, _ in found], [len(keys) for keys, _, _ in found])
    places = np.concatenate([place for _, _, place in found])
    order = np.argsort(places * len(Kind) + kinds, kind="stable")
    return Entries(
        keys=np.concatenate([keys ^ _OF_KIND[kind] for keys, kind, _ in found])[order],
        kinds=kinds[order],
        places=places[order],
        words=np.bincount(where, minlength=int(speaks.sum()) + len(docs)),
        mails=mails,
    )


def _word(text: str) -> _Word | None:
    if text.isspace() or len(text) >= _NO_WORD or not (text[0].isalnum() or text in "?!"):
        return None
    word = fold(text)
    word = "0" if word.isdigit() else word
    edged = f"<{word}>"
    pieces = [edged[at : at + _LETTERS] for at in range(len(edged) - _LETTERS + 1)]
    keys = [hash_string(piece) for piece in pieces] if len(word) > _LETTERS else []
    return _Word(hash_string(word), np.array(keys, dtype=np.uint64) if keys else _NO_KEYS, word[:1].isalnum())


_words: Final = Forms(_word)


def _told(
    docs: Sequence[Doc], divided: Sequence[list[tuple[int, int]]], numbers: Sequence[int]
) -> Iterator[Sentences]:
    """Per mail; `numbers` of all sentences, -1 of those that say nothing."""
    behind = free = 0
    for doc, sentences in zip(docs, divided, strict=True):
        own = numbers[behind : behind + len(sentences)]
        behind += len(sentences)
        spans = [span for span, number in zip(sentences, own, strict=True) if number >= 0]
        fired = [set[str]() for _ in spans]
        starts = [start for start, _ in sentences]
        for hit in doc.spans.get(SPANS, ()):
            if (number := own[bisect_right(starts, hit.start) - 1]) >= 0:
                fired[number - free].add(hit.label_)
        yield Sentences(first=free, spans=spans, fired=[frozenset(rights) for rights in fired])
        free += len(spans) + 1


def _of_words(words: Sequence[_Word], where: Numbers) -> Iterator[Found]:
    """`where`: the sentence of each.  A sentence's first and last word make a pair with its edge."""
    keys = np.array([word.key for word in words], dtype=np.uint64)
    yield keys, Kind.WORD, 2 * where
    edges = np.concatenate([[0], np.flatnonzero(np.diff(where)) + 1, [len(keys)]])
    row, sentence = np.insert(keys, edges, _EDGE), np.insert(where, edges, -1)
    yield _joined(row[:-1], row[1:]), Kind.PAIR, 2 * np.maximum(sentence[:-1], sentence[1:])
    pieces = [word.pieces for word in words]
    yield (
        np.concatenate([_NO_KEYS, *pieces]),
        Kind.PIECE,
        2 * np.repeat(where, [len(one) for one in pieces]),
    )


def _of_concepts(docs: Sequence[Doc], numbers: Numbers) -> Iterator[Found]:
    """Pairs reach into the next sentence; there they are what the two make together."""
    tags = np.concatenate([_NO_KEYS, *(doc.to_array("TAG") for doc in docs)])
    known = (tags != 0) & (tags != _PHRASE) & (numbers >= 0)
    keys, where = tags[known], numbers[known]
    yield keys, Kind.CONCEPT, 2 * where
    for reach in range(1, _REACH + 1):
        one, other, here, there = keys[:-reach], keys[reach:], where[:-reach], where[reach:]
        near = (one != other) & (there - here <= 1)
        yield _joined(one, other)[near], Kind.CONCEPTS, (here + there)[near]


def _of_rules(mails: Sequence[Sentences]) -> Found:
    """Each right that a rule found in a sentence, and besides that any did."""
    said = [
        (rule, mail.first + at)
        for mail in mails
        for at, rules in enumerate(mail.fired)
        for rule in (*sorted(rules), *["any"] * bool(rules))
    ]
    keys = np.array([hash_string(rule) for rule, _ in said], dtype=np.uint64)
    return keys, Kind.RULE, 2 * np.array([at for _, at in said], dtype=np.int64)


def _joined(one: Keys, other: Keys) -> Keys:
    joined: Keys = one * _FIRST + other * _SECOND  # it wraps, as a hash may
    return joined
