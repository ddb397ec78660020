"""Who wrote the mail that somebody passed on to us.  Proposed to an agent, never applied unseen."""

from __future__ import annotations

import re
from typing import Final

from cases.messages import Forwarded, Person
from intake.addresses import person_of
from intake.blocks import Block, block_at, names_original, passes_on
from intake.headers import clean_line
from intake.quoting import says_forwarded

_MAX_LINES: Final = 1_000  #: a mail that is passed on begins above
_LOOK_AHEAD: Final = 5
_LINKED: Final = re.compile(r"<mailto:([^<>]{1,300})>|\[mailto:([^\[\]]{1,300})\]", re.IGNORECASE)


def forwarded(text: str, subject_line: str) -> Forwarded | None:
    """The first mail in the text that is passed on; None when there is none.

    Words say so ("Doorgestuurd bericht"), or a header block stands below a forward's subject line, or below a
    note such as "zie hieronder".
    """
    lines = text.split("\n", _MAX_LINES)[:_MAX_LINES]
    for at, line in enumerate(lines):
        block = _below(lines, at) if passes_on(line) else None
        if block is None and line.strip() and not names_original(line):
            block = block_at(lines, at)
            if block is not None and not (block.is_mail and says_forwarded(lines[:at], subject_line)):
                block = None
        if block is not None:
            return _written(block)
    return None


def _below(lines: list[str], at: int) -> Block | None:
    for position in range(at + 1, min(at + _LOOK_AHEAD, len(lines))):
        block = block_at(lines, position)
        if block is not None and block.is_likely_mail:
            return block
    return None


def _written(block: Block) -> Forwarded:
    value = _LINKED.sub(lambda link: f"<{link.group(1) or link.group(2)}>", block.fields["from"])
    person = person_of(value)
    return Forwarded(
        sender=Person(name=person.name, address=person.address),
        subject_line=clean_line(block.fields.get("subject", ""), 500),
    )
