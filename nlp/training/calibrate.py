"""Fits the combiner on what was said of mails by voices that had not seen them, and chooses its thresholds.

Scores of mails that a voice learned from are far too sure.  So all mails are dealt into folds by family, each
fold is read by voices that learned from the others (see folds.py), and the combiner learns from all of them
together.

Thresholds are chosen on the dev split, for each language.  Much of the corpus is as hard as it could be made,
with pairs and twins; that teaches where the border runs, but no mailbox looks like it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from nlp.pipeline.combiner import (
    CLEAR,
    COLUMNS,
    DOUBT,
    REQUEST,
    RIGHTS,
    Combiner,
    Floats,
    Voices,
    Weights,
    features,
    sigmoid,
)
from nlp.training.corpus import Kind, Mail
from nlp.training.material import truth

#: Of the requests in a language, so many must be recognised as one, and so many get a card at all.
RECALL: Final = 0.98
RECALL_IN_DOUBT: Final = 0.995
#: Missing a request costs more than a false alarm: the gate opens further than RECALL asks for while alarms
#: are no more than these, as shares of the mails of a kind.
ALARMS: Final = {Kind.ORDINARY: 0.0, Kind.HARD: 0.02}
#: Of the cards that propose, so many are requests; a card of which fewer would be asks instead.
SURE: Final = 0.95
_LIKELY: Final = 0.35
_RIDGE: Final = 5.0
_ROUNDS: Final = 30
_STEPS: Final = np.linspace(0.05, 0.95, 19)


def weigh(combiner: Combiner, mails: Sequence[Mail], voices: Voices) -> None:
    """Weights into the combiner, from what the voices said of mails that they had not seen."""
    answers, judged_by = truth(mails), features(voices)
    combiner.fitted = Weights(
        {column: logistic(judged_by[:, at], answers[:, at]).tolist() for at, column in enumerate(COLUMNS)}
    )


def choose(combiner: Combiner, mails: Sequence[Mail], voices: Voices) -> None:
    """Thresholds into the combiner, and the curves that chose them; `mails`: the dev split."""
    scores, answers = combiner.score(voices), truth(mails)
    languages, kinds = np.array([mail.lang for mail in mails]), np.array([mail.kind for mail in mails])
    thresholds, curves = {}, {}
    for language in np.unique(languages).tolist():
        its = languages == language
        thresholds[language] = choose_thresholds(scores[its], answers[its], kinds[its])
        curves[language] = _curves(scores[its], answers[its])
    combiner.fitted = replace(combiner.fitted, thresholds=thresholds, curves=curves)


def logistic(x: Floats, y: Floats) -> Floats:
    """Weights of a logistic regression, by Newton's method with a ridge on all but the bias (the last
    column).
    """
    weights = np.zeros(x.shape[1])
    ridge = np.diag([_RIDGE] * (x.shape[1] - 1) + [1e-6])
    for _ in range(_ROUNDS):
        said = sigmoid(x @ weights)
        curve = x.T @ (x * (said * (1 - said))[:, None]) + ridge
        weights -= np.linalg.solve(curve, x.T @ (said - y) + ridge @ weights)
    return weights


def choose_thresholds(scores: Floats, answers: Floats, kinds: NDArray[np.str_]) -> dict[str, float]:
    """`request`: the highest that keeps RECALL of the requests, or a lower one that ALARMS allow; DOUBT and
    CLEAR around it.  `kinds`: each mail's Kind.

    A right: the best F1 among what passed that gate.
    """
    asked, request = answers[:, -1] > 0, scores[:, -1]
    keeping, doubt = (_keeping(recall, request[asked]) for recall in (RECALL, RECALL_IN_DOUBT))
    gate = min(keeping, max(_above(share, request[kinds == kind]) for kind, share in ALARMS.items()))
    passed = request >= gate
    chosen = {right: best_f1(scores[passed, at], answers[passed, at] > 0) for at, right in enumerate(RIGHTS)}
    return {**chosen, REQUEST: gate, DOUBT: min(gate, doubt), CLEAR: max(gate, _sure(request, asked))}


def _keeping(recall: float, scores: Floats) -> float:
    """The highest threshold that at least so many of the scores reach."""
    return float(np.quantile(scores, 1 - recall, method="lower"))


def _above(share: float, scores: Floats) -> float:
    """The lowest threshold that at most this share of the scores reaches."""
    highest = np.sort(scores)[::-1]
    allowed = int(share * len(scores))
    return float(np.nextafter(highest[allowed], np.inf)) if allowed < len(highest) else 0.0


def _sure(scores: Floats, wanted: NDArray[np.bool_]) -> float:
    """The lowest threshold above which SURE are requests, however far one goes up from it."""
    order = np.argsort(-scores, kind="stable")
    precision = np.cumsum(wanted[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(precision >= SURE)
    return float(scores[order][enough[-1]]) if len(enough) else 1.0


def _curves(scores: Floats, answers: Floats) -> dict[str, list[list[float]]]:
    return {column: curve(scores[:, at], answers[:, at] > 0) for at, column in enumerate(COLUMNS)}


def curve(scores: Floats, wanted: NDArray[np.bool_]) -> list[list[float]]:
    """(threshold, recall, precision) in steps of .05."""
    said = scores[None, :] >= _STEPS[:, None]
    found = (said & wanted).sum(axis=1)
    recall = found / max(1, wanted.sum())
    precision = found / np.maximum(1, said.sum(axis=1))
    return np.round(np.stack([_STEPS, recall, precision], axis=1), 4).tolist()  # type: ignore[no-any-return]


def best_f1(scores: Floats, wanted: NDArray[np.bool_]) -> float:
    """The threshold of the highest F1; the lowest of equals, for recall.

    None is below _LIKELY: a request's likeliest right is recognised anyway, and a second must be likely.
    """
    steps = np.linspace(_LIKELY, 0.80, 46)
    hits = scores[None, :] >= steps[:, None]
    f1 = 2 * (hits & wanted).sum(axis=1) / np.maximum(1, hits.sum(axis=1) + wanted.sum())
    return float(steps[int(np.argmax(f1))])
