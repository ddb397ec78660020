"""Fits the second voice: TF-IDF over words and pieces of words, and a logistic regression per column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from nlp.pipeline.combiner import Floats
from nlp.pipeline.words import Words, entries_of

#: A word in fewer mails teaches nothing; of the pieces, which are many, it takes one more.
_LEAST: Final = (2, 3)
#: Of the squared weights, halved: how far they may go.  Found by cross-validation, as are the rounds at most.
_PENALTY: Final = 0.1
_ROUNDS: Final = 40

Singles = NDArray[np.float32]


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
    weights, bias = _fitted(_matrix(words, texts), answers.astype(np.float32))
    words.take(words.entries, idf, weights, bias)


def _fitted(matrix: csr_matrix, answers: Singles) -> tuple[Singles, Singles]:
    """Weights (entries x columns) and bias of a logistic regression per column, all columns at once."""
    back = matrix.T.tocsr()
    shape = (matrix.shape[1] + 1, answers.shape[1])  # the bias is the last row

    def loss(flat: Floats) -> tuple[float, Floats]:
        both = flat.reshape(shape).astype(np.float32)
        weights, bias = both[:-1], both[-1]
        said = matrix @ weights + bias
        off = (1.0 / (1.0 + np.exp(-said)) - answers).astype(np.float32)
        wrong = float((np.logaddexp(0.0, said) - answers * said).sum(dtype=np.float64))
        far = 0.5 * _PENALTY * float(np.square(weights).sum(dtype=np.float64))
        slope = np.concatenate([back @ off + _PENALTY * weights, off.sum(axis=0, keepdims=True)])
        return wrong + far, slope.astype(np.float64).ravel()

    found = minimize(
        loss,
        np.zeros(shape[0] * shape[1]),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": _ROUNDS, "maxcor": 5},
    )
    best = found.x.reshape(shape).astype(np.float32)
    return np.ascontiguousarray(best[:-1]), np.ascontiguousarray(best[-1])


def _matrix(words: Words, texts: Sequence[str]) -> csr_matrix:
    rows, columns, values = [], [], []
    for at, text in enumerate(texts):
        for entries, weighed in words.features(text):
            rows.append(np.full(len(entries), at))
            columns.append(entries)
            values.append(weighed)
    place = (np.concatenate(rows), np.concatenate(columns))
    return csr_matrix((np.concatenate(values), place), shape=(len(texts), len(words.entries)))
