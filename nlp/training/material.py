"""What both voices learn from: each mail's passages, and how often words and pieces of words stand in it.

It is found once; every fold, and the final voices, learn from parts of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import spacy
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import CountVectorizer
from spacy.util import minibatch

# Importing them registers what MARKS names.
from nlp.pipeline import concepts, rules, sentences  # noqa: F401
from nlp.pipeline.combiner import COLUMNS, RIGHTS, Floats
from nlp.pipeline.forms import without_marks
from nlp.pipeline.passages import Passages, passages_of_all
from nlp.pipeline.words import LEAST, pieces_in, words_in
from nlp.training.corpus import Mail

#: The components that mark a mail before the reader sees it.
MARKS: Final = ("rightsdesk_sentences", "rightsdesk_concepts", "rightsdesk_rules")
_BATCH: Final = 64

Chosen = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Counts:
    """How often each entry stands in each mail (mails x entries); the entries are in order."""

    entries: NDArray[np.object_]
    matrix: csr_matrix

    def of(self, mails: Chosen) -> Counts:
        return Counts(self.entries, self.matrix[mails])

    def only(self, entries: Chosen) -> Counts:
        return Counts(self.entries[entries], self.matrix[:, entries])


@dataclass(frozen=True, slots=True)
class Material:
    """Of some mails, in their order."""

    passages: Sequence[Passages]
    counts: Sequence[Counts]  #: whole words and pairs of words, then pieces of words
    answers: Floats

    def of(self, mails: Chosen) -> Material:
        passages = [self.passages[at] for at in mails.tolist()]
        return Material(passages, [one.of(mails) for one in self.counts], self.answers[mails])


def truth(mails: Sequence[Mail]) -> Floats:
    """(mails x columns), 0 or 1; the last column is any right at all."""
    rows = [[right in mail.labels for right in RIGHTS] + [bool(mail.labels)] for mail in mails]
    return np.array(rows, dtype=np.float64).reshape(-1, len(COLUMNS))


def read(texts: Sequence[str]) -> list[Passages]:
    nlp = without_marks(spacy.blank("xx"))
    for name in MARKS:
        nlp.add_pipe(name)
    batches = minibatch(nlp.pipe(texts), _BATCH)  # type: ignore[no-untyped-call]  # spaCy's own
    return [passages for batch in batches for passages in passages_of_all(batch)]


def counted(texts: Sequence[str]) -> list[Counts]:
    """Entries of fewer mails than LEAST are left out: they would teach no fold anything."""
    return [_counted(texts, *kind) for kind in zip((words_in, pieces_in), LEAST, strict=True)]


def _counted(texts: Sequence[str], entries_in: Callable[[str], list[str]], least: int) -> Counts:
    counter = CountVectorizer(analyzer=entries_in, min_df=min(least, len(texts)), dtype=np.float32)
    matrix = counter.fit_transform(texts)
    return Counts(counter.get_feature_names_out(), matrix)
