"""What the model sees of a mail: sparse features of its passages.

A passage is a sentence or two sentences in a row.  One line that asks for a right in a long story is a
passage of its own, so it does not drown; two sentences give `I left in June.  Could you clear that out?`
its meaning.  The whole mail stands last, in features of its own: they weigh for or against every passage,
so that `please remove it` says less among floor plans than after `I am leaving`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from spacy.strings import hash_string  # type: ignore[attr-defined]  # compiled, no stub
from spacy.tokens import Doc

from nlp.pipeline.lexicon import fold
from nlp.pipeline.rules import SPANS
from nlp.pipeline.sentences import bounds, tags

#: How loud each kind of feature speaks; found by cross-validation on train and dev.
_WORD, _PAIR, _PART, _CONCEPT, _COMBINED, _RULE, _SIZE = 1.0, 0.7, 0.35, 1.0, 0.6, 0.7, 0.5
_WHOLE: Final = 1.0
#: Two concepts further apart than this (in concepts) do not belong together.
_REACH: Final = 5
#: Fewer features than this speak no louder than this many would.
_FEWEST: Final = 9
_LETTERS: Final = 4
#: So many letters are an address of a page or a cat on the keyboard, and no word.
_NO_WORD: Final = 40
_ELSEWHERE: Final = hash_string("the whole mail")
_KEY = "rightsdesk.passages"


@dataclass(frozen=True, slots=True)
class Passages:
    """Features of one mail's passages, the whole mail last, in the shape that Thinc's SparseLinear takes."""

    keys: NDArray[np.uint64]
    values: NDArray[np.float32]
    lengths: NDArray[np.int32]  #: features per passage
    spans: list[tuple[int, int]]  #: tokens of each passage: start, end
    sizes: list[int]  #: sentences of each passage; 0 marks the whole mail
    fired: list[frozenset[str]]  #: rights whose rules hit each passage

    def __deepcopy__(self, memo: object) -> Passages:
        """Nobody changes them, and spaCy's loop copies each Doc before each step."""
        return self

    def hit_by(self, right: str) -> NDArray[np.bool_]:
        """Which passages a rule of this right hit."""
        return np.array([right in rights for rights in self.fired], dtype=bool)


@dataclass(frozen=True, slots=True)
class _Sentence:
    words: list[str]
    concepts: list[str]
    rules: list[str]
    start: int
    end: int


def passages_of(doc: Doc) -> Passages:
    """Computed once per Doc and kept with it: the reader and the combiner both ask."""
    if _KEY not in doc.user_data:
        keep(doc, _passages(doc))
    return doc.user_data[_KEY]  # type: ignore[no-any-return]  # spaCy's user_data holds anything


def keep(doc: Doc, passages: Passages) -> None:
    doc.user_data[_KEY] = passages


def _passages(doc: Doc) -> Passages:
    sentences = list(_sentences(doc))
    windows = [[one] for one in sentences]
    windows += [list(both) for both in pairwise(sentences)]
    features = [_features(window) for window in windows]
    sizes = [len(window) for window in windows]
    if sentences:
        windows.append(sentences)
        features.append(_whole(sentences))
        sizes.append(0)
    fired = [frozenset(rule for one in window for rule in one.rules) for window in windows]
    keys = [key for one in features for key in one]
    values = [value for one in features for value in one.values()]
    return Passages(
        np.array(keys, dtype=np.uint64),
        np.array(values, dtype=np.float32),
        np.array([len(one) for one in features], dtype=np.int32),
        [(window[0].start, window[-1].end) for window in windows],
        sizes,
        fired,
    )


def _sentences(doc: Doc) -> Iterator[_Sentence]:
    hits = [(hit.start, hit.label_) for hit in doc.spans.get(SPANS, ())]
    texts, known = [token.text for token in doc], tags(doc)
    for start, end in bounds(doc):
        said = [at for at in range(start, end) if not texts[at].isspace() and len(texts[at]) < _NO_WORD]
        words = [fold(texts[at]) for at in said if texts[at][0].isalnum() or texts[at] in "?!"]
        if any(word[0].isalnum() for word in words):
            concepts = [known[at] for at in said if known[at] not in {"", "_"}]
            rules = sorted({label for at, label in hits if start <= at < end})
            yield _Sentence(["0" if word.isdigit() else word for word in words], concepts, rules, start, end)


def _features(window: list[_Sentence]) -> dict[int, float]:
    """Hash -> value.  Each kind is scaled by the root of its number: long mails speak no louder than short
    ones.
    """
    found: dict[int, float] = {}
    _add(found, [_size(window)], _SIZE, spread=False)
    _add(found, [f"w {word}" for one in window for word in one.words], _WORD)
    _add(found, [f"p {a} {b}" for one in window for a, b in pairwise(("<", *one.words, ">"))], _PAIR)
    _add(found, [part for one in window for word in one.words for part in _parts(word)], _PART)
    _add(found, [f"c {concept}" for one in window for concept in one.concepts], _CONCEPT)
    _add(found, [pair for one in window for pair in _pairs(one.concepts)], _COMBINED)
    rules = {rule for one in window for rule in one.rules}
    _add(found, [f"r {rule}" for rule in sorted(rules)] + ["r any"] * bool(rules), _RULE, spread=False)
    return found


def _whole(sentences: list[_Sentence]) -> dict[int, float]:
    """The features of the whole mail, apart from those of its passages."""
    return {key ^ _ELSEWHERE: _WHOLE * value for key, value in _features(sentences).items()}


def _size(window: list[_Sentence]) -> str:
    """A line of five words asks in another way than a page does."""
    words = sum(len(one.words) for one in window)
    return f"s {min(len(window), 3)} {min(words.bit_length(), 7)}"


def _add(found: dict[int, float], names: list[str], weight: float, *, spread: bool = True) -> None:
    distinct = dict.fromkeys(names)  # not a set: the order of a sum decides its last bit
    value = weight * (3.0 / max(len(distinct), _FEWEST) ** 0.5 if spread else 1.0)
    for name in distinct:
        found[hash_string(name)] = value


def _pairs(concepts: list[str]) -> Iterator[str]:
    for at, first in enumerate(concepts):
        for second in concepts[at + 1 : at + 1 + _REACH]:
            if first != second:
                yield f"cc {first} {second}"


@lru_cache(maxsize=20_000)
def _parts(word: str) -> tuple[str, ...]:
    edged = f"<{word}>"
    return (
        tuple(f"x {edged[at : at + _LETTERS]}" for at in range(len(edged) - _LETTERS + 1))
        if len(word) > _LETTERS
        else ()
    )
