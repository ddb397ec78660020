"""The others of the story on the local page: a customer who mails and reads letters, and the calendar."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from typing import Any, Final

import aiosmtplib

from bot.clocks import MovableClock
from cases.desk import Desk
from cases.records import KeptLetter, WaitingLetter

_DAY: Final = 3.0  #: seconds; Slack's pace of a message a second holds here too
_LOOK_AGAIN: Final = 0.1

#: Moves every calendar on and does what the new day asks.
NewDay = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """bot.local_workspace.Neighbourhood on the real mail door and the real record."""

    desk: Desk
    clock: MovableClock
    mailbox: str
    door: Callable[[], tuple[str, int]]  #: where the mail door listens
    new_day: NewDay
    morning: time  #: a new day begins at least this late, so that its digest is there

    async def post_mail(
        self,
        *,
        sender_name: str,
        sender_address: str,
        subject_line: str,
        text: str,
        in_reply_to: str | None = None,
    ) -> str:
        """Send a real mail; a sentence that tells what the door answered."""
        try:
            mail = self._mail(sender_name, sender_address, subject_line, text, in_reply_to)
            host, port = self.door()
            _, answer = await aiosmtplib.send(
                mail, hostname=host, port=port, sender=sender_address, recipients=[self.mailbox], timeout=15
            )
        except (ValueError, aiosmtplib.SMTPException, OSError) as fault:
            return f"Refused: {fault}"
        return f"Accepted: {answer}"

    async def letters(self) -> list[dict[str, Any]]:
        """What left, newest first, and in front of it what still waits out its time."""
        async with self.desk.store.look() as tx:
            sent, waiting = await tx.letters(), await tx.letters_waiting()
        return [*map(_waiting, waiting), *map(_sent, sent)]

    async def today(self) -> date:
        return self.clock.day(self.clock.now())

    async def move_on(self, days: int) -> date:
        """Day by day, with some time for each to be told, so that what the days between bring is seen too."""
        for _ in range(days):
            self.clock.move_on(1, at_least=self.morning)
            await self.new_day()
            await self._told()
        return await self.today()

    async def _told(self) -> None:
        """Until nothing is owed any more, or the day has taken long enough."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_DAY):
                while await self._owed():  # noqa: ASYNC110 - the outbox rings nobody here
                    await asyncio.sleep(_LOOK_AGAIN)

    async def _owed(self) -> int:
        async with self.desk.store.look() as tx:
            return (await tx.tally()).owed

    def _mail(
        self, name: str, address: str, subject_line: str, text: str, in_reply_to: str | None
    ) -> EmailMessage:
        mail = EmailMessage()
        mail["From"] = formataddr((name, address))
        mail["To"] = self.mailbox
        mail["Subject"] = subject_line
        mail["Date"] = format_datetime(datetime.now(UTC))
        mail["Message-ID"] = make_msgid(domain=address.rpartition("@")[2] or "localhost")
        if in_reply_to:
            mail["In-Reply-To"] = in_reply_to
            mail["References"] = in_reply_to
        mail.set_content(text)
        return mail


def _sent(letter: KeptLetter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "reference": letter.reference,
        "kind": letter.kind.value,
        "to": letter.to_address,
        "subject_line": letter.subject_line,
        "body": letter.body,
        "state": "sent" if letter.sent_at else "unclear",
        "sent_at": letter.sent_at.isoformat() if letter.sent_at else None,
        "leaves_at": None,
        "message_id": letter.message_id,
    }


def _waiting(letter: WaitingLetter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "reference": letter.reference,
        "kind": letter.kind.value,
        "to": "",
        "subject_line": "",
        "body": "",
        "state": "waiting",
        "sent_at": None,
        "leaves_at": letter.not_before.isoformat(),
        "message_id": "",
    }
