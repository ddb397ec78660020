"""What is learned from holds nobody's data, and still says what is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.redaction import MASK, redact

LETTER = """Geachte mevrouw De Vries,

Ik beroep mij op artikel 15 AVG en wil binnen 4 weken weten wat u van mij heeft. Ik woon op
Dorpsstraat 12a, 3811 AB Amersfoort. Mijn BSN is 123456782 en mijn paspoort NX4R8K2P1. Bel 06-12345678 of
+31 (0)33 496 06 51, of mail jan.jansen@example.org. IBAN NL91 ABNA 0417 1643 00. Klantnummer 20391.
Geboren 3 maart 1985, gebeld op 12-03-2025. Uw collega Pieter van den Berg zei dat jansen gelijk heeft.

Met vriendelijke groet,
Jan Jansen
Dorpsstraat 12a
"""
PRIVATE = (
    *("Vries", "Dorpsstraat", "3811", "Amersfoort", "123456782", "NX4R8K2P1", "12345678", "496", "example"),
    *("NL91", "0417", "20391", "1985", "12-03", "Pieter", "Berg", "Jan", "jansen"),
)


@pytest.mark.parametrize("told", PRIVATE)
def test_nothing_that_tells_who_wrote_it_stays(told):
    assert told.casefold() not in redact(LETTER, ["Jan Jansen", "jan.jansen@example.org"]).casefold()


@pytest.mark.parametrize("asked", ["artikel 15 AVG", "4 weken", "wil binnen", "weten wat u van mij heeft"])
def test_what_is_asked_stays(asked):
    assert asked in redact(LETTER, ["Jan Jansen"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Dear Ms Okonkwo, please erase my data.", "Okonkwo"),
        ("My name is Siobhan and I want a copy.", "Siobhan"),
        ("I spoke to Dr. Ahmed Yilmaz about my file.", "Yilmaz"),
        ("Ik ben Fatima en wil mijn dossier zien.", "Fatima"),
        ("Please delete me.\n\nKind regards,\nBertrand Oakley\n14 Mill Lane\nLeeds LS1 4AB", "Oakley"),
        ("groetjes sanne", "sanne"),
    ],
)
def test_names_are_masked_without_knowing_them_from_the_header(text, told):
    assert told not in redact(text)


def test_a_name_from_the_header_is_masked_however_it_is_typed():
    assert redact("hoi met OLGA, olga dus", ["Olga van de Laar"]) == f"hoi met {MASK}, {MASK} dus"


def test_a_letter_without_anything_private_is_left_as_it_is():
    text = "Ik wil weten welke gegevens u van mij heeft, en waarom."

    assert redact(text) == text


@given(st.text(max_size=300), st.lists(st.text(max_size=30), max_size=3))
def test_any_text_is_redacted_and_again_changes_no_word_back(text, names):
    once = redact(text, names)

    assert not any(name.isdigit() and len(name) > 2 and name.isascii() and name in once for name in names)
    assert isinstance(redact(once, names), str)


@pytest.mark.parametrize("piece", ["A", "Aa ", "groet ", "1 ", "a@", "Van den "])
@pytest.mark.timeout(30)  # a pattern that backtracks would take minutes
def test_no_text_hangs(piece):
    assert redact(piece * 20_000)
