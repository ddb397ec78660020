"""How both voices are fitted: the cross-entropy of all columns at once, and the search for its minimum.

Nearly all of the time goes into products of a sparse matrix and weights; see `gathered`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
#: Weights (features x columns) and bias (columns) in; the loss, and its slope by both, out.
Loss = Callable[[Singles, Singles], tuple[float, Singles, Singles]]

#: So many earlier steps L-BFGS remembers; each costs memory and time.
_REMEMBERED: Final = 5


def gathered(matrix: csr_matrix) -> tuple[csr_matrix, NDArray[np.int64]]:
    """The same with its fullest columns first, and where each column went.

    What is common then lies together and stays in the processor's cache: products with it, and with its
    transpose as it is, take half the time (measured).
    """
    order = np.argsort(-matrix.getnnz(axis=0), kind="stable")
    went = np.empty_like(order)
    went[order] = np.arange(len(order))
    columns = went[matrix.indices].astype(np.int32)
    moved = csr_matrix((matrix.data.copy(), columns, matrix.indptr.copy()), shape=matrix.shape)
    moved.sum_duplicates()  # and sorts
    return moved, went


def cross_entropy(said: Singles, answers: Singles) -> tuple[float, Singles]:
    """Of logits and answers (mails x columns, 0 or 1): the loss, and its slope by each logit."""
    loss = float((np.logaddexp(0.0, said) - answers * said).sum(dtype=np.float64))
    return loss, (1.0 / (1.0 + np.exp(-said)) - answers).astype(np.float32)


def optimum(
    loss: Loss,
    shape: tuple[int, int],
    *,
    penalty: float,
    rounds: int,
    after_step: Callable[[], None] = lambda: None,
) -> tuple[Singles, Singles]:
    """Weights (`shape`: features x columns) and bias, by L-BFGS in `rounds` steps at most.

    `penalty`: of the squared weights, halved; the bias is free.
    """
    rows, columns = shape

    def whole(flat: Floats) -> tuple[float, Floats]:
        both = flat.reshape(rows + 1, columns).astype(np.float32)  # the bias is the last row
        weights = both[:-1]
        wrong, slope, of_bias = loss(weights, both[-1])
        far = 0.5 * penalty * float(np.square(weights).sum(dtype=np.float64))
        steep = np.concatenate([slope + penalty * weights, of_bias[None]])
        return wrong + far, steep.astype(np.float64).ravel()

    found = minimize(
        whole,
        np.zeros((rows + 1) * columns),
        jac=True,
        method="L-BFGS-B",
        callback=lambda _: after_step(),
        options={"maxiter": rounds, "maxcor": _REMEMBERED},
    )
    best = found.x.reshape(rows + 1, columns).astype(np.float32)
    return np.ascontiguousarray(best[:-1]), best[-1].copy()
