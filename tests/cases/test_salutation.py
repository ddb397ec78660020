"""Only what can be a name is repeated to anybody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.letters.salutation import sane_name


@pytest.mark.parametrize(
    ("given_name", "greeted"),
    [
        ("Noor de Vries", "Noor de Vries"),
        ("  Noor   de\tVries ", "Noor de Vries"),
        ('"Noor de Vries"', "Noor de Vries"),
        ("Vries, Noor de", "Noor de Vries"),
        ("Vries, Noor de (Facilities)", "Noor de Vries"),
        ("J.P. van 't Hof-Özdemir", "J.P. van 't Hof-Özdemir"),
        ("drs. Anne-Marie O'Neill", "drs. Anne-Marie O'Neill"),
        ("محمد علي", "محمد علي"),
        ("अनिता शर्मा", "अनिता शर्मा"),
        ("李小龙", "李小龙"),
    ],
)
def test_a_name_is_greeted_as_people_say_it(given_name, greeted):
    assert sane_name(given_name) == greeted


@pytest.mark.parametrize(
    ("given_name", "greeted"),
    [
        ("Jan https://evil.example/x Jansen", "Jan Jansen"),
        ("Jan evil.example", "Jan"),
        ("jan@example.org", ""),
        ("Jan\r\nBcc: x@example.org", "Jan"),
        ("Jan\u202e\x00 \x1b[31m Jansen", "Jan Jansen"),
        ("Jan {{ case.requester }} <b>Jansen</b>", "Jan"),
        ("Bel 0900-1234 nu", "Bel nu"),
        ("💰💰", ""),
        ("x" * 300, ""),
        ("een twee drie vier vijf zes zeven", ""),
        ("Z\u0336\u0336\u0336\u0336\u0336algo", ""),
        ("-", ""),
        ("J", ""),
        ("", ""),
    ],
)
def test_what_is_no_name_is_left_out(given_name, greeted):
    assert sane_name(given_name) == greeted


@given(st.text(max_size=500))
def test_whatever_was_typed_the_name_is_one_short_line_without_a_link(given_name):
    name = sane_name(given_name)

    assert len(name) <= 60
    assert name.isprintable()
    assert not set(name) & set("@:/<>{}[]()0123456789")
    assert name == " ".join(name.split())
