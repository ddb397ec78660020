"""What is known of word forms, found once for each: a spaCy Token per look would take most of the time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Generic, TypeVar

from spacy.language import Language
from spacy.tokens import Doc

_MOST: Final = 20_000

Known = TypeVar("Known")


class Forms(Generic[Known]):
    """`learn` is asked once per form.  So many are kept as bound the memory; then all are forgotten."""

    def __init__(self, learn: Callable[[str], Known], most: int = _MOST) -> None:
        self._learn, self._most = learn, most
        self._known: dict[int, Known] = {}

    def of(self, doc: Doc) -> list[Known]:
        """One per token, in order."""
        forms: list[int] = doc.to_array("ORTH").tolist()
        try:
            return [self._known[form] for form in forms]
        except KeyError:
            self._meet(doc, set(forms))
            return [self._known[form] for form in forms]

    def _meet(self, doc: Doc, forms: set[int]) -> None:
        if len(self._known) > self._most:
            self._known.clear()
        strings = doc.vocab.strings
        for form in forms:
            if form not in self._known:
                self._known[form] = self._learn(strings[form])


def without_marks(nlp: Language) -> Language:
    """Of a new word spaCy finds out shape, prefix and a dozen marks more, for which nobody here asks."""
    nlp.vocab.lex_attr_getters = {}  # type: ignore[attr-defined]  # its stub leaves it out
    return nlp


def text_of(doc: Doc) -> str:
    """`doc.text`, which makes a Token of each word."""
    blanks = doc.to_array("SPACY").tolist()
    return "".join(form + " " if blank else form for form, blank in zip(_texts.of(doc), blanks, strict=True))


_texts: Final = Forms(str)
