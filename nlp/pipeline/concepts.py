"""The pipeline's second component: writes each word's concept class into its tag, where rules and model
find it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.pipeline import lexicon
from nlp.pipeline.forms import Forms
from nlp.pipeline.lexicon import Entries, Lexicon, fold

_FILE = "lexicon.json"
_folded: Final = Forms(fold)


class Concepts:
    """Marks words by the lexicon.  Of a phrase the first word carries the class, the others `_`."""

    def __init__(self, nlp: Language, entries: Entries) -> None:
        self._nlp = nlp
        self._take(entries)

    def _take(self, entries: Entries) -> None:
        cut = self._nlp.tokenizer
        self.lexicon = Lexicon(entries, lambda entry: [token.text for token in cut(entry)])
        strings = self._nlp.vocab.strings
        self._tags = {name: strings.add(name) for name in (*self.lexicon.classes, "_")}

    def __call__(self, doc: Doc) -> Doc:
        tags = np.zeros(len(doc), dtype=np.uint64)
        for start, end, name in self.lexicon.mark(_folded.of(doc)):
            tags[start] = self._tags[name]
            tags[start + 1 : end] = self._tags["_"]
        if len(doc):
            # At once: a Token per word is slow.
            doc.from_array(["TAG"], tags.reshape(-1, 1))  # type: ignore[arg-type]  # as in sentences.py
        return doc

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:  # noqa: ARG002 - spaCy passes it
        path.mkdir(exist_ok=True)
        (path / _FILE).write_text(json.dumps(self.lexicon.entries, ensure_ascii=False), encoding="utf-8")

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> Concepts:  # noqa: ARG002 - spaCy passes it
        self._take(json.loads((path / _FILE).read_text(encoding="utf-8")))
        return self


@Language.factory("rightsdesk_concepts", assigns=["token.tag"])
def make_concepts(nlp: Language, name: str) -> Any:  # noqa: ARG001 - spaCy passes it
    return Concepts(nlp, lexicon.read())
