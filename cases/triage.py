"""A message that was read finds its place: with its case, as a new case, or with the ordinary mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cases import lifecycle, matching
from cases.effects import StaffLine, TellStaff, TellThread
from cases.errors import CaseNotFound, RightsDeskError
from cases.messages import Automatic, InboundMessage
from cases.model import RIGHTS_DESK, Case, Classification, Event, EventKind, Facts, Right
from cases.opening import opened
from cases.ports import Classifier, Clock, Store, Transaction
from cases.reading import reading_of
from cases.records import FiledAs, Filing

#: Why a mail without words of its own is set aside for a person.
ONLY_ATTACHMENTS: Final = "OnlyAttachments"


class _Overtaken(RightsDeskError):
    """Another worker filed this message first."""


@dataclass(frozen=True, slots=True)
class Triage:
    """The mail's side of the desk; it runs in the worker, away from the listener."""

    store: Store
    classifier: Classifier
    clock: Clock

    async def triage(self, arrival_id: int, message: InboundMessage) -> Filing | None:
        """File one message and record what we owe for it; None when another worker was first."""
        ours = await self._our_words(message)
        reading = reading_of(self.classifier, message, ours)
        if ours is None and reading and not reading.wants_a_look and _only_attachments(message):
            await self.set_aside(arrival_id, ONLY_ATTACHMENTS)
            return None
        try:
            return await self._file(arrival_id, message, reading)
        except _Overtaken:
            return None

    async def _file(self, arrival_id: int, message: InboundMessage, reading: Classification | None) -> Filing:
        async with self.store.begin() as tx:
            filing, case, earlier = await self._place(tx, message, reading)
            if not await tx.file(arrival_id, message, filing):
                raise _Overtaken  # rolls back, so that no reference is used up for nothing
            if filing.filed_as is FiledAs.REQUEST and case:
                await tx.record(lifecycle.propose(case, at=self.clock.now()))
            if earlier:
                await self._join(tx, arrival_id, message, filing, earlier)
            return filing

    async def _our_words(self, message: InboundMessage) -> str | None:
        """What we wrote in the case that this message continues; None when it continues none."""
        async with self.store.look() as tx:
            case = await self._continued(tx, message)
            if case is None:
                return None
            return "\n".join(letter.body for letter in (await tx.case_file(case.reference)).letters)

    async def set_aside(self, arrival_id: int, error: str) -> None:
        """A mail that cannot be read waits, with its raw bytes, and staff is told."""
        async with self.store.begin() as tx:
            if await tx.set_aside(arrival_id, error):
                facts: Facts = {"message": arrival_id, "error": error}
                await tx.owe(TellStaff(line=StaffLine.MAIL_SET_ASIDE, facts=facts))

    async def _place(
        self, tx: Transaction, message: InboundMessage, reading: Classification | None
    ) -> tuple[Filing, Case | None, Case | None]:
        """Where it goes, the case that it opens, and the case that it continues."""
        if before := await tx.filed_before(message.fingerprint):
            return Filing(filed_as=FiledAs.DUPLICATE, reference=before.reference), None, None
        earlier = await self._continued(tx, message)
        if earlier is not None:
            filed_as = matching.judge(message, earlier)
            is_request = reading is not None and reading.is_request
            # a stranger's request is the stranger's own, and in a closed thread nobody would look for one
            if not is_request or (earlier.is_live and filed_as is not FiledAs.STRANGER):
                return Filing(filed_as=filed_as, reference=earlier.reference, reading=reading), None, earlier
        if reading is None:
            return Filing(filed_as=FiledAs.MACHINE), None, None
        if not reading.wants_a_look:
            return Filing(filed_as=FiledAs.OTHER, reading=reading), None, None
        opened = await self._opened(tx, message, reading)
        filing = Filing(filed_as=FiledAs.REQUEST, reference=opened.reference, reading=reading)
        return filing, opened, earlier

    @staticmethod
    async def _continued(tx: Transaction, message: InboundMessage) -> Case | None:
        """The case that this message points at: by our Message-IDs first, then by its subject line."""
        reference = await tx.case_in_thread(message.in_reply_to) if message.in_reply_to else None
        named = reference or matching.reference_in(message.subject_line)
        try:
            return await tx.case(named) if named else None
        except CaseNotFound:
            return None  # a reference of somebody else's, or a mistyped one

    async def _opened(self, tx: Transaction, message: InboundMessage, reading: Classification) -> Case:
        received_on = self.clock.day(message.received_at)
        return opened(
            await tx.next_reference(received_on.year),
            reading,
            received_on,
            requester=message.sender,
            channel=message.channel,
            received_at=message.received_at,
            subject_line=message.subject_line,
            thread=(*message.references, message.message_id),
            unanswerable=message.automatic,
        )

    async def _join(
        self, tx: Transaction, arrival_id: int, message: InboundMessage, filing: Filing, case: Case
    ) -> None:
        """The register and the thread learn what came in, and what it seems to ask beyond the case."""
        read = filing.reading.rights if filing.reading else frozenset()
        facts: Facts = {
            "message": arrival_id,
            "filed_as": filing.filed_as.value,
            "automatic": message.automatic.value if message.automatic else None,
            "also": [right.value for right in Right if right in read and not case.right(right)],
            "opened": filing.reference if filing.filed_as is FiledAs.REQUEST else None,
        }
        bounced = message.automatic is Automatic.BOUNCE
        kind = EventKind.LETTER_BOUNCED if bounced else EventKind.MESSAGE_JOINED
        event = Event(kind=kind, reference=case.reference, at=self.clock.now(), by=RIGHTS_DESK, facts=facts)
        await tx.note(event, TellThread(reference=case.reference, event=event))


def _only_attachments(message: InboundMessage) -> bool:
    """A scan or a letter as a file: nobody has read it, so nobody may say that it asks for nothing."""
    return not message.text.strip() and any(not part.text_found for part in message.attachments)
