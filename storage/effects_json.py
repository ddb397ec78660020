"""An effect as JSON and back, without loss: how the outbox keeps what we owe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, Final

from cases.effects import (
    Effect,
    SendDigest,
    SendLetter,
    SendReminder,
    ShowCard,
    ShowSecondLook,
    StaffLine,
    TellStaff,
    TellThread,
)
from cases.model import Event, EventKind, LetterKind, Nudge

Payload = dict[str, Any]

SHOW_CARD: Final = "show_card"
SEND_LETTER: Final = "send_letter"


class NotKept(TypeError):
    """This effect is carried out when it is recorded; it is never owed."""


def payload_of(effect: Effect) -> tuple[str, Payload]:  # noqa: PLR0911 - a kind of effect a return
    """The kind of outbox row, and what stands in it."""
    match effect:
        case ShowCard(reference=reference):
            return SHOW_CARD, {"reference": reference}
        case TellThread(reference=reference, event=event):
            return "tell_thread", {"reference": reference, "event": _event_json(event)}
        case SendLetter(kind=kind, reference=reference, not_before=instant):
            letter = {"kind": kind.value, "reference": reference, "not_before": instant.isoformat()}
            return SEND_LETTER, letter
        case SendReminder(reference=reference, nudge=nudge, day=day):
            return "send_reminder", {"reference": reference, "nudge": nudge.value, "day": day.isoformat()}
        case SendDigest(day=day):
            return "send_digest", {"day": day.isoformat()}
        case ShowSecondLook(week=week):
            return "show_second_look", {"week": week.isoformat()}
        case TellStaff(line=line, facts=facts):
            return "tell_staff", {"line": line.value, "facts": dict(facts)}
        case _:
            raise NotKept(type(effect).__name__)


def effect_of(kind: str, payload: Mapping[str, Any]) -> Effect:
    return _READERS[kind](payload)


def _event_json(event: Event) -> Payload:
    return {
        "kind": event.kind.value,
        "reference": event.reference,
        "at": event.at.isoformat(),
        "by": event.by,
        "facts": dict(event.facts),
    }


def _event(payload: Mapping[str, Any]) -> Event:
    return Event(
        kind=EventKind(payload["kind"]),
        reference=payload["reference"],
        at=datetime.fromisoformat(payload["at"]),
        by=payload["by"],
        facts=payload["facts"],
    )


def letter_in(payload: Mapping[str, Any]) -> SendLetter:
    instant = datetime.fromisoformat(payload["not_before"])
    return SendLetter(kind=LetterKind(payload["kind"]), reference=payload["reference"], not_before=instant)


def _reminder(payload: Mapping[str, Any]) -> SendReminder:
    day = date.fromisoformat(payload["day"])
    return SendReminder(reference=payload["reference"], nudge=Nudge(payload["nudge"]), day=day)


_READERS: Final[Mapping[str, Callable[[Mapping[str, Any]], Effect]]] = {
    SHOW_CARD: lambda kept: ShowCard(reference=kept["reference"]),
    "tell_thread": lambda kept: TellThread(reference=kept["reference"], event=_event(kept["event"])),
    SEND_LETTER: letter_in,
    "send_reminder": _reminder,
    "send_digest": lambda kept: SendDigest(day=date.fromisoformat(kept["day"])),
    "show_second_look": lambda kept: ShowSecondLook(week=date.fromisoformat(kept["week"])),
    "tell_staff": lambda kept: TellStaff(line=StaffLine(kept["line"]), facts=kept["facts"]),
}
