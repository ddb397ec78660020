"""Fits the second voice: TF-IDF over words and pieces of words, and a logistic regression per column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from nlp.pipeline.combiner import Floats
from nlp.pipeline.words import Words, entries_of

#: A word in fewer mails teaches nothing; of the pieces, which are many, it takes one more.
_LEAST: Final = (2, 3)
#: How far the weights may go; found by cross-validation.
_FREEDOM: Final = 20.0


def fit_words(words: Words, texts: Sequence[str], answers: Floats) -> None:
    """`answers` (texts x columns), 0 or 1."""
    found = [Counter[str](), Counter[str]()]
    for text in texts:
        for kind, counts in zip(entries_of(text), found, strict=True):
            counts.update(set(kind))
    frequent = {
        entry: count
        for counts, least in zip(found, _LEAST, strict=True)
        for entry, count in sorted(counts.items())
        if count >= least
    }
    seen = np.array(list(frequent.values()), dtype=np.float32)
    idf = (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32)
    columns = answers.shape[1]
    nothing = np.zeros((len(frequent), columns), np.float32)
    words.take(
        {entry: row for row, entry in enumerate(frequent)}, idf, nothing, np.zeros(columns, np.float32)
    )
    matrix = _matrix(words, texts)
    fitted = [
        LogisticRegression(C=_FREEDOM, solver="liblinear", random_state=0).fit(matrix, answers[:, at])
        for at in range(columns)
    ]
    weights = np.stack([one.coef_[0] for one in fitted], axis=1).astype(np.float32)
    words.take(words.entries, idf, weights, np.array([one.intercept_[0] for one in fitted], np.float32))


def _matrix(words: Words, texts: Sequence[str]) -> csr_matrix:
    rows, columns, values = [], [], []
    for at, text in enumerate(texts):
        for entries, weighed in words.features(text):
            rows.append(np.full(len(entries), at))
            columns.append(entries)
            values.append(weighed)
    place = (np.concatenate(rows), np.concatenate(columns))
    return csr_matrix((np.concatenate(values), place), shape=(len(texts), len(words.entries)))
