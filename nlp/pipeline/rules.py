"""What a privacy officer would underline: concepts that stand together in one sentence, a function per right.

A hit is evidence, not a verdict: the model weighs it.  The patterns are matched here and not by spaCy's
Matcher, whose gaps cost 2 ms a sentence on these classes (measured; this takes 0.04 ms).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from spacy.language import Language
from spacy.tokens import Doc, Span

from cases.model import Right
from nlp.pipeline.sentences import bounds, tags

#: Where the spans stand in the Doc.
SPANS = "rights"

#: (word, its class) of a sentence's known words, in order
Marks = Sequence[tuple[int, str]]

#: Words without a class, and those of a phrase behind its first.
_UNMARKED: Final = frozenset({"", "_"})
_OWN: Final = ("ME", "MY_CHILD", "OF_ME")
_DATA: Final = ("DATA", "RECORD", "ITEM")
#: What may not stand between two concepts: the thing that is asked about is then another.
_APART: Final = frozenset({"BUSINESS", "ABSTRACT", "PROCESSOR", "TECH", "SETTLED"})


@dataclass(frozen=True, slots=True)
class Pattern:
    """Classes in this order, each at most `within` words behind the one before."""

    steps: tuple[frozenset[str], ...]
    within: int

    def hits(self, marks: Marks) -> Iterator[tuple[int, int]]:
        """First and last word of each hit."""
        for at, (word, name) in enumerate(marks):
            if name in self.steps[0]:
                last = self._walk(marks[at + 1 :], word)
                if last is not None:
                    yield word, last

    def _walk(self, marks: Marks, word: int) -> int | None:
        steps = iter(self.steps[1:])
        wanted = next(steps, None)
        if wanted is None:
            return word
        for at, name in marks:
            if at - word > self.within + 1:
                return None
            if name in wanted:
                word, following = at, next(steps, None)
                if following is None:
                    return at
                wanted = following
            elif name in _APART:
                return None
        return None


def _then(*steps: tuple[str, ...], within: int = 6) -> Pattern:
    return Pattern(tuple(frozenset(step) for step in steps), within)


def _near(one: tuple[str, ...], other: tuple[str, ...], within: int = 6) -> list[Pattern]:
    return [_then(one, other, within=within), _then(other, one, within=within)]


def access() -> list[Pattern]:
    """Wat weten jullie van mij · kopie van mijn gegevens · what do you hold about me."""
    return [
        _then(("NAMED_ACCESS",)),
        *_near(("INSIGHT", "ORIGIN", "NAMED_ACCESS"), _OWN, within=8),
        _then(("INSIGHT",), ("YOU",), ("STORE",), within=4),
        _then(("INSIGHT",), ("DATA", "RECORD"), within=3),
    ]


def rectification() -> list[Pattern]:
    """Mijn naam is verkeerd gespeld · pas mijn adres aan · my date of birth is wrong."""
    return [
        _then(("NAMED_RECTIFICATION",)),
        *_near(("CORRECT",), ("WRONG",), within=12),
        *_near(("WRONG",), ("ITEM",)),
        *_near(("CORRECT",), ("ITEM", "DATA")),
        *_near(("WRONG",), _OWN, within=4),
    ]


def erasure() -> list[Pattern]:
    """Gooi alles van mij weg · verwijder mijn gegevens · take me off your system."""
    return [
        _then(("NAMED_ERASURE",)),
        *_near(("ERASE", "AWAY"), _OWN),
        *_near(("ERASE", "AWAY"), _DATA, within=4),
    ]


def restriction() -> list[Pattern]:
    """Bevries mijn gegevens zolang u dit uitzoekt · keep it but do not use it until then."""
    return [
        _then(("NAMED_RESTRICTION",)),
        *_near(("RESTRICT",), ("WHILE",), within=20),
        *_near(("RESTRICT",), (*_OWN, *_DATA)),
        *_near(("WHILE",), ("NEG",), within=8),
    ]


def objection() -> list[Pattern]:
    """Stop met die reclame · ik maak bezwaar tegen het gebruik van mijn gegevens · take me off the mailing
    list.
    """
    return [
        _then(("NAMED_OBJECTION",)),
        *_near(("STOP", "NEG", "ERASE", "AWAY"), ("MARKETING",), within=8),
        *_near(("OBJECT",), _DATA, within=10),
        *_near(("OBJECT",), ("STORE", "MARKETING", "PROFILING"), within=10),
        *_near(("STOP", "NEG"), ("PROFILING",), within=8),
    ]


def portability() -> list[Pattern]:
    """Mijn gegevens in csv voor mijn nieuwe leverancier · a machine-readable copy of my data."""
    return [
        _then(("NAMED_PORTABILITY",)),
        *_near(("PORT",), (*_OWN, "DATA")),
        _then(("INSIGHT", "ASK"), ("PORT",), within=10),
    ]


def consent_withdrawal() -> list[Pattern]:
    """Ik trek mijn toestemming in · my yes is now a no."""
    return [
        _then(("NAMED_CONSENT",)),
        *_near(("CONSENT",), ("WITHDRAW",), within=14),
        *_near(("CONSENT",), ("STOP",), within=14),
    ]


def complaint() -> list[Pattern]:
    """Klacht over mijn gegevens · you shared my number without my permission."""
    return [
        _then(("NAMED_COMPLAINT",)),
        *_near(("COMPLAIN", "AUTHORITY"), (*_DATA, "LAW"), within=10),
        *_near(("BREACH",), (*_OWN, *_DATA), within=8),
        *_near(("SILENCE", "ANGER"), (*_DATA, "LAW"), within=12),
    ]


RULES: Final[Mapping[Right, Callable[[], list[Pattern]]]] = {
    Right.ACCESS: access,
    Right.RECTIFICATION: rectification,
    Right.ERASURE: erasure,
    Right.RESTRICTION: restriction,
    Right.OBJECTION: objection,
    Right.PORTABILITY: portability,
    Right.CONSENT_WITHDRAWAL: consent_withdrawal,
    Right.COMPLAINT: complaint,
}


class Rules:
    """Puts a span labelled with its right into `doc.spans["rights"]` for every hit within a sentence."""

    def __init__(self) -> None:
        self._rules = [(right, pattern) for right, patterns in RULES.items() for pattern in patterns()]

    def __call__(self, doc: Doc) -> Doc:
        known = tags(doc)
        doc.spans[SPANS] = [hit for start, end in bounds(doc) for hit in self._hits(doc, known, start, end)]
        return doc

    def _hits(self, doc: Doc, known: Sequence[str], start: int, end: int) -> Iterator[Span]:
        marks = [(at, known[at]) for at in range(start, end) if known[at] not in _UNMARKED]
        names = {name for _, name in marks}
        for right, pattern in self._rules:
            if any(step.isdisjoint(names) for step in pattern.steps):
                continue
            for first, last in pattern.hits(marks):
                yield Span(doc, first, last + 1, label=right.value)


@Language.factory("rightsdesk_rules", requires=["token.tag", "token.is_sent_start"], assigns=["doc.spans"])
def make_rules(nlp: Language, name: str) -> Any:  # noqa: ARG001 - spaCy passes it
    return Rules()
