"""Is a file a mail, a text or neither?"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Final

from bot.commands import paper
from bot.commands.faults import CannotRead

#: Headers that a mail begins with; two of them make a mail (RFC 5322, 3.6, and what servers add).
_HEADERS: Final = frozenset(
    b"from to cc date subject message-id received return-path mime-version content-type delivered-to "
    b"reply-to sender in-reply-to references x-mailer dkim-signature authentication-results".split()
)
_ENOUGH: Final = 2
_LOOK_AT: Final = 16_384  #: octets
_HEADER: Final = re.compile(rb"([!-9;-~]+)[ \t]*:")
_BINARY_SHARE: Final = 0.02
_CONTROLS: Final = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1b\b"))


def looks_like_mail(raw: bytes) -> bool:
    """Whether it begins with a block of headers of which at least two are a mail's."""
    known: set[bytes] = set()
    for number, line in enumerate(raw[:_LOOK_AT].removeprefix(codecs.BOM_UTF8).splitlines()):
        header = _HEADER.match(line)
        if header:
            known.add(header[1].lower())
        elif not line.startswith((b" ", b"\t")) and not (number == 0 and line.startswith(b"From ")):
            break
    return len(known & _HEADERS) >= _ENOUGH


def text_of(raw: bytes, file: Path) -> str:
    """UTF-8, UTF-16 with its mark, or else Windows-1252; CannotRead for what is no text at all."""
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return raw.decode("utf-16", "replace")
    controls = sum(raw[:_LOOK_AT].count(sign) for sign in _CONTROLS)
    if controls > _BINARY_SHARE * len(raw[:_LOOK_AT]) or b"\0" in raw[:_LOOK_AT]:
        raise CannotRead(file=paper.plain(str(file)), why="it is neither a mail nor text")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")
