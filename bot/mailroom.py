"""Letters to requesters: written from the record as they leave, kept exactly as sent, never sent twice."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email.message import EmailMessage
from zoneinfo import ZoneInfo

import structlog

from bot.courier import NotNow, surely
from bot.envelopes import letter_mail, message_id_for
from bot.postbox import AddressRefused, LetterRefused, Postbox, RelayAway, Unclear
from cases.controller import Controller
from cases.desk import Desk
from cases.effects import SendLetter, ShowCard, TellThread
from cases.letters import write
from cases.model import RIGHTS_DESK, Event, EventKind, Facts
from cases.ports import Outbox, Transaction
from cases.records import KeptLetter, Lane, Owed
from cases.wording import written

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Mailroom:
    """Delivers what the outbox owes by letter; without a relay a letter is kept, and shown on the page."""

    desk: Desk
    outbox: Outbox
    controller: Controller
    sender: str  #: the mailbox that our letters come from
    postbox: Postbox | None
    zone: ZoneInfo

    async def deliver(self, owed: Owed) -> None:
        if not isinstance(owed.effect, SendLetter):
            raise TypeError(type(owed.effect).__name__)
        letter = await self._written(owed, owed.effect)
        if letter.sent_at is not None:  # it went; only the settling was missed
            await self.outbox.settle(owed.id)
        elif self.postbox is None:
            if await self.outbox.take_off(owed.id):
                await self._sent(letter)
        elif owed.was_in_flight:
            await self._unclear(letter, "crash")
        else:
            await self._send(letter, self.postbox)

    async def _send(self, letter: KeptLetter, postbox: Postbox) -> None:
        """Everything up to RCPT may fail and be tried again; from DATA on an unheard answer is unclear."""
        try:
            async with postbox.open(self._mail(letter), letter.to_address) as handover:
                if not await self._taken_off(letter):
                    return
                await handover.data()
        except RelayAway as fault:
            raise NotNow(part=Lane.MAIL, error=str(fault.facts.get("error", "away"))) from None
        except (AddressRefused, LetterRefused) as fault:
            await self._failed(letter, str(fault.facts.get("error", type(fault).__name__)))
        except Unclear as fault:
            await self._unclear(letter, str(fault.facts.get("error", "unclear")))
        else:
            await self._gone(letter)

    async def _gone(self, letter: KeptLetter) -> None:
        """The relay has it.  Whatever goes wrong from here, it must not go back into the outbox."""
        try:
            await self._sent(letter)
        except Exception as fault:
            error = type(fault).__name__
            log.exception("letter sent and not written down", letter=letter.id)
            await surely(lambda: self.outbox.mark_unclear(letter.id, error))

    async def _written(self, owed: Owed, effect: SendLetter) -> KeptLetter:
        """The letter as kept when it went or was about to, or else written now from the record."""
        file = await self.desk.case_file(effect.reference)
        case = file.case
        for letter in file.letters:
            if letter.id == owed.id and (letter.sent_at or owed.was_in_flight):
                return letter
        now = self.desk.clock.now()
        text = write(
            effect.kind,
            case,
            controller=self.controller,
            written_on=self.desk.clock.day(now),
            zone=self.zone,
        )
        return KeptLetter(
            id=owed.id,
            reference=case.reference,
            kind=effect.kind,
            language=written(case.language),
            message_id=message_id_for(case.reference, owed.id, self.sender.rpartition("@")[2]),
            to_address=case.requester.address,
            subject_line=text.subject_line,
            body=text.body,
            in_reply_to=case.thread[-1] if case.thread else "",
            references=case.thread,
        )

    async def _taken_off(self, letter: KeptLetter) -> bool:
        """The letter is kept before it is handed over, so that a crash leaves proof of what may have gone."""
        if not await self.outbox.take_off(letter.id):
            return False
        await self._write_down(None, letter)
        return True

    async def _sent(self, letter: KeptLetter) -> None:
        now = self.desk.clock.now()
        event = _event(EventKind.LETTER_SENT, letter, now, kept_here=self.postbox is None)
        await self._write_down(event, replace(letter, sent_at=now))
        await surely(lambda: self.outbox.settle(letter.id))

    async def _failed(self, letter: KeptLetter, error: str) -> None:
        await self._write_down(_event(EventKind.LETTER_FAILED, letter, self.desk.clock.now(), error=error))
        await surely(lambda: self.outbox.fail(letter.id, error))

    async def _unclear(self, letter: KeptLetter, error: str) -> None:
        """A person decides; a second copy to the requester is never our own idea."""
        event = _event(EventKind.LETTER_UNCLEAR, letter, self.desk.clock.now(), error=error)
        await self._write_down(event, letter)  # a crash may have come before it was kept
        await surely(lambda: self.outbox.mark_unclear(letter.id, error))

    async def _write_down(self, event: Event | None, letter: KeptLetter | None = None) -> None:
        """The letter as it stands, and what the register and the thread are told; in one transaction."""

        async def record() -> None:
            async with self.desk.store.begin() as tx:
                if letter:
                    await tx.keep_letter(letter)
                if event:
                    await _tell(tx, event)

        await surely(record)

    def _mail(self, letter: KeptLetter) -> EmailMessage:
        return letter_mail(
            letter, controller=self.controller, sender=self.sender, sent_at=self.desk.clock.now()
        )


def _event(kind: EventKind, letter: KeptLetter, at: datetime, **facts: str | bool) -> Event:
    told: Facts = {"letter": letter.id, "kind": letter.kind.value, **facts}
    return Event(kind=kind, reference=letter.reference, at=at, by=RIGHTS_DESK, facts=told)


async def _tell(tx: Transaction, event: Event) -> None:
    await tx.note(
        event, TellThread(reference=event.reference, event=event), ShowCard(reference=event.reference)
    )
