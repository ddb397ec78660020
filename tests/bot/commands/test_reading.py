"""`classify` and `read`: texts and mails of any kind."""

import json

import pytest

from cases.model import Right


def test_a_mail_is_read_as_triage_reads_it(line, mail):
    [row] = line.json("classify", mail(text=b"Graag inzage."), "--json")

    assert row["is_request"] is True
    assert row["rights"] == ["access"]
    assert row["scores"].keys() == set(Right)
    assert row["language"] == "nl"
    assert row["evidence"] == [{"right": "access", "text": "inzage", "start": 6, "end": 12}]
    assert row["model"] == "words"


def test_a_mail_is_known_without_its_name_and_a_text_is_read_whole(line, mail, tmp_path):
    text = tmp_path / "brief.txt"
    text.write_text("Vraag: wat kost dit?\nverwijder mij", encoding="utf-16")

    rows = line.json("classify", mail("zonder-naam", text=b"inzage"), text, "--json")

    assert [row["rights"] for row in rows] == [["access"], ["erasure"]]


def test_standard_input_is_a_file_named_dash(line):
    [row] = line.json("classify", "-", "--json", stdin="verwijder mijn gegevens")

    assert (row["file"], row["rights"]) == ("-", ["erasure"])


def test_people_see_rights_with_scores_and_the_words(line):
    told = line.run("classify", "-", stdin="verwijder \x1b[31mmij").stdout

    assert "-: erasure 90% · language nl" in told
    assert "erasure: verwij" in told
    assert "\x1b" not in told


def test_files_that_cannot_be_read_are_told_and_the_others_answered(line, mail, tmp_path):
    binary = tmp_path / "picture.png"
    binary.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")

    result = line.run("classify", tmp_path / "none.eml", tmp_path, binary, mail(), "--json")

    assert result.exit_code == 1
    assert [row["rights"] for row in json.loads(result.stdout)] == [["access"]]
    assert len(result.stderr.splitlines()) == 3
    assert "neither a mail nor text" in result.stderr


def test_an_old_request_below_an_answer_is_none_in_a_text_and_in_a_line(line):
    text = "Alles ontvangen, dank.\n> Graag inzage."
    told = json.dumps({"id": 1, "subject": "", "text": text})

    [row] = line.json("classify", "-", "--json", stdin=text)
    answered = json.loads(line.run("classify", "--jsonl", "-", stdin=told).stdout)

    assert (row["is_request"], row["band"]) == (False, "doubtful")
    assert (answered["is_request"], answered["band"]) == (False, "doubtful")


def test_lines_are_answered_in_order_and_in_batches(line):
    asked = [{"id": n, "subject": "", "text": "inzage" if n % 2 else "hallo"} for n in range(100)]

    result = line.run("classify", "--jsonl", "-", stdin="\n".join(map(json.dumps, asked)))

    answers = [json.loads(text) for text in result.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == list(range(100))
    assert [answer["is_request"] for answer in answers] == [n % 2 == 1 for n in range(100)]
    assert max(line.classifier.batches) < 100


def test_bad_lines_are_named_by_number(line):
    asked = [
        '{"id": "a", "text": "inzage \\ud800"}',
        '{"id": "b"}',
        '{"id": "c", "text": 5}',
        '{"id": "d", "subject": [], "text": "x"}',
        "nonsense",
        '{"id": "e", "subject": null, "text": ""}',
    ]

    result = line.run("classify", "--jsonl", "-", stdin="\n".join(asked))

    assert result.exit_code == 1
    assert [json.loads(text)["id"] for text in result.stdout.splitlines()] == ["a", "e"]
    numbers = [text.split(": ")[1] for text in result.stderr.splitlines()]
    assert numbers == ["line 2", "line 3", "line 4", "line 5"]


@pytest.mark.parametrize("words", [("classify",), ("classify", "a.eml", "--jsonl", "b"), ("read",)])
def test_a_command_that_names_no_file_is_usage(line, words):
    assert "Error: " in line.usage(*words)


def test_each_mail_is_one_line_and_a_missing_one_a_sentence(line, mail, tmp_path):
    result = line.run("read", mail("a.eml"), tmp_path / "none.eml", mail("b.eml"))

    assert result.exit_code == 1
    rows = [json.loads(text) for text in result.stdout.splitlines()]
    assert [row["message_id"] for row in rows] == ["<a.eml@example.org>", "<b.eml@example.org>"]
    assert "none.eml: no such file or directory." in result.stderr
