"""Octets -> text, whatever they claim to be.  Total."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Final

from charset_normalizer import from_bytes

#: what mailers write -> what they mean.  WHATWG's table for the Latin sets, the supersets for the Asian ones.
_MEANT: Final = {
    "ascii": "windows-1252",
    "us-ascii": "windows-1252",
    "latin1": "windows-1252",
    "latin-1": "windows-1252",
    "iso-8859-1": "windows-1252",
    "iso8859-1": "windows-1252",
    "iso_8859-1": "windows-1252",
    "iso-8859-9": "windows-1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-6-i": "iso-8859-6",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "utf": "utf-8",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "windows-874": "cp874",
    "iso-2022-jp": "iso2022_jp_3",
    "iso-2022-jp-ms": "iso2022_jp_3",
    "cp-850": "cp850",
}
#: codecs of Python that are no charset, or that take their time
_NO_CHARSET: Final = {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem"}
_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,39}")
#: ISO-2022-JP's switches to double octets, which mean nothing in any other text
_JAPANESE: Final = (b"\x1b$B", b"\x1b$@", b"\x1b$(D", b"\x1b(J")
_UTF8_SEQUENCE: Final = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_SAMPLE: Final = 20_000  #: octets that the guesser sees; its time grows with each


def decode_octets(octets: bytes, declared: str = "") -> tuple[str, bool]:
    """The text, and whether the declared charset was right about it.

    The order: what was declared, UTF-8, windows-1252, then charset-normalizer's guess.  A declared one-octet
    set never fails, so real UTF-8 below it wins: its octets hardly ever stand together in other text.
    """
    if any(switch in octets for switch in _JAPANESE):
        declared = declared if declared.lower().startswith("iso-2022") else "iso-2022-jp"
    charset = charset_of(declared)
    for candidate in _candidates(octets, charset):
        try:
            return octets.decode(candidate), candidate == charset or not declared
        except (UnicodeError, LookupError, ValueError):
            continue
    return _patched(octets, charset), False


def charset_of(declared: str) -> str:
    """The codec that a charset's name means; empty when there is none."""
    name = declared.strip().strip("\"'").lower().split("*")[0]
    if not _NAME.fullmatch(name):
        return ""
    name = _MEANT.get(name, name)
    try:
        found = codecs.lookup(name)
        b" ".decode(found.name, "replace")  # Python has codecs, such as hex, that make no text
    except (LookupError, ValueError, TypeError, AssertionError):
        return ""
    return "" if found.name.replace("-", "_") in _NO_CHARSET else found.name


def _candidates(octets: bytes, charset: str) -> Iterator[str]:
    one_octet = charset.startswith(("cp125", "iso8859", "mac", "koi8"))
    if not charset or (one_octet and _UTF8_SEQUENCE.search(octets)):
        yield "utf-8"
    if charset:
        yield charset
    if charset.startswith("iso2022_jp"):
        yield "iso2022_jp_ext"
    if charset != "utf-8" or not _is_damaged_utf8(octets):
        yield "utf-8"
        yield "cp1252"


def _is_damaged_utf8(octets: bytes) -> bool:
    """UTF-8 with a character cut in two somewhere, rather than another set that is called so."""
    whole = sum(len(match.group()) for match in _UTF8_SEQUENCE.finditer(octets))
    return whole > 0 and whole * 2 > len(_HIGH.findall(octets))


def _patched(octets: bytes, charset: str) -> str:
    """Nothing fits exactly: the likeliest set, with marks where it does not."""
    if charset and (charset != "utf-8" or _is_damaged_utf8(octets)):
        patched = octets.decode(charset, "replace")
        if patched.count("\N{REPLACEMENT CHARACTER}") * 10 <= len(patched):
            return patched
    guess = from_bytes(octets[:_SAMPLE]).best()
    if guess is not None:
        return octets.decode(guess.encoding, "replace")
    return octets.decode("cp1252", "replace")
