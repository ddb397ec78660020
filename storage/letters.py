"""The letters' part of a transaction: what left, and what waits."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlmodel import col

from cases.records import KeptLetter, OwedState, WaitingLetter
from storage.effects_json import SEND_LETTER
from storage.fields import PENDING, TROUBLED
from storage.mail_rows import letter_of, letter_values, waiting_letter_of
from storage.tables import LetterRow, OutboxRow
from storage.work import Work


class Letters(Work):
    async def keep_letter(self, letter: KeptLetter) -> None:
        values = letter_values(letter)
        kept = self._insert(LetterRow).values(values)
        await self._changed(kept.on_conflict_do_update(index_elements=["id"], set_=values))

    async def letters(self, limit: int = 200) -> Sequence[KeptLetter]:
        newest = select(LetterRow).order_by(col(LetterRow.id).desc()).limit(limit)
        return [letter_of(row) for row in await self._session.scalars(newest)]

    async def letters_waiting(self) -> Sequence[WaitingLetter]:
        waiting = select(OutboxRow).where(
            or_(PENDING, TROUBLED),
            col(OutboxRow.kind) == SEND_LETTER,
            col(OutboxRow.state) != OwedState.IN_FLIGHT,
        )
        rows = await self._session.scalars(waiting.order_by(col(OutboxRow.id)))
        return [waiting_letter_of(row) for row in rows]
