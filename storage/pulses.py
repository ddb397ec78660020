"""Signs of life, so that one role can answer for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from cases.model import Fact
from cases.ports import Clock
from storage import dialects
from storage.database import Database
from storage.tables import PulseRow


class SqlPulses:
    """cases.ports.Pulses."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def beat(self, role: str, instance: str, facts: Mapping[str, Fact]) -> None:
        values: dict[str, Any] = {"at": self._clock.now(), "facts": dict(facts)}
        async with self._database.writing() as session:
            row = dialects.insert(session.get_bind().dialect, PulseRow)
            beat = row.values(role=role, instance=instance, **values)
            await session.execute(
                beat.on_conflict_do_update(index_elements=["role", "instance"], set_=values)
            )

    async def pulses(self) -> Mapping[str, tuple[datetime, Mapping[str, Fact]]]:
        async with self._database.looking() as session:
            rows = await session.scalars(select(PulseRow).order_by(col(PulseRow.at)))
            return {row.role: (row.at, row.facts) for row in rows}
