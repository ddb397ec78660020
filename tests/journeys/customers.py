"""Who writes to the service desk, over real SMTP, with the patience of a real mail server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

MAILBOX = "servicedesk@smartfms.nl"
_REQUESTS = (
    (
        "Inzageverzoek",
        "Graag ontvang ik een kopie van alle persoonsgegevens die u van mij heeft ({n}).",
    ),
    ("Verwijderen", "Wilt u al mijn persoonsgegevens verwijderen uit uw systemen? Mijn nummer is {n}."),
    ("Access request", "Please send me a copy of all personal data that you hold about me, file {n}."),
)
_ORDINARY = (
    (
        "Koffieautomaat defect",
        "De koffieautomaat op verdieping {n} is stuk. Kan er iemand langskomen?",
    ),
    ("Sleutel kwijt", "Ik ben de sleutel van kluisje {n} kwijt. Heeft u een reservesleutel voor mij?"),
)


def a_mail(number: int, *, is_request: bool, **headers: str) -> EmailMessage:
    """One of its kind: no two have the same number."""
    kinds = _REQUESTS if is_request else _ORDINARY
    subject_line, text = kinds[number % len(kinds)]
    mail = EmailMessage()
    mail["From"] = f"Klant {number} <klant{number}@voorbeeldpost.example>"
    mail["To"] = MAILBOX
    mail["Subject"] = subject_line
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<journey-{number}@voorbeeldpost.example>"
    for name, value in headers.items():
        del mail[name]
        mail[name] = value
    mail.set_content(f"Goedemiddag,\n\n{text.format(n=number)}\n\nMet groet,\nKlant {number}\n")
    return mail


async def send(port: int, *mails: EmailMessage, sender: str | None = None) -> None:
    """In one session; SMTPException or OSError when one of them is not accepted."""
    async with SMTP(hostname="127.0.0.1", port=port, timeout=30) as door:
        for mail in mails:
            from_address = sender if sender is not None else str(mail["From"]).partition("<")[2].rstrip(">")
            await door.sendmail(from_address, [MAILBOX], mail.as_bytes())


@dataclass
class Sender:
    """Sends the same octets until they are accepted, as a mail server does that heard nothing."""

    accepted: list[str] = field(default_factory=list)
    tries: int = 0

    async def deliver(self, port: object, mail: EmailMessage) -> None:
        """`port` is called anew for each try: it gives the door of the day, or None."""
        while True:
            number = port() if callable(port) else port
            try:
                if number:
                    self.tries += 1
                    await send(number, mail)
                    self.accepted.append(str(mail["Message-ID"]))
                    return
            except SMTPResponseException as refusal:
                if refusal.code // 100 != 4:
                    raise  # a mail of ours is never refused for good
            except (SMTPException, OSError):
                pass  # nobody there, or gone in the middle
            await asyncio.sleep(0.02)
