"""`cases`, `case`, `digest`, `remind`, and what waits for a person."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from cases.effects import SendLetter
from cases.messages import Person
from cases.model import EventKind, LetterKind, Right
from cases.records import OwedState
from tests.builders import NOW, TODAY, a_case, an_arrival, an_event

OLD = TODAY - timedelta(days=60)


@pytest.fixture
def register(line):
    """An overdue case and one of today."""
    line.keep(
        a_case("AVG-2026-0001", received_on=OLD, rights=[Right.ERASURE, Right.OBJECTION]),
        a_case("AVG-2026-0002"),
    )
    return line


def test_a_row_has_every_name_that_others_rely_on(register):
    late, fresh = register.json("cases", "--json")

    expected = (
        "reference status outcome rights requester language channel received_on promise_due statutory_due "
        "overdue assignee"
    )
    assert set(expected.split()) <= late.keys()
    assert (late["reference"], late["overdue"], fresh["overdue"]) == ("AVG-2026-0001", True, False)
    assert late["rights"][0] == {"right": "erasure", "status": "proposed", "outcome": None}
    assert late["requester"] == "Noor de Vries <noor@example.org>"


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (("--overdue",), ["AVG-2026-0001"]),
        (("--right", "access"), ["AVG-2026-0002"]),
        (("--status", "proposed"), ["AVG-2026-0001", "AVG-2026-0002"]),
        (("--status", "closed"), []),
        (("--status", "proposed", "--overdue", "--right", "access"), []),
    ],
)
def test_the_register_is_narrowed(register, words, found):
    assert [row["reference"] for row in register.json("cases", *words, "--json")] == found


@pytest.mark.parametrize("words", [("--status", "lost"), ("--right", "silence")])
def test_an_unknown_status_or_right_is_usage(register, words):
    assert words[1] in register.usage("cases", *words)


def test_people_see_a_row_per_case(register):
    told = register.run("cases").stdout.splitlines()

    assert told[0].startswith("REFERENCE")
    assert "overdue" in told[1]
    assert "overdue" not in told[2]


def test_an_empty_register_is_an_empty_array(line):
    assert line.json("cases", "--json") == []
    assert line.run("cases").stdout == ""


def test_a_case_is_told_whole(register):
    told = register.json("case", "avg-2026-0001", "--json")

    assert told["dates"]["promise_due"] == told["promise_due"]
    assert "belofte" in told["reasons"]["promise_due"]
    assert [event["kind"] for event in told["events"]] == ["case:proposed"]
    assert (told["messages"], told["letters"], told["card"]) == ([], [], None)


def test_a_requesters_name_cannot_steer_the_terminal(line):
    line.keep(a_case(requester=Person(name="\x1b]0;hi\x07\u202eevil", address="x@example.org")))

    for command in (("case", "AVG-2026-0001"), ("cases",)):
        told = line.run(*command).stdout
        assert "evil" in told
        assert not {"\x1b", "\x07", "\u202e"} & set(told)


def test_an_unknown_reference_is_a_fault(register):
    assert register.fault("case", "AVG-2026-9999") == "There is no case AVG-2026-9999."


def test_the_digest_says_what_the_desk_says(register):
    told = register.json("digest", "--json")

    assert told["day"] == str(TODAY)
    assert [row["reference"] for row in told["past_statute"]] == ["AVG-2026-0001"]
    assert (told["live"], told["overdue"]) == (2, 1)
    assert told["sent"] is False
    assert not register.house.store.drawers.outbox.keys() & _kinds(register, "SendDigest")


def test_a_digest_is_sent_once_and_never_on_a_sunday(register):
    first = register.run("digest", "--date", "2026-03-06", "--send")
    second = register.run("digest", "--date", "2026-03-06", "--send")
    sunday = register.run("digest", "--date", "2026-03-08", "--send")

    assert "will leave" in first.stderr
    assert "went out before" in second.stderr
    assert "no working day" in sunday.stderr
    assert len(_kinds(register, "SendDigest")) == 1


def test_reminders_are_listed_and_sent_once(register):
    rows = register.json("remind", "--json")
    first = register.run("remind", "--send")
    second = register.run("remind", "--send")

    assert [(row["reference"], row["nudge"]) for row in rows] == [("AVG-2026-0001", "past_statute")]
    assert first.stderr.startswith("1 ")
    assert second.stderr.startswith("0 ")
    assert len(_kinds(register, "SendReminder")) == 1


@pytest.mark.parametrize("command", ["digest", "remind"])
def test_a_day_that_is_none_is_usage(line, command):
    assert "--date" in line.usage(command, "--date", "2026-13-01")


def test_mail_that_was_set_aside_is_listed_and_read_again(line):
    asyncio.run(_set_aside(line, 2))

    rows = line.json("set-aside", "--json")
    one = line.run("retry", str(rows[0]["id"]))
    rest = line.run("retry", "--all")

    assert [row["error"] for row in rows] == ["ValueError", "ValueError"]
    assert "1 mail(s)" in one.stderr
    assert "1 mail(s)" in rest.stderr
    assert line.json("set-aside", "--json") == []


def test_a_number_that_was_not_set_aside_is_a_fault_and_the_others_go(line):
    asyncio.run(_set_aside(line, 1))

    sentence = line.fault("retry", "99", "1")

    assert "There is no message 99 that was set aside." in sentence
    assert line.json("set-aside", "--json") == []


@pytest.mark.parametrize("words", [(), ("1", "--all"), ("one",)])
def test_retry_wants_numbers_or_all(line, words):
    assert "Error: " in line.usage("retry", *words)


def test_an_unclear_letter_is_listed_and_resent_by_a_person(register):
    number = asyncio.run(_unclear_letter(register))

    [row] = register.json("letters", "--unclear", "--json")
    sent = register.run("resend", str(number))

    assert (row["id"], row["status"], row["reference"]) == (number, "unclear", "AVG-2026-0002")
    assert sent.exit_code == 0
    assert register.house.store.drawers.outbox[number].state is OwedState.OWED
    assert [one["status"] for one in register.json("letters", "--json")] == ["sent again"]


def test_a_letter_that_is_not_unclear_is_not_resent(register):
    assert register.fault("resend", "77") == "There is no letter 77 that failed or is unclear."


def _kinds(line, name):
    return [n for n, row in line.house.store.drawers.outbox.items() if type(row.effect).__name__ == name]


async def _set_aside(line, count):
    for number in range(1, count + 1):
        await line.house.store.keeper.keep(an_arrival(number))
        async with line.house.store.begin() as tx:
            await tx.set_aside(number, "ValueError")


async def _unclear_letter(line):
    """A courier died in the moment of sending."""
    reference = "AVG-2026-0002"
    async with line.house.store.begin() as tx:
        await tx.owe(SendLetter(kind=LetterKind.ACKNOWLEDGEMENT, reference=reference, not_before=NOW))
    [owed] = [one for one in await line.house.outbox.claim(10, NOW) if isinstance(one.effect, SendLetter)]
    await line.house.outbox.mark_unclear(owed.id, "crash")
    async with line.house.store.begin() as tx:
        event = an_event(reference, kind=EventKind.LETTER_UNCLEAR)
        await tx.note(replace(event, facts={"letter": owed.id, "kind": "acknowledgement", "error": "crash"}))
    return owed.id
