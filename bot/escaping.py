"""What strangers wrote, made harmless for Slack.

Customer words only go into plain_text and rich_text, where Slack reads no marks; the three entities are
written there too, as Slack itself does when it hands a message back.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import islice
from typing import Final

_ENTITIES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
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
    """The words, in at most `limit` characters as Slack counts them, ringing nobody and linking nowhere.

    Empty when nothing readable is left.
    """
    return cut(cleaned(text[: limit * _LOOKAHEAD]).translate(_MARKS), limit)


def quoted(text: str, limit: int) -> str:
    """The words exactly as written, for rich_text and plain_text only: there `*` is an asterisk."""
    return cut(cleaned(text[: limit * _LOOKAHEAD]), limit)


def one_line(text: str, limit: int) -> str:
    """The same for a name or a title: no line breaks."""
    return quoted(" ".join(text[: limit * _LOOKAHEAD].split()), limit)


def cleaned(text: str) -> str:
    """Without control characters and bidi overrides, at most one empty line in a row."""
    broken = _BREAKS.sub("\n", text)
    kept = "".join(one for one in broken if one in _KEPT or unicodedata.category(one) not in _DROPPED)
    return _GAPS.sub("\n\n", _unstacked(kept)).strip()


def cut(text: str, limit: int) -> str:
    """Entities written, and no longer than `limit` with them; never half an entity."""
    written = [_ENTITIES.get(one, one) for one in text]
    if sum(map(len, written)) <= limit:
        return "".join(written)
    size, count = len(_ELLIPSIS), 0
    for piece in written:
        size += len(piece)
        if size > limit:
            break
        count += 1
    return "".join(islice(written, count)).rstrip() + _ELLIPSIS


def masked(address: str) -> str:
    """'a…@e….nl': enough to tell two people apart, too little to write to."""
    local, at, domain = address.strip().rpartition("@")
    if not at:
        return _first(address.strip()) if address.strip() else ""
    host, dot, top = domain.rpartition(".")
    end = f".{top}" if dot and top.isalnum() and len(top) <= 6 else ""  # noqa: PLR2004 - longer ends tell too much
    return f"{_first(local)}@{_first(host or domain)}{quoted(end, 12)}"


def _first(word: str) -> str:
    readable = cleaned(word[:8])
    return cut(readable[:1], 6) + _ELLIPSIS


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
