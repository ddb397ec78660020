"""What one mail, and many, cost our classifier beside a bare spaCy textcat of its default architecture.

The baseline is spaCy's `textcat_multilabel` as it comes (an ensemble of a network and a bag of words, here
untrained, which costs the same), behind the same tokenizer, without sentences, evidence or language.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Final

import spacy
from spacy.language import Language

from cases.model import Right
from nlp.classifier import SpacyClassifier
from nlp.training import corpus
from nlp.training.corpus import Mail

BARE: Final = "bare spaCy textcat"
Pair = tuple[float, float]  #: bare, ours; seconds per mail


def measure(model: Path, *, rounds: int = 5, mails: int = 160) -> tuple[list[Pair], list[Pair]]:
    """One by one, and in one batch; each round both, the first round warms.

    Every round reads other mails, as life does: who reads one again finds all its words in spaCy's caches.
    """
    chosen = sorted(corpus.read(), key=lambda mail: abs(len(mail.text.split()) - 150))
    dealt = [chosen[at : at + mails] for at in range(0, 2 * mails * (rounds + 1), mails)]
    bare, ours = _bare(), SpacyClassifier.load(model)
    single = [(_each(bare.__call__, part), _each_of_ours(ours, part)) for part in dealt[::2]]
    batch = [(_batch_of_bare(bare, part), _batch_of_ours(ours, part)) for part in dealt[1::2]]
    return single[1:], batch[1:]


def told(model: Path) -> str:
    """Two lines: time per mail, and the ratio to the bare textcat in the same round."""
    return "\n  ".join(
        _line(name, pairs) for name, pairs in zip(("one by one", "in batches"), measure(model), strict=True)
    )


def _line(name: str, pairs: Sequence[Pair]) -> str:
    ratios = [ours / bare for bare, ours in pairs]
    return (
        f"{name}: {1e3 * median(ours for _, ours in pairs):.2f} ms a mail, "
        f"{BARE} {1e3 * median(bare for bare, _ in pairs):.2f} ms, "
        f"ratio {median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f} over {len(pairs)} rounds)"
    )


def _bare() -> Language:
    nlp = spacy.blank("xx")
    textcat = nlp.add_pipe("textcat_multilabel")
    for right in Right:
        textcat.add_label(right.value)  # type: ignore[attr-defined]  # spaCy types a pipe as any callable
    nlp.initialize()
    return nlp


def _each(read: Callable[[str], object], mails: Sequence[Mail]) -> float:
    return _timed(lambda: [read(mail.whole) for mail in mails], len(mails))


def _each_of_ours(classifier: SpacyClassifier, mails: Sequence[Mail]) -> float:
    return _timed(lambda: [classifier.classify(mail.subject_line, mail.text) for mail in mails], len(mails))


def _batch_of_bare(bare: Language, mails: Sequence[Mail]) -> float:
    texts = [mail.whole for mail in mails]
    return _timed(lambda: list(bare.pipe(texts, batch_size=64)), len(texts))


def _batch_of_ours(classifier: SpacyClassifier, mails: Sequence[Mail]) -> float:
    pairs = [(mail.subject_line, mail.text) for mail in mails]
    return _timed(lambda: list(classifier.classify_many(pairs)), len(pairs))


def _timed(work: Callable[[], object], mails: int) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) / mails
