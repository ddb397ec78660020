"""An address that somebody gave us, in the one form in which it may stand in an envelope and a header."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from cases.errors import RightsDeskError

_LONGEST: Final = 254  #: octets, RFC 5321 4.5.3.1.3 without the angle brackets
_LONGEST_LOCAL: Final = 64  #: octets, RFC 5321 4.5.3.1.1
#: RFC 5322 atext and full stops wherever people have them; quoted local parts are not written to.
_LOCAL: Final = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)


class AddressRefused(RightsDeskError):
    """No letter can be sent to the address of the requester ({error})."""


@dataclass(frozen=True, slots=True)
class WireAddress:
    mailbox: str  #: local part and domain; the domain in A-labels where nothing is lost by it (RFC 5890)
    needs_utf8: bool  #: the relay has to speak SMTPUTF8 (RFC 6531)


def wire_address(given: str) -> WireAddress:
    """The one address that was given; AddressRefused for a list, a name, blanks inside."""
    local, at, domain = given.strip(" ").rpartition("@")
    if not at or not _is_local(local):
        raise AddressRefused(error="malformed")
    found = wire_domain(domain)
    mailbox = f"{local}@{found}"
    if len(mailbox.encode()) > _LONGEST:
        raise AddressRefused(error="too long")
    return WireAddress(mailbox, needs_utf8=not mailbox.isascii())


def wire_domain(given: str) -> str:
    """In A-labels, or as it was given where IDNA 2003 would lead to another domain ('ß' is not 'ss')."""
    try:
        encoded = given.encode("idna")
        lossless = encoded.decode("idna") == given.lower()
    except UnicodeError:
        raise AddressRefused(error="malformed") from None
    domain = encoded.decode("ascii") if lossless or given.isascii() else given
    if not all(_is_label(label) for label in domain.split(".")):
        raise AddressRefused(error="malformed")
    return domain


def _is_local(local: str) -> bool:
    """Without encoded words: `=?utf-8?Q?agent?=@…` would be shown as an address that it is not."""
    foreign = "".join(char for char in local if not char.isascii())
    plain = "".join(char for char in local if char.isascii())
    return (
        0 < len(_octets(local)) <= _LONGEST_LOCAL
        and (not plain or _LOCAL.fullmatch(plain) is not None)
        and foreign.isprintable()
        and "=?" not in local
    )


def _octets(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _is_label(label: str) -> bool:
    if label.isascii():
        return _LABEL.fullmatch(label) is not None
    return label.isprintable() and not re.search(r"[\x00-\x2c\x2f\x3a-\x40\x5b-\x60\x7b-\x7f]", label)
