"""What people teach the classifier, as it is kept: labelled examples, and the weekly second look."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cases.messages import Automatic, Channel, Language, Person
from cases.model import Classification, Right
from cases.records import CardPlace


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptMessage:
    """A message as it was read when it came in."""

    id: int  #: of its arrival
    channel: Channel
    message_id: str
    received_at: datetime
    sender: Person
    subject_line: str
    new_text: str
    automatic: Automatic | None = None
    reading: Classification | None = None
    is_forgotten: bool = False  #: its content was deleted


class Origin(StrEnum):
    """Which decision said what a message asks for."""

    CONFIRMED = "confirmed"  #: the classifier was right
    CHANGED = "changed"  #: it read other rights
    DISMISSED = "dismissed"  #: it was no request
    LOOKED_AT = "looked_at"  #: passed over by the classifier, and rightly so


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A message as somebody labelled it, without anybody's data; of one message the latest counts."""

    message: int  #: id of its arrival
    origin: Origin
    labels: frozenset[Right]
    read: frozenset[Right]  #: what the classifier had read
    model: str  #: the version that had read it
    language: Language
    decided_at: datetime
    subject_line: str  #: redacted, as the text is
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LookedAt:
    """One message of a second look, and what somebody said of it."""

    message: int
    subject_line: str
    text: str
    by: str | None = None  #: who answered; None while nobody has
    was_request: bool = False
    reference: str | None = None  #: of the case that was opened then


@dataclass(frozen=True, kw_only=True, slots=True)
class SecondLook:
    """The messages of one week that people look at again."""

    week: date  #: its Monday
    messages: tuple[LookedAt, ...]
    place: CardPlace | None = None  #: of its post


@dataclass(frozen=True, kw_only=True, slots=True)
class LookTally:
    """All second looks together."""

    asked: int = 0
    answered: int = 0
    missed: int = 0  #: were requests
