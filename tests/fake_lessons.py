"""The part of the transaction in memory that keeps what people teach the classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from cases.errors import NoSuchMessage
from cases.lessons import Example, KeptMessage, LookedAt, LookTally, SecondLook
from cases.messages import Arrival, InboundMessage, Person
from cases.records import CardPlace, FiledAs, Filing
from tests.drawers import Drawers, Kept


class InMemoryLessons:
    kept: Drawers

    async def message(self, arrival_id: int) -> KeptMessage:
        for number, message, filing in self.kept.messages:
            if number == arrival_id:
                return _message(number, message, filing, is_forgotten=number in self.kept.forgotten)
        raise NoSuchMessage(message=arrival_id)

    async def opening_message(self, reference: str) -> KeptMessage | None:
        for number, _, filing in self.kept.messages:
            if (filing.reference, filing.filed_as) == (reference, FiledAs.REQUEST):
                return await self.message(number)
        return None

    async def keep_example(self, example: Example) -> None:
        self.kept.examples[example.message] = example

    async def drop_example(self, message: int) -> None:
        self.kept.examples.pop(message, None)

    async def examples(self) -> Sequence[Example]:
        return sorted(self.kept.examples.values(), key=lambda one: (one.decided_at, one.message))

    async def passed_over(self, since: datetime) -> Sequence[int]:
        return [
            number
            for number, message, filing in self.kept.messages
            if filing.filed_as is FiledAs.OTHER
            and filing.reference is None
            and message.received_at >= since
            and number not in self.kept.forgotten
        ]

    async def begin_look(self, week: date, messages: Sequence[int]) -> None:
        asked = {one.message for look in self.kept.looks.values() for one in look.messages}
        fresh = [await self.message(number) for number in messages if number not in asked]
        self.kept.looks[week] = SecondLook(
            week=week,
            messages=tuple(
                LookedAt(message=one.id, subject_line=one.subject_line, text=one.new_text) for one in fresh
            ),
        )

    async def second_look(self, week: date) -> SecondLook:
        look = self.kept.looks.get(week, SecondLook(week=week, messages=()))
        return replace(look, messages=tuple([await self._as_it_is(one) for one in look.messages]))

    async def place_look(self, week: date, place: CardPlace) -> None:
        self.kept.looks[week] = replace(self.kept.looks[week], place=place)

    async def asked(self, message: int) -> LookedAt | None:
        for look in self.kept.looks.values():
            for one in look.messages:
                if one.message == message:
                    return await self._as_it_is(one)
        return None

    async def answer_look(self, message: int, *, was_request: bool, by: str, at: datetime) -> date:
        for week, look in self.kept.looks.items():
            if message in {one.message for one in look.messages}:
                answered = [
                    replace(one, by=by, was_request=was_request) if one.message == message else one
                    for one in look.messages
                ]
                self.kept.looks[week] = replace(look, messages=tuple(answered))
                return week
        raise NoSuchMessage(message=message)

    async def look_tally(self) -> LookTally:
        lines = [one for look in self.kept.looks.values() for one in look.messages]
        return LookTally(
            asked=len(lines),
            answered=sum(one.by is not None for one in lines),
            missed=sum(one.was_request for one in lines),
        )

    async def adopt(self, message: int, reference: str) -> None:
        self.kept.messages[:] = [
            (number, said, replace(filing, filed_as=FiledAs.REQUEST, reference=reference))
            if number == message
            else (number, said, filing)
            for number, said, filing in self.kept.messages
        ]

    async def forget_content(self, before: datetime) -> int:
        old = {
            number
            for number, message, filing in self.kept.messages
            if filing.reference is None and message.received_at < before and number not in self.kept.forgotten
        }
        self.kept.messages[:] = [
            (number, _emptied(message) if number in old else message, filing)
            for number, message, filing in self.kept.messages
        ]
        for number in old:
            kept = self.kept.arrivals[number]
            received_at = kept.arrival.received_at
            empty = Arrival(sender="", recipients=(), raw=b"", received_at=received_at, id=number)
            self.kept.arrivals[number] = Kept(empty, kept.state)
        self.kept.forgotten |= old
        return len(old)

    async def _as_it_is(self, one: LookedAt) -> LookedAt:
        message = await self.message(one.message)
        [reference] = [filing.reference for number, _, filing in self.kept.messages if number == one.message]
        said = {"subject_line": message.subject_line, "text": message.new_text}
        return replace(one, reference=reference, **said)


def _emptied(message: InboundMessage) -> InboundMessage:
    nothing = {"subject_line": "", "text": "", "new_text": "", "message_id": ""}
    return replace(message, sender=Person(), **nothing)


def _message(number: int, message: InboundMessage, filing: Filing, *, is_forgotten: bool) -> KeptMessage:
    return KeptMessage(
        id=number,
        channel=message.channel,
        message_id=message.message_id,
        received_at=message.received_at,
        sender=message.sender,
        subject_line=message.subject_line,
        new_text=message.new_text,
        automatic=message.automatic,
        reading=filing.reading,
        is_forgotten=is_forgotten,
    )
