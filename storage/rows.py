"""A row as a word of the trade, and back.  Parsing happens here and nowhere else in this room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cases.clock import dates_of_case
from cases.messages import Automatic, Channel, Language, Person
from cases.model import (
    Case,
    CaseRight,
    Event,
    EventKind,
    LastMove,
    Outcome,
    Pause,
    Right,
    Status,
)
from storage.tables import CaseRightRow, CaseRow, EventRow

Values = dict[str, Any]


def case_values(case: Case) -> Values:
    """Every column of a case but its version; the dates are computed here, from the case alone."""
    dates = dates_of_case(case)
    last = case.last
    return {
        "reference": case.reference,
        "status": case.status,
        "outcome": case.outcome,
        "requester_name": case.requester.name,
        "requester_address": case.requester.address,
        "language": case.language,
        "channel": case.channel,
        "received_at": case.received_at,
        "received_on": case.received_on,
        "promise_due": dates.promise_due,
        "statutory_due": dates.statutory_due,
        "next_due": dates.safe_day,
        "extended": case.extended,
        "pauses": [_pause_json(pause) for pause in case.pauses],
        "assignee": case.assignee,
        "unanswerable": case.unanswerable,
        "last_kind": last.kind if last else None,
        "last_by": last.by if last else None,
        "last_at": last.at if last else None,
        "subject_line": case.subject_line,
        "doubtful": case.doubtful,
        "thread": list(case.thread),
    }


def case_of(row: CaseRow, rights: Sequence[CaseRightRow]) -> Case:
    """`rights` in their order."""
    return Case(
        reference=row.reference,
        status=Status(row.status),
        rights=tuple(_right_of(mine) for mine in rights),
        requester=Person(name=row.requester_name, address=row.requester_address),
        language=Language(row.language),
        channel=Channel(row.channel),
        received_at=row.received_at,
        received_on=row.received_on,
        outcome=Outcome(row.outcome) if row.outcome else None,
        pauses=tuple(_pause_of(pause) for pause in row.pauses),
        extended=row.extended,
        assignee=row.assignee,
        subject_line=row.subject_line,
        doubtful=row.doubtful,
        thread=tuple(row.thread),
        unanswerable=Automatic(row.unanswerable) if row.unanswerable else None,
        last=_last_move_of(row),
        version=row.version,
    )


def right_rows(case: Case) -> list[CaseRightRow]:
    return [
        CaseRightRow(
            reference=case.reference,
            right=mine.right,
            place=place,
            received_on=mine.received_on,
            status=mine.status,
            outcome=mine.outcome,
            reason=mine.reason,
            score=mine.score,
            evidence=mine.evidence,
            stopped_at=mine.stopped_at,
        )
        for place, mine in enumerate(case.rights)
    ]


def event_of(row: EventRow) -> Event:
    return Event(kind=EventKind(row.kind), reference=row.reference, at=row.at, by=row.by, facts=row.facts)


def _right_of(row: CaseRightRow) -> CaseRight:
    return CaseRight(
        right=Right(row.right),
        received_on=row.received_on,
        status=Status(row.status),
        outcome=Outcome(row.outcome) if row.outcome else None,
        reason=row.reason,
        score=row.score,
        evidence=row.evidence,
        stopped_at=row.stopped_at,
    )


def _last_move_of(row: CaseRow) -> LastMove | None:
    if row.last_kind is None or row.last_by is None or row.last_at is None:
        return None
    return LastMove(kind=EventKind(row.last_kind), by=row.last_by, at=row.last_at)


def _pause_json(pause: Pause) -> dict[str, str]:
    return {"asked_on": pause.asked_on.isoformat(), "answered_on": pause.answered_on.isoformat()}


def _pause_of(kept: Mapping[str, str]) -> Pause:
    return Pause(
        asked_on=date.fromisoformat(kept["asked_on"]), answered_on=date.fromisoformat(kept["answered_on"])
    )
