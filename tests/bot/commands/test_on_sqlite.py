"""The commands on the real rooms: files, SQLite, intake; only the trained model is replaced by two words."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

DRIVER = """
from dataclasses import replace
from bot.__main__ import app, real_tools
from tests.bot.commands.conftest import WordClassifier
app()(prog_name="rightsdesk", obj=replace(real_tools(), classifier=lambda _: WordClassifier()))
"""
MAIL = """Return-Path: <noor@example.org>
From: Noor de Vries <noor@example.org>
To: servicedesk@smartfms.nl
Subject: {subject}
Message-ID: <{number}@example.org>
{more}Date: Mon, 2 Feb 2026 23:30:00 +0000

{text}
"""


@pytest.fixture
def run(tmp_path):
    """A command in a process of its own; its parsed JSON, or what it said."""
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{tmp_path}/rightsdesk.db",
        "RIGHTSDESK_DATA_DIR": str(tmp_path / "data"),
        "SLACK_BOT_TOKEN": "",
    }

    def start(*words):
        done = subprocess.run(
            [sys.executable, "-c", DRIVER, *map(str, words)],
            cwd=Path(__file__).parents[3],
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return json.loads(done.stdout) if "--json" in words or words[0] == "read" else done.stderr

    return start


def test_an_archive_becomes_cases_with_their_own_dates_and_comes_in_once(run, tmp_path):
    folder = tmp_path / "mails"
    folder.mkdir()
    reply = "In-Reply-To: <1@example.org>\nReferences: <1@example.org>\n"
    mails = {
        "a": MAIL.format(number=2, subject="Re: Vraag", more=reply, text="Hoe gaat het ermee?").replace(
            "Mon, 2 Feb", "Tue, 3 Feb"
        ),
        "b": MAIL.format(number=1, subject="Vraag", more="", text="Graag inzage."),
        "c": MAIL.format(number=3, subject="Lift", more="", text="De lift staat stil."),
        "d": MAIL.format(number=4, subject="Afwezig", more="Auto-Submitted: auto-replied\n", text="inzage"),
    }
    for name, raw in mails.items():
        (folder / f"{name}.eml").write_text(raw)

    first = run("import", folder, "--json")
    second = run("import", folder, "--json")
    rows = run("cases", "--json")
    told = run("case", rows[0]["reference"], "--json")

    assert (first["read"], first["cases"], first["filed"], first["set_aside"]) == (4, 1, 3, 0)
    assert (second["cases"], second["filed"], second["already_there"]) == (0, 0, 4)
    assert [(row["reference"], row["received_on"]) for row in rows] == [("AVG-2026-0001", "2026-02-03")]
    assert [message["filed_as"] for message in told["messages"]] == ["request", "reply"]


def test_what_intake_reads_has_every_name_that_others_rely_on(run, tmp_path):
    file = tmp_path / "mail"
    file.write_bytes(bytes(range(256)) * 8)

    told = run("read", file)

    assert told.keys() == {
        *("file", "message_id", "from_name", "from_address", "reply_to", "to", "subject_line", "sent_at"),
        *("text", "new_text", "language", "attachments", "automatic", "forwarded", "faults"),
    }
    assert told["file"] == str(file)


def test_the_database_is_brought_to_the_newest_schema(run):
    assert "newest schema" in run("migrate")
    assert run("letters", "--json") == []
