"""Which open case does this message continue?  Pure: the store looks up, this room judges."""

from __future__ import annotations

import re
from typing import Final

from cases.messages import InboundMessage
from cases.model import Case
from cases.records import FiledAs

#: As our letters print it in the subject line; people's mail programs keep it there.
_REFERENCE: Final = re.compile(r"\bAVG-(\d{4})-(\d{4,7})\b", re.IGNORECASE)


#: Characters from which a line that stands in our letter is taken to come from it.
_BY_CHANCE: Final = 20


def reference_in(subject_line: str) -> str | None:
    """The case that a subject line names, in the form we print."""
    found = _REFERENCE.search(subject_line)
    return f"AVG-{found[1]}-{found[2]}" if found else None


def judge(message: InboundMessage, case: Case) -> FiledAs:
    """What a message that points at a case is to it.

    A guessable reference must not hijack a case: only the requester's own address replies.  Anybody
    else's words are filed and shown, and never become the address that we answer to.
    """
    if message.automatic is not None and message.automatic.is_machine_talk:
        return FiledAs.MACHINE
    return FiledAs.REPLY if same_address(message.sender.address, case.requester.address) else FiledAs.STRANGER


def without_our_words(text: str, ours: str) -> str:
    """The lines of a text that do not stand in our letters, however they were quoted or folded.

    A short line stands there by chance, so it is kept unless it was quoted.
    """
    written = _folded(ours)
    kept = []
    for line in text.splitlines():
        bare = _folded(line.lstrip("> |\t"))
        is_ours = bare in written and (len(bare) >= _BY_CHANCE or line.lstrip().startswith((">", "|")))
        if bare and not is_ours:
            kept.append(line)
    return "\n".join(kept)


def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def same_address(one: str, other: str) -> bool:
    """Whether two addresses are one mailbox for all that we may assume: case does not matter."""
    return bool(one) and one.strip().casefold() == other.strip().casefold()
