"""A transaction of the store in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from cases.clock import dates_of_case
from cases.effects import Change, Effect, RecallLetters, SendLetter, ShowCard
from cases.errors import CaseNotFound, MessageNotFound, StaleCase, TooLate
from cases.messages import Arrival, InboundMessage
from cases.model import Case, Event, EventKind, Status
from cases.ports import Clock
from cases.records import (
    CardPlace,
    CaseFile,
    CaseQuery,
    FiledMessage,
    Filing,
    KeptLetter,
    Lane,
    OwedState,
    SetAside,
    Tally,
    WaitingLetter,
)
from tests.drawers import GONE, PENDING, Drawers, Due, Kept
from tests.fake_lessons import InMemoryLessons


class InMemoryTransaction(InMemoryLessons):
    """cases.ports.Transaction."""

    def __init__(self, drawers: Drawers, clock: Clock) -> None:
        self.kept = drawers
        self.clock = clock

    # -- arrivals -------------------------------------------------------------------------------

    async def arrival(self, arrival_id: int) -> Arrival:
        if arrival_id not in self.kept.arrivals:
            raise MessageNotFound(message=arrival_id)
        return self.kept.arrivals[arrival_id].arrival

    async def file(self, arrival_id: int, message: InboundMessage, filing: Filing) -> bool:
        if not self._leave_queue(arrival_id, "read", ""):
            return False
        self.kept.messages.append((arrival_id, message, filing))
        return True

    async def set_aside(self, arrival_id: int, error: str) -> bool:
        return self._leave_queue(arrival_id, "set_aside", error)

    async def set_asides(self) -> Sequence[SetAside]:
        return [
            SetAside(
                id=number,
                received_at=kept.arrival.received_at,
                error=kept.error,
                attempts=kept.arrival.attempts,
            )
            for number, kept in self.kept.arrivals.items()
            if kept.state == "set_aside"
        ]

    async def retry(self, arrival_id: int) -> None:
        kept = self.kept.arrivals.get(arrival_id)
        if kept is None or kept.state != "set_aside":
            raise MessageNotFound(message=arrival_id)
        self.kept.arrivals[arrival_id] = Kept(replace(kept.arrival, attempts=0))

    def _leave_queue(self, arrival_id: int, state: str, error: str) -> bool:
        kept = self.kept.arrivals.get(arrival_id)
        if kept is None or kept.state != "unread":
            return False
        self.kept.arrivals[arrival_id] = Kept(kept.arrival, state, error)
        return True

    # -- finding --------------------------------------------------------------------------------

    async def filed_before(self, fingerprint: str) -> Filing | None:
        same = (filing for _, message, filing in self.kept.messages if message.fingerprint == fingerprint)
        return next(same, None)

    async def case_in_thread(self, message_ids: Sequence[str]) -> str | None:
        messages = reversed(self.kept.messages)
        found = {message.message_id: filing.reference for _, message, filing in messages if filing.reference}
        found |= {letter.message_id: letter.reference for letter in self.kept.letters.values()}
        return next((found[message_id] for message_id in message_ids[:50] if message_id in found), None)

    async def case(self, reference: str) -> Case:
        if reference not in self.kept.cases:
            raise CaseNotFound(reference=reference)
        return self.kept.cases[reference]

    async def cases(self, query: CaseQuery) -> Sequence[Case]:
        wanted = [
            case
            for case in self.kept.cases.values()
            if (case.is_live or not query.live_only)
            and query.status in {None, case.status}
            and (query.right is None or case.right(query.right))
        ]
        return sorted(wanted, key=lambda case: (dates_of_case(case).safe_day, case.reference))

    async def case_file(self, reference: str) -> CaseFile:
        letters = [due for due in self.kept.outbox.values() if due.reference == reference]
        owed = [due for due in letters if due.lane is Lane.MAIL and due.state is OwedState.OWED]
        return CaseFile(
            case=await self.case(reference),
            events=tuple(event for event in self.kept.events if event.reference == reference),
            messages=tuple(
                _filed(number, message, filing)
                for number, message, filing in self.kept.messages
                if filing.reference == reference
            ),
            letters=tuple(
                letter for _, letter in sorted(self.kept.letters.items()) if letter.reference == reference
            ),
            letters_owed=tuple(due.not_before for due in owed),
            card=self.kept.cards.get(reference),
        )

    async def tally(self) -> Tally:
        states = [kept.state for kept in self.kept.arrivals.values()]
        unread = [kept.arrival for kept in self.kept.arrivals.values() if kept.state == "unread"]
        letters = [due.state for due in self.kept.outbox.values() if due.lane is Lane.MAIL]
        pending = [due for due in self.kept.outbox.values() if due.state in PENDING]
        statuses = [case.status for case in self.kept.cases.values()]
        return Tally(
            unread=len(unread),
            set_aside=states.count("set_aside"),
            owed=len(pending),
            failed_letters=letters.count(OwedState.FAILED),
            unclear_letters=letters.count(OwedState.UNCLEAR),
            oldest_unread=min((arrival.received_at for arrival in unread), default=None),
            oldest_owed=min((due.due_at for due in pending if due.attempts), default=None),
            cases={status: statuses.count(status) for status in Status},
        )

    async def letters(self, limit: int = 200) -> Sequence[KeptLetter]:
        return [letter for _, letter in sorted(self.kept.letters.items(), reverse=True)][:limit]

    async def letters_waiting(self) -> Sequence[WaitingLetter]:
        return [
            WaitingLetter(
                id=due.id,
                reference=due.effect.reference,
                kind=due.effect.kind,
                not_before=due.not_before,
                state=due.state,
            )
            for due in self.kept.outbox.values()
            if isinstance(due.effect, SendLetter)
            and due.state in {OwedState.OWED, OwedState.FAILED, OwedState.UNCLEAR}
        ]

    # -- writing --------------------------------------------------------------------------------

    async def next_reference(self, year: int) -> str:
        self.kept.counters[year] = self.kept.counters.get(year, 0) + 1
        return f"AVG-{year}-{self.kept.counters[year]:04d}"

    async def record(self, change: Change) -> None:
        case, known = change.case, self.kept.cases.get(change.case.reference)
        begins = change.event.kind is EventKind.CASE_PROPOSED
        if known is None and case.version > 1:
            raise CaseNotFound(reference=case.reference)
        if known is not None and (begins or known.version != case.version):
            raise StaleCase(reference=case.reference)
        self.kept.cases[case.reference] = replace(case, version=case.version + (known is not None))
        self.kept.events.append(change.event)
        await self.owe(*change.effects)

    async def note(self, event: Event, *effects: Effect) -> None:
        await self.case(event.reference)
        self.kept.events.append(event)
        await self.owe(*effects)

    async def owe(self, *effects: Effect) -> None:
        for effect in effects:
            if isinstance(effect, RecallLetters):
                self._recall(effect.reference)
            elif not (isinstance(effect, ShowCard) and self._card_waits(effect)):
                self._owe(effect)

    async def once(self, about: str, kind: str, day: date) -> bool:
        line = (about, str(kind), day)
        is_first = line not in self.kept.ledger
        self.kept.ledger.add(line)
        return is_first

    async def place_card(self, reference: str, place: CardPlace) -> None:
        self.kept.cards[reference] = place

    async def keep_letter(self, letter: KeptLetter) -> None:
        self.kept.letters[letter.id] = letter

    def _owe(self, effect: Effect) -> None:
        now = self.clock.now()
        due_at = effect.not_before if isinstance(effect, SendLetter) else now
        number = self.kept.last_owed[0] + 1
        self.kept.last_owed = [number]
        self.kept.outbox[number] = Due(number, effect, due_at, due_at)

    def _card_waits(self, effect: ShowCard) -> bool:
        return any(
            due.effect == effect and due.state is OwedState.OWED and due.held_until is None
            for due in self.kept.outbox.values()
        )

    def _recall(self, reference: str) -> None:
        for due in list(self.kept.outbox.values()):
            if due.reference == reference and due.lane is Lane.MAIL:
                if due.state in GONE:
                    raise TooLate(reference=reference)
                if due.state is OwedState.OWED:
                    self.kept.outbox[due.id] = replace(due, state=OwedState.CANCELLED)


def _filed(number: int, message: InboundMessage, filing: Filing) -> FiledMessage:
    return FiledMessage(
        id=number,
        received_at=message.received_at,
        sender_name=message.sender.name,
        sender_address=message.sender.address,
        subject_line=message.subject_line,
        text=message.text,
        filed_as=filing.filed_as,
    )
