"""An evaluation as a page with two pictures: what is taken for what, and do scores mean what they say."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nlp.training.figures import Evaluation, LanguageFigures

PAGE: Final = "report.md"
CONFUSION: Final = "confusion.png"
RELIABILITY: Final = "reliability.png"
_DARK: Final = 0.55
_LEAST: Final = 0.005


def write_report(evaluation: Evaluation, table: str, folder: Path) -> Path:
    """Page and pictures into `folder`, which is made when it is missing; the page's path."""
    folder.mkdir(parents=True, exist_ok=True)
    _confusions(evaluation).savefig(folder / CONFUSION, dpi=110)
    _reliabilities(evaluation).savefig(folder / RELIABILITY, dpi=110)
    page = folder / PAGE
    page.write_text(
        "# How well the classifier reads\n\n"
        f"```\n{table}\n```\n\n"
        "## What is taken for what\n\n"
        "A row is what was asked, a column what was recognised, in shares of the row; `none`: no request.\n\n"
        f"![Confusion of the rights, per language]({CONFUSION})\n\n"
        "## Do the scores mean what they say?\n\n"
        "Of all scores near .7, seven in ten should come true: the points on the line.  The larger a point,\n"
        "the more scores it stands for.\n\n"
        f"![Reliability of the scores, per language]({RELIABILITY})\n",
        encoding="utf-8",
    )
    return page


def _confusions(evaluation: Evaluation) -> Figure:
    figure, places = _row(evaluation, 6.4, 6.0)
    for place, (lang, counted) in zip(places, evaluation.languages.items(), strict=True):
        _confusion(place, lang, counted)
    return figure


def _confusion(place: Axes, lang: str, counted: LanguageFigures) -> None:
    names = list(counted.confusion)
    grid = np.array([[counted.confusion[asked][said] for said in names] for asked in names])
    shares = grid / np.maximum(1e-9, grid.sum(axis=1, keepdims=True))
    place.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    place.set_title(f"{lang}: {counted.mails} mails")
    labels = [name.replace("_", " ") for name in names]
    place.set_xticks(range(len(names)), labels, rotation=50, ha="right", fontsize=8)
    place.set_yticks(range(len(names)), labels, fontsize=8)
    for (row, column), share in np.ndenumerate(shares):
        if share >= _LEAST:
            colour = "white" if share > _DARK else "black"
            place.text(column, row, f"{share:.2f}", ha="center", va="center", color=colour, fontsize=7)


def _reliabilities(evaluation: Evaluation) -> Figure:
    figure, places = _row(evaluation, 4.6, 4.6)
    for place, (lang, counted) in zip(places, evaluation.languages.items(), strict=True):
        bins = [one for one in counted.reliability if one.scores]
        place.plot([0, 1], [0, 1], color="grey", linewidth=1, linestyle="--")
        sizes = [20 + 30 * np.log10(one.scores) for one in bins]
        place.scatter([one.mean for one in bins], [one.true for one in bins], s=sizes)
        place.set_title(f"{lang}: calibration error {counted.calibration_error:.3f}")
        place.set_xlabel("score")
        place.set_ylabel("share that came true")
        place.set_xlim(-0.02, 1.02)
        place.set_ylim(-0.02, 1.02)
    return figure


def _row(evaluation: Evaluation, width: float, height: float) -> tuple[Figure, list[Axes]]:
    """One place per language, side by side; no window is opened and no state of matplotlib's touched."""
    number = len(evaluation.languages)
    figure = Figure(figsize=(width * number, height), layout="constrained")
    return figure, list(np.ravel(figure.subplots(1, number, squeeze=False)))
