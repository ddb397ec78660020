"""Where one thought ends in a mail: at a full stop, but also at a line that was broken on purpose."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

_ENDS = frozenset(".!?…")
_CLOSES = frozenset("\"')]»”’")  # noqa: RUF001 - these are what people type
#: A line shorter than this was ended by its writer, not by a mail program that wraps at 72 or so.
_SHORT_LINE = 50
#: Nobody writes longer sentences; a wall of text without a full stop is cut so that scores stay comparable.
_LONGEST = 60  # tokens


def bounds(doc: Doc) -> list[tuple[int, int]]:
    """First token of each sentence, and the one behind its last; the whole Doc when none were set."""
    starts = np.flatnonzero(doc.to_array("SENT_START") == 1).tolist()
    return list(pairwise([*(starts or [0]), len(doc)])) if len(doc) else []


def tags(doc: Doc) -> list[str]:
    """Each token's concept class; empty where it has none.  All at once: a Token per look is slow."""
    marks = doc.to_array("TAG").tolist()
    names = {number: doc.vocab.strings[number] for number in set(marks)}
    return [names[number] for number in marks]


@Language.component("rightsdesk_sentences", assigns=["token.is_sent_start"])
def divide(doc: Doc) -> Doc:
    """Set sentence starts.  Total: any text gets sentences of 1 to 60 tokens."""
    if len(doc):
        # At once: setting them token by token looks through the whole Doc each time.
        marks = np.where(_starts(doc), 1, -1).astype(np.int64).view(np.uint64).reshape(-1, 1)
        doc.from_array(["SENT_START"], marks)  # type: ignore[arg-type]  # its stub knows signed numbers only
    return doc


def _starts(doc: Doc) -> list[bool]:
    found = []
    line_start = since = 0
    ended = False
    for token in doc:
        starts = token.i == 0 or token.i - since >= _LONGEST
        if token.is_space:
            if "\n" in token.text:
                short = token.idx - line_start < _SHORT_LINE
                ended = ended or short or token.text.count("\n") > 1
                line_start = token.idx + len(token.text)
        elif ended and token.text[0] not in _CLOSES | _ENDS:
            starts, ended = True, False
        if token.text[-1] in _ENDS:
            ended = not _is_abbreviation(doc, token.i)
        found.append(starts)
        if starts:
            since = token.i
    return found


def _is_abbreviation(doc: Doc, at: int) -> bool:
    """`art. 15`, `J. de Vries`: a number follows, or the point stands behind an initial."""
    if doc[at].text[-1] != "." or at + 1 >= len(doc):
        return False
    follows = doc[at + 1]
    return (follows.text[0].isdigit() and doc[at].whitespace_ != "") or (
        at > 0 and len(doc[at - 1].text) == 1 and doc[at - 1].text.isupper()
    )
