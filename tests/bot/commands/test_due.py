"""`due`: dates on the command line, one or many."""

import json
from pathlib import Path

import pytest

WORKED = [
    json.loads(text)
    for text in (Path(__file__).parents[2] / "cases" / "deadlines.jsonl").read_text().splitlines()
]
DATES = {
    "statutory_1m": "statutory_due",
    "promise_4w": "promise_due",
    "statutory_3m_extended": "extended_due",
    "with_identity_pause": "statutory_due",
}


def lines_of(result):
    return [json.loads(text) for text in result.stdout.splitlines()]


def test_every_worked_date_comes_out_of_the_lines(line):
    asked = []
    for example in WORKED:
        fields = {"id": example["id"], "received": example["received"]}
        if "pause_from" in example:
            fields["pauses"] = [{"from": example["pause_from"], "to": example["pause_to"]}]
        asked.append(json.dumps(fields))

    result = line.run("due", "--jsonl", "-", stdin="\n".join(asked))

    assert result.exit_code == 0
    answers = lines_of(result)
    assert [answer["id"] for answer in answers] == [example["id"] for example in WORKED]
    for example, answer in zip(WORKED, answers, strict=True):
        assert answer[DATES[example["rule"]]] == example["expected_due"], example["id"]


def test_an_answer_has_every_name_that_others_rely_on(line, tmp_path):
    file = tmp_path / "asked.jsonl"
    file.write_text('{"id": 7, "received": "2026-03-05"}\n\n')

    [answer] = lines_of(line.run("due", "--jsonl", file))

    assert answer == {
        "id": 7,
        "received_on": "2026-03-05",
        "promise_due": "2026-04-02",
        "statutory_due": "2026-04-07",
        "statutory_unpaused": "2026-04-07",
        "refusal_due": "2026-04-07",
        "extension_notice_due": "2026-04-07",
        "extended_due": "2026-06-05",
        "promise_safe_day": "2026-04-02",
        "statutory_safe_day": "2026-04-02",
        "extended_safe_day": "2026-06-05",
        "safe_day": "2026-04-02",
    }


@pytest.mark.parametrize(
    ("received", "day"),
    [
        ("2026-07-15T21:59:59+00:00", "2026-07-15"),
        ("2026-07-15T22:00:00Z", "2026-07-16"),
        ("2026-07-15T23:59:59", "2026-07-15"),
        ("2026-07-15", "2026-07-15"),
    ],
)
def test_the_day_of_receipt_is_the_controllers(line, received, day):
    assert line.json("due", received, "--json")["received_on"] == day


def test_pauses_may_be_repeated_and_count_once_where_they_overlap(line):
    once = line.json("due", "2026-03-05", "--pause", "2026-03-10", "2026-03-17", "--json")
    twice = line.json(
        *("due", "--pause", "2026-03-10", "2026-03-14", "2026-03-05"),
        *("--pause", "2026-03-12", "2026-03-17", "--json"),
    )

    assert once == twice
    assert once["statutory_due"] == "2026-04-13"
    assert once["statutory_unpaused"] == "2026-04-07"
    assert "7 dagen" in once["reasons"]["statutory_due"]


def test_people_read_each_date_with_its_sentence(line):
    told = line.run("due", "2026-03-05").stdout

    assert "donderdag 2 april 2026" in told
    assert "belofte in het privacystatement" in told
    assert "eerste paasdag" in told


@pytest.mark.parametrize(
    "words",
    [
        ("due",),
        ("due", "2026-02-30"),
        ("due", "morgen"),
        ("due", ""),
        ("due", "9999-12-31"),
        ("due", "0001-01-01T00:00:00+14:00"),
        ("due", "2026-03-05", "--jsonl", "-"),
        ("due", "2026-03-05", "--pause", "2026-03-17", "2026-03-10"),
        ("due", "2026-03-05", "--pause", "2026-03-01", "2026-03-10"),
        ("due", "2026-03-05", "--pause", "2026-03-10"),
        ("due", "2026-03-05", "--pause"),
        ("due", "2026-03-05", "--paws"),
    ],
)
def test_what_cannot_be_counted_is_usage(line, words):
    assert "Error: " in line.usage(*words)


def test_bad_lines_are_named_by_number_and_the_others_answered(line):
    asked = [
        b'{"id": 1, "received": "2026-03-05"}',
        b"{not json",
        b'["a list"]',
        b'\xff\xfe{"id": 4}',
        b'{"id": 5}',
        b'{"id": 6, "received": "2026-02-30"}',
        b'{"id": 7, "received": "2026-03-05", "pauses": [{"from": "2026-03-17", "to": "2026-03-10"}]}',
        b'{"id": 8, "received": "2026-03-05", "pauses": "none"}',
        b'{"id": 9, "received": 20260305}',
        b'{"id": NaN, "received": "2026-03-05"}',
        b"[" * 100_000,
        b'{"id": 12, "received": "2026-03-06", "pauses": null}',
    ]

    result = line.run("due", "--jsonl", "-", stdin=b"\n".join(asked))

    assert result.exit_code == 1
    assert [answer["id"] for answer in lines_of(result)] == [1, 12]
    sentences = result.stderr.splitlines()
    assert [text.split(": ")[1] for text in sentences] == [f"line {number}" for number in range(2, 12)]
    assert "ends before it starts" in sentences[5]


def test_a_missing_file_and_a_directory_are_faults(line, tmp_path):
    assert "no such file" in line.fault("due", "--jsonl", tmp_path / "none.jsonl")
    assert "directory" in line.fault("due", "--jsonl", tmp_path)
