"""What goes to Slack: the cards, what is told in their threads, reminders, digests and lines for staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.cards import Card, case_card
from bot.courier import NotNow, NotYet
from bot.digest import digest_card
from bot.lines import staff_line, thread_line
from bot.noticeboard import CardGone, Noticeboard, SlackAway
from bot.places import Places
from bot.reminders import reminder
from bot.second_look import second_look_card
from bot.wordings import Texts
from cases.agenda import is_digest_overtaken, is_overtaken
from cases.desk import Desk
from cases.effects import SendDigest, SendReminder, ShowCard, ShowSecondLook, TellStaff, TellThread
from cases.ports import Outbox
from cases.records import CardPlace, CaseFile, Owed
from cases.second_looks import SecondLooks


@dataclass(frozen=True, slots=True)
class SlackRound:
    """Delivers what the outbox owes to Slack."""

    desk: Desk
    outbox: Outbox
    board: Noticeboard
    places: Places
    texts: Texts
    looks: SecondLooks

    async def deliver(self, owed: Owed) -> None:
        if not await self.outbox.take_off(owed.id):
            return
        try:
            await self._post(owed)
        except SlackAway as away:
            raise NotNow(part="slack", error=str(away.facts["error"]), retry_after=away.retry_after) from None
        await self.outbox.settle(owed.id)

    async def _post(self, owed: Owed) -> None:
        match owed.effect:
            case ShowCard(reference=reference):
                await self._show_card(owed, reference)
            case TellThread(reference=reference, event=event):
                file, place = await self._placed(reference)
                line = thread_line(event, file, self.texts)
                await self.board.post(owed, "thread", place.channel, line, thread=place.ts)
            case SendReminder(reference=reference):
                await self._remind(owed, owed.effect)
            case SendDigest(day=day):
                if not is_digest_overtaken(day, self._today()):
                    await self.board.post(owed, "digest", self.places.leads, await self._digest(day))
            case ShowSecondLook(week=week):
                await self._show_look(owed, week)
            case TellStaff():
                await self.board.post(owed, "staff", self.places.staff, staff_line(owed.effect, self.texts))

    async def _show_card(self, owed: Owed, reference: str) -> None:
        file = await self.desk.case_file(reference)
        if file.card is not None:
            try:
                await self.board.redraw(file.card, self._card(file))
            except CardGone:
                pass  # somebody deleted it; the case still needs one
            else:
                return
        ts = await self.board.post(owed, "card", self.places.staff, self._card(file))
        async with self.desk.store.begin() as tx:
            await tx.place_card(reference, CardPlace(channel=self.places.staff, ts=ts))

    async def _show_look(self, owed: Owed, week: date) -> None:
        look, tally = await self.looks.look(week), await self.looks.tally()
        card = second_look_card(look, tally, self.texts)
        if look.place is not None:
            try:
                await self.board.redraw(look.place, card)
            except CardGone:
                pass  # somebody deleted it; the questions still want an answer
            else:
                return
        ts = await self.board.post(owed, "look", self.places.staff, card)
        async with self.desk.store.begin() as tx:
            await tx.place_look(week, CardPlace(channel=self.places.staff, ts=ts))

    async def _remind(self, owed: Owed, nudge: SendReminder) -> None:
        file, place = await self._placed(nudge.reference)
        if is_overtaken(file.case, nudge.nudge, nudge.day, self._today()):
            return
        card = reminder(file.case, nudge.nudge, nudge.day, self.texts)
        await self.board.post(owed, "deadlines", self.places.deadlines, card)
        await self.board.post(owed, "thread", place.channel, card, thread=place.ts)

    def _today(self) -> date:
        return self.desk.clock.day(self.desk.clock.now())

    async def _digest(self, day: date) -> Card:
        return digest_card(await self.desk.digest(day), self.texts)

    async def _placed(self, reference: str) -> tuple[CaseFile, CardPlace]:
        file = await self.desk.case_file(reference)
        if file.card is None:
            raise NotYet
        return file, file.card

    def _card(self, file: CaseFile) -> Card:
        now = self.desk.clock.now()
        return case_card(file, now=now, today=self._today(), texts=self.texts, undo=self.desk.undo)
