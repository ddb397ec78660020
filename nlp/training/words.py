"""Fits the second voice: TF-IDF over words and pieces of words, and a logistic regression per column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.preprocessing import normalize

from nlp.pipeline.combiner import Floats
from nlp.pipeline.words import LEAST, Words
from nlp.training.material import Counts
from nlp.training.optimum import Singles, cross_entropy, gathered, optimum

#: Of the squared weights, halved: how far they may go.  Found by cross-validation, as are the rounds at most.
_PENALTY: Final = 0.1
_ROUNDS: Final = 70


def fit_words(words: Words, counts: Sequence[Counts], answers: Floats) -> None:
    """`counts`: of whole words, then of pieces; `answers` (mails x columns), 0 or 1."""
    known = [_frequent(one, least) for one, least in zip(counts, LEAST, strict=True)]
    seen = np.concatenate([one.matrix.getnnz(axis=0) for one in known])
    idf = (np.log((1 + len(answers)) / (1 + seen)) + 1).astype(np.float32)
    weights, bias = _fitted(_weighed(known, idf), answers.astype(np.float32))
    entries = np.concatenate([one.entries for one in known]).tolist()
    words.take({entry: row for row, entry in enumerate(entries)}, idf, weights, bias)


def said_of(words: Words, counts: Sequence[Counts]) -> Singles:
    """The logits (mails x columns) that `words` gives each of the counted mails."""
    known = [
        one.only(
            np.array([at for at, name in enumerate(one.entries) if name in words.entries], dtype=np.int64)
        )
        for one in counts
    ]
    logits: Singles = _weighed(known, words.idf) @ words.weights + words.bias
    return logits


def _frequent(counts: Counts, least: int) -> Counts:
    return counts.only(np.flatnonzero(counts.matrix.getnnz(axis=0) >= least))


def _weighed(counts: Sequence[Counts], idf: Singles) -> csr_matrix:
    """TF-IDF; a mail's whole words have the length one, and so have its pieces: see Words.logits."""
    ends = np.cumsum([len(one.entries) for one in counts])[:-1]
    parts = []
    for one, rare in zip(counts, np.split(idf, ends), strict=True):
        part = one.matrix.copy()
        part.data = (1 + np.log(part.data)) * rare[part.indices]
        parts.append(normalize(part))
    return hstack(parts, format="csr")


def _fitted(matrix: csr_matrix, answers: Singles) -> tuple[Singles, Singles]:
    """Weights (entries x columns) and bias of a logistic regression per column, all columns at once."""
    entries, went = gathered(matrix)

    def loss(weights: Singles, bias: Singles) -> tuple[float, Singles, Singles]:
        wrong, off = cross_entropy(entries @ weights + bias, answers)
        return wrong, entries.T @ off, off.sum(axis=0)

    weights, bias = optimum(loss, (matrix.shape[1], answers.shape[1]), penalty=_PENALTY, rounds=_ROUNDS)
    return weights[went], bias
