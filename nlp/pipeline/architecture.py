"""The learned part: a sparse linear reader of passages; a mail says what its loudest passages say.

A small corpus favours a linear model over a network; what is needed besides is that a request of one line
counts in a long mail.  So passages are scored, and the mail's logit per right is their soft maximum
(multiple-instance learning): the gradient reaches mostly the passage that carried the label.  To it is
added what the whole mail says, for or against: an invoice is about a contract, whatever it asks.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc
from spacy.util import registry
from thinc.api import Model, SparseLinear_v2

from nlp.pipeline.passages import Passages, passages_of

Scores = NDArray[np.float32]

#: What many passages add up to by their number alone, and how much of it is taken away (1: all).
_MANY = 0.5
#: The logit of a mail without a word.
_SILENCE = -10.0


@registry.architectures("rightsdesk.PassageReader.v1")  # type: ignore[untyped-decorator]  # catalogue has no types
def passage_reader(length: int, sharpness: float, nO: int | None = None) -> Model[list[Doc], Scores]:  # noqa: N803 - spaCy's name
    """Docs -> probabilities (docs x rights).

    `length`: slots that features are hashed into.  `sharpness`: 1 adds up the passages' odds, more listens
    to the loudest only, so that a long mail is not suspicious for its length.
    """
    linear = SparseLinear_v2(nO=nO, length=length)
    return Model(
        "passage_reader",
        _forward,
        init=_init,
        layers=[linear],
        refs={"linear": linear},
        attrs={"sharpness": sharpness},
        dims={"nO": nO},
    )


def passage_logits(model: Model[list[Doc], Scores], doc: Doc) -> tuple[Passages, Scores]:
    """A mail's passages, and their logits (passages x rights)."""
    passages = passages_of(doc)
    if not passages.spans:
        return passages, np.zeros((0, model.get_dim("nO")), dtype=np.float32)
    return passages, model.get_ref("linear").predict((passages.keys, passages.values, passages.lengths))


def soften(logits: Scores, sharpness: float) -> tuple[Scores, Scores]:
    """(passages x rights) -> (rights): the soft maximum over the passages, and the whole mail added to it.

    Comes with the share of each row in the result; the whole mail's, the last row, is one.
    """
    sharp = logits[:-1] * sharpness
    top = sharp.max(axis=0)
    odds = np.exp(sharp - top)
    total = odds.sum(axis=0)
    loudest = (top + np.log(total) - _MANY * np.log(len(sharp))) / sharpness
    return loudest + logits[-1], np.concatenate([odds / total, np.ones_like(logits[-1:])])


def _init(model: Model[list[Doc], Scores], X: list[Doc] | None = None, Y: Scores | None = None) -> None:  # noqa: ARG001, N803 - Thinc's
    if Y is not None:
        model.set_dim("nO", Y.shape[1])
        model.get_ref("linear").set_dim("nO", Y.shape[1])
    model.get_ref("linear").initialize()


def _forward(
    model: Model[list[Doc], Scores],
    docs: list[Doc],
    is_train: bool,  # noqa: FBT001 - Thinc's signature
) -> tuple[Scores, Callable[[Scores], Any]]:
    read = [passages_of(doc) for doc in docs]
    logits, into_linear = model.get_ref("linear")(
        (
            np.concatenate([one.keys for one in read]),
            np.concatenate([one.values for one in read]),
            np.concatenate([one.lengths for one in read]),
        ),
        is_train,
    )
    ends = np.cumsum([len(one.spans) for one in read])
    parts = np.split(logits, ends[:-1])
    sharpness = model.attrs["sharpness"]
    nothing = np.full(logits.shape[1], _SILENCE, dtype=np.float32), np.zeros_like(logits[:0])
    pooled = [soften(part, sharpness) if len(part) else nothing for part in parts]

    def backprop(d_scores: Scores) -> list[Doc]:
        """`d_scores` is probability minus truth: already the cross-entropy's gradient by the pooled logit."""
        shares = [share * d for (_, share), d in zip(pooled, d_scores, strict=True)]
        into_linear(np.ascontiguousarray(np.concatenate(shares), dtype=np.float32))
        return []

    said = np.stack([loudest for loudest, _ in pooled])
    return 1.0 / (1.0 + np.exp(-said)), backprop
