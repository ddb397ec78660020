"""What holds for every command, and the real thing in a process of its own."""

import json
import os
import signal
import subprocess
import sys

import pytest

from bot.settings import WrongSettings

COMMANDS = [
    "run",
    "smtp",
    "worker",
    "bot",
    "clock",
    "demo",
    "migrate",
    "doctor",
    "classify",
    "read",
    "due",
    "cases",
    "case",
    "import",
    "train",
    "evaluate",
    "digest",
    "remind",
    "set-aside",
    "retry",
    "letters",
    "resend",
]
LISTINGS = "cases digest remind set-aside letters case classify due doctor import".split()  # noqa: SIM905 - as above


def start(*words, stdin=subprocess.DEVNULL, **environment):
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *words],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, **environment},
    )


def finished(process):
    out, err = process.communicate(timeout=60)
    assert b"Traceback" not in err
    return process.returncode, out.decode(), err.decode()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_with_an_example(line, command):
    result = line.run(command, "--help")

    assert result.exit_code == 0
    assert f"Usage: rightsdesk {command}" in result.stdout.replace("root ", "rightsdesk ")
    assert "Example: " in result.stdout
    assert "rightsdesk" in result.stdout.split("Example: ")[1]


@pytest.mark.parametrize("command", LISTINGS)
def test_every_listing_speaks_json(line, command):
    assert "--json" in line.run(command, "--help").stdout


def test_an_unknown_command_is_usage(line):
    assert "No such command" in line.usage("fly")


@pytest.mark.parametrize("words", [("cases",), ("due", "2026-03-05"), ("run",), ("train",), ("migrate",)])
def test_wrong_settings_are_a_sentence_everywhere(line, words):
    line.wrong = WrongSettings(sentences="RIGHTSDESK_SMTP_PORT: write a number.")

    assert line.fault(*words) == "These settings are wrong.  RIGHTSDESK_SMTP_PORT: write a number."


def test_an_error_nobody_foresaw_is_told_without_its_text(line):
    line.wrong = KeyError("noor@example.org")

    sentence = line.fault("cases")

    assert "KeyError at conftest.py:" in sentence
    assert "noor" not in sentence


def test_ctrl_c_is_a_sentence(line):
    line.wrong = KeyboardInterrupt()

    assert line.fault("cases") == "Stopped with Ctrl-C before the end."


@pytest.mark.parametrize("role", ["run", "smtp", "worker", "bot", "clock", "demo"])
def test_a_role_is_served_with_the_settings(line, role):
    assert line.run(role).exit_code == 0
    assert line.served == [role]


def test_the_worker_that_run_starts_is_a_child(line):
    line.run("worker", "--child")

    assert line.served == ["child"]


def test_training_is_left_out_where_the_model_is_current(line):
    assert "current" in line.run("train", "--if-needed").stderr
    assert line.trained == 0

    line.model = (None, False)
    assert "new" in line.run("train", "--if-needed").stderr
    assert line.trained == 1


def test_labelled_mails_are_looked_through_before_the_model_is_asked(line, tmp_path):
    file = tmp_path / "held_out.jsonl"
    file.write_text('{"id": 1, "lang": "nl", "labels": ["access"], "subject": "", "text": "inzage"}\n')
    bad = tmp_path / "bad.jsonl"
    bad.write_text(
        '{"id": 1, "labels": ["silence"], "text": "x"}\n{"id": 2, "labels": []}\n{"labels": [], "text": ""}'
    )

    scores = line.json("evaluate", file, "--json")
    sentences = line.fault("evaluate", bad).splitlines()

    assert scores["all"]["mails"] == 1
    assert [text.split(": ")[1] for text in sentences] == ["line 1", "line 2", "line 3"]
    assert "recall" in line.run("evaluate", file).stdout


def test_the_process_itself_answers_in_json_and_loads_no_heavy_room():
    probe = (
        "import sys; sys.argv = ['rightsdesk', 'due', '2026-03-05', '--json']\n"
        "from bot.__main__ import main\n"
        "heavy = {'spacy', 'sqlalchemy', 'slack_sdk', 'aiosmtpd', 'rich'}\n"
        "try: main()\n"
        "finally: print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )

    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 0
    assert json.loads(done.stdout)["promise_due"] == "2026-04-02"
    assert done.stderr.strip() == "[]"


def test_json_is_utf_8_in_any_locale():
    code, out, _ = finished(
        start("due", "2026-03-05", "--json", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    )

    assert code == 0
    assert "één maand" in json.loads(out)["reasons"]["statutory_due"]


def test_a_reader_that_had_enough_is_no_fault(tmp_path):
    file = tmp_path / "many.jsonl"
    file.write_text('{"id": 1, "received": "2026-03-05"}\n' * 20_000)
    process = start("due", "--jsonl", str(file))

    process.stdout.readline()
    process.stdout.close()

    assert process.wait(timeout=60) == 0
    assert process.stderr.read() == b""
    process.stderr.close()


def test_ctrl_c_stops_a_command_that_waits_for_its_input():
    process = start("due", "--jsonl", "-", stdin=subprocess.PIPE)
    process.stdin.write(b"".join(b'{"id": 1, "received": "2026-03-05"}\n' for _ in range(2000)))
    process.stdin.flush()
    process.stdout.readline()

    process.send_signal(signal.SIGINT)

    code, _, err = finished(process)
    assert code == 1
    assert err == "Stopped with Ctrl-C before the end.\n"


def test_a_database_without_tables_or_that_is_away_is_a_sentence(tmp_path):
    empty = finished(start("cases", DATABASE_URL=f"sqlite:///{tmp_path}/new.db"))
    away = finished(start("cases", DATABASE_URL="postgresql://nobody@127.0.0.1:1/none"))
    wrong = finished(start("cases", DATABASE_URL="mysql://x"))

    assert [code for code, _, _ in (empty, away, wrong)] == [1, 1, 1]
    assert "rightsdesk migrate" in empty[2]
    assert "cannot be reached" in away[2]
    assert "DATABASE_URL" in wrong[2]
    assert all(len(err.splitlines()) == 1 for _, _, err in (empty, away, wrong))
