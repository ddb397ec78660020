"""Reads and classifies, in a process of its own: beside the listener it would hold the interpreter's lock."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import structlog

from bot.bell import Bell
from bot.envelopes import is_own_message_id
from bot.roles.foundations import Foundations, lay
from bot.roles.in_use import InUse
from bot.roles.parent import Parent
from bot.roles.running import beating, settle_memory, stopped, tasks
from bot.settings import Settings
from cases.errors import RightsDeskError, StoreAway
from cases.messages import Arrival, InboundMessage
from cases.records import Filing
from cases.triage import Triage
from intake.mail import UNREADABLE, read_mail
from nlp.training.fingerprint import is_current

log = structlog.get_logger()

#: Total: any octets give a message.
Read = Callable[[Arrival], InboundMessage]

_AT_ONCE: Final = 10
_LOOK_EVERY: Final = 0.25  #: seconds between looks when nobody rings
_PATIENCE: Final = 60  #: seconds; well within the lease on a claimed mail
_NICE: Final = 10  #: at nice 0 the listener loses a tenth


@dataclass(frozen=True, slots=True)
class Worker:
    """Takes unread mail, some at a time, and files each in a transaction of its own."""

    house: Foundations
    triage: Triage
    read: Read
    bell: Bell

    async def run(self) -> None:
        """Until cancelled; a database that is away is waited out."""
        while True:
            try:
                done = await self.round()
            except RightsDeskError as fault:
                log.warning("worker waits", error=type(fault).__name__)
                done = 0
                await asyncio.sleep(1)
                await self.give_back()
            if not done:
                await self.bell.wait(_LOOK_EVERY)

    async def round(self) -> int:
        """One look into the inbox; how many mails were taken out of it."""
        arrivals = await self.house.inbox.claim(_AT_ONCE)
        for arrival in arrivals:
            await self._file(arrival)
        return len(arrivals)

    async def give_back(self) -> None:
        """What was claimed and not read; where that fails, too, its lease has to run out."""
        with suppress(RightsDeskError):
            await self.house.inbox.give_back()

    async def _file(self, arrival: Arrival) -> None:
        """What cannot be read is set aside with its bytes, never retried at the head of the queue."""
        try:
            message = self.read(arrival)
            if unread := [fault for fault in message.faults if fault.startswith(UNREADABLE)]:
                await self.triage.set_aside(arrival.id, unread[0])
                return
            filing = await self._patiently(lambda: self.triage.triage(arrival.id, message))
        except StoreAway:
            raise
        except Exception as fault:  # any mail may bring any fault; the next one must not wait for it
            log.exception("mail set aside", message=arrival.id)
            await self.triage.set_aside(arrival.id, type(fault).__name__)
        else:
            if filing:
                log.info("mail read", message=arrival.id, filed_as=filing.filed_as, case=filing.reference)

    @staticmethod
    async def _patiently(file: Callable[[], Awaitable[Filing | None]]) -> Filing | None:
        """A locked database is no fault of the mail's: try as long as the claim on it lasts."""
        for _ in range(_PATIENCE):
            try:
                return await file()
            except StoreAway:
                await asyncio.sleep(1)
        return await file()


def reader_for(settings: Settings) -> Read:
    """Reads raw mail, and knows our own letters when they come back."""
    boxes = settings.own_mailboxes
    domains = frozenset(box.rpartition("@")[2] for box in boxes)

    def read(arrival: Arrival) -> InboundMessage:
        return read_mail(
            arrival.raw,
            received_at=arrival.received_at,
            envelope_sender=arrival.sender,
            own_addresses=boxes,
            is_own_message_id=lambda message_id: is_own_message_id(message_id, domains),
        )

    return read


async def serve(settings: Settings, parent: Parent | None = None) -> None:
    """Until stopped, or until the parent is gone; what was claimed and not read is given back."""
    bell, gone = Bell(), asyncio.Event()
    if parent:
        parent.tell(ring=bell.ring, gone=gone.set)
    classifier = InUse(settings.model_dir)
    if not is_current(settings.model_dir):
        log.warning("the model was trained by other code; run `rightsdesk train --if-needed`")
    with suppress(OSError):
        os.nice(_NICE)  # from here on; to be ready soon is worth more
    async with lay(settings) as house:
        lock = house.role_lock("worker")
        if lock:
            await asyncio.to_thread(lock.take)
            await house.inbox.release_claims()
        triage = Triage(house.store, classifier, house.clock)
        worker = Worker(house, triage, reader_for(settings), bell)
        settle_memory()
        try:
            async with tasks(worker.run(), beating(house, "worker"), classifier.kept_current()):
                await stopped(gone)
        finally:
            await worker.give_back()
