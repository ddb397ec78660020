"""The arrivals' part of a transaction: filing, setting aside, trying again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlmodel import col

from cases.errors import MessageNotFound
from cases.messages import Arrival, InboundMessage
from cases.records import Filing, SetAside
from storage import dialects
from storage.fields import SET_ASIDE
from storage.mail_rows import arrival_of, filing_of, message_row, set_aside_of
from storage.tables import ArrivalRow, MessageRow
from storage.work import Work


class Arrivals(Work):
    async def arrival(self, arrival_id: int) -> Arrival:
        row = await self._session.get(ArrivalRow, arrival_id)
        if row is None:
            raise MessageNotFound(message=arrival_id)
        return arrival_of(row)

    async def file(self, arrival_id: int, message: InboundMessage, filing: Filing) -> bool:
        """Compare-and-set on being unread: of two workers the second gets False and leaves no trace."""
        if not await self._leave_queue(arrival_id, state="read", error=None):
            return False
        self._session.add(message_row(arrival_id, message, filing))
        return True

    async def set_aside(self, arrival_id: int, error: str) -> bool:
        return await self._leave_queue(arrival_id, state="set_aside", error=error)

    async def set_asides(self) -> Sequence[SetAside]:
        rows = await self._session.scalars(select(ArrivalRow).where(SET_ASIDE).order_by(col(ArrivalRow.id)))
        return [set_aside_of(row) for row in rows]

    async def retry(self, arrival_id: int) -> None:
        again = update(ArrivalRow).where(col(ArrivalRow.id) == arrival_id, SET_ASIDE)
        fresh = {"state": "unread", "attempts": 0, "error": None, "claimed_by": None, "claimed_until": None}
        if not await self._changed(again.values(fresh)):
            raise MessageNotFound(message=arrival_id)

    async def filed_before(self, fingerprint: str) -> Filing | None:
        """The oldest filing of the same mail; whoever asks next about this mail waits for our commit."""
        alone = dialects.one_at_a_time(self._dialect, f"message {fingerprint}")
        if alone is not None:
            await self._session.execute(alone)
        same = select(MessageRow).where(col(MessageRow.fingerprint) == fingerprint)
        row = await self._session.scalar(same.order_by(col(MessageRow.id)).limit(1))
        return filing_of(row) if row else None

    async def _leave_queue(self, arrival_id: int, **values: Any) -> bool:
        unread = update(ArrivalRow).where(col(ArrivalRow.id) == arrival_id, col(ArrivalRow.state) == "unread")
        done = unread.values(claimed_by=None, claimed_until=None, **values)
        return bool(await self._changed(done))
