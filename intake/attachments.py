"""What came with a mail: named, measured, and read where that is simple."""

from __future__ import annotations

import mimetypes
from typing import Final

from cases.messages import Attachment
from intake.parts import Part

MAX_TEXT: Final = 100_000  #: characters of one attachment


def attachment_of(part: Part, text: str = "") -> Attachment:
    """A part as an attachment; one without a name gets one from its subject or media type."""
    return Attachment(
        name=part.name or _name(part),
        media_type=part.media_type,
        size=size_of(part),
        text=text[:MAX_TEXT],
    )


def size_of(part: Part) -> int:
    """Octets, decoded; of a mail inside, of its fields and parts together."""
    if not part.children:
        return len(part.octets)
    return sum(
        len(child.octets)
        + sum(len(name) + len(child.fields.first(name)) + 4 for name in child.fields.names())
        for child in part.walk()
        if child is not part
    )


def _name(part: Part) -> str:
    if part.media_type in {"message/rfc822", "message/global"}:
        subject_line = part.children[0].fields.text("subject") if part.children else ""
        return f"{subject_line.replace('/', ' ')[:200].strip() or 'message'}.eml"
    return f"attachment{mimetypes.guess_extension(part.media_type) or '.bin'}"
