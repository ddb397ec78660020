"""Forty requests as plainly as people make them, formal and informal, and twenty mails that ask for nothing.

Written after the corpus, in no split.  A service desk forgives a doubtful mail; it does not forgive these.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.training.corpus import read

PLAIN = Path(__file__).with_name("plain.jsonl")


@pytest.fixture(scope="module")
def readings(classifier):
    mails = list(read(PLAIN))
    return list(
        zip(mails, classifier.classify_many((mail.subject_line, mail.text) for mail in mails), strict=True)
    )


def test_every_plain_request_is_found(readings):
    missed = [mail.id for mail, reading in readings if mail.labels and not reading.rights & mail.labels]

    assert missed == []


def test_no_plain_mail_raises_an_alarm(readings):
    alarms = [mail.id for mail, reading in readings if not mail.labels and reading.rights]

    assert alarms == []


def test_nineteen_of_twenty_are_read_exactly(readings):
    wrong = [mail.id for mail, reading in readings if reading.rights != mail.labels]

    assert len(wrong) <= len(readings) // 20
