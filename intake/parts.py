"""Octets -> the parts of a mail, bounded: lines, parts, depth, length of a field.  Total."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from email.parser import BytesHeaderParser, BytesParser
from email.policy import Compat32
from typing import Final

from intake.headers import Fields, clean_line, decode_words

MAX_LINES: Final = 600_000  #: 25 MiB of Base64 has 345,000
MAX_PARTS: Final = 1_000
MAX_DEPTH: Final = 100
MAX_FIELD: Final = 64_000  #: characters of one field
MAX_PARAMETERS: Final = 8_000  #: of Content-Type: the library's time grows with the square
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")

#: what the library raises on broken input, one place or another
BROKEN: Final = (ValueError, LookupError, TypeError, AttributeError, AssertionError, MessageError)


class _Bounded(Compat32):
    """The old policy never raises on a malformed field, the new one does; this one keeps fields short too."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[: MAX_PARAMETERS if name.lower().startswith("content-") else MAX_FIELD]


_POLICY: Final = _Bounded()


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One part of a mail.  A container has `children`; a leaf has `octets`; a mail inside has both."""

    media_type: str
    fields: Fields
    octets: bytes = b""
    children: tuple[Part, ...] = ()
    charset: str = ""
    name: str = ""  #: of the file; decoded, not safe as a path
    disposition: str = ""
    is_flowed: bool = False  #: RFC 3676
    deletes_space: bool = False  #: RFC 3676, DelSp

    def walk(self) -> Iterator[Part]:
        """Itself and all below, in order."""
        yield self
        for child in self.children:
            yield from child.walk()


def take_apart(raw: bytes) -> tuple[Part, tuple[str, ...]]:
    """The mail as a tree, and what was wrong with it."""
    faults: list[str] = []
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    mail = _parse(_cut(raw, faults), faults)
    budget = [MAX_PARTS]
    part = _part(mail, 0, budget, faults)
    return part, tuple(dict.fromkeys(faults))


def _cut(raw: bytes, faults: list[str]) -> bytes:
    if raw.count(b"\n") + raw.count(b"\r") <= MAX_LINES:
        return raw
    for number, end in enumerate(_LINE_END.finditer(raw)):
        if number == MAX_LINES:
            faults.append("too many lines: the rest was not read")
            return raw[: end.end()]
    return raw


def _parse(raw: bytes, faults: list[str]) -> Message:
    try:
        return BytesParser(policy=_POLICY).parsebytes(raw)
    except (RecursionError, *BROKEN):  # mails within mails, 900 deep
        faults.append("nested too deeply: read as plain text")
        return BytesHeaderParser(policy=_POLICY).parsebytes(raw)


def _part(message: Message, depth: int, budget: list[int], faults: list[str]) -> Part:
    budget[0] -= 1
    fields = Fields(message.raw_items())
    # asked for the text of a leaf, the library trips over a charset in several pieces
    inside = message.get_payload() if message.is_multipart() else None
    children: tuple[Part, ...] = ()
    octets = b""
    if isinstance(inside, list):
        if depth >= MAX_DEPTH:
            faults.append("nested too deeply: not read to the end")
        else:
            children = tuple(_children(inside, depth, budget, faults))
    else:
        octets = _decoded(message, faults)
    return _described(message, fields, octets, children)


def _children(
    inside: list[Message | str], depth: int, budget: list[int], faults: list[str]
) -> Iterator[Part]:
    for child in inside:
        if budget[0] <= 0:
            faults.append("too many parts: the rest was not read")
            return
        if isinstance(child, Message):
            yield _part(child, depth + 1, budget, faults)


def _described(message: Message, fields: Fields, octets: bytes, children: tuple[Part, ...]) -> Part:
    media_type = clean_line(message.get_content_type(), 100)
    return Part(
        media_type=media_type,
        fields=fields,
        octets=octets,
        children=children,
        charset=_parameter(message, "charset"),
        name=_file_name(message),
        disposition=fields.first("content-disposition").partition(";")[0].strip().lower()[:20],
        is_flowed=_parameter(message, "format").lower() == "flowed",
        deletes_space=_parameter(message, "delsp").lower() == "yes",
    )


def _decoded(message: Message, faults: list[str]) -> bytes:
    """Without its transfer encoding; as it stands where that is broken."""
    try:
        payload = message.get_payload(decode=True)
    except BROKEN:
        faults.append("broken transfer encoding")
        del message["content-transfer-encoding"]
        payload = message.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _parameter(message: Message, name: str, header: str = "content-type") -> str:
    """A parameter, RFC 2231 put together; empty when there is none."""
    try:
        value = message.get_param(name, "", header)
        if isinstance(value, tuple):
            octets = value[2].encode("latin-1", "replace") if value[0] else b""
            value = octets.decode(value[0] or "ascii", "replace") if octets else value[2]
    except (*BROKEN, UnicodeError):
        return ""
    return str(value)


def _file_name(message: Message) -> str:
    """The file's name: RFC 2231, or RFC 2047 as most mailers write it; without folders."""
    name = _parameter(message, "filename", "content-disposition") or _parameter(message, "name")
    name = Fields([("name", name)]).text("name")
    return decode_words(name).replace("\\", "/").rpartition("/")[2].strip()[:255]
