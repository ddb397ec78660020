"""Things of the trade with everything filled in that a test does not care about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from cases.messages import Arrival, Channel, InboundMessage, Language, Person
from cases.model import (
    RIGHTS_DESK,
    Band,
    Case,
    CaseRight,
    Classification,
    Event,
    EventKind,
    Evidence,
    LetterKind,
    Right,
    Status,
)
from cases.records import FiledAs, Filing, KeptLetter

#: A Thursday, ten past nine in Amsterdam.
NOW = datetime(2026, 3, 5, 8, 10, 30, 123456, tzinfo=UTC)
TODAY = NOW.date()
REQUESTER = Person(name="Noor de Vries", address="noor@example.org")


class FrozenClock:
    """cases.ports.Clock; it moves when it is told to."""

    def __init__(self, at: datetime = NOW, zone: str = "Europe/Amsterdam") -> None:
        self.at = at
        self.zone = ZoneInfo(zone)

    def now(self) -> datetime:
        return self.at

    def day(self, instant: datetime) -> date:
        return instant.astimezone(self.zone).date()

    def move(self, by: timedelta) -> datetime:
        self.at += by
        return self.at


def a_case(
    reference: str = "AVG-2026-0001", *, rights: Iterable[Right] = (Right.ACCESS,), **facts: Any
) -> Case:
    """A proposed case, received on 5 March 2026."""
    received_on = facts.pop("received_on", TODAY)
    status = facts.pop("status", Status.PROPOSED)
    mine = tuple(
        CaseRight(right=right, received_on=received_on, status=status, score=0.93, evidence="Welke gegevens?")
        for right in rights
    )
    case = Case(
        reference=reference,
        status=status,
        rights=mine,
        requester=REQUESTER,
        language=Language.NL,
        channel=Channel.MAIL,
        received_at=NOW,
        received_on=received_on,
        subject_line="Mijn gegevens",
        thread=("<first@example.org>",),
    )
    return replace(case, **facts)


def an_event(
    reference: str = "AVG-2026-0001", *, kind: EventKind = EventKind.CASE_PROPOSED, **facts: Any
) -> Event:
    event = Event(kind=kind, reference=reference, at=NOW, by=RIGHTS_DESK, facts={"rights": ["access"]})
    return replace(event, **facts)


def an_arrival(number: int = 1, *, raw: bytes | None = None, **facts: Any) -> Arrival:
    """The `number`th mail; each number has its own content."""
    written = f"From: noor@example.org\r\nSubject: {number}\r\n\r\nGraag inzage, mail {number}.\r\n"
    arrival = Arrival(
        sender=REQUESTER.address,
        recipients=("servicedesk@smartfms.nl",),
        raw=written.encode() if raw is None else raw,
        received_at=NOW,
    )
    return replace(arrival, **facts)


def a_message(number: int = 1, **facts: Any) -> InboundMessage:
    message = InboundMessage(
        channel=Channel.MAIL,
        message_id=f"<{number}@example.org>",
        fingerprint=sha256(f"message {number}".encode()).hexdigest(),
        received_at=NOW,
        sender=REQUESTER,
        to=("servicedesk@smartfms.nl",),
        subject_line="Mijn gegevens",
        text="Welke gegevens hebben jullie van mij?",
        new_text="Welke gegevens hebben jullie van mij?",
    )
    return replace(message, **facts)


def a_reading(*rights: Right, **facts: Any) -> Classification:
    """The classifier read these rights, or access."""
    read = rights or (Right.ACCESS,)
    reading = Classification(
        scores={right: 0.93 if right in read else 0.02 for right in Right},
        rights=frozenset(read),
        language=Language.NL,
        evidence=tuple(Evidence(right=right, text="Welke gegevens?", start=0, end=15) for right in read),
        model="0.1.0",
    )
    return replace(reading, **facts)


def a_filing(reference: str | None = "AVG-2026-0001", **facts: Any) -> Filing:
    filing = Filing(filed_as=FiledAs.REQUEST, reference=reference, reading=a_reading())
    return replace(filing, **facts)


def a_letter(number: int = 1, reference: str = "AVG-2026-0001", **facts: Any) -> KeptLetter:
    letter = KeptLetter(
        id=number,
        reference=reference,
        kind=LetterKind.ACKNOWLEDGEMENT,
        language="nl",
        message_id=f"<{reference}.{number}@smartfms.nl>",
        to_address=REQUESTER.address,
        subject_line=f"Uw verzoek {reference}",
        body="Wij hebben uw verzoek ontvangen.",
        in_reply_to="<first@example.org>",
        references=("<first@example.org>",),
        sent_at=NOW,
    )
    return replace(letter, **facts)


async def pass_over(store: Any, **facts: Any) -> None:
    """The first mail arrives and is read as no request; `facts` are its message's."""
    none = Filing(filed_as=FiledAs.OTHER, reading=a_reading(rights=frozenset(), band=Band.NONE))
    await store.keeper.keep(an_arrival())
    async with store.begin() as tx:
        await tx.file(1, a_message(**facts), none)
