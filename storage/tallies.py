"""The counting part of a transaction: what health, metrics and the digest ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import TextClause, func, select
from sqlmodel import col

from cases.model import Status
from cases.records import OwedState, Tally
from storage.effects_json import SEND_LETTER
from storage.fields import PENDING, SET_ASIDE, TROUBLED, UNREAD
from storage.tables import ArrivalRow, CaseRow, OutboxRow
from storage.work import Work


class Tallies(Work):
    async def tally(self) -> Tally:
        unread, oldest_unread = await self._arrivals(UNREAD)
        set_aside, _ = await self._arrivals(SET_ASIDE)
        troubled = await self._troubled_letters()
        return Tally(
            unread=unread,
            set_aside=set_aside,
            owed=await self._owed(),
            failed_letters=troubled.get(OwedState.FAILED, 0),
            unclear_letters=troubled.get(OwedState.UNCLEAR, 0),
            oldest_unread=oldest_unread,
            oldest_owed=await self._oldest_tried(),
            cases=await self._cases_by_status(),
        )

    async def _arrivals(self, predicate: TextClause) -> tuple[int, datetime | None]:
        query = select(func.count(), func.min(col(ArrivalRow.received_at))).where(predicate)
        count, oldest = (await self._session.execute(query)).one()
        return count, oldest

    async def _owed(self) -> int:
        return await self._session.scalar(select(func.count()).select_from(OutboxRow).where(PENDING)) or 0

    async def _oldest_tried(self) -> datetime | None:
        """Among what was due and could not be carried out at once."""
        tried = select(func.min(col(OutboxRow.due_at))).where(PENDING, col(OutboxRow.attempts) > 0)
        return await self._session.scalar(tried)

    async def _troubled_letters(self) -> Mapping[str, int]:
        letters = select(col(OutboxRow.state), func.count()).where(
            TROUBLED, col(OutboxRow.kind) == SEND_LETTER
        )
        found = await self._session.execute(letters.group_by(col(OutboxRow.state)))
        return {state: number for state, number in found}  # noqa: C416 - dict() of Rows does not type

    async def _cases_by_status(self) -> Mapping[Status, int]:
        counts = select(col(CaseRow.status), func.count()).group_by(col(CaseRow.status))
        found = {status: number for status, number in await self._session.execute(counts)}  # noqa: C416 - as above
        return {status: found.get(status, 0) for status in Status}
