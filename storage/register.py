"""The writing part of a transaction: cases, their events, what follows from them, and the ledger."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select, update
from sqlmodel import col

from cases.effects import Change, Effect
from cases.errors import CaseNotFound, StaleCase
from cases.model import Case, Event, EventKind
from cases.records import CardPlace
from storage.chain import GENESIS, first_broken, seal
from storage.columns import clean
from storage.rows import case_values, event_of, right_rows
from storage.tables import CardRow, CaseRightRow, CaseRow, CounterRow, EventRow, LedgerRow
from storage.work import Work


class Register(Work):
    async def next_reference(self, year: int) -> str:
        """The counter's row stays locked until our commit, so a reference is given out once, or never."""
        first = self._insert(CounterRow).values(year=year, last=1)
        one_more = first.on_conflict_do_update(
            index_elements=["year"], set_={"last": col(CounterRow.last) + 1}
        )
        number = await self._session.scalar(one_more.returning(col(CounterRow.last)))
        return f"AVG-{year}-{number:04d}"

    async def record(self, change: Change) -> None:
        case = change.case
        begins = change.event.kind is EventKind.CASE_PROPOSED
        if begins or not await self._replace(case):
            await self._begin(case)
        self._session.add_all(right_rows(case))
        await self._append(change.event)
        await self._owe(change.effects)

    async def note(self, event: Event, *effects: Effect) -> None:
        """The case's row is locked first: two notes at once must not get the same number in the register."""
        locked = select(col(CaseRow.reference)).where(col(CaseRow.reference) == event.reference)
        if await self._session.scalar(locked.with_for_update()) is None:
            raise CaseNotFound(reference=event.reference)
        await self._append(event)
        await self._owe(effects)

    async def owe(self, *effects: Effect) -> None:
        await self._owe(effects)

    async def once(self, about: str, kind: str, day: date) -> bool:
        line = self._insert(LedgerRow).values(about=about, kind=kind, day=day)
        return bool(await self._changed(line.on_conflict_do_nothing()))

    async def place_card(self, reference: str, place: CardPlace) -> None:
        values = {"channel": place.channel, "ts": place.ts}
        placed = self._insert(CardRow).values(reference=reference, **values)
        await self._changed(placed.on_conflict_do_update(index_elements=["reference"], set_=values))

    async def first_broken_event(self, reference: str) -> int | None:
        """The seq of the first event of a case that was tampered with, if any."""
        events = select(EventRow).where(col(EventRow.reference) == reference).order_by(col(EventRow.seq))
        rows = (await self._session.scalars(events)).all()
        return first_broken([(row, event_of(row)) for row in rows])

    async def _replace(self, case: Case) -> bool:
        """Compare-and-set on the version that was read; the stored one becomes the next."""
        mine = (col(CaseRow.reference) == clean(case.reference), col(CaseRow.version) == case.version)
        values = case_values(case) | {"version": case.version + 1}
        if not await self._changed(update(CaseRow).where(*mine).values(values)):
            return False
        await self._changed(delete(CaseRightRow).where(col(CaseRightRow.reference) == clean(case.reference)))
        self._session.expunge_all()
        return True

    async def _begin(self, case: Case) -> None:
        """A new case; StaleCase when its reference is taken: by another version, or by somebody else."""
        if case.version > 1 and await self._session.get(CaseRow, clean(case.reference)) is None:
            raise CaseNotFound(reference=case.reference)
        row = self._insert(CaseRow).values(case_values(case) | {"version": case.version})
        if not await self._changed(row.on_conflict_do_nothing()):
            raise StaleCase(reference=case.reference)

    async def _append(self, event: Event) -> None:
        """The next line of this case's register; our transaction holds its case's row."""
        lines = select(col(EventRow.seq), col(EventRow.hash)).where(
            col(EventRow.reference) == clean(event.reference)
        )
        last = (await self._session.execute(lines.order_by(col(EventRow.seq).desc()).limit(1))).first()
        seq, before = (last.seq + 1, last.hash) if last else (1, GENESIS)
        line = EventRow(
            reference=event.reference,
            seq=seq,
            kind=event.kind,
            at=event.at,
            by=event.by,
            facts=dict(event.facts),
            prev_hash=before,
            hash=seal(event, seq, before),
        )
        self._session.add(line)
        await self._session.flush()
