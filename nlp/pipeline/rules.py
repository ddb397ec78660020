"""What a privacy officer would underline: concepts that stand together in one sentence, a function per right.

A hit is evidence, not a verdict: the model weighs it.  spaCy's Matcher finds the hits, one Matcher per
pattern, and only those are asked whose concepts stand in the sentence: asking all of them of every word
takes 2 ms a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from cases.model import Right
from nlp.pipeline.sentences import bounds, tags

#: Where the spans stand in the Doc.
SPANS = "rights"

_OWN: Final = ("ME", "MY_CHILD", "OF_ME")
_DATA: Final = ("DATA", "RECORD", "ITEM")
#: What may not stand between two concepts: the thing that is asked about is then another.
_APART: Final = ("BUSINESS", "ABSTRACT", "PROCESSOR", "TECH", "SETTLED")


@dataclass(frozen=True, slots=True)
class Pattern:
    """Classes in this order, each at most `within` words behind the one before."""

    steps: tuple[frozenset[str], ...]
    within: int

    @property
    def longest(self) -> int:
        """Words from the first concept to the last, both counted in."""
        return 1 + (len(self.steps) - 1) * (self.within + 1)

    def written(self) -> list[dict[str, Any]]:
        """As spaCy's Matcher reads it."""
        between = {"TAG": {"NOT_IN": list(_APART)}, "OP": "*"}
        steps = [{"TAG": {"IN": sorted(step)}} for step in self.steps]
        return [part for step in steps for part in (between, step)][1:]


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


@dataclass(frozen=True, slots=True)
class _Rule:
    right: Right
    pattern: Pattern
    matcher: Matcher

    def hits(self, sentence: Span) -> Iterator[Span]:
        """From each first concept to the nearest last one, when that is near enough."""
        ends: dict[int, int] = {}
        for _, start, end in self.matcher(sentence):
            ends[start] = min(end, ends.get(start, end))
        for start, end in ends.items():
            if end - start <= self.pattern.longest:
                yield Span(sentence.doc, sentence.start + start, sentence.start + end, label=self.right.value)


class Rules:
    """Puts a span labelled with its right into `doc.spans["rights"]` for every hit within a sentence."""

    def __init__(self, vocab: Vocab) -> None:
        self._bits: dict[str, int] = {}
        self._rules = [
            (self._mask(pattern.steps[0]), self._mask(pattern.steps[-1]), _rule(vocab, right, pattern))
            for right, patterns in RULES.items()
            for pattern in patterns()
        ]

    def __call__(self, doc: Doc) -> Doc:
        known = tags(doc)
        doc.spans[SPANS] = [
            hit
            for start, end in bounds(doc)
            for rule, first, behind in self._candidates(known[start:end])
            for hit in rule.hits(doc[start + first : start + behind])
        ]
        return doc

    def _candidates(self, names: Sequence[str]) -> Iterator[tuple[_Rule, int, int]]:
        """Those whose concepts stand in the sentence, and from where to where their hits can be."""
        marked = [(at, self._bits[name]) for at, name in enumerate(names) if name in self._bits]
        there = 0
        for _, bits in marked:
            there |= bits
        for first, last, rule in self._rules:
            if first & there and last & there:
                start = next(at for at, bits in marked if bits & first)
                end = next(at for at, bits in reversed(marked) if bits & last)
                if start <= end:
                    yield rule, start, end + 1

    def _mask(self, step: frozenset[str]) -> int:
        mask = 0
        for name in sorted(step):
            mask |= self._bits.setdefault(name, 1 << len(self._bits))
        return mask


def _rule(vocab: Vocab, right: Right, pattern: Pattern) -> _Rule:
    matcher = Matcher(vocab)
    matcher.add(right.value, [pattern.written()])
    return _Rule(right, pattern, matcher)


@Language.factory("rightsdesk_rules", requires=["token.tag", "token.is_sent_start"], assigns=["doc.spans"])
def make_rules(nlp: Language, name: str) -> Any:  # noqa: ARG001 - spaCy passes it
    return Rules(nlp.vocab)
