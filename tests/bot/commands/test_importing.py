"""`import`: archives of every shape, on their own dates, never twice."""

import mailbox
import os
from datetime import UTC, datetime

import pytest

RECEIVED = (
    b"Received: from a.example (a.example [192.0.2.1]) by mx.smartfms.nl; Thu, 5 Feb 2026 23:30:00 +0000\n"
    b"Received: from b.example by a.example; Wed, 4 Feb 2026 10:00:00 +0000\n"
)


def counts(line, path):
    return line.json("import", path, "--json")


def test_a_folder_comes_in_once_and_every_mail_is_counted(line, mail, tmp_path):
    mail("in/a.eml")
    mail("in/deep/b.EML", text=b"Wanneer komt de monteur?")
    mail("in/c.eml", text=b"\xff is no UTF-8")
    mail("in/notes.txt")

    first, second = counts(line, tmp_path / "in"), counts(line, tmp_path / "in")

    assert first == {
        "read": 3,
        "cases": 1,
        "filed": 1,
        "set_aside": 1,
        "already_there": 0,
        "left_to_the_worker": 0,
    }
    assert (second["read"], second["cases"], second["set_aside"], second["already_there"]) == (3, 0, 0, 3)
    assert len(line.house.store.drawers.arrivals) == 3
    assert len(line.json("cases", "--json")) == 1


@pytest.mark.parametrize(
    ("headers", "day"),
    [
        (RECEIVED, "2026-02-06"),
        (b"Date: Mon, 2 Feb 2026 09:00:00 +0100\n", "2026-02-02"),
        (b"Received: by mx; no date at all\nDate: Mon, 2 Feb 2026 09:00:00 +0100\n", "2026-02-02"),
        (
            b"Received: by mx; Fri, 1 Jan 2100 00:00:00 +0000\nDate: Mon, 2 Feb 2026 09:00:00 +0100\n",
            "2026-02-02",
        ),
        (b"Date: Mon, 99 Feb 2026 09:00:00 +0100\n", "2026-01-05"),
        (b"", "2026-01-05"),
    ],
)
def test_a_case_counts_from_the_mails_own_day_of_receipt(line, mail, headers, day):
    file = mail(headers=headers)
    moment = datetime(2026, 1, 5, 12, tzinfo=UTC).timestamp()
    os.utime(file, (moment, moment))

    counts(line, file)

    [row] = line.json("cases", "--json")
    assert row["received_on"] == day


def test_an_mbox_and_a_maildir_hold_the_same(line, mail, tmp_path):
    raw = mail(headers=RECEIVED).read_bytes()
    box = mailbox.mbox(tmp_path / "box")
    box.add(raw)
    box.flush()
    folder = mailbox.Maildir(tmp_path / "folder")
    folder.add(raw)

    from_box, from_folder = counts(line, tmp_path / "box"), counts(line, tmp_path / "folder")

    assert (from_box["read"], from_box["cases"]) == (1, 1)
    assert (from_folder["read"], from_folder["already_there"]) == (1, 1)
    box.close()


def test_the_null_sender_stays_one(line, mail):
    counts(line, mail(headers=b"Return-Path: <>\n"))

    [kept] = line.house.store.drawers.arrivals.values()
    assert kept.arrival.sender == ""
    assert kept.arrival.recipients == ("servicedesk@smartfms.nl",)


def test_what_holds_no_mail_is_a_fault(line, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "picture.png").write_bytes(b"\x89PNG\0")

    assert "no such file" in line.fault("import", tmp_path / "none")
    assert "there is no mail in it" in line.fault("import", tmp_path / "empty")
    assert "this is no mail" in line.fault("import", tmp_path / "picture.png")


def test_people_read_the_counts_and_the_bar_stays_off_standard_output(line, mail):
    result = line.run("import", mail())

    assert (
        result.stdout == "read 1 · cases 1 · filed 0 · set aside 0 · already there 0 · left to the worker 0\n"
    )
