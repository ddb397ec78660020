"""Trains the passage reader: the pipeline of config.cfg, fitted by L-BFGS to all mails at once.

spaCy's loop, a few mails a step, ends far from the optimum on four thousand mails: mean average precision .74
on mails it had not seen, against .84, in the same time (measured on 28 November 2026).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
from scipy.sparse import csr_matrix
from spacy import util
from spacy.language import Language
from spacy.training.initialize import init_nlp
from thinc.api import Config

# Importing them registers the components and the architecture that config.cfg names.
from nlp.pipeline import architecture, concepts, rules, sentences  # noqa: F401
from nlp.pipeline.architecture import MANY, matrices_of
from nlp.pipeline.combiner import READER
from nlp.pipeline.passages import Passages
from nlp.training import convert, corpus
from nlp.training.optimum import Floats, Singles, cross_entropy, gathered, optimum

CONFIG: Final = Path(__file__).parent / "config.cfg"
#: spaCy makes the layers from so many mails.
_SAMPLE: Final = 50


def train_reader(
    read: Sequence[Passages],
    answers: Floats,
    *,
    after_step: Callable[[], None] = lambda: None,
    overrides: Mapping[str, Any] | None = None,
) -> Language:
    """A pipeline with a reader fitted to these mails' passages.  `answers` (mails x columns), 0 or 1;
    `overrides`: dotted names of config.cfg.
    """
    config, nlp = _empty(overrides)
    model: Any = nlp.get_pipe(READER).model  # type: ignore[attr-defined]  # spaCy types a pipe as any callable
    fit = _Fit(read, answers, model.get_dim("length"), model.attrs["sharpness"])
    weights, bias = fit.run(config["reader"]["penalty"], config["reader"]["rounds"], after_step)
    model.set_param("W", weights)
    model.set_param("b", bias)
    return nlp


def _empty(overrides: Mapping[str, Any] | None) -> tuple[Config, Language]:
    """The configuration, and its pipeline with layers that have learned nothing yet."""
    with TemporaryDirectory() as folder:
        paths = {"paths.train": f"{folder}/train.spacy", "paths.dev": f"{folder}/dev.spacy"}
        for place in paths.values():
            convert.write(islice(corpus.read(), _SAMPLE), Path(place))
        config = util.load_config(CONFIG, overrides={**(overrides or {}), **paths})
        nlp = init_nlp(config)
    # The stored model says where the project keeps its corpus, not in which folder it lay while training.
    nlp.config["paths"] = {**nlp.config["paths"], "train": "corpus/train.spacy", "dev": "corpus/dev.spacy"}
    return config, nlp


class _Fit:
    """The cross-entropy of all mails, its gradient, and the search for its minimum."""

    def __init__(self, read: Sequence[Passages], answers: Floats, length: int, sharpness: float) -> None:
        spoken = [(one, answer) for one, answer in zip(read, answers, strict=True) if one.spans]
        self._answers = np.array([answer for _, answer in spoken], dtype=np.float32)
        self._counts = np.array([len(one.spans) - 1 for one, _ in spoken])
        self._starts = np.concatenate([[0], np.cumsum(self._counts)[:-1]])
        self._passages, groups = matrices_of([one for one, _ in spoken], length)
        self._groups, self._went = gathered(groups)
        self._is_whole = np.zeros(self._passages.shape[0], dtype=bool)
        self._is_whole[np.cumsum(self._counts + 1) - 1] = True
        self._rarity = self._rarities([len(one.lengths) for one, _ in spoken])
        self._groups.data *= self._rarity[self._groups.indices]
        self._sharpness = sharpness

    def run(self, penalty: float, rounds: int, after_step: Callable[[], None]) -> tuple[Singles, Singles]:
        """`penalty`: of the squared weights, halved; `rounds` at most."""
        shape = self._groups.shape[1], self._answers.shape[1]
        weights, bias = optimum(self._loss, shape, penalty=penalty, rounds=rounds, after_step=after_step)
        return (weights * self._rarity[:, None])[self._went], bias

    def _rarities(self, groups: Sequence[int]) -> Singles:
        """Per slot how much it is listened to: words of few mails more (inverse document frequency).

        `groups`: how many each mail has.
        """
        ends = np.append(0, np.cumsum(groups))
        dealt = csr_matrix((np.ones(ends[-1], np.float32), np.arange(ends[-1]), ends))
        mails = np.bincount((dealt @ self._groups).indices, minlength=self._groups.shape[1])
        rarity = np.log((1 + len(groups)) / (1 + mails)).clip(0) + 1
        heard = np.sqrt(np.average(np.square(rarity), weights=mails))
        scaled: Singles = (rarity / heard).astype(np.float32)  # on the whole as loud as before
        return scaled

    def _loss(self, weights: Singles, bias: Singles) -> tuple[float, Singles, Singles]:
        logits = self._passages @ (self._groups @ weights) + bias
        loudest, shares = self._pooled(logits[~self._is_whole])
        loss, off = cross_entropy(loudest + logits[self._is_whole], self._answers)
        slopes = np.empty_like(logits)
        slopes[self._is_whole] = off
        slopes[~self._is_whole] = shares * np.repeat(off, self._counts, axis=0)
        return loss, self._groups.T @ (self._passages.T @ slopes), 2.0 * off.sum(axis=0)

    def _pooled(self, logits: Singles) -> tuple[Singles, Singles]:
        """Per mail the soft maximum over its passages, and each one's share in it: `architecture.soften`."""
        sharp = logits * self._sharpness
        top = np.maximum.reduceat(sharp, self._starts, axis=0)
        odds = np.exp(sharp - np.repeat(top, self._counts, axis=0))
        total = np.add.reduceat(odds, self._starts, axis=0)
        many = MANY * np.log(self._counts)[:, None]
        loudest = (top + np.log(total) - many) / self._sharpness
        return loudest.astype(np.float32), odds / np.repeat(total, self._counts, axis=0)
