"""The written corpus: one JSON object per line, one mail per object.  See ../ANNOTATION.md for what a label
means.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from cases.model import Right

ASSETS = Path(__file__).parent / "assets"
#: Each written by other hands than the rest.  The first chooses thresholds; the second is looked at last.
DEV = ASSETS / "dev"
TEST = ASSETS / "test"


class Kind(StrEnum):
    REQUEST = "request"
    ORDINARY = "ordinary"  #: service-desk mail that nobody would mistake
    HARD = "hard"  #: the words of a request in another sense


@dataclass(frozen=True, kw_only=True, slots=True)
class Mail:
    """One labelled mail; `family` ties together what is too alike to be trained on and tested with."""

    id: str
    lang: str
    kind: Kind
    family: str
    labels: frozenset[Right]
    subject_line: str
    text: str

    @property
    def whole(self) -> str:
        return join(self.subject_line, self.text)


def join(subject_line: str, text: str) -> str:
    """What the pipeline reads: the subject as a paragraph of its own above the text."""
    return f"{subject_line}\n\n{text}" if subject_line else text


def read(*files: Path) -> Iterator[Mail]:
    """Mails of JSONL files in order; without files all that may be learned from."""
    for file in files or sorted(ASSETS.glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                yield mail_of(json.loads(line))


def choosing() -> list[Mail]:
    """The mails that thresholds are chosen on: as a mailbox may be.  No voice learns from them."""
    return list(read(*sorted(DEV.glob("*.jsonl"))))


def judging() -> list[Mail]:
    """The mails that judge a model; nothing is ever fitted to them."""
    return list(read(*sorted(TEST.glob("*.jsonl"))))


def mail_of(fields: dict[str, Any]) -> Mail:
    """A line as a mail; files for `evaluate` may leave out kind and family.  KeyError, ValueError on
    others.
    """
    labels = frozenset(Right(label) for label in fields["labels"])
    return Mail(
        id=str(fields["id"]),
        lang=fields.get("lang", "other"),
        kind=Kind(fields.get("kind") or (Kind.REQUEST if labels else Kind.ORDINARY)),
        family=fields.get("family") or str(fields["id"]),
        labels=labels,
        subject_line=fields.get("subject") or "",
        text=fields["text"],
    )
