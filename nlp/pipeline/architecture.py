"""The first voice: a sparse linear reader of passages; a mail says what its loudest passages say.

A small corpus favours a linear model over a network; what is needed besides is that a request of one line
counts in a long mail.  So passages are scored, and the mail's logit per right is their soft maximum
(multiple-instance learning): the gradient reaches mostly the passage that carried the label.  To it is
added what the whole mail says, for or against: an invoice is about a contract, whatever it asks.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Model

from nlp.pipeline.passages import Passages, passages_of_all

Scores = NDArray[np.float32]

#: Where in `doc.user_data` the logits of its passages stand (passages x rights), once it was read.
LOGITS = "rightsdesk.passage-logits"
#: What many passages add up to by their number alone, and how much of it is taken away (1: all).
MANY = 0.5
#: The logit of a mail without a word.
_SILENCE = -10.0


@registry.architectures("rightsdesk.PassageReader.v2")  # type: ignore[untyped-decorator]  # catalogue has no types
def passage_reader(length: int, sharpness: float, nO: int | None = None) -> Model[list[Doc], Scores]:  # noqa: N803 - spaCy's name
    """Docs -> probabilities (docs x rights).

    `length`: slots that features are hashed into.  `sharpness`: 1 adds up the passages' odds, more listens
    to the loudest only, so that a long mail is not suspicious for its length.
    """
    return Model(
        "passage_reader",
        _forward,
        init=_init,
        params={"W": None, "b": None},
        dims={"nO": nO, "length": length},
        attrs={"sharpness": sharpness},
    )


def matrices_of(read: Sequence[Passages], length: int) -> tuple[csr_matrix, csr_matrix]:
    """Of some mails: which groups make the passages, each mail's whole last (passages x groups), and which
    features make the groups (groups x slots).
    """
    numbers = np.cumsum([0, *(len(one.lengths) for one in read)])
    groups = np.concatenate([one.groups + shift for one, shift in zip(read, numbers[:-1], strict=True)])
    values = np.concatenate([one.values for one in read])
    slots = (np.concatenate([one.keys for one in read]) % np.uint64(length)).astype(np.int32)
    passages = _rows(values, groups, [one.widths for one in read], int(numbers[-1]))
    return passages, _rows(
        np.ones(len(slots), dtype=np.float32), slots, [one.lengths for one in read], length
    )


def _rows(
    values: Scores, columns: NDArray[Any], lengths: Sequence[NDArray[np.int64]], width: int
) -> csr_matrix:
    starts = np.append(0, np.cumsum(np.concatenate(lengths)))
    return csr_matrix((values, columns, starts), shape=(len(starts) - 1, width))


def soften(logits: Scores, sharpness: float) -> tuple[Scores, Scores]:
    """(passages x rights) -> (rights): the soft maximum over the passages, and the whole mail added to it.

    Comes with the share of each row in the result; the whole mail's, the last row, is one.
    """
    sharp = logits[:-1] * sharpness
    top = sharp.max(axis=0)
    odds = np.exp(sharp - top)
    total = odds.sum(axis=0)
    loudest = (top + np.log(total) - MANY * np.log(len(sharp))) / sharpness
    return loudest + logits[-1], np.concatenate([odds / total, np.ones_like(logits[-1:])])


def _init(model: Model[list[Doc], Scores], X: list[Doc] | None = None, Y: Scores | None = None) -> None:  # noqa: ARG001, N803 - Thinc's
    if Y is not None:
        model.set_dim("nO", Y.shape[1])
    columns = model.get_dim("nO")
    model.set_param("W", model.ops.alloc2f(model.get_dim("length"), columns))
    model.set_param("b", model.ops.alloc1f(columns))


def _forward(
    model: Model[list[Doc], Scores],
    docs: list[Doc],
    is_train: bool,  # noqa: ARG001, FBT001 - Thinc's signature
) -> tuple[Scores, Callable[[Scores], Any]]:
    read = passages_of_all(docs)
    sharpness = model.attrs["sharpness"]
    columns = model.get_dim("nO")
    passages, groups = matrices_of(read, model.get_dim("length"))
    logits = passages @ (groups @ model.get_param("W")) + model.get_param("b")
    ends = np.cumsum([len(one.spans) for one in read])
    parts = np.split(logits, ends[:-1])
    for doc, part in zip(docs, parts, strict=True):
        doc.user_data[LOGITS] = part
    nothing = np.full(columns, _SILENCE, dtype=np.float32), np.zeros_like(logits[:0])
    pooled = [soften(part, sharpness) if len(part) else nothing for part in parts]

    def backprop(d_scores: Scores) -> list[Doc]:
        """`d_scores` is probability minus truth: already the cross-entropy's gradient by the pooled logit."""
        shares = [share * d for (_, share), d in zip(pooled, d_scores, strict=True)]
        d_logits = np.concatenate(shares).astype(np.float32)
        model.inc_grad("W", groups.T @ (passages.T @ d_logits))
        model.inc_grad("b", d_logits.sum(axis=0))
        return []

    said = np.stack([loudest for loudest, _ in pooled]).astype(np.float32)
    return (1.0 / (1.0 + np.exp(-said))).astype(np.float32), backprop
