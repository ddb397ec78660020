"""Unread mail, handed to workers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from sqlalchemy import Select, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from cases.effects import StaffLine, TellStaff
from cases.messages import Arrival
from cases.model import Facts
from cases.ports import Clock
from storage.database import Database
from storage.fields import UNREAD
from storage.mail_rows import arrival_of
from storage.owing import owe
from storage.tables import ArrivalRow

#: A mail that was begun so often and never filed takes its worker down with it.
MOST_ATTEMPTS: Final = 3
WORKER_DIED: Final = "WorkerDied"

_NO_SYNC: Final = {"synchronize_session": False}


class SqlInbox:
    """cases.ports.Inbox: oldest first, leased, never the same mail to two workers at once."""

    def __init__(
        self, database: Database, clock: Clock, instance: str, *, lease: timedelta = timedelta(minutes=2)
    ) -> None:
        self._database = database
        self._clock = clock
        self._instance = instance
        self._lease = lease

    async def claim(self, limit: int) -> Sequence[Arrival]:
        async with self._database.looking() as session:  # an idle worker takes no write lock
            if (await session.scalars(self._unheld().limit(1))).first() is None:
                return []
        async with self._database.writing() as session:
            while ids := await self._free(session, limit):
                worn_out = [number for number, attempts in ids if attempts >= MOST_ATTEMPTS]
                for number in worn_out:
                    await self._set_aside(session, number)
                if fresh := _batch([pair for pair in ids if pair[0] not in worn_out]):
                    return await self._hand_out(session, fresh)
        return []

    async def release_claims(self) -> None:
        """Free every lease, whoever holds it: for a start where this is the only worker."""
        held = update(ArrivalRow).where(UNREAD, col(ArrivalRow.claimed_until).is_not(None))
        async with self._database.writing() as session:
            await session.execute(
                held.values(claimed_by=None, claimed_until=None), execution_options=_NO_SYNC
            )

    async def give_back(self) -> None:
        """What this worker claimed and did not read, as if it never had: no mail is to blame."""
        mine = update(ArrivalRow).where(UNREAD, col(ArrivalRow.claimed_by) == self._instance)
        as_before = {"attempts": col(ArrivalRow.attempts) - 1, "claimed_by": None, "claimed_until": None}
        async with self._database.writing() as session:
            await session.execute(mine.values(as_before), execution_options=_NO_SYNC)

    async def _free(self, session: AsyncSession, limit: int) -> list[tuple[int, int]]:
        """(id, attempts) of unread mail that nobody holds, locked; others skip what is locked."""
        free = self._unheld().limit(limit).with_for_update(skip_locked=True)
        return [(number or 0, attempts) for number, attempts in await session.execute(free)]

    def _unheld(self) -> Select[int | None, int]:
        """Oldest first."""
        until = col(ArrivalRow.claimed_until)
        return (
            select(col(ArrivalRow.id), col(ArrivalRow.attempts))
            .where(UNREAD, or_(until.is_(None), until < self._clock.now()))
            .order_by(col(ArrivalRow.id))
        )

    async def _hand_out(self, session: AsyncSession, ids: Sequence[int]) -> list[Arrival]:
        claimed = {
            "attempts": col(ArrivalRow.attempts) + 1,
            "claimed_by": self._instance,
            "claimed_until": self._clock.now() + self._lease,
        }
        mine = col(ArrivalRow.id).in_(ids)
        await session.execute(update(ArrivalRow).where(mine).values(claimed), execution_options=_NO_SYNC)
        rows = await session.scalars(select(ArrivalRow).where(mine).order_by(col(ArrivalRow.id)))
        return [arrival_of(row) for row in rows]

    async def _set_aside(self, session: AsyncSession, arrival_id: int) -> None:
        """Its bytes stay, staff is told, and the mails behind it are read."""
        values = {"state": "set_aside", "error": WORKER_DIED, "claimed_by": None, "claimed_until": None}
        done = update(ArrivalRow).where(col(ArrivalRow.id) == arrival_id).values(values)
        await session.execute(done, execution_options=_NO_SYNC)
        facts: Facts = {"message": arrival_id, "error": WORKER_DIED}
        told = TellStaff(line=StaffLine.MAIL_SET_ASIDE, facts=facts)
        await owe(session, [told], self._clock.now())


def _batch(ids: Sequence[tuple[int, int]]) -> list[int]:
    """The oldest mails that nobody has begun; or, alone, the oldest one that somebody has.

    Read together, one mail that kills its worker would wear out its innocent neighbours as well.
    """
    if ids and ids[0][1]:
        return [ids[0][0]]
    return [number for number, attempts in ids if not attempts]
