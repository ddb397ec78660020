"""Where one thought ends in a mail: at a full stop, but also at a line that was broken on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.pipeline.forms import Forms

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


@dataclass(frozen=True, slots=True)
class _Form:
    """What a word's letters say about where sentences end."""

    length: int
    is_space: bool
    breaks: int  #: line breaks
    opens: bool  #: may begin a sentence
    ends: bool
    is_point: bool  #: ends in a full stop
    is_number: bool
    is_initial: bool


def _form(text: str) -> _Form:
    return _Form(
        length=len(text),
        is_space=text.isspace(),
        breaks=text.count("\n"),
        opens=text[0] not in _CLOSES | _ENDS,
        ends=text[-1] in _ENDS,
        is_point=text[-1] == ".",
        is_number=text[0].isdigit(),
        is_initial=len(text) == 1 and text.isupper(),
    )


_forms: Final = Forms(_form)


def _starts(doc: Doc) -> list[bool]:
    forms, blanks = _forms.of(doc), doc.to_array("SPACY").tolist()
    found = []
    line_start = since = begins = 0
    ended = False
    for at, (form, blank) in enumerate(zip(forms, blanks, strict=True)):
        starts = at == 0 or at - since >= _LONGEST
        if form.is_space:
            if form.breaks:
                ended = ended or begins - line_start < _SHORT_LINE or form.breaks > 1
                line_start = begins + form.length
        elif ended and form.opens:
            starts, ended = True, False
        if form.ends:
            ended = not (form.is_point and _is_abbreviation(forms, blank, at))
        found.append(starts)
        if starts:
            since = at
        begins += form.length + blank
    return found


def _is_abbreviation(forms: Sequence[_Form], blank: int, at: int) -> bool:
    """`art. 15`, `J. de Vries`: a number follows, or the point stands behind an initial."""
    if at + 1 >= len(forms):
        return False
    return (bool(blank) and forms[at + 1].is_number) or (at > 0 and forms[at - 1].is_initial)
