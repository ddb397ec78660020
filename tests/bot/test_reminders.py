"""A nudge says how late it is and what to do next, and holds nobody's data."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.reminders import reminder
from cases.messages import Person
from cases.model import Nudge, Right, Status
from tests.bot.a_file import ANNA, EN, NL, NOW, TODAY
from tests.bot.slack_rules import assert_message_fits, seen
from tests.builders import a_case


@pytest.mark.parametrize("nudge", Nudge)
@pytest.mark.parametrize("texts", [NL, EN])
def test_every_nudge_names_case_rights_dates_and_assignee_and_nobody_else(nudge, texts):
    case = a_case(rights=Right, requester=Person(name="Noor", address="noor@example.org"), assignee=ANNA)

    card = reminder(case, nudge, TODAY + timedelta(days=40), texts)

    assert_message_fits(card.blocks)
    assert "AVG-2026-0001" in seen(card.blocks)
    assert f"<@{ANNA}>" in seen(card.blocks)
    assert "Noor" not in seen(card.blocks) + card.text
    assert "AVG-2026-0001" in card.text


def test_the_next_step_is_the_one_that_the_case_waits_for():
    waiting = a_case()
    marketing = a_case(rights=(Right.OBJECTION,), status=Status.OPEN)
    open_case = a_case(status=Status.OPEN)
    done = replace(marketing, rights=tuple(replace(one, stopped_at=NOW) for one in marketing.rights))

    def step(case):
        return seen(reminder(case, Nudge.FIVE_DAYS, TODAY, NL).blocks)

    assert "kies Bevestigen of Geen verzoek" in step(waiting)
    assert "stop de marketing" in step(marketing)
    assert "kies Beantwoord…" in step(open_case)
    assert "kies Beantwoord…" in step(done)


def test_how_late_it_is_is_counted_from_the_date_that_passed():
    case = a_case(status=Status.OPEN)

    promise = seen(reminder(case, Nudge.PAST_PROMISE, TODAY + timedelta(days=29), NL).blocks)
    statute = seen(reminder(case, Nudge.PAST_STATUTE, TODAY + timedelta(days=36), NL).blocks)

    assert "*de belofte is verstreken*, 1 dag te laat" in promise
    assert "loopt tot en met dinsdag 7 april 2026" in promise
    assert "*de wettelijke termijn is verstreken*, 3 dagen te laat" in statute
    assert "Antwoord vandaag nog" in statute
