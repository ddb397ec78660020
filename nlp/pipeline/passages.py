"""What the model sees of a mail: sparse features of its passages.

A passage is a sentence or two sentences in a row.  One line that asks for a right in a long story is a
passage of its own, so it does not drown; two sentences give `I left in June.  Could you clear that out?`
its meaning.  The whole mail stands last, in features of its own: they weigh for or against every passage,
so that `please remove it` says less among floor plans than after `I am leaving`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import numpy as np
from numpy.typing import NDArray
from spacy.strings import hash_string  # type: ignore[attr-defined]  # compiled, no stub
from spacy.tokens import Doc

from nlp.pipeline.entries import Entries, Keys, Kind, Numbers, Sentences, entries_in

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
    return passages_of_all([doc])[0]


def passages_of_all(docs: Sequence[Doc]) -> list[Passages]:
    """The same of a batch, in much less time."""
    unread = [doc for doc in docs if _KEY not in doc.user_data]
    if unread:
        for doc, passages in zip(unread, _passages(entries_in(unread)), strict=True):
            keep(doc, passages)
    return [doc.user_data[_KEY] for doc in docs]


def keep(doc: Doc, passages: Passages) -> None:
    doc.user_data[_KEY] = passages


def _passages(entries: Entries) -> list[Passages]:
    speaking = [mail for mail in entries.mails if mail.spans]
    made = iter(_Batch(entries, speaking).apart() if speaking else ())
    return [next(made) if mail.spans else _NOTHING for mail in entries.mails]


class _Batch:
    """The passages of some mails, row by row: each mail's sentences, every two in a row, and the whole.

    The whole has a place of its own, behind that of the mail's last sentence.
    """

    def __init__(self, entries: Entries, mails: Sequence[Sentences]) -> None:
        self._entries, self._mails = entries, mails
        self._stretches = [_stretches(len(mail.spans)) for mail in mails]
        self._rows = np.array([len(one) for one in self._stretches])
        begins = np.array([mail.first for mail in mails])
        stretches = np.array(list(chain.from_iterable(self._stretches)), dtype=np.int64)
        first, behind = (stretches + np.repeat(begins, self._rows)[:, None]).T
        whole = np.cumsum(self._rows) - 1
        self._first, self._own = 2 * begins, 2 * behind[whole] - 1  # a mail's first place, and its whole's
        self._sizes = _sizes(entries.words, first, behind)
        self._sizes[whole] ^= _ELSEWHERE
        self._from, self._until = 2 * first, 2 * behind - 1  # places of each row
        self._from[whole], self._until[whole] = self._own, self._own + 1

    def apart(self) -> Iterator[Passages]:
        """Mail by mail."""
        entries = self._entries
        cuts = np.searchsorted(entries.places, [self._first, self._own]).T.tolist()
        wholes = [_whole(entries.keys[one:other], entries.kinds[one:other]) for one, other in cuts]
        tally = self._tally(wholes)
        groups, values, widths = self._groups(tally)
        rows, cells = np.append(0, np.cumsum(self._rows)), np.append(0, np.cumsum(widths))
        for at, (mail, stretches) in enumerate(zip(self._mails, self._stretches, strict=True)):
            own = slice(rows[at], rows[at + 1])
            within = slice(cells[rows[at]], cells[rows[at + 1]])
            lengths = tally[self._first[at] : self._own[at] + 1].ravel()
            yield Passages(
                keys=np.concatenate([entries.keys[slice(*cuts[at])], wholes[at][0], self._sizes[own]]),
                lengths=np.append(lengths, np.ones(len(stretches), dtype=np.int64)),
                groups=groups[within],
                values=values[within],
                widths=widths[own],
                spans=[(mail.spans[start][0], mail.spans[end - 1][1]) for start, end in stretches],
                sizes=[*(end - start for start, end in stretches[:-1]), 0],
                fired=[frozenset[str]().union(*mail.fired[start:end]) for start, end in stretches],
            )

    def _tally(self, wholes: Sequence[tuple[Keys, Numbers]]) -> Numbers:
        """How many entries (places x kinds)."""
        entries = self._entries
        kinds = np.concatenate([entries.kinds, *(kinds for _, kinds in wholes)])
        places = np.append(entries.places, np.repeat(self._own, [len(keys) for keys, _ in wholes]))
        many = np.bincount(places * len(Kind) + kinds, minlength=2 * len(entries.words) * len(Kind))
        return many.reshape(-1, len(Kind))

    def _groups(self, tally: Numbers) -> tuple[Numbers, NDArray[np.float32], Numbers]:
        """Groups (numbered from each mail's first place on), their values and their number, row by row.

        A passage's size is a group of its own, behind those of its mail's places.
        """
        until = np.zeros((len(tally) + 1, len(Kind)), dtype=np.int64)
        tally.cumsum(axis=0, out=until[1:])
        loud = _loudness(until[self._until] - until[self._from])
        widths = (self._until - self._from) * len(Kind) + 1
        ends = np.cumsum(widths)
        begins = (self._from - np.repeat(self._first, self._rows)) * len(Kind)
        groups = np.arange(ends[-1]) - np.repeat(ends - widths - begins, widths)
        values = loud[np.repeat(np.arange(len(widths)), widths), groups % len(Kind)]
        behind = (self._own + 1 - self._first) * len(Kind) - (np.cumsum(self._rows) - self._rows)
        groups[ends - 1] = np.arange(len(widths)) + np.repeat(behind, self._rows)
        values[ends - 1] = _SIZE
        return groups, values, widths


def _stretches(sentences: int) -> list[tuple[int, int]]:
    """First sentence of each passage, and the one behind its last."""
    alone = [(at, at + 1) for at in range(sentences)]
    return [*alone, *((at, at + 2) for at in range(sentences - 1)), (0, sentences)]


def _whole(keys: Keys, kinds: Numbers) -> tuple[Keys, Numbers]:
    """Keys, apart from those of the passages, and kinds, by kind; what is said twice counts once."""
    keys, places = np.unique(keys, return_index=True)
    kinds = kinds[places]
    order = np.argsort(kinds, kind="stable")
    return keys[order] ^ _ELSEWHERE, kinds[order]


def _loudness(counts: Numbers) -> NDArray[np.float32]:
    """Per kind, by the root of its number: long mails speak no louder than short ones."""
    return (3.0 * _LOUD / np.sqrt(np.maximum(counts, _FEWEST))).astype(np.float32)


def _sizes(words: Numbers, first: Numbers, behind: Numbers) -> Keys:
    """A line of five words asks in another way than a page does.  `words`: of each sentence."""
    said = np.append(0, np.cumsum(words))
    _, digits = np.frexp(said[behind] - said[first])
    keys: Keys = _SIZE_KEYS[np.minimum(behind - first, _MOST_SENTENCES), np.minimum(digits, _MOST_DIGITS)]
    return keys


_NONE: Final = np.zeros(0, dtype=np.int64)
_NOTHING: Final = Passages(
    _NONE.astype(np.uint64), _NONE, _NONE, _NONE.astype(np.float32), _NONE, spans=[], sizes=[], fired=[]
)
