"""Cases as JSON, with exactly the keys that other programs rely on, and more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any

from bot.commands import paper
from cases.agenda import Digest, is_overdue
from cases.clock import dates_of_case
from cases.messages import Language, Person
from cases.model import Case, EventKind
from cases.reasons import reasons
from cases.records import CaseFile

#: The last of these about a letter says where it stands.
_LETTER_EVENTS = {
    EventKind.LETTER_SENT: "sent",
    EventKind.LETTER_RESENT: "sent again",
    EventKind.LETTER_UNCLEAR: "unclear",
    EventKind.LETTER_FAILED: "failed",
}


def case_json(case: Case, today: date) -> dict[str, Any]:
    """One row of `cases --json`."""
    found = dates_of_case(case)
    return {
        "reference": case.reference,
        "status": case.status.value,
        "outcome": case.outcome.value if case.outcome else None,
        "rights": [
            {
                "right": mine.right.value,
                "status": mine.status.value,
                "outcome": mine.outcome.value if mine.outcome else None,
            }
            for mine in case.rights
        ],
        "requester": requester(case.requester),
        "requester_name": case.requester.name,
        "requester_address": case.requester.address,
        "language": case.language.value,
        "channel": case.channel.value,
        "received_on": str(case.received_on),
        "promise_due": str(found.promise_due),
        "statutory_due": str(found.statutory_due),
        "safe_day": str(found.safe_day),
        "overdue": is_overdue(case, today),
        "assignee": case.assignee,
    }


def file_json(file: CaseFile, today: date, language: Language) -> dict[str, Any]:
    """`case REFERENCE --json`."""
    case = file.case
    found = dates_of_case(case)
    return {
        **case_json(case, today),
        "dates": {name: str(day) for name, day in asdict(found).items()},
        "reasons": reasons(found, language, case.pauses, extended=case.extended),
        "messages": [
            {**asdict(message), "received_at": message.received_at.isoformat()} for message in file.messages
        ],
        "letters": [
            {**asdict(letter), "sent_at": letter.sent_at.isoformat() if letter.sent_at else None}
            for letter in file.letters
        ],
        "letters_owed": [instant.isoformat() for instant in file.letters_owed],
        "events": [
            {"kind": event.kind.value, "at": event.at.isoformat(), "by": event.by, "facts": dict(event.facts)}
            for event in file.events
        ],
        "card": asdict(file.card) if file.card else None,
    }


def digest_json(digest: Digest) -> dict[str, Any]:
    groups = {
        "past_statute": digest.past_statute,
        "past_promise": digest.past_promise,
        "due_this_week": digest.due_this_week,
        "awaiting_confirmation": digest.awaiting_confirmation,
    }
    counts = ("live", "overdue", "failed_letters", "unclear_letters", "set_aside", "unread")
    return {
        "day": str(digest.day),
        **{name: [case_json(case, digest.day) for case in cases] for name, cases in groups.items()},
        **{name: getattr(digest, name) for name in counts},
    }


def letters_json(file: CaseFile) -> list[dict[str, Any]]:
    """Every letter of a case that left or tried to, by the number that `resend` takes."""
    stands: dict[int, dict[str, Any]] = {}
    for event in file.events:
        number = event.facts.get("letter")
        if event.kind in _LETTER_EVENTS and isinstance(number, int):
            stands[number] = {
                "id": number,
                "reference": event.reference,
                "kind": event.facts.get("kind"),
                "status": _LETTER_EVENTS[event.kind],
                "at": event.at.isoformat(),
                "error": event.facts.get("error"),
            }
    return list(stands.values())


def requester(person: Person) -> str:
    """'Name <address>', or the half that is known."""
    return (
        f"{person.name} <{person.address}>"
        if person.name and person.address
        else person.name or person.address
    )


def tell_cases(cases: Iterable[Case], today: date) -> None:
    titles = ("REFERENCE", "STATUS", "RECEIVED", "PROMISE", "STATUTORY", "", "RIGHTS", "REQUESTER")
    rows = (case_json(case, today) for case in cases)
    paper.table(
        titles,
        [
            (
                row["reference"],
                row["outcome"] or row["status"],
                row["received_on"],
                row["promise_due"],
                row["statutory_due"],
                "overdue" if row["overdue"] else "",
                ", ".join(mine["right"] for mine in row["rights"]),
                paper.plain(row["requester"], cut=60),
            )
            for row in rows
        ],
    )
