"""The leads' list: counts that equal the list, ten a group, and a plain word when nothing is late."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.digest import digest_card
from cases.agenda import digest_of
from cases.model import Right, Status
from cases.records import Tally
from tests.bot.a_file import ANNA, EN, NL
from tests.bot.slack_rules import assert_message_fits, seen
from tests.builders import a_case

#: A Friday; of what came in 29 days before, the promise has passed and the month has not.
DAY = date(2026, 5, 15)


def cases(count, *, ago, status=Status.OPEN, start=1, rights=(Right.ACCESS,)):
    """Received `ago` days before the day of the digest."""
    received = DAY - timedelta(days=ago)
    return [
        a_case(f"AVG-2026-{number:04}", received_on=received, status=status, rights=rights, assignee=ANNA)
        for number in range(start, start + count)
    ]


def digest(*groups, tally=None):
    return digest_of([case for group in groups for case in group], DAY, tally or Tally())


def test_nothing_late_is_said_in_so_many_words():
    card = digest_card(digest(cases(2, ago=3)), NL)

    assert "Er is niets te laat." in seen(card.blocks)
    assert "*2* lopend · *0* te laat" in seen(card.blocks)


def test_an_empty_day_has_a_digest_too():
    card = digest_card(digest(), EN)

    assert_message_fits(card.blocks)
    assert "Nothing is late." in seen(card.blocks)


def test_each_group_is_listed_with_its_dates_and_the_counts_equal_the_list():
    card = digest_card(
        digest(
            cases(1, ago=60),
            cases(2, ago=29, start=11),
            cases(3, ago=22, start=21),
            cases(4, ago=1, start=31, status=Status.PROPOSED),
        ),
        NL,
    )

    shown = seen(card.blocks)

    assert "Wettelijke termijn verstreken (1)" in shown
    assert "Belofte verstreken, nog binnen de wettelijke termijn (2)" in shown
    assert "Deze week te beantwoorden (3)" in shown
    assert "Wacht op bevestiging (4)" in shown
    assert "*10* lopend · *3* te laat · *3* binnen een week · *4* wachten op bevestiging" in shown
    assert "• AVG-2026-0011 · inzage · belofte 14 mei 2026 (1 dag te laat) · <@U0ANNA>" in shown
    assert card.text == (
        "Dagoverzicht 15 mei 2026: 10 lopend, 3 te laat, 3 deze week, 4 wachten op bevestiging"
    )


def test_ten_of_a_group_are_shown_and_the_rest_is_counted_with_the_command_that_lists_it():
    shown = seen(digest_card(digest(cases(37, ago=60)), EN).blocks)

    assert shown.count("• AVG-2026-") == 10
    assert "… and 27 more: `rightsdesk cases --overdue`" in shown


def test_what_is_stuck_is_counted():
    tally = Tally(failed_letters=1, unclear_letters=2, set_aside=3, unread=4)

    shown = seen(digest_card(digest(tally=tally), NL).blocks)

    assert [f"• {count} × een" in shown for count in (1, 2, 3, 4)] == [True] * 4
    assert "`rightsdesk set-aside`" in shown


def test_nobodys_data_stands_in_it():
    card = digest_card(digest(cases(3, ago=60)), NL)

    told = seen(card.blocks) + card.text
    assert not [word for word in ("Noor", "noor@", "Mijn gegevens", "Welke gegevens?") if word in told]


@pytest.mark.parametrize(
    ("address", "linked"),
    [
        ("https://example.slack.com/archives/C0/p1", True),
        ("https://example.slack.com/|<!channel>", False),
        ("javascript:alert(1)", False),
        (None, False),
    ],
)
def test_a_reference_leads_to_its_card_where_that_is_known_and_safe(address, linked):
    shown = seen(digest_card(digest(cases(1, ago=60)), NL, lambda _: address).blocks)

    assert (f"<{address}|AVG-2026-0001>" in shown) is linked
    assert "AVG-2026-0001" in shown


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.sampled_from([NL, EN]))
def test_however_much_there_is_slack_takes_it(late, soon, waiting, texts):
    link = "https://example.slack.com/archives/C0VERZOEKEN/p1234567890123456?thread_ts=1234567890.123456"
    made = digest(
        cases(late, ago=60, rights=Right),
        cases(late, ago=29, rights=Right, start=1000),
        cases(soon, ago=22, rights=Right, start=2000),
        cases(waiting, ago=1, rights=Right, start=3000, status=Status.PROPOSED),
        tally=Tally(failed_letters=1, unclear_letters=2, set_aside=3, unread=4),
    )

    assert_message_fits(digest_card(made, texts, lambda _: link).blocks)
