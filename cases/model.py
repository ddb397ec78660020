"""The words of the trade, as types.  Nothing here knows of mail servers, Slack or SQL."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from cases.messages import Automatic, Channel, Language, Person

#: Facts are kept as JSON, so they hold only what JSON holds.
Fact = str | int | float | bool | None | list[str]
Facts = Mapping[str, Fact]

#: Who acts when no person does.
RIGHTS_DESK = "rights-desk"


class Right(StrEnum):
    """What a data subject may ask for; the articles are the GDPR's."""

    ACCESS = "access"  #: art. 15, a copy of the data and where they went
    RECTIFICATION = "rectification"  #: art. 16, correcting and completing
    ERASURE = "erasure"  #: art. 17
    RESTRICTION = "restriction"  #: art. 18, keep but do not use
    OBJECTION = "objection"  #: art. 21, direct marketing and other use
    PORTABILITY = "portability"  #: art. 20
    CONSENT_WITHDRAWAL = "consent_withdrawal"  #: art. 7(3)
    COMPLAINT = "complaint"  #: about how personal data were handled; art. 77 names the authority's route


#: Rights that are to be honoured at once and for which nobody identifies (art. 21(3), 7(3)).
STOP_AT_ONCE = frozenset({Right.OBJECTION, Right.CONSENT_WITHDRAWAL})


class Status(StrEnum):
    """Where a case, or one right of it, stands.  Overdue is not a status: it is a date against today."""

    PROPOSED = "proposed"  #: the classifier thinks so; no agent has looked yet
    OPEN = "open"  #: an agent confirmed it; the work is ours
    CLOSED = "closed"  #: see Outcome for how


class Outcome(StrEnum):
    """How a case, or one right of it, ended."""

    GRANTED = "granted"
    PARTLY_GRANTED = "partly_granted"
    REFUSED = "refused"
    NOT_HELD = "not_held"
    WITHDRAWN = "withdrawn"
    REFERRED = "referred"
    NOT_A_REQUEST = "not_a_request"


#: Outcomes that say no, wholly or in part; each needs its reason (art. 12(4) and the privacy statement).
NEEDS_REASON = frozenset({Outcome.PARTLY_GRANTED, Outcome.REFUSED, Outcome.NOT_HELD, Outcome.REFERRED})


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """The words that made the classifier think of a right."""

    right: Right
    text: str  #: the sentence as written, at most 300 characters
    start: int = 0  #: offset of the first character in the text that was classified
    end: int = 0  #: offset behind the last character


class Band(StrEnum):
    """How sure the classifier is that a message asks for a right at all."""

    CLEAR = "clear"  #: a request; its card proposes
    DOUBTFUL = "doubtful"  #: it may be one; its card asks
    NONE = "none"  #: no card, and no content beyond thirty days


@dataclass(frozen=True, kw_only=True, slots=True)
class Classification:
    """What the classifier reads in a text."""

    scores: Mapping[Right, float]  #: 0..1 for every right
    rights: frozenset[Right]  #: those whose score reached its threshold; empty = no request
    language: Language
    evidence: tuple[Evidence, ...] = ()
    model: str = ""  #: version of the model that read it
    request: float = 0.0  #: 0..1, that any right is asked for
    band: Band = Band.NONE

    @property
    def is_request(self) -> bool:
        return bool(self.rights)

    @property
    def wants_a_look(self) -> bool:
        """A person has to see it: a request, or perhaps one."""
        return self.is_request or self.band is not Band.NONE

    @property
    def proposed(self) -> frozenset[Right]:
        """The rights that a card names: those recognised, or else the likeliest one."""
        likeliest = max(Right, key=lambda right: self.scores.get(right, 0.0))
        return self.rights or frozenset({likeliest})


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseRight:
    """One right of a case; it stands, ends and is timed on its own."""

    right: Right
    received_on: date  #: a right added later has its own clock
    status: Status = Status.PROPOSED
    outcome: Outcome | None = None
    reason: str = ""  #: in plain words, for every no
    score: float | None = None  #: the classifier's, 0..1; None when a person added the right
    evidence: str = ""
    stopped_at: datetime | None = None  #: when the marketing had actually stopped (art. 21(3), 7(3))


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause:
    """The statutory month stands still from the day we asked who you are to the day it was shown."""

    asked_on: date
    answered_on: date


@dataclass(frozen=True, kw_only=True, slots=True)
class LastMove:
    """The last thing that moved the case: for the card, for undo, for the agent who came second."""

    kind: EventKind
    by: str
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One request we track from arrival to answer."""

    reference: str  #: AVG-2026-0042
    status: Status
    rights: tuple[CaseRight, ...]
    requester: Person
    language: Language
    channel: Channel
    received_at: datetime
    received_on: date  #: the local date of receipt, on which every clock starts
    outcome: Outcome | None = None
    pauses: tuple[Pause, ...] = ()
    extended: bool = False
    assignee: str | None = None  #: Slack id
    subject_line: str = ""  #: of the first message, to answer in its thread
    doubtful: bool = False  #: the classifier was not sure that it is a request, so its card asks
    thread: tuple[str, ...] = ()  #: Message-IDs of the requester's thread, oldest first (RFC 5322 3.6.4)
    unanswerable: Automatic | None = None  #: why no letter may go out by itself, if so
    last: LastMove | None = None
    version: int = 1

    def right(self, right: Right) -> CaseRight | None:
        return next((mine for mine in self.rights if mine.right is right), None)

    @property
    def is_live(self) -> bool:
        """Somebody still has to do something; the clocks run."""
        return self.status is not Status.CLOSED


class EventKind(StrEnum):
    """What can happen to a case, past tense; a case file is these in order."""

    CASE_PROPOSED = "case:proposed"
    CASE_CONFIRMED = "case:confirmed"
    CONFIRMATION_UNDONE = "confirmation:undone"
    CASE_DISMISSED = "case:dismissed"
    DISMISSAL_UNDONE = "dismissal:undone"
    RIGHTS_CHANGED = "rights:changed"
    LANGUAGE_CHANGED = "language:changed"
    MARKETING_STOPPED = "marketing:stopped"
    CASE_CLOSED = "case:closed"
    CASE_REOPENED = "case:reopened"
    #: the rest is told of a case without moving it
    MESSAGE_JOINED = "message:joined"
    LETTER_SENT = "letter:sent"
    LETTER_RESENT = "letter:resent"  #: a person decided that it goes (again)
    LETTER_FAILED = "letter:failed"
    LETTER_UNCLEAR = "letter:unclear"
    LETTER_BOUNCED = "letter:bounced"
    BECAME_OVERDUE = "case:overdue"


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One line of the register: append-only, with who and when."""

    kind: EventKind
    reference: str
    at: datetime
    by: str  #: an agent's Slack id, or RIGHTS_DESK
    facts: Facts = field(default_factory=dict)


class LetterKind(StrEnum):
    ACKNOWLEDGEMENT = "acknowledgement"


class Nudge(StrEnum):
    """Why a reminder goes out: working days before the safe day, that day itself, or later."""

    TEN_DAYS = "ten_days"
    FIVE_DAYS = "five_days"
    ONE_DAY = "one_day"
    SAFE_DAY = "safe_day"
    PAST_PROMISE = "past_promise"
    PAST_STATUTE = "past_statute"
