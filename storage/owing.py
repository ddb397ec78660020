"""Effects become rows of the outbox, in the transaction that decided them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from cases.effects import Effect, RecallLetters, SendLetter, ShowCard
from cases.errors import TooLate
from cases.records import Lane, OwedState
from storage.effects_json import SEND_LETTER, SHOW_CARD, payload_of
from storage.tables import OutboxRow

#: From here a letter cannot be called back: it left, or may have left.
_GONE: Final = (OwedState.IN_FLIGHT, OwedState.SETTLED, OwedState.UNCLEAR)


async def owe(session: AsyncSession, effects: Iterable[Effect], now: datetime) -> None:
    """Keep each effect until a courier has carried it out; RecallLetters is carried out at once."""
    for effect in effects:
        if isinstance(effect, RecallLetters):
            await _recall(session, effect.reference, now)
        elif not (isinstance(effect, ShowCard) and await _card_waits(session, effect.reference)):
            session.add(outbox_row(effect, now))
            await session.flush()  # in this order, so that ids follow it


def outbox_row(effect: Effect, now: datetime) -> OutboxRow:
    kind, payload = payload_of(effect)
    due_at = effect.not_before if isinstance(effect, SendLetter) else now
    return OutboxRow(
        kind=kind,
        reference=getattr(effect, "reference", None),
        lane=Lane.MAIL if isinstance(effect, SendLetter) else Lane.SLACK,
        payload=payload,
        state=OwedState.OWED,
        due_at=due_at,
        not_before=due_at,
        created_at=now,
    )


async def _card_waits(session: AsyncSession, reference: str) -> bool:
    """Whether a card of this case waits unclaimed: it will be drawn from the record, so from this change too.

    The row that waits is the one to keep.  Lines for the thread may stand behind it, and they need the card
    to be there.  It is locked, so that no courier claims it before this change can be read.
    """
    waits = (
        select(col(OutboxRow.id))
        .where(
            col(OutboxRow.reference) == reference,
            col(OutboxRow.kind) == SHOW_CARD,
            col(OutboxRow.state) == OwedState.OWED,
            col(OutboxRow.claimed_until).is_(None),
        )
        .limit(1)
        .with_for_update()
    )
    return (await session.execute(waits)).first() is not None


async def _recall(session: AsyncSession, reference: str, now: datetime) -> None:
    """Cancel what has not left.  Cancel first, look second: a courier's take-off falls before or after."""
    letters = (col(OutboxRow.reference) == reference, col(OutboxRow.kind) == SEND_LETTER)
    stays = update(OutboxRow).where(*letters, col(OutboxRow.state) == OwedState.OWED)
    cancelled = {"state": OwedState.CANCELLED, "settled_at": now}
    await session.execute(stays.values(cancelled), execution_options={"synchronize_session": False})
    gone = select(col(OutboxRow.id)).where(*letters, col(OutboxRow.state).in_(_GONE)).limit(1)
    if (await session.execute(gone)).first() is not None:
        raise TooLate(reference=reference)
