"""Nudges on their days and no other; a digest whose groups are right and whose order is oldest first."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.agenda import digest_of, is_digest_overtaken, is_overdue, is_overtaken, nudge_due
from cases.clock import dates_of_case
from cases.holidays import is_ordinary_working_day
from cases.model import Nudge, Outcome, Status
from cases.records import Tally
from tests.builders import a_case

#: Received on Thursday 5 March 2026: promise Thursday 2 April, which is also its safe day; month 7 April.
RECEIVED = date(2026, 3, 5)


def received(day, number=1, **facts):
    return a_case(f"AVG-{day.year}-{number:04}", received_on=day, **facts)


@pytest.mark.parametrize(
    ("today", "nudge", "earned_on"),
    [
        ("2026-03-18", None, None),
        ("2026-03-19", Nudge.TEN_DAYS, "2026-03-19"),
        ("2026-03-25", Nudge.TEN_DAYS, "2026-03-19"),
        ("2026-03-26", Nudge.FIVE_DAYS, "2026-03-26"),
        ("2026-04-01", Nudge.ONE_DAY, "2026-04-01"),
        ("2026-04-02", Nudge.SAFE_DAY, "2026-04-02"),
        ("2026-04-07", Nudge.PAST_PROMISE, "2026-04-07"),
        ("2026-04-08", Nudge.PAST_STATUTE, "2026-04-08"),
        ("2026-04-12", Nudge.PAST_STATUTE, "2026-04-10"),
    ],
)
def test_a_nudge_comes_ten_five_and_one_working_days_before_the_safe_day(today, nudge, earned_on):
    due = nudge_due(received(RECEIVED), date.fromisoformat(today))

    assert due == (nudge and (nudge, date.fromisoformat(earned_on)))


def test_a_closed_case_is_left_in_peace():
    closed = received(RECEIVED, status=Status.CLOSED, outcome=Outcome.GRANTED)

    assert nudge_due(closed, date(2027, 1, 1)) is None
    assert not is_overdue(closed, date(2027, 1, 1))


@given(st.dates(date(2019, 1, 1), date(2039, 1, 1)))
def test_over_its_whole_life_a_case_earns_each_nudge_once_and_in_order(day):
    case = received(day)
    last = dates_of_case(case).promise_due

    earned = [nudge_due(case, day + timedelta(days=n)) for n in range((last - day).days + 1)]

    ladder = [Nudge.TEN_DAYS, Nudge.FIVE_DAYS, Nudge.ONE_DAY, Nudge.SAFE_DAY]
    distinct = list(dict.fromkeys(due for due in earned if due))
    assert [nudge for nudge, _ in distinct] == ladder
    assert all(is_ordinary_working_day(day) for _, day in distinct)


def test_the_digest_groups_by_what_is_late_and_sorts_oldest_first():
    today = date(2026, 4, 8)
    statute = received(RECEIVED, 1)
    promise = received(date(2026, 3, 10), 2, status=Status.OPEN)
    older = received(date(2026, 3, 9), 3, status=Status.OPEN)
    soon = received(date(2026, 3, 16), 4, status=Status.OPEN)
    later = received(date(2026, 4, 7), 5)
    done = received(date(2026, 1, 5), 6, status=Status.CLOSED, outcome=Outcome.GRANTED)

    digest = digest_of([later, soon, promise, older, statute, done], today, Tally(set_aside=2))

    assert digest.past_statute == [statute]
    assert digest.past_promise == [older, promise]
    assert digest.due_this_week == [soon]
    assert digest.awaiting_confirmation == [statute, later]
    assert (digest.live, digest.overdue, digest.set_aside) == (5, 3, 2)


@given(st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2026, 6, 1)), st.booleans()), max_size=12))
def test_every_overdue_case_stands_in_exactly_one_late_group(cases):
    made = [
        received(day, n, **({} if live else {"status": Status.CLOSED, "outcome": Outcome.GRANTED}))
        for n, (day, live) in enumerate(cases, 1)
    ]
    today = date(2026, 5, 4)

    digest = digest_of(made, today, Tally())

    late = [*digest.past_statute, *digest.past_promise]
    assert sorted(case.reference for case in late) == sorted(
        case.reference for case in made if is_overdue(case, today)
    )
    assert not {case.reference for case in late} & {case.reference for case in digest.due_this_week}


@pytest.mark.parametrize(
    ("nudge", "day", "today", "overtaken"),
    [
        (Nudge.TEN_DAYS, "2026-03-19", "2026-03-20", False),
        (Nudge.TEN_DAYS, "2026-03-19", "2026-03-26", True),
        (Nudge.PAST_PROMISE, "2026-04-07", "2026-04-07", False),
        (Nudge.PAST_PROMISE, "2026-04-07", "2026-04-08", True),
        (Nudge.PAST_STATUTE, "2026-04-10", "2026-04-12", False),
        (Nudge.PAST_STATUTE, "2026-04-10", "2026-04-13", True),
    ],
)
def test_a_nudge_that_was_held_up_gives_way_to_a_later_one(nudge, day, today, overtaken):
    days = date.fromisoformat(day), date.fromisoformat(today)

    assert is_overtaken(received(RECEIVED), nudge, *days) is overtaken


def test_a_nudge_for_a_case_that_was_closed_meanwhile_is_left_out():
    closed = received(RECEIVED, status=Status.CLOSED, outcome=Outcome.GRANTED)

    assert is_overtaken(closed, Nudge.TEN_DAYS, date(2026, 3, 19), date(2026, 3, 19))


@pytest.mark.parametrize(
    ("day", "today", "overtaken"),
    [
        ("2026-03-06", "2026-03-06", False),
        ("2026-03-06", "2026-03-08", False),
        ("2026-03-06", "2026-03-09", True),
        ("2026-04-02", "2026-04-06", False),
        ("2026-04-02", "2026-04-07", True),
    ],
)
def test_a_digest_that_was_held_up_gives_way_to_the_next_working_days(day, today, overtaken):
    assert is_digest_overtaken(date.fromisoformat(day), date.fromisoformat(today)) is overtaken
