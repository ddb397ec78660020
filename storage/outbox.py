"""What we owe the world, handed to couriers.

Of one case the Slack effects go strictly one after the other, oldest first, and so do its letters.  A row
that nobody settles holds what stands behind it in its lane, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, exists, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased
from sqlmodel import col

from cases.ports import Clock
from cases.records import Lane, Owed, OwedState
from storage.database import Database
from storage.fields import PENDING
from storage.mail_rows import owed_of
from storage.tables import OutboxRow

_NO_SYNC: Final = {"synchronize_session": False}
_PENDING: Final = (OwedState.OWED, OwedState.IN_FLIGHT)
_FREE: Final[dict[str, Any]] = {"claimed_by": None, "claimed_until": None}


class SqlOutbox:
    """cases.ports.Outbox for one courier, known as `instance`."""

    def __init__(
        self, database: Database, clock: Clock, instance: str, *, lease: timedelta = timedelta(minutes=2)
    ) -> None:
        self._database = database
        self._clock = clock
        self._instance = instance
        self._lease = lease

    async def claim(self, limit: int, now: datetime, lane: Lane | None = None) -> Sequence[Owed]:
        """A row left in flight by a dead courier comes again once its lease has ended, and counts a try.

        `now` says what is due; leases go by this courier's own clock, which nobody moves on.
        """
        async with self._database.looking() as session:  # an idle courier takes no write lock
            if not (await session.scalars(_due(now, self._clock.now(), lane).limit(1))).first():
                return []
        async with self._database.writing() as session:
            instant = self._clock.now()
            query = _due(now, instant, lane).limit(limit).with_for_update(skip_locked=True, of=OutboxRow)
            rows = list(await session.scalars(query))
            if not rows:
                return []
            mine = col(OutboxRow.id).in_([row.id for row in rows])
            in_flight = col(OutboxRow.state) == OwedState.IN_FLIGHT
            claimed = {
                "attempts": col(OutboxRow.attempts) + case((in_flight, 1), else_=0),
                "claimed_by": self._instance,
                "claimed_until": instant + self._lease,
            }
            await _change(session, update(OutboxRow).where(mine).values(claimed))
            rows = list(await session.scalars(select(OutboxRow).where(mine).order_by(col(OutboxRow.id))))
            return [owed_of(row, was_in_flight=row.state == OwedState.IN_FLIGHT) for row in rows]

    async def take_off(self, owed_id: int) -> bool:
        """False too when the lease ended and another courier has it now."""
        return await self._set(owed_id, self._mine(), state=OwedState.IN_FLIGHT)

    async def settle(self, owed_id: int) -> None:
        """It left; true whoever holds the row by now, and even if it was thought unclear."""
        left = col(OutboxRow.state).in_((*_PENDING, OwedState.UNCLEAR))
        await self._set(owed_id, left, state=OwedState.SETTLED, settled_at=self._clock.now(), **_FREE)

    async def postpone(self, owed_id: int, until: datetime, error: str) -> None:
        again = {"attempts": col(OutboxRow.attempts) + 1, "error": error, "not_before": until}
        await self._set(owed_id, self._mine(), state=OwedState.OWED, **again, **_FREE)

    async def wait(self, owed_id: int, until: datetime) -> None:
        await self._set(owed_id, self._mine(), state=OwedState.OWED, not_before=until, **_FREE)

    async def fail(self, owed_id: int, error: str) -> None:
        await self._give_up(owed_id, OwedState.FAILED, error)

    async def mark_unclear(self, owed_id: int, error: str) -> None:
        await self._give_up(owed_id, OwedState.UNCLEAR, error)

    async def resend(self, owed_id: int) -> None:
        stuck = col(OutboxRow.state).in_((OwedState.FAILED, OwedState.UNCLEAR))
        again = {"state": OwedState.OWED, "not_before": self._clock.now(), "attempts": 0, "error": None}
        await self._set(owed_id, stuck, settled_at=None, **again, **_FREE)

    async def release_claims(self) -> None:
        """End every lease, whoever holds it: for a start where this is the only courier."""
        held = update(OutboxRow).where(PENDING, col(OutboxRow.claimed_until).is_not(None))
        async with self._database.writing() as session:
            await _change(session, held.values(_FREE))

    async def _give_up(self, owed_id: int, state: OwedState, error: str) -> None:
        ended = {"state": state, "error": error, "settled_at": self._clock.now()}
        await self._set(owed_id, self._mine(), **ended, **_FREE)

    def _mine(self) -> ColumnElement[bool]:
        return and_(col(OutboxRow.claimed_by) == self._instance, col(OutboxRow.state).in_(_PENDING))

    async def _set(self, owed_id: int, condition: ColumnElement[bool], **values: Any) -> bool:
        async with self._database.writing() as session:
            one = update(OutboxRow).where(col(OutboxRow.id) == owed_id, condition)
            return await _change(session, one.values(values)) > 0


def _due(now: datetime, instant: datetime, lane: Lane | None) -> Any:
    """Unheld rows that are due and first of their case in their lane, oldest first."""
    until = col(OutboxRow.claimed_until)
    other = aliased(OutboxRow, name="other")
    lane_is_taken = exists().where(
        col(other.reference) == col(OutboxRow.reference),
        col(other.lane) == col(OutboxRow.lane),
        text("other.state IN ('owed', 'in_flight')"),
        col(other.id) != col(OutboxRow.id),
        or_(col(other.id) < col(OutboxRow.id), col(other.claimed_until) > instant),
    )
    due = (
        select(OutboxRow)
        .where(text("outbox.state IN ('owed', 'in_flight')"), col(OutboxRow.not_before) <= now)
        .where(or_(until.is_(None), until <= instant), ~lane_is_taken)
        .order_by(col(OutboxRow.id))
    )
    return due if lane is None else due.where(col(OutboxRow.lane) == lane)


async def _change(session: AsyncSession, statement: Any) -> int:
    result: Any = await session.execute(statement, execution_options=_NO_SYNC)
    return int(result.rowcount)
