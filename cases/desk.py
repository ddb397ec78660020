"""What the rights desk does: one method per thing that can happen to it.

Every method reads, asks a pure function, and records, inside one transaction and without any network.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cases import lifecycle
from cases.agenda import Digest, digest_of, is_overdue, nudge_due
from cases.effects import SendDigest, SendReminder, ShowCard, StaffLine, TellStaff, TellThread
from cases.holidays import is_ordinary_working_day
from cases.learning import learn, unlearn
from cases.lessons import Origin
from cases.lifecycle import Answer
from cases.messages import Language
from cases.model import RIGHTS_DESK, Case, Event, EventKind, Nudge, Right
from cases.ports import Clock, Store, Transaction
from cases.records import CaseFile, CaseQuery, SetAside


@dataclass(frozen=True, slots=True)
class Desk:
    """The people's side: clicks, commands and the calendar.  Mail comes in through `triage.Triage`."""

    store: Store
    clock: Clock
    undo: timedelta = timedelta(minutes=10)  #: how long a letter waits, so that a click can be undone

    # -- clicks ---------------------------------------------------------------------------------

    async def confirm(self, reference: str, *, by: str) -> None:
        now = self.clock.now()
        async with self.store.begin() as tx:
            case = await tx.case(reference)
            await tx.record(lifecycle.confirm(case, by=by, at=now, letter_at=now + self.undo))
            await learn(tx, case, Origin.CONFIRMED, now)

    async def undo_confirmation(self, reference: str, *, by: str) -> None:
        async with self.store.begin() as tx:
            await tx.record(lifecycle.undo_confirmation(await tx.case(reference), by=by, at=self.clock.now()))
            await unlearn(tx, reference)

    async def dismiss(self, reference: str, *, by: str) -> None:
        now = self.clock.now()
        async with self.store.begin() as tx:
            case = await tx.case(reference)
            await tx.record(lifecycle.dismiss(case, by=by, at=now))
            await learn(tx, case, Origin.DISMISSED, now)

    async def undo_dismissal(self, reference: str, *, by: str) -> None:
        async with self.store.begin() as tx:
            await tx.record(lifecycle.undo_dismissal(await tx.case(reference), by=by, at=self.clock.now()))
            await unlearn(tx, reference)

    async def change_rights(
        self, reference: str, rights: Iterable[Right], *, by: str, seen: int, language: Language | None = None
    ) -> None:
        """Rights, and the language of the letters when it is given and differs.

        `seen` is the version the agent looked at: StaleCase when the case moved on meanwhile.
        """
        now = self.clock.now()
        async with self.store.begin() as tx:
            case = lifecycle.as_seen(await tx.case(reference), seen)
            if language not in {None, case.language}:
                await tx.record(lifecycle.change_language(case, language, by=by, at=now))
                case = await tx.case(reference)
            change = lifecycle.change_rights(case, rights, by=by, at=now, today=self.clock.day(now))
            if [mine.right for mine in change.case.rights] != [mine.right for mine in case.rights]:
                await tx.record(change)
                await learn(tx, change.case, Origin.CHANGED, now)

    async def stop_marketing(self, reference: str, *, by: str) -> None:
        async with self.store.begin() as tx:
            await tx.record(lifecycle.stop_marketing(await tx.case(reference), by=by, at=self.clock.now()))

    async def close(self, reference: str, answers: Mapping[Right, Answer], *, by: str, seen: int) -> None:
        async with self.store.begin() as tx:
            case = lifecycle.as_seen(await tx.case(reference), seen)
            await tx.record(lifecycle.close(case, answers, by=by, at=self.clock.now()))

    async def reopen(self, reference: str, *, by: str) -> None:
        async with self.store.begin() as tx:
            await tx.record(lifecycle.reopen(await tx.case(reference), by=by, at=self.clock.now()))

    # -- looks ----------------------------------------------------------------------------------

    async def cases(self, query: CaseQuery) -> list[Case]:
        async with self.store.look() as tx:
            return list(await tx.cases(query))

    async def case_file(self, reference: str) -> CaseFile:
        async with self.store.look() as tx:
            return await tx.case_file(reference)

    async def set_asides(self) -> list[SetAside]:
        async with self.store.look() as tx:
            return list(await tx.set_asides())

    async def retry(self, arrival_id: int) -> None:
        """A mail that was set aside is read again."""
        async with self.store.begin() as tx:
            await tx.retry(arrival_id)

    async def digest(self, day: date) -> Digest:
        """What the digest of a day says, from the record as it is now."""
        async with self.store.look() as tx:
            return digest_of(await tx.cases(CaseQuery(live_only=True)), day, await tx.tally())

    # -- the calendar ---------------------------------------------------------------------------

    async def owe_digest(self, day: date) -> bool:
        """Owe the leads the digest of a working day; once, however often it is asked for."""
        if not is_ordinary_working_day(day):
            return False
        async with self.store.begin() as tx:
            if first := await tx.once("digest", "digest", day):
                await tx.owe(SendDigest(day=day))
            return first

    async def remind(self, today: date) -> int:
        """Owe every nudge that is due and write down what became overdue; returns how many nudges.

        Idempotent through the ledger: a restart, a missed hour or a second clock changes nothing.
        """
        async with self.store.begin() as tx:
            live = await tx.cases(CaseQuery(live_only=True))
            return sum([await self._nudge(tx, case, today) for case in live])

    async def nudges(self, today: date) -> list[tuple[Case, Nudge, date]]:
        """What `remind` would look at today, without regard to what went out before."""
        async with self.store.look() as tx:
            live = await tx.cases(CaseQuery(live_only=True))
        return [(case, *due) for case in live if (due := nudge_due(case, today))]

    async def _nudge(self, tx: Transaction, case: Case, today: date) -> int:
        if is_overdue(case, today) and await tx.once(case.reference, EventKind.BECAME_OVERDUE, date.min):
            event = self._event(EventKind.BECAME_OVERDUE, case.reference, self.clock.now())
            told = TellThread(reference=case.reference, event=event)
            await tx.note(event, told, ShowCard(reference=case.reference))
        due = nudge_due(case, today)
        if due is None or not is_ordinary_working_day(today) or not await tx.once(case.reference, *due):
            return 0
        nudge, _ = due
        await tx.owe(
            SendReminder(reference=case.reference, nudge=nudge, day=today),
            ShowCard(reference=case.reference),
        )
        return 1

    # -- what the courier tells -----------------------------------------------------------------

    async def tell_staff(self, line: StaffLine, **facts: str | int) -> None:
        async with self.store.begin() as tx:
            await tx.owe(TellStaff(line=line, facts=facts))

    async def note(self, kind: EventKind, reference: str, **facts: str | int) -> None:
        """Something happened to a letter of this case; the register and the thread are told."""
        event = self._event(kind, reference, self.clock.now(), facts)
        async with self.store.begin() as tx:
            told = TellThread(reference=reference, event=event)
            await tx.note(event, told, ShowCard(reference=reference))

    @staticmethod
    def _event(
        kind: EventKind, reference: str, at: datetime, facts: Mapping[str, str | int] | None = None
    ) -> Event:
        return Event(kind=kind, reference=reference, at=at, by=RIGHTS_DESK, facts=facts or {})
