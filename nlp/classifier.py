"""Reads a message into rights.  Hands out words of the trade, never a spaCy object."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import tee
from pathlib import Path
from typing import Any, Final

import spacy
from spacy.language import Language as Pipeline
from spacy.tokens import Doc, Span

from cases.errors import ModelMissing
from cases.messages import Language
from cases.model import Band, Classification, Evidence, Right
from nlp import foreign
from nlp.language import detect

# Importing them registers what a stored model names; the combiner brings the words.
from nlp.pipeline import architecture, combiner, concepts, rules, sentences  # noqa: F401
from nlp.pipeline.forms import without_marks
from nlp.pipeline.words import WORDS
from nlp.training.corpus import join
from nlp.training.fingerprint import version_of

#: Characters that are read; what a person asks stands before that, and time and memory stay bounded.
LONGEST: Final = 20_000
_LONGEST_SUBJECT: Final = 1_000
_LONGEST_EVIDENCE: Final = 300
_BATCH: Final = 64
_COMMON: Final = 1_000  #: words
#: A hundred characters without a blank are no word, and spaCy's tokenizer is quadratic in them.
_ENDLESS = re.compile(r"(\S{99})\S")
_UNSPEAKABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]"
)


class SpacyClassifier:
    """The port `Classifier`, on one loaded pipeline.  Not for several threads at once."""

    def __init__(self, pipeline: Pipeline, version: str) -> None:
        self._pipeline = pipeline
        self.version = version

    @classmethod
    def load(cls, path: Path) -> SpacyClassifier:
        """ModelMissing when no whole model is stored there."""
        version = version_of(path)
        if version is None:
            raise ModelMissing(place=path)
        try:
            return cls(_awake(without_marks(spacy.load(path))), version)
        except (OSError, ValueError, KeyError) as fault:
            raise ModelMissing(place=path) from fault

    def classify(self, subject_line: str, text: str) -> Classification:
        """Total: any text gets a classification; beyond LONGEST characters nothing is read."""
        return next(self.classify_many([(subject_line, text)]))

    def classify_many(self, messages: Iterable[tuple[str, str]]) -> Iterator[Classification]:
        """(subject line, text) in, classifications out, in the same order, in batches."""
        given, kept = tee(
            (clean(subject_line, _LONGEST_SUBJECT), clean(text, LONGEST)) for subject_line, text in messages
        )
        # Words of strangers would stay in the vocabulary for as long as the worker lives.
        with self._pipeline.memory_zone():
            docs = self._pipeline.pipe((self._opened(*message) for message in given), batch_size=_BATCH)
            for (subject_line, text), doc in zip(kept, docs, strict=True):
                yield self._reading(subject_line, text, doc)

    def _opened(self, subject_line: str, text: str) -> Doc:
        doc = self._pipeline.make_doc(join(subject_line, text))
        told = text if text.strip() else subject_line
        doc.user_data[combiner.LANGUAGE] = Language.OTHER if foreign.is_foreign(told) else detect(told)
        return doc

    def _reading(self, subject_line: str, text: str, doc: Doc) -> Classification:
        body_at = len(join(subject_line, text)) - len(text)
        carried = list(doc.spans[combiner.EVIDENCE])
        reading = Classification(
            scores={right: round(doc.cats[right.value], 4) for right in Right},
            rights=frozenset(Right(right) for right in doc.user_data[combiner.RECOGNISED]),
            language=doc.user_data[combiner.LANGUAGE],
            evidence=tuple(_evidence(span, body_at) for span in carried),
            model=self.version,
            request=round(doc.user_data[combiner.REQUEST_SCORE], 4),
            band=doc.user_data[combiner.BAND],
        )
        return _with_lexicon(_doubted(reading), subject_line, text)


def _awake(pipeline: Pipeline) -> Pipeline:
    """The tokenizer remembers what it met outside a memory zone: so it meets the commonest words at once."""
    words: Any = pipeline.get_pipe(WORDS)
    pipeline.make_doc(
        " ".join(f"{word} {word.capitalize()} {word}, {word}." for word in words.commonest(_COMMON))
    )
    return pipeline


def _doubted(reading: Classification) -> Classification:
    """The model reads Dutch and English.  What it is sure of elsewhere is worth a question, and no more."""
    if reading.language is not Language.OTHER:
        return reading
    band = Band.DOUBTFUL if reading.band is Band.CLEAR else Band.NONE
    evidence = reading.evidence if band is Band.DOUBTFUL else ()
    return replace(reading, rights=frozenset(), band=band, evidence=evidence)


def clean(text: str, longest: int) -> str:
    """The same length up to `longest`, so that offsets hold: what is not text becomes a blank."""
    return _ENDLESS.sub(r"\1 ", _UNSPEAKABLE.sub(" ", text[:longest]))


def _with_lexicon(reading: Classification, subject_line: str, text: str) -> Classification:
    """What the lexicon finds is added, nothing is taken away: the model reads two languages only."""
    find = foreign.find if reading.language is Language.OTHER else foreign.cite
    said: dict[Right, Evidence] = {}
    for right, (start, end) in find(text).items():
        words = text[start:end][:_LONGEST_EVIDENCE].rstrip()
        said[right] = Evidence(right=right, text=words, start=start, end=start + len(words))
    for right, (start, end) in find(subject_line).items():
        words = subject_line[start:end][:_LONGEST_EVIDENCE].rstrip()
        said.setdefault(right, Evidence(right=right, text=words))
    if not said:
        return reading
    return replace(
        reading,
        scores={**reading.scores, **{right: max(reading.scores[right], foreign.SCORE) for right in said}},
        rights=reading.rights.union(said),
        request=max(reading.request, foreign.SCORE),
        band=reading.band if reading.is_request else Band.DOUBTFUL,
        evidence=(
            *(one for one in reading.evidence if one.right in reading.rights),
            *(said[right] for right in said if right not in reading.rights),
        ),
    )


def _evidence(span: Span, body_at: int) -> Evidence:
    """Offsets count from the text's first character; a subject line has none, so 0, 0 stands for it."""
    words = span.text
    start = span.start_char + len(words) - len(words.lstrip())
    words = words.strip()[:_LONGEST_EVIDENCE].rstrip()
    right = Right(span.label_)
    if start < body_at:
        return Evidence(right=right, text=words)
    return Evidence(right=right, text=words, start=start - body_at, end=start - body_at + len(words))
