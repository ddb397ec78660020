"""The last component: weighs what the model and the rules said, into one calibrated score per right.

It decides in two steps, as a person would.  Is this a request at all?  `request` has a threshold of its
own, set for recall.  If so, which rights?  Those whose score reaches their threshold, or else the likeliest
one: a mail that clearly asks for something must not fall through because two rights share its probability.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span

from cases.model import Band, Right
from nlp.pipeline.architecture import passage_logits
from nlp.pipeline.passages import passages_of
from nlp.pipeline.words import LOGITS

READER: Final = "textcat_multilabel"
#: The reader's ninth category: any right at all.  It never leaves the pipeline as a right.
REQUEST: Final = "request"
RIGHTS: Final = tuple(right.value for right in Right)
COLUMNS: Final = (*RIGHTS, REQUEST)
#: Thresholds of `request` beside its own: below DOUBT a mail is passed over, from CLEAR on its card proposes.
DOUBT: Final = "doubt"
CLEAR: Final = "clear"
#: Where the sentences stand in the Doc that carried a recognised right, labelled with it.
EVIDENCE: Final = "evidence"
#: Where in `doc.user_data` the recognised rights stand, likeliest first.
RECOGNISED: Final = "rightsdesk.recognised"
#: Where in `doc.user_data` the calibrated probability of any request stands, and its band.
REQUEST_SCORE: Final = "rightsdesk.request"
BAND: Final = "rightsdesk.band"

Floats = NDArray[np.float64]
_FILE = "combiner.json"
#: A rule that fired on the sentence is worth this many logits when evidence is chosen.
_RULE_WORTH: Final = 2.0


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything that was fitted after the reader; the thresholds stand here and nowhere else."""

    weights: Mapping[str, Sequence[float]] = field(default_factory=dict)  #: column -> per feature, bias last
    #: column -> probability; of REQUEST the gate, and on both sides of it DOUBT and CLEAR
    thresholds: Mapping[str, float] = field(default_factory=dict)
    #: column -> the curve that its threshold was chosen from: (threshold, recall, precision) in steps
    curves: Mapping[str, Sequence[Sequence[float]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Voices:
    """What was said of mails: logits of reader and words (mails x columns), rule hits (mails x rights)."""

    reader: Floats
    words: Floats
    hits: Floats

    def of(self, mails: NDArray[np.bool_]) -> Voices:
        return Voices(self.reader[mails], self.words[mails], self.hits[mails])


def features(voices: Voices, column: int) -> Floats:
    """What one column is judged by: (mails x features), a one for the bias last."""
    told = []
    for logits in (voices.reader, voices.words):
        rights = logits[:, : len(RIGHTS)]
        if column == len(RIGHTS):
            ordered = np.sort(rights, axis=1)
            told += [logits[:, -1], ordered[:, -1], ordered[:, -2]]
        else:
            others = np.delete(rights, column, axis=1)
            told += [rights[:, column], logits[:, -1], others.max(axis=1)]
    own = [voice[:, column] for voice in (voices.reader, voices.words)]
    is_request = column == len(RIGHTS)
    fired: Floats = voices.hits.max(axis=1) if is_request else voices.hits[:, column]
    return np.stack([*told, np.minimum(*own), np.maximum(*own), fired, np.ones(len(fired))], axis=1)


def logit(probability: Floats) -> Floats:
    safe = np.clip(probability, 1e-6, 1 - 1e-6)
    return np.log(safe / (1 - safe))


def sigmoid(value: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(value, -40.0, 40.0)))


def heard(docs: Sequence[Doc]) -> Voices:
    """What reader, words and rules said of these mails."""
    said = [[doc.cats.get(column, 0.0) for column in COLUMNS] for doc in docs]
    fired = [frozenset[str]().union(*passages_of(doc).fired) for doc in docs]
    return Voices(
        reader=logit(np.array(said, dtype=np.float64)),
        words=np.array([doc.user_data[LOGITS] for doc in docs], dtype=np.float64),
        hits=np.array([[float(right in labels) for right in RIGHTS] for labels in fired]),
    )


class Combiner:
    """Replaces `doc.cats` by calibrated scores of the eight rights, and marks the evidence."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        self.fitted = Weights()

    def __call__(self, doc: Doc) -> Doc:
        scores = self.score(heard([doc]))[0]
        doc.cats = {right: float(score) for right, score in zip(RIGHTS, scores, strict=False)}
        doc.user_data[RECOGNISED] = rights = self.recognise(scores)
        doc.user_data[REQUEST_SCORE] = float(scores[-1])
        doc.user_data[BAND] = band = self.band(float(scores[-1]))
        likeliest = [RIGHTS[int(np.argmax(scores[: len(RIGHTS)]))]]
        doc.spans[EVIDENCE] = self._evidence(doc, rights or (likeliest if band is not Band.NONE else []))
        return doc

    def band(self, request: float) -> Band:
        """`request` is the calibrated probability of any right at all, 0..1."""
        thresholds = self.fitted.thresholds
        if request >= thresholds[CLEAR]:
            return Band.CLEAR
        return Band.DOUBTFUL if request >= thresholds[DOUBT] else Band.NONE

    def score(self, voices: Voices) -> Floats:
        """Calibrated probabilities (mails x columns)."""
        weights = self.fitted.weights
        parts = [features(voices, at) @ np.array(weights[name]) for at, name in enumerate(COLUMNS)]
        return sigmoid(np.stack(parts, axis=1))

    def recognise(self, scores: Floats) -> list[str]:
        """The rights that are recognised in one mail, likeliest first; `scores` are those of the columns."""
        if scores[-1] < self.fitted.thresholds[REQUEST]:
            return []
        order = [RIGHTS[at] for at in np.argsort(-scores[: len(RIGHTS)], kind="stable")]
        reached = [right for right in order if scores[RIGHTS.index(right)] >= self.fitted.thresholds[right]]
        return reached or order[:1]

    def _evidence(self, doc: Doc, rights: Sequence[str]) -> list[Span]:
        """Per right the sentence that speaks loudest for it; a rule's hit adds to its voice."""
        if not rights:
            return []
        reader: Any = self._nlp.get_pipe(READER)
        passages, logits = passage_logits(reader.model, doc)
        alone = [at for at, size in enumerate(passages.sizes) if size == 1]
        best: dict[str, tuple[int, int]] = {}
        for right in rights if alone else ():
            voices = logits[:, reader.labels.index(right)] + _RULE_WORTH * passages.hit_by(right)
            best[right] = passages.spans[alone[int(np.argmax(voices[alone]))]]
        return [Span(doc, start, end, label=right) for right, (start, end) in best.items()]

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002 - spaCy passes it
        path.mkdir(exist_ok=True)
        (path / _FILE).write_text(json.dumps(asdict(self.fitted), indent=1), encoding="utf-8")

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> Combiner:  # noqa: ARG002 - spaCy passes it
        self.fitted = Weights(**json.loads((path / _FILE).read_text(encoding="utf-8")))
        return self


@Language.factory(
    "rightsdesk_combiner", requires=["doc.cats", "doc.spans"], assigns=["doc.cats", "doc.spans"]
)
def make_combiner(nlp: Language, name: str) -> Any:  # noqa: ARG001 - spaCy passes it
    return Combiner(nlp)
