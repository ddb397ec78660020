"""Mails to send: some 5 kB, one in ten a request, each with its own number in its head."""

from __future__ import annotations

import re
from typing import Final

MAILBOX: Final = "servicedesk@smartfms.nl"
#: octets; what a service desk's mail weighs without pictures
SIZE: Final = 5_000

_NUMBERED: Final = re.compile(rb"Message-ID: <bench-(\d+)@voorbeeld\.nl>")

_MAIL: Final = """\
From: "{name}" <klant{number}@voorbeeld.nl>
To: {mailbox}
Message-ID: <bench-{number}@voorbeeld.nl>
Subject: {subject_line}
Date: Mon, 2 Mar 2026 10:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="=_bench"

--=_bench
Content-Type: text/plain; charset=utf-8

{text}
--=_bench
Content-Type: text/html; charset=utf-8

<html><head><style>
{style}</style></head><body><div class="brief">
{html}
</div></body></html>
--=_bench--
"""
_REQUEST: Final = """\
Geachte dames en heren,

Graag ontvang ik een kopie van alle persoonsgegevens die u van mij verwerkt, met de doelen waarvoor u dat
doet en met wie u ze hebt gedeeld. Ik beroep mij op artikel 15 van de AVG en zie uw antwoord binnen een
maand tegemoet.

Met vriendelijke groet,
Sanne de Boer

"""
_ORDINARY: Final = """\
Goedemorgen,

Op de tweede verdieping, bij de lift aan de kant van het parkeerterrein, lekt sinds gisteren de kraan in de
pantry. Er staat een emmer onder, maar die is tegen de middag vol. Kan er vandaag iemand langskomen? De
sleutel van de meterkast ligt bij de receptie, en ik ben tot vijf uur bereikbaar op toestel 214.

Alvast dank,
Sanne de Boer

"""
#: What mail programs put around a few words.
_STYLE: Final = "div.brief p { margin: 0 0 11px 0; font-family: Calibri, sans-serif; font-size: 11pt; }\n"


def numbered(number: int) -> bytes:
    """One mail on the wire; no line of it begins with a dot."""
    request = number % 10 == 0
    subject_line = "Inzage in mijn gegevens" if request else "Lekkende kraan"
    return letter(number, "Sanne de Boer", subject_line, _REQUEST if request else _ORDINARY)


def request_from(number: int, name: str) -> bytes:
    """A request by somebody whose name the card will show."""
    return letter(number, name, "Inzage in mijn gegevens", _REQUEST)


def letter(number: int, name: str, subject_line: str, text: str) -> bytes:
    """A mail of some SIZE octets, as text and as HTML, with this text in it."""
    html = "\n".join(f"<p>{paragraph}</p>" for paragraph in text.strip().split("\n\n"))
    style = _STYLE * ((SIZE - len(_MAIL) - 2 * len(text)) // len(_STYLE))
    facts = {"number": number, "name": name, "mailbox": MAILBOX, "subject_line": subject_line}
    return _MAIL.format(**facts, text=text, html=html, style=style).encode().replace(b"\n", b"\r\n")


def number_in(head: bytes) -> int | None:
    """The number of a mail of ours, from the first octets of its raw form."""
    found = _NUMBERED.search(head)
    return int(found[1]) if found else None
