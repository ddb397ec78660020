"""The register's seal: every event carries a hash over itself and the hash of the one before it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC
from hashlib import sha256
from typing import Final, Protocol

from cases.model import Event
from storage.columns import clean, clean_json

#: What the first event of every case is linked to.
GENESIS: Final = sha256(b"rightsdesk register").hexdigest()


class Sealed(Protocol):
    """An event as it was kept."""

    seq: int
    prev_hash: str
    hash: str


def seal(event: Event, seq: int, prev_hash: str) -> str:
    """sha256, hex, over the event as canonical JSON: sorted keys, no spaces, ASCII, the instant in UTC."""
    said = {
        "at": event.at.astimezone(UTC).isoformat(),
        "by": clean(event.by),
        "facts": clean_json(event.facts),
        "kind": event.kind.value,
        "prev_hash": prev_hash,
        "reference": clean(event.reference),
        "seq": seq,
    }
    return sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")).hexdigest()


def first_broken(kept: Iterable[tuple[Sealed, Event]]) -> int | None:
    """The seq of the first event, oldest first, that is not what was written; None when all are."""
    before = GENESIS
    for expected_seq, (row, event) in enumerate(kept, start=1):
        intact = row.seq == expected_seq and row.prev_hash == before
        if not intact or row.hash != seal(event, row.seq, before):
            return expected_seq
        before = row.hash
    return None
