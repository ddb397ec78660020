"""A letter as a mail: who it is from, to whom, and what tells other machines not to answer it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from typing import Final

from bot.addresses import wire_address, wire_domain
from bot.headers import POLICY, message_ids
from cases.controller import Controller
from cases.records import KeptLetter

_LONGEST_SUBJECT: Final = 200  #: characters
_MOST_REFERENCES: Final = 20
_LONGEST_LINE: Final = 78  #: characters of a body line that may go unencoded
_OWN_ID: Final = re.compile(r"<avg-\d{4}-\d{4,7}\.\d+@([^<>@\s]+)>", re.IGNORECASE | re.ASCII)


def letter_mail(
    letter: KeptLetter, *, controller: Controller, sender: str, sent_at: datetime
) -> EmailMessage:
    """The mail that carries a letter; AddressRefused when its address is none.

    `Auto-Submitted` is RFC 3834's, `X-Auto-Response-Suppress` is what Exchange and Outlook heed.
    """
    to = wire_address(letter.to_address)
    own = wire_address(sender)
    mail = EmailMessage(policy=POLICY.clone(utf8=to.needs_utf8 or own.needs_utf8))
    mail["From"] = Address(_one_line(controller.sender_name), addr_spec=own.mailbox)
    mail["To"] = to.mailbox
    mail["Subject"] = _one_line(letter.subject_line)[:_LONGEST_SUBJECT]
    mail["Date"] = sent_at
    mail["Message-ID"] = letter.message_id
    _thread(mail, letter)
    mail["Auto-Submitted"] = "auto-replied"
    mail["X-Auto-Response-Suppress"] = "All"
    _fill(mail, _body(letter.body))
    mail["Content-Language"] = str(letter.language)
    return mail


def message_id_for(reference: str, owed_id: int, domain: str) -> str:
    """The same for the same row of the outbox, so that a second copy shows as one: <avg-2026-0001.17@…>."""
    return f"<{reference.lower()}.{owed_id}@{wire_domain(domain)}>"


def is_own_message_id(message_id: str, domains: Collection[str]) -> bool:
    """Whether one of our letters carries it: a mail that has it came back to us."""
    found = _OWN_ID.fullmatch(message_id.strip())
    return found is not None and found[1].casefold() in {wire_domain(domain).casefold() for domain in domains}


def _thread(mail: EmailMessage, letter: KeptLetter) -> None:
    """What mail programs sort by; what is no Message-ID is left out."""
    if parent := message_ids((letter.in_reply_to,), 1):
        mail["In-Reply-To"] = parent[0]
    if references := message_ids(letter.references, _MOST_REFERENCES):
        mail["References"] = " ".join(references)


def _fill(mail: EmailMessage, body: str) -> None:
    plain = body.isascii() and all(len(line) <= _LONGEST_LINE for line in body.split("\n"))
    if plain:
        mail.set_content(body, charset="us-ascii", cte="7bit")
    else:
        mail.set_content(body, charset="utf-8", cte="quoted-printable")


def _one_line(text: str) -> str:
    """White space of any kind is one blank; what cannot be seen is left out."""
    seen = "".join(" " if char.isspace() else char for char in text)
    return " ".join("".join(char for char in seen if unicodedata.category(char)[0] != "C").split())


def _body(text: str) -> str:
    """Lines that end in a newline; no other control character, and no half of a surrogate pair."""
    kept = "".join(
        char for char in "\n".join(text.splitlines()) if char in "\n\t" or char.isprintable() or _joins(char)
    )
    return kept.rstrip("\n") + "\n"


def _joins(char: str) -> bool:
    """Spaces other than ours, and the joiners that scripts need, are no control characters."""
    return unicodedata.category(char) == "Zs" or char in "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"
