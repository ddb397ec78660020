"""What the pipeline has to beat: a keyword list, and TF-IDF with logistic regression on the same mails."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import Pipeline, make_pipeline

from cases.messages import Language
from cases.model import Band, Classification, Right
from nlp.training.corpus import Mail, join

#: What somebody would write down who knows the law and has not read any mail.
_WORDS: Final = {
    Right.ACCESS: "inzage|artikel 15|inzien|kopie van mijn|welke gegevens|access request|right of access"
    "|copy of my|what data|what personal data|article 15",
    Right.RECTIFICATION: "rectific|corrig|verbeter|aanpassen|aanvull|artikel 16|correct|rectif|update my"
    "|article 16",
    Right.ERASURE: "verwijder|wissen|gewist|vergetelheid|artikel 17|delete|erase|erasure|forgotten"
    "|article 17",
    Right.RESTRICTION: "beperk|bevries|artikel 18|restrict|freeze|article 18",
    Right.OBJECTION: "bezwaar|afmelden|uitschrijven|nieuwsbrief|reclame|artikel 21|object|unsubscribe"
    "|marketing|newsletter|article 21",
    Right.PORTABILITY: "overdraag|dataportabiliteit|artikel 20|portab|machine.readable|article 20|csv",
    Right.CONSENT_WITHDRAWAL: "toestemming|artikel 7|consent|article 7",
    Right.COMPLAINT: "klacht|datalek|autoriteit persoonsgegevens|complain|data breach|supervisory authority",
}


class KeywordList:
    """A right is recognised where one of its words stands."""

    def __init__(self) -> None:
        self._words = {right: re.compile(words, re.IGNORECASE) for right, words in _WORDS.items()}

    def classify_many(self, messages: Iterable[tuple[str, str]]) -> Iterator[Classification]:
        for subject_line, text in messages:
            whole = join(subject_line, text)
            yield _reading({right: float(bool(words.search(whole))) for right, words in self._words.items()})


class TfidfRegression:
    """Words and pairs of words, weighed by TF-IDF; a logistic regression per right says yes from .5 on."""

    def __init__(self, mails: Sequence[Mail]) -> None:
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True, strip_accents="unicode")
        per_right = OneVsRestClassifier(LogisticRegression(C=10.0, class_weight="balanced", max_iter=1000))
        self._pipeline: Pipeline = make_pipeline(words, per_right)
        asked = np.array([[right in mail.labels for right in Right] for mail in mails], dtype=int)
        self._pipeline.fit([mail.whole for mail in mails], asked)

    def classify_many(self, messages: Iterable[tuple[str, str]]) -> Iterator[Classification]:
        for row in self._pipeline.predict_proba([join(*message) for message in messages]):
            yield _reading({right: float(score) for right, score in zip(Right, row, strict=True)})


def _reading(scores: dict[Right, float]) -> Classification:
    rights = frozenset(right for right, score in scores.items() if score >= 0.5)  # noqa: PLR2004 - more likely than not
    return Classification(
        scores=scores,
        rights=rights,
        language=Language.OTHER,
        request=max(scores.values()),
        band=Band.CLEAR if rights else Band.NONE,
    )
