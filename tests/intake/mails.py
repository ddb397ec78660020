"""Raw mails of our own making, and small ones made on the spot."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from cases.messages import InboundMessage
from intake.mail import read_mail

MAILS = Path(__file__).parent.parent / "mails"
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def read_raw(raw: bytes, envelope_sender: str | None = None) -> InboundMessage:
    return read_mail(
        raw,
        received_at=NOW,
        envelope_sender=envelope_sender,
        own_addresses=frozenset({"ServiceDesk@smartfms.nl"}),
        is_own_message_id=lambda one: one.startswith("<AVG-"),
    )


def read_file(name: str, envelope_sender: str | None = None) -> InboundMessage:
    return read_raw((MAILS / f"{name}.eml").read_bytes(), envelope_sender)


def mail(text: str = "Hallo daar allemaal.", /, **fields: str) -> bytes:
    """A mail with these fields (underscores become hyphens) and this text."""
    given = {"from": "Jan <jan@voorbeeld.nl>", "message_id": "<1@voorbeeld.nl>"} | fields
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in given.items())
    return f"{head}\r\n{text}\r\n".encode()
