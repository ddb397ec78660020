"""How a message is read: by its own words.  What it quotes speaks where the writer points at it; elsewhere a
request that only the quote holds is worth a question, and no more: it was thanked for, or taken back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cases import matching
from cases.messages import InboundMessage
from cases.model import Band, Classification
from cases.ports import Classifier

#: (subject line, text) of many in, a reading of each out, in order.
Read = Callable[[Iterable[tuple[str, str]]], Iterable[Classification]]

_PASSED_ON: Final = re.compile(r"\s*(?:fw|fwd|doorst|doorsturen|wg|tr)\b\s*[:-]", re.IGNORECASE)
_POINTS_BELOW: Final = re.compile(
    r"\b(?:hieronder|onderaan|onderstaand\w*|zie onder|zie bijgaand\w*|doorgestuurd\w*|doorgezet|ter info"
    r"|(?:kwam|kregen|kreeg|ontving\w*)\b.{0,40}\bbinnen|(?:graag )?oppakken"
    r"|below|underneath|(?<!look )(?<!looking )forward\w*|fwd|fyi|passing (?:this|it) on|came in)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody sent."""

    subject_line: str
    text: str
    new_text: str  #: without what was quoted

    @property
    def quotes(self) -> bool:
        return self.new_text.strip() != self.text.strip()

    @property
    def points_below(self) -> bool:
        """Whether the writer sends the reader on to what he quotes."""
        return bool(_PASSED_ON.match(self.subject_line) or _POINTS_BELOW.search(self.new_text))


def reading_of(
    classifier: Classifier, message: InboundMessage, ours: str | None = None
) -> Classification | None:
    """What the classifier makes of a message; None for a machine's.

    `ours` is what we wrote in the case that the message continues: our letters name every right there is,
    and people send them back with their answer.
    """
    if message.automatic is not None and message.automatic.is_machine_talk:
        return None
    if ours is not None:
        return classifier.classify("", matching.without_our_words(message.new_text, ours))
    written = Written(message.subject_line, message.text, message.new_text)
    [reading] = readings_of(lambda given: [classifier.classify(*one) for one in given], [written])
    return reading


def readings_of(read: Read, messages: Sequence[Written]) -> list[Classification]:
    """The same of many, none of them a machine's or the continuation of a case."""
    readings = list(read([(one.subject_line, one.new_text) for one in messages]))
    silent = [
        at
        for at, (one, reading) in enumerate(zip(messages, readings, strict=True))
        if one.quotes and not reading.is_request
    ]
    wholes = read([(messages[at].subject_line, messages[at].text) for at in silent]) if silent else ()
    for at, whole in zip(silent, wholes, strict=True):
        readings[at] = _in_the_light_of(whole, readings[at], points_below=messages[at].points_below)
    return readings


def _in_the_light_of(whole: Classification, alone: Classification, *, points_below: bool) -> Classification:
    """What is read when the new words alone ask for nothing clear, but quote something."""
    if points_below and (whole.is_request or not alone.wants_a_look):
        return replace(whole, language=alone.language)
    if whole.is_request and not alone.wants_a_look:
        return replace(whole, language=alone.language, rights=frozenset(), band=Band.DOUBTFUL)
    return alone
