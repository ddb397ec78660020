"""`run` on the embedded default, with sample mails the first time: what a newcomer sees."""

from __future__ import annotations

import asyncio
import smtplib
from email import message_from_bytes
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Final

from bot.roles.everything import Running, running
from bot.roles.preparing import prepare
from bot.roles.running import stopped
from bot.settings import Settings

_UNDO_MINUTES: Final = 0.5  #: a newcomer does not wait ten minutes for the first letter

#: Raw mails, sent in the order of their names; invented people at example domains.
SAMPLES: Final = Path(__file__).parent.parent / "demo"


async def serve(settings: Settings) -> None:
    """Until Ctrl-C.  A second start keeps what was there and sends nothing again."""
    prepare(settings)
    if "undo_minutes" not in settings.model_fields_set:
        settings = settings.model_copy(update={"undo_minutes": _UNDO_MINUTES})
    sent = settings.data_dir / "demo-mails-sent"
    async with running(settings) as now:
        _welcome(now)
        if not sent.exists():
            count = await asyncio.to_thread(send_samples, settings.smtp_host, now.smtp_port, now)
            sent.touch()
            _say(f"{count} sample mails sent over SMTP; watch the cards come in.")
        await stopped()
        _say("Stopping.")


def send_samples(host: str, port: int, now: Running) -> int:
    """Real SMTP, one session; returns how many were accepted."""
    mailbox = now.house.settings.mailboxes.split(",")[0]
    mails = sorted(SAMPLES.glob("*.eml"))
    with smtplib.SMTP(host, port, timeout=30) as door:
        for path in mails:
            dated = f"Date: {format_datetime(now.house.clock.now())}\n".encode("ascii") + path.read_bytes()
            raw = dated.replace(b"\n", b"\r\n")
            sender = parseaddr(str(message_from_bytes(raw)["From"]))[1]
            automatic = path.stem.endswith("out-of-office")
            door.sendmail("<>" if automatic else sender, [mailbox], raw)
    return len(mails)


def _welcome(now: Running) -> None:
    settings = now.house.settings
    address = f"http://{settings.http_host}:{now.side.http_port}/"
    _say("Rights Desk runs.  Nothing leaves this machine: Slack and the mail relay are played here.")
    _say(f"  the page   {address}")
    _say(f"  mail to    {settings.mailboxes}, SMTP on {settings.smtp_host}:{now.smtp_port}")
    _say(f"  health     {address}health   metrics  {address}metrics")
    _say("  stop       Ctrl-C      forget everything   make demo-reset")


def _say(line: str) -> None:
    print(line, flush=True)  # noqa: T201 - this command talks to a person
