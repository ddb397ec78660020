"""What strangers wrote, made harmless for Slack.

Customer words only go into rich_text, where Slack reads neither marks nor mentions.  Whether it decodes
entities there is written nowhere and renderers differ, so angle brackets become look-alikes that are right
everywhere; `plain` writes entities, as mrkdwn wants them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_ANGLES: Final = str.maketrans({"<": "\u2039", ">": "\u203a"})
#: Look-alikes that Slack does not read as marks; nothing invisible is added to anybody's words.
_MARKS: Final = str.maketrans({"*": "\u2217", "_": "\uff3f", "~": "\u223c", "`": "\u02cb"})
_KEPT: Final = frozenset("\n\t")
#: Control, format (bidi overrides, zero width, tags), surrogate, private use and unassigned characters.
_DROPPED: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_BREAKS: Final = re.compile(r"\r\n?|[\u2028\u2029\x85\x0b\x0c]")
_GAPS: Final = re.compile(r"\n[ \t]*(?:\n[ \t]*)+\n")
_ELLIPSIS: Final = "…"
#: A letter with more accents than this is noise that spills over the lines around it.
_STACKED: Final = 4
#: Only so much of a text is looked at, however long it is.
_LOOKAHEAD: Final = 8


def plain(text: str, limit: int) -> str:
    """The words for mrkdwn, in at most `limit` characters with their entities: no marks, mentions or links.

    Empty when nothing readable is left.
    """
    said = cleaned(text[: limit * _LOOKAHEAD]).translate(_MARKS)
    return _joined([_ENTITIES.get(one, one) for one in said], limit)


def quoted(text: str, limit: int) -> str:
    """The words as written, for rich_text and plain_text only: there `*` is an asterisk."""
    return _joined(cleaned(text[: limit * _LOOKAHEAD]).translate(_ANGLES), limit)


def one_line(text: str, limit: int) -> str:
    """The same for a name or a title: no line breaks."""
    return quoted(" ".join(text[: limit * _LOOKAHEAD].split()), limit)


def cleaned(text: str) -> str:
    """Without control characters and bidi overrides, at most one empty line in a row."""
    broken = _BREAKS.sub("\n", text)
    kept = "".join(one for one in broken if one in _KEPT or unicodedata.category(one) not in _DROPPED)
    return _GAPS.sub("\n\n", _unstacked(kept)).strip()


def masked(address: str) -> str:
    """'a…@e….nl': enough to tell two people apart, too little to write to."""
    local, at, domain = address.strip().rpartition("@")
    if not at:
        return _first(address.strip()) if address.strip() else ""
    host, dot, top = domain.rpartition(".")
    end = f".{top}" if dot and top.isalnum() and len(top) <= 6 else ""  # noqa: PLR2004 - longer ends tell too much
    return f"{_first(local)}@{_first(host or domain)}{quoted(end, 12)}"


def _first(word: str) -> str:
    return quoted(word[:8], 8)[:1] + _ELLIPSIS


def _joined(pieces: Sequence[str], limit: int) -> str:
    """Cut with an ellipsis where it gets too long; a piece, such as an entity, is never halved."""
    if sum(map(len, pieces)) <= limit:
        return "".join(pieces)
    sizes = accumulate(map(len, pieces), initial=len(_ELLIPSIS))
    count = sum(size <= limit for size in sizes) - 1
    return "".join(pieces[:count]).rstrip() + _ELLIPSIS


def _unstacked(text: str) -> str:
    """At most a few combining marks on one letter."""
    if text.isascii():
        return text
    out, stacked = [], 0
    for one in text:
        stacked = stacked + 1 if unicodedata.combining(one) else 0
        if stacked <= _STACKED:
            out.append(one)
    return "".join(out)
