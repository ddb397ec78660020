"""A message as other programs see it: the `read` command's line."""

from __future__ import annotations

from typing import Any

from cases.messages import Attachment, Forwarded, InboundMessage


def as_json(message: InboundMessage, file: str, *, language: str | None = None) -> dict[str, Any]:
    """One JSON object.  `language` comes from whoever knows languages; None where nobody was asked."""
    return {
        "file": file,
        "message_id": message.message_id,
        "from_name": message.sender.name,
        "from_address": message.sender.address,
        "reply_to": message.reply_to,
        "to": list(message.to),
        "subject_line": message.subject_line,
        "sent_at": message.sent_at.isoformat() if message.sent_at is not None else None,
        "text": message.text,
        "new_text": message.new_text,
        "language": language,
        "attachments": [_attachment(attachment) for attachment in message.attachments],
        "automatic": message.automatic.value if message.automatic is not None else None,
        "forwarded": _forwarded(message.forwarded),
        "faults": list(message.faults),
    }


def _attachment(attachment: Attachment) -> dict[str, Any]:
    return {
        "name": attachment.name,
        "media_type": attachment.media_type,
        "size": attachment.size,
        "text_found": attachment.text_found,
    }


def _forwarded(forwarded: Forwarded | None) -> dict[str, str] | None:
    if forwarded is None:
        return None
    return {
        "from_name": forwarded.sender.name,
        "from_address": forwarded.sender.address,
        "subject_line": forwarded.subject_line,
    }
