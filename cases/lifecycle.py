"""How a case moves.  Pure: a case and facts in, a Change out.

This table is the only place that says what may happen when; the README's diagram is compared with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from cases.effects import Change, Effect, RecallLetters, SendLetter, ShowCard, TellThread
from cases.errors import IllegalMove, NoRights, NothingToStop, OutcomeMissing, ReasonMissing, StaleCase
from cases.messages import Language
from cases.model import (
    NEEDS_REASON,
    RIGHTS_DESK,
    STOP_AT_ONCE,
    Case,
    CaseRight,
    Event,
    EventKind,
    Facts,
    LastMove,
    LetterKind,
    Outcome,
    Right,
    Status,
)

_PROPOSED = frozenset({Status.PROPOSED})
_OPEN = frozenset({Status.OPEN})
_CLOSED = frozenset({Status.CLOSED})

#: what happens -> (where the case may stand, where it stands then; None: where it stood)
MOVES: Final[Mapping[EventKind, tuple[frozenset[Status], Status | None]]] = {
    EventKind.CASE_CONFIRMED: (_PROPOSED, Status.OPEN),
    EventKind.CONFIRMATION_UNDONE: (_OPEN, Status.PROPOSED),
    EventKind.CASE_DISMISSED: (_PROPOSED, Status.CLOSED),
    EventKind.DISMISSAL_UNDONE: (_CLOSED, Status.PROPOSED),
    EventKind.RIGHTS_CHANGED: (_PROPOSED | _OPEN, None),
    EventKind.LANGUAGE_CHANGED: (_PROPOSED | _OPEN, None),
    EventKind.MARKETING_STOPPED: (_OPEN, None),
    EventKind.CASE_CLOSED: (_OPEN, Status.CLOSED),
    EventKind.CASE_REOPENED: (_CLOSED, Status.OPEN),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """How one right of a case was answered."""

    outcome: Outcome
    reason: str = ""  #: in plain words; required for every no


def propose(case: Case, *, at: datetime, by: str = RIGHTS_DESK) -> Change:
    """The classifier read a request, or a person found one: the case begins, and staff is asked to look."""
    facts: Facts = {"rights": _names(case), "doubtful": case.doubtful}
    event = Event(kind=EventKind.CASE_PROPOSED, reference=case.reference, at=at, by=by, facts=facts)
    return Change(case=case, event=event, effects=(ShowCard(reference=case.reference),))


def confirm(case: Case, *, by: str, at: datetime, letter_at: datetime) -> Change:
    """An agent agrees this is a rights request; the requester hears from us, unless a machine wrote."""
    letter = SendLetter(kind=LetterKind.ACKNOWLEDGEMENT, reference=case.reference, not_before=letter_at)
    confirmed = replace(_all_rights(case, Status.OPEN), assignee=case.assignee or by)
    facts = {"rights": _names(case), "letter": case.unanswerable or "owed"}
    return _move(confirmed, EventKind.CASE_CONFIRMED, by, at, facts, *([] if case.unanswerable else [letter]))


def undo_confirmation(case: Case, *, by: str, at: datetime) -> Change:
    """The click is taken back while the letter is still in the house."""
    if case.last is None or case.last.kind is not EventKind.CASE_CONFIRMED:
        raise _illegal(case, EventKind.CONFIRMATION_UNDONE)
    undone = replace(_all_rights(case, Status.PROPOSED), assignee=None)
    recall = RecallLetters(reference=case.reference)
    return _move(undone, EventKind.CONFIRMATION_UNDONE, by, at, {}, recall)


def dismiss(case: Case, *, by: str, at: datetime) -> Change:
    """An agent says it is no rights request.  Nobody is written to."""
    dismissed = replace(
        _all_rights(case, Status.CLOSED, Outcome.NOT_A_REQUEST), outcome=Outcome.NOT_A_REQUEST
    )
    return _move(dismissed, EventKind.CASE_DISMISSED, by, at, {})


def undo_dismissal(case: Case, *, by: str, at: datetime) -> Change:
    """It was a request after all; the clocks ran on meanwhile."""
    if case.outcome is not Outcome.NOT_A_REQUEST:
        raise _illegal(case, EventKind.DISMISSAL_UNDONE)
    undone = replace(_all_rights(case, Status.PROPOSED), outcome=None)
    return _move(undone, EventKind.DISMISSAL_UNDONE, by, at, {})


def change_rights(case: Case, rights: Iterable[Right], *, by: str, at: datetime, today: date) -> Change:
    """An agent knows better than the classifier.  A right added to an open case starts its clock today."""
    wanted = sorted(set(rights), key=list(Right).index)
    if not wanted:
        raise NoRights(reference=case.reference)
    since = case.received_on if case.status is Status.PROPOSED else today
    added = {
        right: CaseRight(right=right, received_on=since, status=case.status)
        for right in wanted
        if case.right(right) is None
    }
    changed = replace(case, rights=tuple(case.right(right) or added[right] for right in wanted))
    facts = {"rights": _names(changed), "before": _names(case)}
    return _move(changed, EventKind.RIGHTS_CHANGED, by, at, facts)


def change_language(case: Case, language: Language, *, by: str, at: datetime) -> Change:
    """An agent knows better than the detector in which language the requester reads our letters."""
    facts: Facts = {"language": language.value, "before": case.language.value}
    return _move(replace(case, language=language), EventKind.LANGUAGE_CHANGED, by, at, facts)


def stop_marketing(case: Case, *, by: str, at: datetime) -> Change:
    """The marketing has actually stopped: art. 21(3) and 7(3) ask for that at once."""
    waiting = [mine for mine in case.rights if mine.right in STOP_AT_ONCE and mine.stopped_at is None]
    if not waiting:
        raise NothingToStop(reference=case.reference)
    stopped = tuple(replace(mine, stopped_at=at) if mine in waiting else mine for mine in case.rights)
    minutes = int((at - case.received_at).total_seconds() // 60)
    facts: Facts = {"rights": [str(mine.right) for mine in waiting], "minutes_after_receipt": minutes}
    return _move(replace(case, rights=stopped), EventKind.MARKETING_STOPPED, by, at, facts)


def close(case: Case, answers: Mapping[Right, Answer], *, by: str, at: datetime) -> Change:
    """The written answer has gone: every right has an outcome, and every no its reason (art. 12(4))."""
    closed = tuple(_answered(case, mine, answers.get(mine.right)) for mine in case.rights)
    facts = {f"outcome_{mine.right}": mine.outcome for mine in closed}
    done = replace(case, rights=closed, outcome=_overall(closed))
    return _move(done, EventKind.CASE_CLOSED, by, at, facts)


def reopen(case: Case, *, by: str, at: datetime) -> Change:
    """An answered case is taken up again; nothing about its clocks changes."""
    if case.outcome is Outcome.NOT_A_REQUEST:
        raise _illegal(case, EventKind.CASE_REOPENED)
    reopened = replace(_all_rights(case, Status.OPEN), outcome=None)
    return _move(reopened, EventKind.CASE_REOPENED, by, at, {})


def as_seen(case: Case, version: int) -> Case:
    """The case, if it is still the one that a person looked at; StaleCase when it moved on."""
    if case.version != version:
        raise StaleCase(reference=case.reference)
    return case


def _answered(case: Case, mine: CaseRight, answer: Answer | None) -> CaseRight:
    if answer is None or answer.outcome is Outcome.NOT_A_REQUEST:  # that is what dismissing is for
        raise OutcomeMissing(reference=case.reference, right=mine.right)
    if answer.outcome in NEEDS_REASON and not answer.reason.strip():
        raise ReasonMissing(reference=case.reference, right=mine.right)
    return replace(mine, status=Status.CLOSED, outcome=answer.outcome, reason=answer.reason.strip())


def _overall(rights: tuple[CaseRight, ...]) -> Outcome:
    """One word for the case: what all its rights share, or partly granted when they differ."""
    outcomes = {mine.outcome for mine in rights if mine.outcome}
    return outcomes.pop() if len(outcomes) == 1 else Outcome.PARTLY_GRANTED


def _all_rights(case: Case, status: Status, outcome: Outcome | None = None) -> Case:
    moved = tuple(replace(mine, status=status, outcome=outcome, reason="") for mine in case.rights)
    return replace(case, rights=moved)


def _names(case: Case) -> list[str]:
    return [mine.right.value for mine in case.rights]


def _move(case: Case, kind: EventKind, by: str, at: datetime, facts: Facts, *effects: Effect) -> Change:
    sources, to = MOVES[kind]
    if case.status not in sources:
        raise _illegal(case, kind)
    event = Event(kind=kind, reference=case.reference, at=at, by=by, facts=facts)
    moved = replace(case, status=to or case.status, last=LastMove(kind=kind, by=by, at=at))
    told = TellThread(reference=case.reference, event=event)
    return Change(case=moved, event=event, effects=(*effects, ShowCard(reference=case.reference), told))


def _illegal(case: Case, kind: EventKind) -> IllegalMove:
    last = case.last
    return IllegalMove(
        reference=case.reference,
        status=case.status,
        kind=kind,
        last_kind=last.kind if last else EventKind.CASE_PROPOSED,
        last_by=last.by if last else RIGHTS_DESK,
        last_at=last.at if last else case.received_at,
    )
