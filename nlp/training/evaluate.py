"""How well does a model read mails?  Per right and language, and by kind of mail."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cases.model import Classification, Right
from nlp.classifier import SpacyClassifier
from nlp.training.corpus import Kind, Mail, Split, deal, read

#: (subject line, text) of many mails in, what was read in each out, in the same order
Read = Callable[[Iterable[tuple[str, str]]], Iterable[Classification]]
ALL: Final = "all"


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """One right, or any right at all, in one language."""

    found: int = 0  #: recognised and right
    wrong: int = 0  #: recognised, and it was not asked
    missed: int = 0

    @property
    def precision(self) -> float:
        return self.found / max(1, self.found + self.wrong)

    @property
    def recall(self) -> float:
        return self.found / max(1, self.found + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.found / max(1, 2 * self.found + self.wrong + self.missed)


@dataclass(frozen=True, kw_only=True, slots=True)
class LanguageFigures:
    """Everything that was counted in the mails of one language; rates are 0..1."""

    mails: int
    per_right: dict[Right, Counts]
    any_right: Counts
    false_alarms: dict[Kind, tuple[int, int]]  #: ordinary and hard: alarms, mails

    @property
    def macro_f1(self) -> float:
        """Over the rights that occur, or were thought to occur, in these mails."""
        seen = [one for one in self.per_right.values() if one.found or one.wrong or one.missed]
        return sum(one.f1 for one in seen) / max(1, len(seen))

    def false_alarm_rate(self, kind: Kind) -> float:
        alarms, mails = self.false_alarms[kind]
        return alarms / max(1, mails)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """Figures of one model on some mails, by language; ALL holds them together."""

    languages: dict[str, LanguageFigures]

    @property
    def whole(self) -> LanguageFigures:
        return self.languages[ALL]


def evaluate(mails: Sequence[Mail], read_many: Read) -> Evaluation:
    """`read_many` is `SpacyClassifier.classify_many`, or a baseline with the same shape."""
    readings = read_many((mail.subject_line, mail.text) for mail in mails)
    pairs = [(mail, reading.rights) for mail, reading in zip(mails, readings, strict=True)]
    languages = sorted({mail.lang for mail in mails})
    figures = {lang: _count([pair for pair in pairs if pair[0].lang == lang]) for lang in languages}
    return Evaluation(languages={**figures, ALL: _count(pairs)})


def _count(pairs: Sequence[tuple[Mail, frozenset[Right]]]) -> LanguageFigures:
    return LanguageFigures(
        mails=len(pairs),
        per_right={
            right: _counts([(right in mail.labels, right in said) for mail, said in pairs]) for right in Right
        },
        any_right=_counts([(bool(mail.labels), bool(said)) for mail, said in pairs]),
        false_alarms={
            kind: (
                sum(bool(said) for mail, said in pairs if mail.kind is kind and not mail.labels),
                sum(mail.kind is kind and not mail.labels for mail, _ in pairs),
            )
            for kind in (Kind.ORDINARY, Kind.HARD)
        },
    )


def _counts(asked_and_said: Sequence[tuple[bool, bool]]) -> Counts:
    return Counts(
        found=sum(asked and said for asked, said in asked_and_said),
        wrong=sum(said and not asked for asked, said in asked_and_said),
        missed=sum(asked and not said for asked, said in asked_and_said),
    )


def table(evaluation: Evaluation) -> str:
    """The figures as lines of text, a block per language."""
    return "\n\n".join(_block(lang, figures) for lang, figures in evaluation.languages.items())


def _block(lang: str, figures: LanguageFigures) -> str:
    lines = [f"{lang}: {figures.mails} mails", f"  {'':20} precision  recall      F1  asked"]
    rows = {
        **{right.value: counts for right, counts in figures.per_right.items()},
        "any right": figures.any_right,
    }
    for name, one in rows.items():
        asked = one.found + one.missed
        lines.append(f"  {name:20} {one.precision:9.2f} {one.recall:7.2f} {one.f1:7.2f} {asked:6}")
    lines.append(f"  macro-F1 {figures.macro_f1:.3f}")
    for kind, (alarms, mails) in figures.false_alarms.items():
        lines.append(
            f"  false alarms, {kind}: {alarms} of {mails} ({100 * figures.false_alarm_rate(kind):.1f} %)"
        )
    return "\n".join(lines)


def evaluate_model(model: Path, *files: Path) -> Evaluation:
    """A stored model (else ModelMissing) on JSONL files; without files on the test split of our corpus."""
    mails = list(read(*files)) if files else deal(read())[Split.TEST]
    return evaluate(mails, SpacyClassifier.load(model).classify_many)


def main() -> None:
    """`python -m nlp.training.evaluate MODEL [FILE…]`: the step of project.yml."""
    model, *files = map(Path, sys.argv[1:])
    print(table(evaluate_model(model, *files)))  # noqa: T201 - a command speaks to its caller


if __name__ == "__main__":
    main()
