"""The part of a transaction that keeps what people teach the classifier, and forgets what mail said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete, func, select, update
from sqlmodel import col

from cases.errors import NoSuchMessage
from cases.lessons import Example, KeptMessage, LookedAt, LookTally, SecondLook
from cases.records import CardPlace, FiledAs
from storage.columns import clean
from storage.fields import UNFORGOTTEN
from storage.lesson_rows import example_of, example_values, kept_message_of, looked_at_of
from storage.tables import ArrivalRow, ExampleRow, LookedAtRow, MessageRow, SecondLookRow
from storage.work import Work

_FORGOTTEN_AT_ONCE = 500  #: mails, so that no transaction holds the lock for long


class Lessons(Work):
    async def message(self, arrival_id: int) -> KeptMessage:
        return kept_message_of(await self._message_row(arrival_id))

    async def opening_message(self, reference: str) -> KeptMessage | None:
        opened = select(MessageRow).where(
            col(MessageRow.reference) == clean(reference), col(MessageRow.filed_as) == FiledAs.REQUEST
        )
        row = await self._session.scalar(opened.order_by(col(MessageRow.id)).limit(1))
        return kept_message_of(row) if row else None

    async def keep_example(self, example: Example) -> None:
        values = example_values(example)
        kept = self._insert(ExampleRow).values(arrival_id=example.message, **values)
        await self._changed(kept.on_conflict_do_update(index_elements=["arrival_id"], set_=values))

    async def drop_example(self, message: int) -> None:
        await self._changed(delete(ExampleRow).where(col(ExampleRow.arrival_id) == message))

    async def examples(self) -> Sequence[Example]:
        ordered = select(ExampleRow).order_by(col(ExampleRow.decided_at), col(ExampleRow.arrival_id))
        return [example_of(row) for row in await self._session.scalars(ordered)]

    async def passed_over(self, since: datetime) -> Sequence[int]:
        nones = select(col(MessageRow.arrival_id)).where(
            UNFORGOTTEN, col(MessageRow.received_at) >= since, col(MessageRow.filed_as) == FiledAs.OTHER
        )
        return (await self._session.scalars(nones.order_by(col(MessageRow.arrival_id)))).all()

    async def begin_look(self, week: date, messages: Sequence[int]) -> None:
        self._session.add(SecondLookRow(week=week))
        await self._session.flush()
        for arrival_id in messages:
            line = self._insert(LookedAtRow).values(arrival_id=arrival_id, week=week)
            await self._changed(line.on_conflict_do_nothing())

    async def second_look(self, week: date) -> SecondLook:
        row = await self._session.get(SecondLookRow, week)
        asked = (
            select(LookedAtRow, MessageRow)
            .join(MessageRow, col(MessageRow.arrival_id) == col(LookedAtRow.arrival_id))
            .where(col(LookedAtRow.week) == week)
            .order_by(col(LookedAtRow.arrival_id))
        )
        pairs = (await self._session.execute(asked)).all()
        is_placed = row is not None and row.channel is not None and row.ts is not None
        return SecondLook(
            week=week,
            messages=tuple(looked_at_of(line, message) for line, message in pairs),
            place=CardPlace(channel=row.channel or "", ts=row.ts or "") if row and is_placed else None,
        )

    async def place_look(self, week: date, place: CardPlace) -> None:
        placed = update(SecondLookRow).where(col(SecondLookRow.week) == week)
        await self._changed(placed.values(channel=place.channel, ts=place.ts))

    async def asked(self, message: int) -> LookedAt | None:
        one = select(LookedAtRow).where(col(LookedAtRow.arrival_id) == message).with_for_update()
        row = await self._session.scalar(one)
        return looked_at_of(row, await self._message_row(message)) if row else None

    async def answer_look(self, message: int, *, was_request: bool, by: str, at: datetime) -> date:
        answered = update(LookedAtRow).where(col(LookedAtRow.arrival_id) == message)
        await self._changed(answered.values(was_request=was_request, by=by, at=at))
        weeks = select(col(LookedAtRow.week)).where(col(LookedAtRow.arrival_id) == message)
        return (await self._session.execute(weeks)).scalar_one()

    async def look_tally(self) -> LookTally:
        counts = select(
            func.count(),
            func.count(col(LookedAtRow.by)),
            func.count().filter(col(LookedAtRow.was_request).is_(True)),
        ).select_from(LookedAtRow)
        asked, answered, missed = (await self._session.execute(counts)).one()
        return LookTally(asked=asked, answered=answered, missed=missed)

    async def adopt(self, message: int, reference: str) -> None:
        mine = update(MessageRow).where(col(MessageRow.arrival_id) == message)
        await self._changed(mine.values(reference=clean(reference), filed_as=FiledAs.REQUEST))
        self._session.expire_all()

    async def forget_content(self, before: datetime) -> int:
        """Oldest first, some at a time; the caller's next round finds the rest."""
        old = (
            select(MessageRow)
            .where(UNFORGOTTEN, col(MessageRow.received_at) < before)
            .order_by(col(MessageRow.received_at))
            .limit(_FORGOTTEN_AT_ONCE)
        )
        rows = list(await self._session.scalars(old))
        for row in rows:
            row.forgotten_at = self._clock.now()
            row.subject_line = row.new_text = row.text = row.message_id = ""
            row.sender_name = row.sender_address = ""
            row.reading = {**row.reading, "evidence": []} if row.reading else None
        await self._session.flush()
        mails = update(ArrivalRow).where(col(ArrivalRow.id).in_([row.arrival_id for row in rows]))
        await self._changed(mails.values(raw=b"", sender="", recipients=[]))
        return len(rows)

    async def _message_row(self, arrival_id: int) -> MessageRow:
        row = await self._session.scalar(select(MessageRow).where(col(MessageRow.arrival_id) == arrival_id))
        if row is None:
            raise NoSuchMessage(message=arrival_id)
        return row
