"""What every part of a transaction shares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.asyncio import AsyncSession

from cases.effects import Effect
from cases.ports import Clock
from storage import dialects
from storage.owing import owe


class Work:
    """One open transaction and the clock that stamps what it writes."""

    def __init__(self, session: AsyncSession, clock: Clock) -> None:
        self._session = session
        self._clock = clock

    @property
    def _dialect(self) -> Dialect:
        return self._session.get_bind().dialect

    def _insert(self, row: type[Any]) -> Any:
        return dialects.insert(self._dialect, row)

    async def _changed(self, statement: Executable) -> int:
        """How many rows a statement touched; what the session holds is read anew anyway."""
        await self._session.flush()
        options = {"synchronize_session": False, "preserve_rowcount": True}  # it forgets that of an INSERT
        result: Any = await self._session.execute(statement, execution_options=options)
        return int(result.rowcount)

    async def _owe(self, effects: Iterable[Effect]) -> None:
        await owe(self._session, effects, self._clock.now())
