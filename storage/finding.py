"""The looking part of a transaction: cases, their files, and the counts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Select, exists, select
from sqlmodel import col

from cases.errors import CaseNotFound
from cases.model import Case, Event
from cases.records import CardPlace, CaseFile, CaseQuery, FiledMessage, KeptLetter, OwedState
from storage.columns import clean
from storage.effects_json import SEND_LETTER
from storage.fields import LIVE
from storage.mail_rows import filed_message_of, letter_of
from storage.rows import case_of, event_of
from storage.tables import (
    CardRow,
    CaseRightRow,
    CaseRow,
    EventRow,
    LetterRow,
    MessageRow,
    OutboxRow,
)
from storage.work import Work

#: A thread's header may name thousands of Message-IDs; the nearest ones decide.
_NEAREST: Final = 50


def cases_query(query: CaseQuery) -> Select[CaseRow]:
    """By earliest date, then reference; what is live is asked with the predicate of its partial index."""
    found = select(CaseRow).order_by(col(CaseRow.next_due), col(CaseRow.reference))
    if query.live_only:
        found = found.where(LIVE)
    if query.status is not None:
        found = found.where(col(CaseRow.status) == query.status)
    if query.right is not None:
        mine = (col(CaseRightRow.reference) == col(CaseRow.reference), col(CaseRightRow.right) == query.right)
        found = found.where(exists().where(*mine))
    return found


class Finding(Work):
    async def case(self, reference: str) -> Case:
        row = await self._session.get(CaseRow, clean(reference))
        if row is None:
            raise CaseNotFound(reference=reference)
        return (await self._with_rights([row]))[0]

    async def cases(self, query: CaseQuery) -> Sequence[Case]:
        rows = await self._session.scalars(cases_query(query))
        return await self._with_rights(rows.all())

    async def case_in_thread(self, message_ids: Sequence[str]) -> str | None:
        nearest = [clean(message_id) for message_id in message_ids[:_NEAREST]]
        if not nearest:
            return None
        found = await self._references(LetterRow, nearest)
        missing = [message_id for message_id in nearest if message_id not in found]
        found |= await self._references(MessageRow, missing)
        return next((found[message_id] for message_id in nearest if message_id in found), None)

    async def case_file(self, reference: str) -> CaseFile:
        case = await self.case(reference)
        return CaseFile(
            case=case,
            events=tuple(await self._events(case.reference)),
            messages=tuple(await self._messages(case.reference)),
            letters=tuple(await self._letters(case.reference)),
            letters_owed=tuple(await self._letters_owed(case.reference)),
            card=await self._card(case.reference),
        )

    async def _with_rights(self, rows: Sequence[CaseRow]) -> list[Case]:
        """Their rights in one query per thousand cases, whatever SQLite allows as parameters."""
        rights: dict[str, list[CaseRightRow]] = {row.reference: [] for row in rows}
        references = list(rights)
        for start in range(0, len(references), 1000):
            some = col(CaseRightRow.reference).in_(references[start : start + 1000])
            for mine in await self._session.scalars(select(CaseRightRow).where(some).order_by("place")):
                rights[mine.reference].append(mine)
        return [case_of(row, rights[row.reference]) for row in rows]

    async def _references(self, row: type[LetterRow | MessageRow], ids: Sequence[str]) -> dict[str, str]:
        """Message-ID -> reference; of two messages that claim one Message-ID the first one has it."""
        query = select(col(row.message_id), col(row.reference)).where(
            col(row.message_id).in_(ids), col(row.reference).is_not(None)
        )
        newest_first = await self._session.execute(query.order_by(col(row.id).desc()))
        return {message_id: reference for message_id, reference in newest_first if reference}

    async def _events(self, reference: str) -> list[Event]:
        events = select(EventRow).where(col(EventRow.reference) == reference).order_by(col(EventRow.seq))
        return [event_of(row) for row in await self._session.scalars(events)]

    async def _messages(self, reference: str) -> list[FiledMessage]:
        filed = select(MessageRow).where(col(MessageRow.reference) == reference).order_by(col(MessageRow.id))
        return [filed_message_of(row) for row in await self._session.scalars(filed)]

    async def _letters(self, reference: str) -> list[KeptLetter]:
        kept = select(LetterRow).where(col(LetterRow.reference) == reference).order_by(col(LetterRow.id))
        return [letter_of(row) for row in await self._session.scalars(kept)]

    async def _letters_owed(self, reference: str) -> Sequence[datetime]:
        waiting = select(col(OutboxRow.not_before)).where(
            col(OutboxRow.reference) == reference,
            col(OutboxRow.kind) == SEND_LETTER,
            col(OutboxRow.state) == OwedState.OWED,
        )
        return (await self._session.scalars(waiting.order_by(col(OutboxRow.id)))).all()

    async def _card(self, reference: str) -> CardPlace | None:
        row = await self._session.get(CardRow, reference)
        return CardPlace(channel=row.channel, ts=row.ts) if row else None
