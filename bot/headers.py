"""Header fields as they must stand on the wire, where the standard library would get them wrong.

Python 3.11 turns a Message-ID of more than a line in References into an encoded word, which breaks the
thread, and does the same to long addresses.  These fields are validated before, and only folded here.
"""

from __future__ import annotations

import re
from email.header import Header
from email.headerregistry import BaseHeader, HeaderRegistry
from email.policy import EmailPolicy, Policy
from typing import Any, Final

_FOLD_AT: Final = 76  #: characters of a line, RFC 5322 2.1.1 wants at most 78
#: One msg-id with its angle brackets; 900 leaves room in a line of 998 (RFC 5322 2.1.1, 3.6.4).
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{1,900}>")


class _AsIs(BaseHeader):
    """One value, folded at its blanks and nowhere else."""

    max_count = 1

    @classmethod
    def parse(cls, value: str, kwds: dict[str, Any]) -> None:
        kwds["parse_tree"] = None
        kwds["decoded"] = value

    def fold(self, *, policy: Policy) -> str:
        return f"{self.name}: " + f"{policy.linesep} ".join(str(self).split()) + policy.linesep


class _Text(_AsIs):
    """Text for people, in encoded words where it is not ASCII."""

    def fold(self, *, policy: Policy) -> str:
        charset = "us-ascii" if str(self).isascii() and "=?" not in str(self) else "utf-8"
        folded = Header(str(self), charset, _FOLD_AT, self.name).encode(linesep=policy.linesep)
        return f"{self.name}: {folded}{policy.linesep}"


_registry: Final = HeaderRegistry()
for _name in ("to", "message-id", "in-reply-to", "references"):
    _registry.map_to_type(_name, _AsIs)
_registry.map_to_type("subject", _Text)

#: CRLF and seven bits; `clone(utf8=True)` for an address that needs it.
POLICY: Final = EmailPolicy(header_factory=_registry, linesep="\r\n", cte_type="7bit")


def message_ids(given: tuple[str, ...], most: int) -> list[str]:
    """Those that are Message-IDs, each once: the thread's first and its latest (RFC 5322 3.6.4)."""
    sound = list(dict.fromkeys(one for one in given if _MESSAGE_ID.fullmatch(one)))
    return sound if len(sound) <= most else [sound[0], *sound[1 - most :]]
