"""What is counted when a classifier reads labelled mails: per right, language and kind of mail.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cases.model import Classification, Right
from nlp.training.corpus import Kind, Mail

ALL: Final = "all"
#: Where the probabilities of a reliability diagram are divided.
BINS: Final = 10
#: Beside the rights, in a confusion: nothing was asked, or nothing recognised.
NOTHING: Final = "none"

Pair = tuple[Mail, Classification]


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
class Bin:
    """The scores of one tenth of the scale, and how often they came true."""

    scores: int = 0
    mean: float = 0.0  #: of the scores, 0..1
    true: float = 0.0  #: share of them that came true, 0..1


@dataclass(frozen=True, kw_only=True, slots=True)
class LanguageFigures:
    """Everything that was counted in the mails of one language; rates are 0..1."""

    mails: int
    per_right: dict[Right, Counts]
    any_right: Counts
    looked_at: Counts  #: a card was opened, whether it proposes or asks
    false_alarms: dict[Kind, tuple[int, int]]  #: ordinary and hard: recognised as a request, mails
    asked_in_vain: dict[Kind, tuple[int, int]]  #: the same for cards of any kind
    reliability: list[Bin]  #: over every score of every right
    confusion: dict[str, dict[str, float]]  #: asked -> recognised -> mails; a missed one counts where it went

    @property
    def macro_f1(self) -> float:
        """Over the rights that occur, or were thought to occur, in these mails."""
        seen = [one for one in self.per_right.values() if one.found or one.wrong or one.missed]
        return sum(one.f1 for one in seen) / max(1, len(seen))

    @property
    def calibration_error(self) -> float:
        """Expected calibration error (Naeini and others, 2015) over all scores of all rights, in ten bins."""
        scores = sum(one.scores for one in self.reliability)
        return sum(one.scores * abs(one.mean - one.true) for one in self.reliability) / max(1, scores)

    def false_alarm_rate(self, kind: Kind) -> float:
        alarms, mails = self.false_alarms[kind]
        return alarms / max(1, mails)


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """Figures of one reader of mails, by language; ALL holds them together."""

    languages: dict[str, LanguageFigures]

    @property
    def whole(self) -> LanguageFigures:
        return self.languages[ALL]


def evaluation(mails: Sequence[Mail], readings: Iterable[Classification]) -> Evaluation:
    """`readings` in the order of `mails`."""
    pairs = list(zip(mails, readings, strict=True))
    languages = sorted({mail.lang for mail in mails})
    figures = {lang: _counted([pair for pair in pairs if pair[0].lang == lang]) for lang in languages}
    return Evaluation(languages={**figures, ALL: _counted(pairs)})


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    return {lang: _figures_json(figures) for lang, figures in evaluation.languages.items()}


def table(evaluation: Evaluation) -> str:
    """The figures as lines of text, a block per language."""
    return "\n\n".join(_block(lang, figures) for lang, figures in evaluation.languages.items())


def _counted(pairs: Sequence[Pair]) -> LanguageFigures:
    return LanguageFigures(
        mails=len(pairs),
        per_right={
            right: _counts([(right in mail.labels, right in said.rights) for mail, said in pairs])
            for right in Right
        },
        any_right=_counts([(bool(mail.labels), said.is_request) for mail, said in pairs]),
        looked_at=_counts([(bool(mail.labels), said.wants_a_look) for mail, said in pairs]),
        false_alarms=_alarms([(mail, said.is_request) for mail, said in pairs]),
        asked_in_vain=_alarms([(mail, said.wants_a_look) for mail, said in pairs]),
        reliability=_reliability(pairs),
        confusion=_confusion(pairs),
    )


def _counts(asked_and_said: Sequence[tuple[bool, bool]]) -> Counts:
    return Counts(
        found=sum(asked and said for asked, said in asked_and_said),
        wrong=sum(said and not asked for asked, said in asked_and_said),
        missed=sum(asked and not said for asked, said in asked_and_said),
    )


def _alarms(alarmed: Sequence[tuple[Mail, bool]]) -> dict[Kind, tuple[int, int]]:
    quiet = {kind: [said for mail, said in alarmed if mail.kind is kind and not mail.labels] for kind in Kind}
    return {kind: (sum(quiet[kind]), len(quiet[kind])) for kind in (Kind.ORDINARY, Kind.HARD)}


def _reliability(pairs: Sequence[Pair]) -> list[Bin]:
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for mail, said in pairs:
        for right in Right:
            score = said.scores.get(right, 0.0)
            bins[min(BINS - 1, int(score * BINS))].append((score, right in mail.labels))
    return [_bin(one) for one in bins]


def _bin(scored: Sequence[tuple[float, bool]]) -> Bin:
    if not scored:
        return Bin()
    number = len(scored)
    return Bin(
        scores=number,
        mean=sum(score for score, _ in scored) / number,
        true=sum(came_true for _, came_true in scored) / number,
    )


def _confusion(pairs: Sequence[Pair]) -> dict[str, dict[str, float]]:
    names = [*(right.value for right in Right), NOTHING]
    counted = {asked: dict.fromkeys(names, 0.0) for asked in names}
    for mail, said in pairs:
        asked = {right.value for right in mail.labels}
        recognised = {right.value for right in said.rights}
        for right in asked & recognised:
            counted[right][right] += 1
        instead = sorted(recognised - asked) or [NOTHING]
        for right in sorted(asked - recognised) if asked else [NOTHING]:
            for other in instead:
                counted[right][other] += 1 / len(instead)
    return counted


def _block(lang: str, figures: LanguageFigures) -> str:
    lines = [f"{lang}: {figures.mails} mails", f"  {'':20} precision  recall      F1  asked"]
    rows = {
        **{right.value: counts for right, counts in figures.per_right.items()},
        "any right": figures.any_right,
        "any card": figures.looked_at,
    }
    for name, one in rows.items():
        asked = one.found + one.missed
        lines.append(f"  {name:20} {one.precision:9.2f} {one.recall:7.2f} {one.f1:7.2f} {asked:6}")
    lines.append(f"  macro-F1 {figures.macro_f1:.3f}, calibration error {figures.calibration_error:.3f}")
    for kind, (alarms, mails) in figures.false_alarms.items():
        asking = figures.asked_in_vain[kind][0] - alarms
        rate = 100 * figures.false_alarm_rate(kind)
        lines.append(
            f"  false alarms, {kind}: {alarms} of {mails} ({rate:.1f} %), and {asking} cards that ask"
        )
    return "\n".join(lines)


def _figures_json(figures: LanguageFigures) -> dict[str, Any]:
    return {
        "mails": figures.mails,
        "macro_f1": round(figures.macro_f1, 4),
        "calibration_error": round(figures.calibration_error, 4),
        "any_right": _counts_json(figures.any_right),
        "any_card": _counts_json(figures.looked_at),
        "rights": {right.value: _counts_json(counts) for right, counts in figures.per_right.items()},
        "false_alarms": {
            kind.value: {
                "alarms": alarms,
                "mails": mails,
                "rate": round(figures.false_alarm_rate(kind), 4),
                "cards": figures.asked_in_vain[kind][0],
            }
            for kind, (alarms, mails) in figures.false_alarms.items()
        },
    }


def _counts_json(counts: Counts) -> dict[str, float]:
    shares = {name: round(getattr(counts, name), 4) for name in ("precision", "recall", "f1")}
    return {**shares, "asked": counts.found + counts.missed}
