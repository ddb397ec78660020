"""The second voice: what the whole mail's words, pairs of words and pieces of words say, weighed by TF-IDF.

The passage reader listens to the loudest sentence; this one hears the tone of the whole mail, and gives rare
words their due.  Each finds requests that the other misses, and the combiner weighs both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import minibatch

from nlp.pipeline.forms import text_of
from nlp.pipeline.lexicon import fold

#: The component's name.
WORDS: Final = "rightsdesk_words"
#: Where in `doc.user_data` its logits stand, one per column.
LOGITS: Final = "rightsdesk.words"
#: A word in fewer mails teaches nothing; of the pieces, which are many, it takes one more.
LEAST: Final = (2, 3)
#: Pieces of words have so many letters, the blanks around the word counted in.
_SHORTEST, _LONGEST = 3, 5
_WORD: Final = re.compile(r"[^\W_]{2,}")
#: Where an entry's row would stand, had it been met in training.
_UNKNOWN: Final = -1
_ENTRIES = "entries.json"
_ARRAYS = "arrays.npz"

Floats = NDArray[np.float32]


def words_in(text: str) -> list[str]:
    """Words and pairs of words, as often as they stand there."""
    return _with_pairs(_words(text))


def pieces_in(text: str) -> list[str]:
    """Pieces of words, as often as they stand there."""
    return [piece for word in _words(text) for piece in _pieces(word)]


def _words(text: str) -> list[str]:
    return [fold(word) for word in _WORD.findall(text)]


def _with_pairs(words: list[str]) -> list[str]:
    return [*words, *(f"{one} {other}" for one, other in pairwise(words))]


def _pieces(word: str) -> tuple[str, ...]:
    edged = f" {word} "
    return tuple(
        f"#{edged[at : at + length]}"
        for length in range(_SHORTEST, _LONGEST + 1)
        for at in range(len(edged) - length + 1)
    )


class Words:
    """Logits of every column from the words of a mail; it says nothing before it was fitted."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self.take(
            {}, np.zeros(0, np.float32), np.zeros((0, columns), np.float32), np.zeros(columns, np.float32)
        )

    def take(self, entries: Mapping[str, int], idf: Floats, weights: Floats, bias: Floats) -> None:
        """Entry -> row; idf (entries), weights (entries x columns), bias (columns)."""
        self.entries, self.idf, self.weights, self.bias = dict(entries), idf, weights, bias
        self._rows_of_pieces = lru_cache(maxsize=20_000)(self._found_pieces)

    def commonest(self, most: int) -> list[str]:
        """Words that stand in the most mails, folded."""
        words = [entry for entry in self.entries if _WORD.fullmatch(entry)]
        return sorted(words, key=lambda word: float(self.idf[self.entries[word]]))[:most]

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """A batch is weighed at once."""
        for batch in minibatch(docs, batch_size):  # type: ignore[no-untyped-call]  # spaCy's own
            for doc, logits in zip(batch, self.logits([text_of(doc) for doc in batch]), strict=True):
                doc.user_data[LOGITS] = logits
                yield doc

    def logits(self, texts: Sequence[str]) -> Floats:
        """(texts x columns)"""
        words = [_words(text) for text in texts]
        whole = [[self.entries.get(entry, _UNKNOWN) for entry in _with_pairs(one)] for one in words]
        pieces = [list(chain.from_iterable(map(self._rows_of_pieces, one))) for one in words]
        said: Floats = np.tile(self.bias, (len(texts), 1))
        for rows in (whole, pieces):
            self._add(said, rows)
        return said

    def _add(self, said: Floats, rows: Sequence[Sequence[int]]) -> None:
        """To the logits (texts x columns) what a kind of entry says, from the rows of each text's entries.

        TF-IDF; the values of a text have the length one.
        """
        width = len(self.idf) + 1  # the unknown are -1
        text = np.repeat(np.arange(len(rows)), [len(one) for one in rows])
        at = np.fromiter(chain.from_iterable(rows), dtype=np.int64)
        keys, counts = np.unique(text * width + at + 1, return_counts=True)
        text, at = np.divmod(keys, width)
        text, at, counts = text[at > 0], at[at > 0] - 1, counts[at > 0]
        if not len(at):
            return
        values = (1.0 + np.log(counts)) * self.idf[at]
        values /= np.sqrt(np.bincount(text, np.square(values)))[text]
        speaks, starts = np.unique(text, return_index=True)
        said[speaks] += np.add.reduceat(values[:, None].astype(np.float32) * self.weights[at], starts)

    def _found_pieces(self, word: str) -> tuple[int, ...]:
        return tuple(row for piece in _pieces(word) if (row := self.entries.get(piece)) is not None)

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002 - spaCy passes it
        path.mkdir(exist_ok=True)
        (path / _ENTRIES).write_text(json.dumps(list(self.entries), ensure_ascii=False), encoding="utf-8")
        np.savez(path / _ARRAYS, idf=self.idf, weights=self.weights, bias=self.bias)

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> Words:  # noqa: ARG002 - spaCy passes it
        entries = json.loads((path / _ENTRIES).read_text(encoding="utf-8"))
        with np.load(path / _ARRAYS, allow_pickle=False) as arrays:
            self.take(
                {entry: row for row, entry in enumerate(entries)},
                arrays["idf"],
                arrays["weights"],
                arrays["bias"],
            )
        return self


@Language.factory(WORDS, default_config={"columns": 9})
def make_words(nlp: Language, name: str, columns: int) -> Any:  # noqa: ARG001 - spaCy passes it
    return Words(columns)
