"""Once a week people look at some of what the classifier passed over: how much does it miss?

Of the messages that were read as no request ten are drawn, a person says of each whether it was one, and
from all answers together follows a miss rate.  A request that turns up becomes a case with its own date of
receipt.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt
from typing import Final

from cases import learning, lifecycle
from cases.effects import ShowCard, ShowSecondLook
from cases.errors import AlreadyLookedAt, ContentGone, NoSuchMessage
from cases.holidays import is_ordinary_working_day
from cases.lessons import KeptMessage, LookTally, Origin, SecondLook
from cases.messages import Language
from cases.model import Case, Classification, EventKind, LastMove
from cases.opening import opened
from cases.ports import Clock, Store, Transaction

#: How many are looked at a week.
SAMPLE: Final = 10
_WEEK: Final = timedelta(days=7)
_LEDGER: Final = "second look"
_UNREAD: Final = Classification(scores={}, rights=frozenset(), language=Language.OTHER)
#: Normal deviate of a 95 % interval.
_Z: Final = 1.96


@dataclass(frozen=True, slots=True)
class SecondLooks:
    store: Store
    clock: Clock

    async def owe(self, today: date) -> bool:
        """On the first working day of a week draw and owe its look; once, however often it is asked."""
        week = week_of(today)
        if not is_ordinary_working_day(today):
            return False
        async with self.store.begin() as tx:
            if not await tx.once(_LEDGER, "sample", week):
                return False
            nones = await tx.passed_over(self.clock.now() - _WEEK)
            if not nones:
                return False
            await tx.begin_look(week, drawn(nones, week))
            await tx.owe(ShowSecondLook(week=week))
            return True

    async def look(self, week: date) -> SecondLook:
        async with self.store.look() as tx:
            return await tx.second_look(week)

    async def tally(self) -> LookTally:
        async with self.store.look() as tx:
            return await tx.look_tally()

    async def was_none(self, message_id: int, *, by: str) -> None:
        """The classifier was right to pass it over."""
        async with self.store.begin() as tx:
            await self._answer(tx, await self._open_question(tx, message_id), case=None, by=by)

    async def was_request(self, message_id: int, *, by: str) -> Case:
        """It was a request after all: a case is opened, whose clocks run from the day that it came in."""
        async with self.store.begin() as tx:
            message = await self._open_question(tx, message_id)
            case = await self._case(tx, message, by)
            await tx.adopt(message.id, case.reference)
            await tx.record(lifecycle.propose(case, at=self.clock.now(), by=by))
            await self._answer(tx, message, case=case, by=by)
            return case

    async def _open_question(self, tx: Transaction, message_id: int) -> KeptMessage:
        asked = await tx.asked(message_id)
        if asked is None:
            raise NoSuchMessage(message=message_id)
        if asked.by is not None:
            raise AlreadyLookedAt(by=asked.by)
        message = await tx.message(message_id)
        if message.is_forgotten:
            raise ContentGone(message=message_id)
        return message

    async def _case(self, tx: Transaction, message: KeptMessage, by: str) -> Case:
        """Proposed with the likeliest right; its card asks, since only a person saw the request."""
        received_on = self.clock.day(message.received_at)
        case = opened(
            await tx.next_reference(received_on.year),
            message.reading or _UNREAD,
            received_on,
            requester=message.sender,
            channel=message.channel,
            received_at=message.received_at,
            subject_line=message.subject_line,
            thread=(message.message_id,),
            unanswerable=message.automatic,
        )
        found = LastMove(kind=EventKind.CASE_PROPOSED, by=by, at=self.clock.now())
        return replace(case, doubtful=True, last=found)

    async def _answer(self, tx: Transaction, message: KeptMessage, *, case: Case | None, by: str) -> None:
        now = self.clock.now()
        week = await tx.answer_look(message.id, was_request=case is not None, by=by, at=now)
        if case is None:  # which rights a missed request asks for is known when its card is confirmed
            await tx.keep_example(learning.example(message, Origin.LOOKED_AT, (), now))
        else:
            await tx.owe(ShowCard(reference=case.reference))
        await tx.owe(ShowSecondLook(week=week))


def week_of(day: date) -> date:
    """The Monday of its week (ISO 8601)."""
    return day - timedelta(days=day.weekday())


def drawn(ids: Sequence[int], week: date) -> list[int]:
    """At most SAMPLE of them, at random; whoever draws for one week draws the same."""
    chance = random.Random(week.toordinal())  # noqa: S311 - no secret, and it can be repeated
    return sorted(chance.sample(sorted(ids), min(SAMPLE, len(ids))))


def miss_rate(tally: LookTally) -> tuple[float, float, float]:
    """Share of the passed-over messages that were requests, 0..1, with the bounds of its 95 % interval.

    Wilson's score interval is honest about few answers, and about none missed.  Without answers (0, 0, 1).
    """
    asked = tally.answered
    if not asked:
        return 0.0, 0.0, 1.0
    share = tally.missed / asked
    middle = share + _Z**2 / (2 * asked)
    spread = _Z * sqrt(share * (1 - share) / asked + _Z**2 / (4 * asked**2))
    scale = 1 + _Z**2 / asked
    return share, max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
