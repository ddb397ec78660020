"""What we owe the world after a decision: recorded with it, delivered later by the courier."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from cases.model import Case, Event, Facts, LetterKind, Nudge


@dataclass(frozen=True, kw_only=True, slots=True)
class ShowCard:
    """Post the case's card, or redraw the one already posted."""

    reference: str


@dataclass(frozen=True, kw_only=True, slots=True)
class TellThread:
    """A line in the thread of the card: who did what, or what came in."""

    reference: str
    event: Event


@dataclass(frozen=True, kw_only=True, slots=True)
class SendLetter:
    """A letter to the requester; it waits until `not_before`, so that a click can be undone."""

    kind: LetterKind
    reference: str
    not_before: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class RecallLetters:
    """Letters of this case that have not left stay in the house; TooLate when one has gone."""

    reference: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SendReminder:
    """One nudge for one case: to the deadlines channel and into the case's thread."""

    reference: str
    nudge: Nudge
    day: date


@dataclass(frozen=True, kw_only=True, slots=True)
class SendDigest:
    """The daily list for team leads."""

    day: date


@dataclass(frozen=True, kw_only=True, slots=True)
class ShowSecondLook:
    """Post what the classifier passed over in a week, for people to look at, or redraw it after an answer."""

    week: date  #: its Monday


class StaffLine(StrEnum):
    """What staff is told outside any case."""

    MAIL_SET_ASIDE = "mail_set_aside"  #: facts: message (id), error
    TROUBLE_LASTS = "trouble_lasts"  #: facts: part, since
    TROUBLE_OVER = "trouble_over"  #: facts: part


@dataclass(frozen=True, kw_only=True, slots=True)
class TellStaff:
    """One line in the staff channel."""

    line: StaffLine
    facts: Facts = field(default_factory=dict)


Effect = (
    ShowCard
    | TellThread
    | SendLetter
    | RecallLetters
    | SendReminder
    | SendDigest
    | ShowSecondLook
    | TellStaff
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A decision: the case as it will be, what happened, what must now be done."""

    case: Case
    event: Event
    effects: tuple[Effect, ...] = ()
