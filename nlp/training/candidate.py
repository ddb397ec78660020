"""A model that learned from agents' decisions, judged beside the one in use before it may take its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cases.lessons import Example
from cases.messages import Language
from nlp.classifier import SpacyClassifier
from nlp.training import figures, shelf, train
from nlp.training.corpus import Kind, Mail, judging
from nlp.training.evaluate import evaluate
from nlp.training.figures import LanguageFigures


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What came of a candidate."""

    current: str  #: version that was in use
    candidate: str
    before: LanguageFigures  #: of both languages together, on the same test split
    after: LanguageFigures
    installed: bool


def train_with(
    place: Path, examples: Sequence[Example], progress: Callable[[int, int], None] | None = None
) -> Verdict:
    """Train on the corpus and the examples; take the model into use only if it is not worse than before.

    Both are judged on the same test split, by recall of any right and by macro-F1.  ModelMissing when none is
    in use yet.
    """
    current = SpacyClassifier.load(place)
    learned = [mail_of(one) for one in examples if _is_read(one)]
    nlp = train.fitted(train.with_examples(learned), progress)
    folder = train.laid_down(nlp, place, learned)
    mails = judging()
    before = evaluate(mails, current.classify_many)
    after = evaluate(mails, SpacyClassifier.load(folder).classify_many)
    shelf.note_figures(folder, figures.as_json(after))
    installed = not_worse(before.whole, after.whole)
    if installed:
        shelf.use(place, folder.name)
    return Verdict(
        current=current.version,
        candidate=folder.name,
        before=before.whole,
        after=after.whole,
        installed=installed,
    )


def not_worse(before: LanguageFigures, after: LanguageFigures) -> bool:
    """On recall of any right, and on macro-F1; each a number 0..1."""
    return after.any_right.recall >= before.any_right.recall and after.macro_f1 >= before.macro_f1


def mail_of(example: Example) -> Mail:
    """An example as a mail of the corpus, in a family of its own."""
    name = f"confirmed-{example.message}"
    return Mail(
        id=name,
        lang=example.language.value,
        kind=Kind.REQUEST if example.labels else Kind.HARD,
        family=name,
        labels=example.labels,
        subject_line=example.subject_line,
        text=example.text,
    )


def _is_read(example: Example) -> bool:
    """The model reads two languages; what else was decided teaches it nothing."""
    return example.language is not Language.OTHER and bool(example.text.strip())
