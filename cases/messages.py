"""What arrives, before anybody knows whether it is a request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Channel(StrEnum):
    """How a message reached us."""

    MAIL = "mail"
    SLACK = "slack"
    PHONE = "phone"
    LETTER = "letter"


class Language(StrEnum):
    """ISO 639-1 where we write letters in it; anything else is answered in English."""

    NL = "nl"
    EN = "en"
    OTHER = "other"


class Automatic(StrEnum):
    """Why a message must not be answered by a machine.  RFC 3834 and what the field made of it."""

    AUTO_REPLY = "auto_reply"  #: out of office, automatic answer: a machine wrote it
    BOUNCE = "bounce"  #: delivery report, null sender, mailer-daemon
    OWN = "own"  #: our own letter came back, or one of our addresses wrote it
    AUTO_GENERATED = "auto_generated"  #: a web form, a ticket system: a person's words may be inside
    LIST = "list"  #: mailing list or bulk: do not answer, but a person may have written it

    @property
    def is_machine_talk(self) -> bool:
        """No person speaks here, so no case is opened from it."""
        return self in {Automatic.AUTO_REPLY, Automatic.BOUNCE, Automatic.OWN}


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A name and an address as they were given; either may be empty."""

    name: str = ""
    address: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A part that is not the message's own text."""

    name: str
    media_type: str
    size: int  #: octets, decoded
    text: str = ""  #: what could be read of it

    @property
    def text_found(self) -> bool:
        return bool(self.text.strip())


@dataclass(frozen=True, kw_only=True, slots=True)
class Forwarded:
    """Who wrote the message that was passed on to us; proposed to an agent, never applied unseen."""

    sender: Person
    subject_line: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arrival:
    """Raw mail with its envelope (RFC 5321), as it came through the door."""

    sender: str  #: MAIL FROM; empty for the null sender
    recipients: tuple[str, ...]  #: RCPT TO, those of ours
    raw: bytes
    received_at: datetime  #: aware, UTC
    #: known once it is kept
    id: int = 0
    attempts: int = 0  #: how often a worker has begun to read it


@dataclass(frozen=True, kw_only=True, slots=True)
class InboundMessage:
    """Something a person, or a machine, wrote to us."""

    channel: Channel
    message_id: str  #: RFC 5322 Message-ID with its angle brackets, or one we made from the content
    fingerprint: str  #: sha256, hex, of Message-ID and content; the same mail to two addresses has one
    received_at: datetime
    sender: Person
    reply_to: str = ""
    to: tuple[str, ...] = ()
    subject_line: str = ""
    sent_at: datetime | None = None
    text: str = ""  #: what a person would read
    new_text: str = ""  #: the same without what was quoted
    in_reply_to: tuple[str, ...] = ()  #: In-Reply-To, then References newest first
    references: tuple[str, ...] = ()  #: References as given, oldest first
    attachments: tuple[Attachment, ...] = ()
    automatic: Automatic | None = None
    forwarded: Forwarded | None = None
    faults: tuple[str, ...] = ()  #: what was wrong with it, never fatal
