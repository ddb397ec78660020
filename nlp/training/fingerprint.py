"""Which model is this?  A hash of all that goes into training; the same hash, the same model."""

from __future__ import annotations

import json
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

#: Where in a stored pipeline's meta.json the version stands.
META = "rightsdesk_version"
_ROOM = Path(__file__).parent.parent
_PARTS = (
    "training/assets/*.jsonl",
    "training/config.cfg",
    "training/*.py",
    "lexicon/*.toml",
    "pipeline/*.py",
)
#: Judges the model and does not shape it.
_APART = frozenset({"evaluate.py", "fingerprint.py"})


def fingerprint() -> str:
    """Twelve hex digits over corpus, configuration, lexicon, code and spaCy's version."""
    digest = blake2b(version("spacy").encode(), digest_size=6)
    for part in _PARTS:
        for file in sorted(_ROOM.glob(part)):
            if file.name not in _APART:
                digest.update(f"{file.name}\0".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def version_of(path: Path) -> str | None:
    """The version that a stored model was saved with; None when there is none, or half of one."""
    try:
        meta = json.loads((path / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    said = meta.get(META) if isinstance(meta, dict) else None
    return said if isinstance(said, str) else None


def is_current(path: Path) -> bool:
    """Would training now give the model that is stored there?"""
    return version_of(path) == fingerprint()
