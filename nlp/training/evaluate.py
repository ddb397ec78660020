"""How well does a model read mails, and does it beat what is simpler?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cases.reading import Read
from nlp.classifier import SpacyClassifier
from nlp.training import figures, shelf
from nlp.training.baselines import KeywordList, TfidfRegression
from nlp.training.corpus import Mail, judging, read
from nlp.training.figures import Evaluation, evaluation
from nlp.training.report import write_report

MODEL: Final = "model"


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """A model beside its baselines, on the same mails in the same run."""

    model: Evaluation
    baselines: dict[str, Evaluation] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        beside = {name: figures.as_json(one) for name, one in self.baselines.items()}
        return {**figures.as_json(self.model), "baselines": beside}

    def table(self) -> str:
        return f"{figures.table(self.model)}\n\n{self._beside()}"

    def _beside(self) -> str:
        """A line per reader and language."""
        lines = [f"{'':34} macro-F1  any right  ordinary   hard  calibration"]
        for name, one in {MODEL: self.model, **self.baselines}.items():
            for lang, counted in one.languages.items():
                alarms = [100 * counted.false_alarm_rate(kind) for kind in counted.false_alarms]
                lines.append(
                    f"{name + ', ' + lang:34} {counted.macro_f1:8.3f} {counted.any_right.recall:10.3f}"
                    f" {alarms[0]:7.1f} % {alarms[1]:4.1f} % {counted.calibration_error:12.3f}"
                )
        return "\n".join(lines)


def evaluate(mails: Sequence[Mail], read_many: Read) -> Evaluation:
    """`read_many` is `SpacyClassifier.classify_many`, or a baseline's."""
    return evaluation(mails, read_many((mail.subject_line, mail.text) for mail in mails))


def _as_it_stands(read: Read) -> Read:
    return read


def compare(
    model: Path,
    *files: Path,
    report: Path | None = None,
    as_used: Callable[[Read], Read] = _as_it_stands,
) -> Comparison:
    """A stored model (else ModelMissing) and both baselines on JSONL files, or on the test split without any.

    `report` is a folder, made when it is missing, for a page with pictures.  `as_used` is what the product
    does with a reader, and is done with all three: this room knows nothing of quotes in mail.
    """
    mails = list(read(*files)) if files else judging()
    readers = {
        MODEL: SpacyClassifier.load(model).classify_many,
        "keyword list": KeywordList().classify_many,
        "TF-IDF, logistic regression": TfidfRegression(list(read())).classify_many,
    }
    figured = {name: evaluate(mails, as_used(reader)) for name, reader in readers.items()}
    compared = Comparison(model=figured.pop(MODEL), baselines=figured)
    if not files:
        shelf.note_figures(model, figures.as_json(compared.model))
    if report is not None:
        write_report(compared.model, compared.table(), report)
    return compared


def main() -> None:
    """`python -m nlp.training.evaluate MODEL [FILE…]`: the step of project.yml."""
    model, *files = map(Path, sys.argv[1:])
    print(compare(model, *files).table())  # noqa: T201 - a command speaks to its caller


if __name__ == "__main__":
    main()
