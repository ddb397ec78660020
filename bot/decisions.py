"""What a person decides about a letter of which the machine cannot know whether it left."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from bot.explaining import LetterSettled
from cases.desk import Desk
from cases.effects import ShowCard, TellThread
from cases.model import Event, EventKind, Facts
from cases.ports import Outbox, Transaction
from cases.records import OwedState

_STUCK: Final = frozenset({OwedState.FAILED, OwedState.UNCLEAR})
_UNSURE: Final = frozenset({OwedState.UNCLEAR})


@dataclass(frozen=True, slots=True)
class LetterDecisions:
    desk: Desk
    outbox: Outbox

    async def send_again(self, reference: str, owed_id: int, *, by: str) -> None:
        """The letter goes (again); LetterSettled when somebody decided before."""
        facts: Facts = {"letter": owed_id}
        now = self.desk.clock.now()
        async with self.desk.store.begin() as tx:
            await _still(tx, reference, owed_id, _STUCK)
            event = Event(kind=EventKind.LETTER_RESENT, reference=reference, at=now, by=by, facts=facts)
            await tx.note(event, TellThread(reference=reference, event=event))
        await self.outbox.resend(owed_id)

    async def it_arrived(self, reference: str, owed_id: int, *, by: str) -> None:
        """The letter counts as sent, on the word of a colleague; LetterSettled as above."""
        now = self.desk.clock.now()
        async with self.desk.store.begin() as tx:
            await _still(tx, reference, owed_id, _UNSURE)
            for letter in (await tx.case_file(reference)).letters:
                if letter.id == owed_id:
                    await tx.keep_letter(replace(letter, sent_at=now))
            facts: Facts = {"letter": owed_id, "found_out": True}
            event = Event(kind=EventKind.LETTER_SENT, reference=reference, at=now, by=by, facts=facts)
            await tx.note(event, TellThread(reference=reference, event=event), ShowCard(reference=reference))
        await self.outbox.settle(owed_id)


async def _still(tx: Transaction, reference: str, owed_id: int, states: frozenset[OwedState]) -> None:
    waiting = await tx.letters_waiting()
    if not any((one.id, one.reference) == (owed_id, reference) and one.state in states for one in waiting):
        raise LetterSettled
