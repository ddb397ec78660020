"""Which model is this?  A hash of all that goes into training; the same hash, the same model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from nlp.training.corpus import Mail

#: Where in a stored pipeline's meta.json its version stands, the fingerprint of the code and corpus that it
#: was trained with, and the number of examples of agents besides.
META: Final = "rightsdesk_version"
BASE: Final = "rightsdesk_base"
EXAMPLES: Final = "rightsdesk_examples"
_ROOM: Final = Path(__file__).parent.parent
_PARTS: Final = (
    "training/assets/*.jsonl",
    "training/assets/dev/*.jsonl",
    "training/config.cfg",
    "training/*.py",
    "lexicon/*.toml",
    "pipeline/*.py",
)
#: They judge or install a model and do not shape it.
_APART: Final = frozenset(
    {"evaluate.py", "figures.py", "fingerprint.py", "baselines.py", "report.py", "shelf.py", "candidate.py"}
)


def fingerprint() -> str:
    """Twelve hex digits over corpus, configuration, lexicon, code and spaCy's version."""
    digest = blake2b(version("spacy").encode(), digest_size=6)
    for part in _PARTS:
        for file in sorted(_ROOM.glob(part)):
            if file.name not in _APART:
                digest.update(f"{file.name}\0".encode())
                digest.update(file.read_bytes())
    return digest.hexdigest()


def version_with(examples: Sequence[Mail]) -> str:
    """The version of a model that learns from these examples besides the corpus."""
    if not examples:
        return fingerprint()
    digest = blake2b(fingerprint().encode(), digest_size=6)
    for mail in sorted(examples, key=lambda one: one.id):
        digest.update(json.dumps([mail.id, mail.whole, sorted(mail.labels)]).encode())
    return digest.hexdigest()


def version_of(path: Path) -> str | None:
    """The version that a stored model was saved with; None when there is none, or half of one."""
    said = meta_of(path).get(META)
    return said if isinstance(said, str) else None


def is_current(path: Path) -> bool:
    """Was the stored model trained with this corpus and this code?  Examples may have come on top."""
    return meta_of(path).get(BASE) == fingerprint()


def meta_of(path: Path) -> dict[str, Any]:
    """What a stored pipeline says of itself; empty when nothing whole is there."""
    try:
        meta = json.loads((path / "meta.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return meta if isinstance(meta, dict) else {}
