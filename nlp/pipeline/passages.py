"""What the model sees of a mail: sparse features of its passages.

A passage is a sentence or two sentences in a row.  One line that asks for a right in a long story is a
passage of its own, so it does not drown; two sentences give `I left in June.  Could you clear that out?`
its meaning.  The whole mail stands last, in features of its own: they weigh for or against every passage,
so that `please remove it` says less among floor plans than after `I am leaving`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from spacy.strings import hash_string  # type: ignore[attr-defined]  # compiled, no stub
from spacy.tokens import Doc

from nlp.pipeline.entries import Entries, Keys, Kind, Numbers, entries_in

#: How loud each kind of entry speaks, in the order of Kind; found by cross-validation on train and dev.
_LOUD: Final = np.array([1.0, 0.7, 0.35, 1.0, 0.6, 0.7], dtype=np.float32)
_SIZE: Final = 0.5
#: A passage with fewer entries of a kind than this speaks no louder than with this many.
_FEWEST: Final = 9
_MOST_SENTENCES, _MOST_DIGITS = 3, 7
#: By the number of sentences, and the binary digits of the number of words.
_SIZE_KEYS: Final = np.array(
    [
        [
            hash_string(f"{sentences} sentences, words of {digits} binary digits")
            for digits in range(_MOST_DIGITS + 1)
        ]
        for sentences in range(_MOST_SENTENCES + 1)
    ],
    dtype=np.uint64,
)
_ELSEWHERE: Final = np.uint64(hash_string("the whole mail"))
_KEY = "rightsdesk.passages"


@dataclass(frozen=True, slots=True)
class Passages:
    """A mail's passages, the whole mail last.

    Entries lie in groups (of one place and one kind); a passage is some of the groups, each as loud as its
    `values` say.  So what two passages share is looked up once.
    """

    keys: Keys  #: of the entries, group by group
    lengths: Numbers  #: entries per group
    groups: Numbers  #: of each passage, passage by passage
    values: NDArray[np.float32]  #: of each of these groups
    widths: Numbers  #: groups per passage
    spans: list[tuple[int, int]]  #: tokens of each passage: start, end
    sizes: list[int]  #: sentences of each passage; 0 marks the whole mail
    fired: list[frozenset[str]]  #: rights whose rules hit each passage

    def hit_by(self, right: str) -> NDArray[np.bool_]:
        """Which passages a rule of this right hit."""
        return np.array([right in rights for rights in self.fired], dtype=bool)


def passages_of(doc: Doc) -> Passages:
    """Computed once per Doc and kept with it: the reader and the combiner both ask."""
    if _KEY not in doc.user_data:
        keep(doc, _passages(entries_in(doc)))
    return doc.user_data[_KEY]  # type: ignore[no-any-return]  # spaCy's user_data holds anything


def keep(doc: Doc, passages: Passages) -> None:
    doc.user_data[_KEY] = passages


def _passages(entries: Entries) -> Passages:
    """The sentences, every two in a row, and the whole mail, which has a place of its own behind theirs."""
    sentences = len(entries.spans)
    if not sentences:
        return _NOTHING
    stretches = [(at, at + 1) for at in range(sentences)]
    stretches += [(at, at + 2) for at in range(sentences - 1)]
    stretches.append((0, sentences))
    first, behind = np.array(stretches, dtype=np.int64).T
    said = np.append(0, np.cumsum(entries.words))
    size_keys = _sizes(behind - first, said[behind] - said[first])
    size_keys[-1] ^= _ELSEWHERE
    whole, kinds = _whole(entries)
    places = np.append(entries.places, np.full(len(whole), 2 * sentences - 1))
    at = places * len(Kind) + np.append(entries.kinds, kinds)
    tally = np.bincount(at, minlength=2 * sentences * len(Kind)).reshape(-1, len(Kind))
    first, behind = np.append(2 * first[:-1], len(tally) - 1), np.append(2 * behind[:-1] - 1, len(tally))
    groups, values, widths = _chosen(tally, first, behind)
    return Passages(
        keys=np.concatenate([entries.keys, whole, size_keys]),
        lengths=np.append(tally.ravel(), np.ones(len(stretches), dtype=np.int64)),
        groups=groups,
        values=values,
        widths=widths,
        spans=[(entries.spans[start][0], entries.spans[end - 1][1]) for start, end in stretches],
        sizes=[*(end - start for start, end in stretches[:-1]), 0],
        fired=[frozenset[str]().union(*entries.fired[start:end]) for start, end in stretches],
    )


def _whole(entries: Entries) -> tuple[Keys, Numbers]:
    """Keys, apart from those of the passages, and kinds, by kind; what is said twice counts once."""
    keys, places = np.unique(entries.keys, return_index=True)
    kinds = entries.kinds[places]
    order = np.argsort(kinds, kind="stable")
    return keys[order] ^ _ELSEWHERE, kinds[order]


def _chosen(tally: Numbers, first: Numbers, behind: Numbers) -> tuple[Numbers, NDArray[np.float32], Numbers]:
    """Groups, their values and their number, per passage from place `first` to before `behind`.

    `tally`: entries (places x kinds).  A passage's size is a group of its own, behind those of the places.
    """
    until = np.zeros((len(tally) + 1, len(Kind)), dtype=np.int64)
    tally.cumsum(axis=0, out=until[1:])
    loud = _loudness(until[behind] - until[first])
    widths = (behind - first) * len(Kind) + 1
    ends = np.cumsum(widths)
    groups = np.arange(ends[-1]) - np.repeat(ends - widths - first * len(Kind), widths)
    values = loud[np.repeat(np.arange(len(widths)), widths), groups % len(Kind)]
    groups[ends - 1], values[ends - 1] = tally.size + np.arange(len(widths)), _SIZE
    return groups, values, widths


def _loudness(counts: Numbers) -> NDArray[np.float32]:
    """Per kind, by the root of its number: long mails speak no louder than short ones."""
    return (3.0 * _LOUD / np.sqrt(np.maximum(counts, _FEWEST))).astype(np.float32)


def _sizes(sentences: Numbers, words: Numbers) -> Keys:
    """A line of five words asks in another way than a page does."""
    _, digits = np.frexp(words)
    return _SIZE_KEYS[np.minimum(sentences, _MOST_SENTENCES), np.minimum(digits, _MOST_DIGITS)]


_NONE: Final = np.zeros(0, dtype=np.int64)
_NOTHING: Final = Passages(
    _NONE.astype(np.uint64), _NONE, _NONE, _NONE.astype(np.float32), _NONE, spans=[], sizes=[], fired=[]
)
