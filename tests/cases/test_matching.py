"""What continues a case, and what of an answer is really new."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.matching import judge, reference_in, same_address, without_our_words
from cases.messages import Automatic, Person
from cases.records import FiledAs
from tests.builders import REQUESTER, a_case, a_message

LETTER = """Beste Noor,

Op donderdag 5 maart 2026 hebben wij uw bericht per e-mail ontvangen.
U kunt ons vragen om deze gegevens in te zien of te verwijderen.

Met vriendelijke groet,
"""


@pytest.mark.parametrize(
    ("subject_line", "reference"),
    [
        ("RE: Ontvangstbevestiging [AVG-2026-0042]", "AVG-2026-0042"),
        ("antw: avg-2026-0042", "AVG-2026-0042"),
        ("AVG-2026-12345 vraag", "AVG-2026-12345"),
        ("AVG-verzoek 2026", None),
        ("XAVG-2026-0042", None),
        ("", None),
    ],
)
def test_a_reference_is_read_as_we_print_it(subject_line, reference):
    assert reference_in(subject_line) == reference


@pytest.mark.parametrize(
    ("sender", "automatic", "filed_as"),
    [
        (REQUESTER.address.upper(), None, FiledAs.REPLY),
        ("iemand@elders.example", None, FiledAs.STRANGER),
        ("", None, FiledAs.STRANGER),
        (REQUESTER.address, Automatic.AUTO_REPLY, FiledAs.MACHINE),
        (REQUESTER.address, Automatic.LIST, FiledAs.REPLY),
    ],
)
def test_only_the_requesters_own_address_replies(sender, automatic, filed_as):
    message = a_message(sender=Person(address=sender), automatic=automatic)

    assert judge(message, a_case()) is filed_as


def test_nobody_is_the_same_as_nobody():
    assert not same_address("", "")


@pytest.mark.parametrize(
    "answer",
    [
        "Dank u wel.\n\n> Op donderdag 5 maart 2026 hebben wij uw bericht per e-mail ontvangen.",
        "Dank u wel.\n\nOp donderdag 5 maart 2026 hebben wij\nuw bericht per e-mail ontvangen.",
        "> Beste Noor,\n> U kunt ons vragen om deze gegevens in te zien of te verwijderen.\nDank u wel.",
    ],
)
def test_our_letter_is_taken_out_of_an_answer(answer):
    assert "Dank u wel." in without_our_words(answer, LETTER)
    assert "verwijderen" not in without_our_words(answer, LETTER)
    assert "per e-mail ontvangen" not in without_our_words(answer, LETTER)


def test_what_the_requester_wrote_stays_even_in_short_lines():
    kept = without_our_words("Beste Noor,\nwis alles\nMet vriendelijke groet,", LETTER)

    assert "wis alles" in kept


@given(st.text(max_size=300))
def test_without_letters_nothing_but_blank_lines_is_lost(text):
    kept = without_our_words(text, "")

    assert [line for line in kept.splitlines() if line.strip()] == [
        line for line in text.splitlines() if line.strip("> |\t").split()
    ]
