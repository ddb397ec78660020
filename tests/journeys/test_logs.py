"""What a whole journey leaves in the log: references and counts, and nothing about anybody."""

from __future__ import annotations

import json
import subprocess
import sys
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

import pytest
from aiosmtplib import SMTP, SMTPRecipientsRefused

from bot.local_workspace.population import GIJS, STAFF_CHANNEL
from tests.journeys.customers import MAILBOX, a_mail
from tests.journeys.letterbox import Letterbox, letterbox_open
from tests.journeys.product import Product, environment, eventually, running
from tests.journeys.records import Records, records_of
from tests.journeys.slack import Slack, slack_served

NAME, ADDRESS = "Xanthippe Quodlibet", "x.quodlibet@zonderling.example"
SUBJECT, TEXT = (
    "Wolpertinger: mijn gegevens",
    "Graag een kopie van al mijn persoonsgegevens, kenmerk Brontosaurus.",
)
#: None of these may stand in any line, in whatever case.
PERSONAL = (
    "xanthippe",
    "quodlibet",
    "zonderling",
    "wolpertinger",
    "brontosaurus",
    "persoonsgegevens",
    "axolotl",
)


@pytest.mark.parametrize("form", ["json", "console"])
async def test_no_name_address_subject_or_text_stands_in_the_log_at_any_level(
    tmp_path: Path, trained_model: str, form: str
) -> None:
    log = {"RIGHTSDESK_LOG_LEVEL": "debug", "RIGHTSDESK_LOG_FORMAT": form}
    async with slack_served(tmp_path) as slack, letterbox_open() as box:
        env = environment(tmp_path, RIGHTSDESK_MODEL=trained_model, **slack.settings, **box.settings, **log)
        async with running(env) as product, records_of(f"sqlite:///{tmp_path / 'rightsdesk.db'}") as records:
            await _journey(product, slack, box, records)

    said = product.everything
    assert "mail read" in said
    assert "recipient refused" in said
    assert "refused, no agent" in said
    assert [word for word in PERSONAL if word in said.casefold()] == []
    if form == "json":
        assert all(json.loads(line) for line in product.errors)


async def _journey(product: Product, slack: Slack, box: Letterbox, records: Records) -> None:
    """Request, a stranger's click, confirmation, letter, reply, bounce, hostile and broken mail, refusals."""
    port = await product.up()
    async with SMTP(hostname="127.0.0.1", port=port) as door:
        await door.sendmail(ADDRESS, [MAILBOX], _request().as_bytes())
        (ts,) = await eventually(slack.to_confirm, "the card asks to be confirmed")
        await slack.workspace.press(user=GIJS, channel=STAFF_CHANNEL, ts=ts, action_id="case-confirm")
        await slack.confirm(ts)
        await eventually(lambda: box.taken, "the letter leaves")
        letter = next(iter(box.letters))
        await door.sendmail(ADDRESS, [MAILBOX], _reply(letter).as_bytes())
        await door.sendmail("", [MAILBOX], _bounce(letter))
        await door.sendmail(
            ADDRESS,
            [MAILBOX],
            b"From: \xff\x00Quodlibet <\r\nSubject: =?x?q?Wolpertinger\r\n\r\n\x00Brontosaurus",
        )
        with pytest.raises(SMTPRecipientsRefused):
            await door.sendmail(ADDRESS, ["axolotl@zonderling.example"], _request().as_bytes())
        await door.execute_command(b"VRFY axolotl")
        await door.execute_command(b"AXOLOTL zonderling")
        box.answers["RCPT"] = f"550 5.1.1 <{ADDRESS}> {NAME} is not known here"
        await door.sendmail(ADDRESS, [MAILBOX], _request("<two@zonderling.example>").as_bytes())
        (second,) = await eventually(
            lambda: [card for card in slack.to_confirm() if card != ts],
            "the second card asks to be confirmed",
        )
        await slack.confirm(second)
    await eventually(lambda: _failed(records), "the relay's refusal is written down")
    await eventually(records.idle, "all is told")


def _request(message_id: str = "<one@zonderling.example>") -> EmailMessage:
    headers = {"From": f"{NAME} <{ADDRESS}>", "Subject": SUBJECT, "Message-ID": message_id}
    mail = a_mail(1, is_request=True, **headers)
    mail.set_content(f"Goedemiddag,\n\n{TEXT}\n\n{NAME}\n")
    return mail


def _reply(letter: str) -> EmailMessage:
    mail = _request("<reply@zonderling.example>")
    mail["In-Reply-To"] = letter
    mail["References"] = letter
    return mail


def _bounce(letter: str) -> bytes:
    report = MIMEMultipart("report", **{"report-type": "delivery-status"})
    report["From"] = "Mail Delivery <mailer-daemon@zonderling.example>"
    report["To"], report["Subject"] = MAILBOX, "Undelivered Mail"
    report["Auto-Submitted"] = "auto-replied"
    report.attach(MIMEText(f"<{ADDRESS}>: mailbox of {NAME} is full"))
    report.attach(
        MIMEText(f"Final-Recipient: rfc822; {ADDRESS}\nAction: failed\nStatus: 5.2.2\n", "delivery-status")
    )
    original = EmailMessage()
    original["Message-ID"], original["To"] = letter, ADDRESS
    report.attach(MIMEMessage(original))
    return report.as_bytes()


async def _failed(records: Records) -> bool:
    return (await records.letters())["failed"] > 0


#: Everything that can carry somebody's words into a log by accident.
_ACCIDENTS = """
import asyncio, logging, sys, warnings
from bot import logs
logs.set_up(sys.argv[1], "debug")
import structlog
WORDS = "Xanthippe Quodlibet wrote Brontosaurus"
def fall():
    raise ValueError(WORDS)
try:
    fall()
except ValueError as fault:
    structlog.get_logger().exception("mail set aside", message=7)
    logging.getLogger("some.library").exception("failed on %s", WORDS)
    logging.getLogger("some.library").critical("failed on %s", WORDS, exc_info=fault)
logging.getLogger("some.library").error(WORDS)
logging.getLogger("some.library").debug(WORDS)
async def forget():
    asyncio.get_running_loop().create_task(asyncio.to_thread(fall), name=WORDS)
    await asyncio.sleep(0.05)
asyncio.run(forget())
"""


@pytest.mark.parametrize("form", ["json", "console"])
def test_an_exception_is_logged_without_its_words(form: str) -> None:
    root = Path(__file__).parent.parent.parent
    ran = subprocess.run(
        [sys.executable, "-c", _ACCIDENTS, form], cwd=root, capture_output=True, text=True, check=True
    )

    assert "mail set aside" in ran.stderr
    assert "ValueError" in ran.stderr
    assert "some.library spoke" in ran.stderr
    assert "asyncio spoke" in ran.stderr
    assert [word for word in PERSONAL if word in (ran.stdout + ran.stderr).casefold()] == []
