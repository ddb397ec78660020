"""Case files as the people's side gets them, and the moment at which it looks."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from bot.wordings import Texts
from cases.messages import Language
from cases.model import Case, EventKind, LastMove
from cases.records import CaseFile, FiledAs, FiledMessage
from tests.builders import NOW, TODAY, a_case

ANNA, BRAM = "U0ANNA", "U0BRAM"
NL, EN = Texts(Language.NL), Texts(Language.EN)
UNDO = timedelta(minutes=10)

__all__ = ["ANNA", "BRAM", "EN", "NL", "NOW", "TODAY", "UNDO", "a_file", "a_move", "a_reply", "at"]


def at(hour: int, minute: int, day: date = TODAY) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC)


def a_move(kind: EventKind = EventKind.CASE_CONFIRMED, by: str = ANNA) -> LastMove:
    return LastMove(kind=kind, by=by, at=at(13, 22))


def a_file(case: Case | None = None, **facts: Any) -> CaseFile:
    told: dict[str, Any] = {"events": (), "messages": (), "letters": (), **facts}
    return CaseFile(case=case or a_case(), **told)


def a_reply(number: int = 7, **facts: Any) -> FiledMessage:
    told: dict[str, Any] = {
        "received_at": at(10, 5),
        "sender_name": "Noor de Vries",
        "sender_address": "noor@example.org",
        "subject_line": "Re: uw bericht",
        "text": "Dank u wel.",
        "filed_as": FiledAs.REPLY,
        **facts,
    }
    return FiledMessage(id=number, **told)
