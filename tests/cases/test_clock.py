"""Every worked date, and the laws that all dates keep."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.clock import dates, local_day, paused_days
from cases.holidays import easter_sunday, is_working_day
from cases.model import Pause

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
WORKED = [json.loads(line) for line in (Path(__file__).parent / "deadlines.jsonl").read_text().splitlines()]

#: Which of our dates a worked example is about.
RULES = {
    "statutory_1m": ("statutory_due", "statutory_safe_day"),
    "promise_4w": ("promise_due", "promise_safe_day"),
    "statutory_3m_extended": ("extended_due", "extended_safe_day"),
    "with_identity_pause": ("statutory_due", "statutory_safe_day"),
}

days = st.dates(date(2018, 5, 25), date(2040, 12, 31))


def a_day(instant: str) -> date:
    return local_day(datetime.fromisoformat(instant), AMSTERDAM)


def worked_pauses(example: dict[str, str]) -> list[Pause]:
    if "pause_from" not in example:
        return []
    return [Pause(asked_on=a_day(example["pause_from"]), answered_on=a_day(example["pause_to"]))]


@pytest.mark.parametrize("example", WORKED, ids=lambda example: example["id"])
def test_a_worked_date_is_found(example):
    due, safe = RULES[example["rule"]]

    found = dates(a_day(example["received"]), worked_pauses(example))

    assert str(getattr(found, due)) == example["expected_due"]
    if example["rule"] != "with_identity_pause":
        assert str(getattr(found, safe)) == example["safe_due"]
    assert getattr(found, safe) <= getattr(found, due)


@given(days)
def test_the_promise_is_never_later_than_the_month(received_on):
    found = dates(received_on)

    assert found.promise_due == received_on + timedelta(days=28)
    assert found.promise_due <= found.statutory_due
    assert found.safe_day == found.promise_safe_day <= found.promise_due


@given(days)
def test_a_statutory_date_is_a_working_day_at_most_four_days_behind_the_month(received_on):
    found = dates(received_on)

    assert is_working_day(found.statutory_due)
    assert is_working_day(found.extended_due)
    assert found.statutory_due - received_on <= timedelta(days=31 + 4)
    assert found.refusal_due == found.extension_notice_due == found.statutory_due


@given(days, st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=4))
def test_pauses_count_once_however_they_overlap(received_on, spans):
    pauses = [
        Pause(
            asked_on=received_on + timedelta(days=start),
            answered_on=received_on + timedelta(days=start + length),
        )
        for start, length in spans
    ]

    paused = paused_days(pauses)

    assert paused <= sum(length for _, length in spans)
    assert paused >= max((length for _, length in spans), default=0)
    assert dates(received_on, pauses).statutory_due >= dates(received_on).statutory_due
    assert dates(received_on, pauses).promise_due == dates(received_on).promise_due
    assert dates(received_on, pauses).extension_notice_due == dates(received_on).statutory_due


def test_an_extension_moves_the_month_and_nothing_else():
    plain, extended = dates(date(2026, 3, 5)), dates(date(2026, 3, 5), extended=True)

    assert extended.statutory_due == plain.extended_due == date(2026, 6, 5)
    assert extended.promise_due == plain.promise_due
    assert extended.refusal_due == plain.refusal_due


@pytest.mark.parametrize(
    ("year", "easter"),
    [
        (2018, "2018-04-01"),
        (2019, "2019-04-21"),
        (2024, "2024-03-31"),
        (2027, "2027-03-28"),
        (2038, "2038-04-25"),
    ],
)
def test_easter_falls_where_the_almanac_has_it(year, easter):
    assert str(easter_sunday(year)) == easter


def test_may_fifth_is_a_holiday_every_year_and_good_friday_never():
    years = range(2018, 2041)

    assert not any(is_working_day(date(year, 5, 5)) for year in years)
    assert all(is_working_day(easter_sunday(year) - timedelta(days=2)) for year in years)


def test_the_day_of_receipt_is_the_local_one():
    just_before_midnight = datetime.fromisoformat("2026-07-15T21:59:59+00:00")

    assert local_day(just_before_midnight, AMSTERDAM) == date(2026, 7, 15)
    assert local_day(just_before_midnight + timedelta(seconds=1), AMSTERDAM) == date(2026, 7, 16)
