"""Strangers' words ring nobody, link nowhere and stay within bounds."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.escaping import masked, one_line, plain, quoted

HOSTILE = [
    "<!channel> kijk",
    "<@U0ANNA>",
    "<https://evil.example|klik hier>",
    "&lt;!here&gt;",
    "<!subteam^S0AGENTEN>",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_nothing_in_a_mail_rings_or_links(words):
    said = plain(words, 100), quoted(words, 100)

    assert all("<" not in one and ">" not in one for one in said)
    assert re.search(r"&(?!amp;|lt;|gt;)", said[0]) is None


def test_marks_are_no_marks_any_more():
    said = plain("*vet* _schuin_ ~door~ `code`\n> citaat", 100)

    assert not set(said) & set("*_~`")
    assert "\n&gt; citaat" in said


def test_right_to_left_overrides_zero_width_and_control_characters_are_dropped():
    said = quoted("a\u202eb\u2066c\u200bd\x00e\x1b[31mf\ufeffg\U000e0041h", 100)

    assert said == "abcde[31mfgh"


def test_words_as_written_keep_their_asterisks_where_slack_reads_no_marks():
    assert quoted("Wis *alles*: a_b & c", 100) == "Wis *alles*: a_b & c"


def test_a_megabyte_is_cut_before_it_is_looked_at():
    said = quoted("a" * 1_000_000, 2500)

    assert len(said) == 2500
    assert said.endswith("…")


def test_a_cut_never_leaves_half_an_entity():
    said = plain("&" * 50, 20)

    assert said == "&amp;&amp;&amp;…"


def test_empty_lines_and_stacked_accents_do_not_push_the_card_away():
    assert quoted("a\n\n\n\n\n\nb", 100) == "a\n\nb"
    assert len(quoted("e" + "\u0301" * 500, 1000)) <= 5


def test_a_name_is_one_line():
    assert one_line(" Ada\n\nde \t Vries\u2028", 100) == "Ada de Vries"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("ada@example.nl", "a…@e….nl"),
        ("a@b.nl", "a…@b….nl"),
        ("ada", "a…"),
        ("", ""),
        ("@example.nl", "…@e….nl"),
        ("ada@localhost", "a…@l…"),
        ("<!channel>@evil.example", "‹…@e…"),
        ("ada@mail.example.co.uk", "a…@m….uk"),
    ],
)
def test_an_address_is_told_apart_but_not_told(address, shown):
    assert masked(address) == shown


@given(st.text(max_size=300), st.integers(20, 200))
def test_whatever_is_written_the_result_fits_and_is_clean(words, limit):
    for said in (plain(words, limit), quoted(words, limit), one_line(words, limit)):
        assert len(said) <= limit
        assert not set(said) & set("<>")
        kept = [unicodedata.category(one) for one in said if one not in "\n\t"]
        assert not {"Cc", "Cf", "Cs", "Co", "Cn"} & set(kept)


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_masked_address_never_shows_it_whole(local, domain):
    address = f"{local}@{domain}.nl"

    assert address not in masked(address)
    assert len(masked(address)) <= 30
