"""The last component: weighs what the model and the rules said, into one calibrated score per right.

It decides in two steps, as a person would.  Is this a request at all?  `request` has a threshold of its
own, set for recall.  If so, which rights?  Those whose score reaches their threshold, or else the likeliest
one: a mail that clearly asks for something must not fall through because two rights share its probability.

Each language has thresholds of its own: one for both would have to suit the language that is read worse, and
raise false alarms in the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import minibatch

from cases.model import Band, Right
from nlp.pipeline.architecture import LOGITS as PASSAGE_LOGITS
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
#: Where in `doc.user_data` a mail's language stands, "nl" or "en", when whoever made the Doc knows it.
LANGUAGE: Final = "rightsdesk.language"

Floats = NDArray[np.float64]
Thresholds = Mapping[str, float]
_FILE = "combiner.json"
#: A rule that fired on the sentence is worth this many logits when evidence is chosen.
_RULE_WORTH: Final = 2.0


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything that was fitted after the reader; the thresholds stand here and nowhere else."""

    weights: Mapping[str, Sequence[float]] = field(default_factory=dict)  #: column -> per feature, bias last
    #: language -> column -> probability; of REQUEST the gate, and on both sides of it DOUBT and CLEAR
    thresholds: Mapping[str, Thresholds] = field(default_factory=dict)
    #: language -> column -> the curve that its threshold was chosen from: (threshold, recall, precision)
    curves: Mapping[str, Mapping[str, Sequence[Sequence[float]]]] = field(default_factory=dict)

    def thresholds_in(self, language: str | None) -> Thresholds:
        """Of a language that none were chosen for, the lowest of all: there it is better to ask."""
        if language is not None and language in self.thresholds:
            return self.thresholds[language]
        each = list(self.thresholds.values())
        return {name: min(one[name] for one in each) for name in each[0]}


@dataclass(frozen=True, slots=True)
class Voices:
    """What was said of mails: logits of reader and words (mails x columns), rule hits (mails x rights)."""

    reader: Floats
    words: Floats
    hits: Floats

    def of(self, mails: NDArray[np.bool_]) -> Voices:
        return Voices(self.reader[mails], self.words[mails], self.hits[mails])


def features(voices: Voices) -> Floats:
    """What each column is judged by: (mails x columns x features), a one for the bias last."""
    told: list[Floats] = []
    for logits in (voices.reader, voices.words):
        rights = logits[:, : len(RIGHTS)]
        best, second = np.sort(rights, axis=1)[:, :-3:-1].T[:, :, None]
        others = np.where(rights == best, second, best)
        told += [logits, _beside(logits[:, -1:], best), _beside(others, second)]
    told += [np.minimum(voices.reader, voices.words), np.maximum(voices.reader, voices.words)]
    told.append(_beside(voices.hits, voices.hits.max(axis=1, keepdims=True)))
    return np.stack([*told, np.ones_like(voices.reader)], axis=2)


def _beside(of_rights: Floats, of_request: Floats) -> Floats:
    """(mails x columns), from a value or one per right, and one for the request."""
    mails = len(of_request)
    return np.concatenate([np.broadcast_to(of_rights, (mails, len(RIGHTS))), of_request], axis=1)


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


def band_of(request: float, thresholds: Thresholds) -> Band:
    """`request` is the calibrated probability of any right at all, 0..1."""
    if request >= thresholds[CLEAR]:
        return Band.CLEAR
    return Band.DOUBTFUL if request >= thresholds[DOUBT] else Band.NONE


def recognise(scores: Floats, thresholds: Thresholds) -> list[str]:
    """The rights that are recognised in one mail, likeliest first; `scores` are those of the columns."""
    if scores[-1] < thresholds[REQUEST]:
        return []
    order = [RIGHTS[at] for at in np.argsort(-scores[: len(RIGHTS)], kind="stable")]
    reached = [right for right in order if scores[RIGHTS.index(right)] >= thresholds[right]]
    return reached or order[:1]


class Combiner:
    """Replaces `doc.cats` by calibrated scores of the eight rights, and marks the evidence."""

    def __init__(self) -> None:
        self.fitted = Weights()

    def __call__(self, doc: Doc) -> Doc:
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """What the voices said of a batch is weighed at once."""
        for batch in minibatch(docs, batch_size):  # type: ignore[no-untyped-call]  # spaCy's own
            for doc, scores in zip(batch, self.score(heard(batch)), strict=True):
                self._mark(doc, scores)
                yield doc

    def _mark(self, doc: Doc, scores: Floats) -> None:
        thresholds = self.fitted.thresholds_in(doc.user_data.get(LANGUAGE))
        doc.cats = {right: float(score) for right, score in zip(RIGHTS, scores, strict=False)}
        doc.user_data[RECOGNISED] = rights = recognise(scores, thresholds)
        doc.user_data[REQUEST_SCORE] = float(scores[-1])
        doc.user_data[BAND] = band = band_of(float(scores[-1]), thresholds)
        likeliest = [RIGHTS[int(np.argmax(scores[: len(RIGHTS)]))]]
        doc.spans[EVIDENCE] = self._evidence(doc, rights or (likeliest if band is not Band.NONE else []))

    def score(self, voices: Voices) -> Floats:
        """Calibrated probabilities (mails x columns)."""
        weights = np.array([self.fitted.weights[name] for name in COLUMNS])
        return sigmoid((features(voices) * weights).sum(axis=2))

    def _evidence(self, doc: Doc, rights: Sequence[str]) -> list[Span]:
        """Per right the sentence that speaks loudest for it; a rule's hit adds to its voice."""
        passages = passages_of(doc)
        alone = [at for at, size in enumerate(passages.sizes) if size == 1]
        best: dict[str, tuple[int, int]] = {}
        for right in rights if alone else ():
            logits = doc.user_data[PASSAGE_LOGITS][:, COLUMNS.index(right)]
            voices = logits + _RULE_WORTH * passages.hit_by(right)
            best[right] = passages.spans[alone[int(np.argmax(voices[alone]))]]
        return [Span(doc, start, end, label=right) for right, (start, end) in best.items()]

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002 - spaCy passes it
        path.mkdir(exist_ok=True)
        (path / _FILE).write_text(json.dumps(asdict(self.fitted), indent=1), encoding="utf-8")

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> Combiner:  # noqa: ARG002 - spaCy passes it
        told = json.loads((path / _FILE).read_text(encoding="utf-8"))
        for name in ("thresholds", "curves"):
            if REQUEST in told[name]:  # an older model, with one set for all languages
                told[name] = {"all": told[name]}
        self.fitted = Weights(**told)
        return self


@Language.factory(
    "rightsdesk_combiner", requires=["doc.cats", "doc.spans"], assigns=["doc.cats", "doc.spans"]
)
def make_combiner(nlp: Language, name: str) -> Any:  # noqa: ARG001 - spaCy passes them
    return Combiner()
