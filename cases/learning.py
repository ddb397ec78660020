"""What agents decide, the classifier learns from: each decision becomes a labelled example, redacted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from cases.lessons import Example, KeptMessage, Origin
from cases.messages import Language
from cases.model import Case, Right
from cases.ports import Transaction
from cases.redaction import redact


async def learn(tx: Transaction, case: Case, origin: Origin, at: datetime) -> None:
    """Keep what an agent decided about the message that opened this case; without one it teaches nothing."""
    message = await tx.opening_message(case.reference)
    if message is not None:
        labels = () if origin is Origin.DISMISSED else [mine.right for mine in case.rights]
        if origin is Origin.CONFIRMED and message.reading and {*labels} != message.reading.proposed:
            origin = Origin.CHANGED  # before it was confirmed
        await tx.keep_example(example(message, origin, labels, at))


async def unlearn(tx: Transaction, reference: str) -> None:
    """The decision was taken back."""
    message = await tx.opening_message(reference)
    if message is not None:
        await tx.drop_example(message.id)


def example(message: KeptMessage, origin: Origin, labels: Iterable[Right], at: datetime) -> Example:
    reading = message.reading
    names = (message.sender.name, message.sender.address)
    return Example(
        message=message.id,
        origin=origin,
        labels=frozenset(labels),
        read=reading.rights if reading else frozenset(),
        model=reading.model if reading else "",
        language=reading.language if reading else Language.OTHER,
        decided_at=at,
        subject_line=redact(message.subject_line, names),
        text=redact(message.new_text, names),
    )
