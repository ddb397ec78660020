"""The table of moves, one story each, and a machine that clicks at random."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cases import lifecycle
from cases.effects import RecallLetters, SendLetter, ShowCard, TellThread
from cases.errors import IllegalMove, NoRights, NothingToStop, OutcomeMissing, ReasonMissing, StaleCase
from cases.lifecycle import MOVES, Answer
from cases.messages import Automatic, Channel, Language, Person
from cases.model import NEEDS_REASON, Case, CaseRight, EventKind, Outcome, Right, Status

NOON = datetime(2026, 3, 5, 11, tzinfo=UTC)
TODAY = date(2026, 3, 5)
ANNA, BRAM = "U0ANNA", "U0BRAM"


def a_proposed_case(*rights: Right, **told) -> Case:
    ordinary = {
        "reference": "AVG-2026-0001",
        "status": Status.PROPOSED,
        "rights": tuple(CaseRight(right=right, received_on=TODAY) for right in rights or (Right.ACCESS,)),
        "requester": Person(name="Iemand", address="iemand@voorbeeld.example"),
        "language": Language.NL,
        "channel": Channel.MAIL,
        "received_at": NOON,
        "received_on": TODAY,
    }
    return Case(**ordinary | told)


def confirmed(case: Case) -> Case:
    return lifecycle.confirm(case, by=ANNA, at=NOON, letter_at=NOON).case


def test_a_confirmed_case_owes_its_requester_a_letter_and_staff_a_card():
    case = a_proposed_case()

    change = lifecycle.confirm(case, by=ANNA, at=NOON, letter_at=NOON + timedelta(minutes=10))

    assert change.case.status is Status.OPEN
    assert change.case.assignee == ANNA
    assert [type(effect) for effect in change.effects] == [SendLetter, ShowCard, TellThread]
    assert change.effects[0].not_before == NOON + timedelta(minutes=10)


def test_a_machine_is_never_answered():
    case = a_proposed_case(unanswerable=Automatic.LIST)

    change = lifecycle.confirm(case, by=ANNA, at=NOON, letter_at=NOON)

    assert change.case.status is Status.OPEN
    assert not any(isinstance(effect, SendLetter) for effect in change.effects)
    assert change.event.facts["letter"] == "list"


def test_the_second_agent_learns_who_was_first():
    case = confirmed(a_proposed_case())

    with pytest.raises(IllegalMove) as told:
        lifecycle.dismiss(case, by=BRAM, at=NOON)

    assert told.value.facts["last_by"] == ANNA
    assert told.value.facts["last_kind"] is EventKind.CASE_CONFIRMED


def test_an_undone_confirmation_keeps_the_letter_in_the_house():
    change = lifecycle.undo_confirmation(confirmed(a_proposed_case()), by=ANNA, at=NOON)

    assert change.case.status is Status.PROPOSED
    assert change.case.assignee is None
    assert RecallLetters(reference="AVG-2026-0001") in change.effects


def test_only_the_last_click_can_be_undone():
    case = lifecycle.change_rights(
        confirmed(a_proposed_case()), {Right.ERASURE}, by=ANNA, at=NOON, today=TODAY
    ).case

    with pytest.raises(IllegalMove):
        lifecycle.undo_confirmation(case, by=ANNA, at=NOON)


def test_a_dismissal_can_be_taken_back_but_an_answered_case_is_reopened():
    dismissed = lifecycle.dismiss(a_proposed_case(), by=ANNA, at=NOON).case
    answered = lifecycle.close(
        confirmed(a_proposed_case()), {Right.ACCESS: Answer(outcome=Outcome.GRANTED)}, by=ANNA, at=NOON
    ).case

    assert lifecycle.undo_dismissal(dismissed, by=ANNA, at=NOON).case.status is Status.PROPOSED
    assert lifecycle.reopen(answered, by=ANNA, at=NOON).case.status is Status.OPEN
    with pytest.raises(IllegalMove):
        lifecycle.reopen(dismissed, by=ANNA, at=NOON)
    with pytest.raises(IllegalMove):
        lifecycle.undo_dismissal(answered, by=ANNA, at=NOON)


def test_a_right_added_to_an_open_case_starts_its_own_clock():
    later = TODAY + timedelta(days=9)

    change = lifecycle.change_rights(
        confirmed(a_proposed_case()), {Right.ACCESS, Right.ERASURE}, by=BRAM, at=NOON, today=later
    )

    assert change.case.right(Right.ACCESS).received_on == TODAY
    assert change.case.right(Right.ERASURE).received_on == later
    assert change.case.right(Right.ERASURE).status is Status.OPEN


def test_a_right_the_classifier_missed_runs_from_receipt_while_nobody_has_confirmed():
    change = lifecycle.change_rights(
        a_proposed_case(), {Right.ERASURE}, by=BRAM, at=NOON, today=TODAY + timedelta(days=9)
    )

    assert change.case.rights == (CaseRight(right=Right.ERASURE, received_on=TODAY),)


def test_a_case_without_rights_is_refused():
    with pytest.raises(NoRights):
        lifecycle.change_rights(a_proposed_case(), (), by=ANNA, at=NOON, today=TODAY)


@pytest.mark.parametrize("outcome", sorted(NEEDS_REASON))
def test_every_no_needs_its_reason(outcome):
    case = confirmed(a_proposed_case())

    with pytest.raises(ReasonMissing):
        lifecycle.close(case, {Right.ACCESS: Answer(outcome=outcome, reason="  ")}, by=ANNA, at=NOON)

    closed = lifecycle.close(
        case, {Right.ACCESS: Answer(outcome=outcome, reason="Omdat het moet.")}, by=ANNA, at=NOON
    ).case
    assert closed.outcome is outcome


def test_every_right_needs_an_outcome():
    case = confirmed(a_proposed_case(Right.ACCESS, Right.ERASURE))

    with pytest.raises(OutcomeMissing):
        lifecycle.close(case, {Right.ACCESS: Answer(outcome=Outcome.GRANTED)}, by=ANNA, at=NOON)


def test_an_open_case_does_not_end_as_no_request_by_the_back_door():
    case = confirmed(a_proposed_case())

    with pytest.raises(OutcomeMissing):
        lifecycle.close(case, {Right.ACCESS: Answer(outcome=Outcome.NOT_A_REQUEST)}, by=ANNA, at=NOON)


def test_rights_that_ended_differently_make_a_case_partly_granted():
    case = confirmed(a_proposed_case(Right.ACCESS, Right.ERASURE))
    answers = {
        Right.ACCESS: Answer(outcome=Outcome.GRANTED),
        Right.ERASURE: Answer(outcome=Outcome.REFUSED, reason="Zeven jaar bewaarplicht."),
    }

    assert lifecycle.close(case, answers, by=ANNA, at=NOON).case.outcome is Outcome.PARTLY_GRANTED


def test_a_stop_is_recorded_once_with_the_minutes_it_took():
    case = confirmed(a_proposed_case(Right.OBJECTION, Right.ACCESS))

    change = lifecycle.stop_marketing(case, by=ANNA, at=NOON + timedelta(minutes=95))

    assert change.event.facts["minutes_after_receipt"] == 95
    assert change.case.right(Right.ACCESS).stopped_at is None
    with pytest.raises(NothingToStop):
        lifecycle.stop_marketing(change.case, by=BRAM, at=NOON)


def test_a_decision_on_what_was_seen_fails_when_the_case_moved_on():
    case = replace(a_proposed_case(), version=4)

    assert lifecycle.as_seen(case, 4) is case
    with pytest.raises(StaleCase):
        lifecycle.as_seen(case, 3)


class Clicking(RuleBasedStateMachine):
    """Agents who click anything at any time.  What must hold, holds whatever they do."""

    def __init__(self):
        super().__init__()
        self.case = lifecycle.propose(a_proposed_case(Right.OBJECTION), at=NOON).case
        self.owed = 0  #: acknowledgements that were owed and not recalled
        self.reasons = True

    def _try(self, move, kind):
        sources, to = MOVES[kind]
        before = self.case
        try:
            change = move()
        except IllegalMove:
            assert self.case is before
            return
        assert before.status in sources
        assert change.case.status is (to or before.status)
        assert change.event.kind is kind
        assert ShowCard(reference=self.case.reference) in change.effects
        self.owed += sum(isinstance(effect, SendLetter) for effect in change.effects)
        self.owed -= sum(isinstance(effect, RecallLetters) for effect in change.effects)
        self.case = change.case

    @rule()
    def confirm(self):
        self._try(
            lambda: lifecycle.confirm(self.case, by=ANNA, at=NOON, letter_at=NOON), EventKind.CASE_CONFIRMED
        )

    @rule()
    def undo_confirmation(self):
        self._try(
            lambda: lifecycle.undo_confirmation(self.case, by=ANNA, at=NOON), EventKind.CONFIRMATION_UNDONE
        )

    @rule()
    def dismiss(self):
        self._try(lambda: lifecycle.dismiss(self.case, by=BRAM, at=NOON), EventKind.CASE_DISMISSED)

    @rule()
    def undo_dismissal(self):
        self._try(lambda: lifecycle.undo_dismissal(self.case, by=BRAM, at=NOON), EventKind.DISMISSAL_UNDONE)

    @rule(rights=st.sets(st.sampled_from(Right), min_size=1))
    def change_rights(self, rights):
        self._try(
            lambda: lifecycle.change_rights(self.case, rights, by=ANNA, at=NOON, today=TODAY),
            EventKind.RIGHTS_CHANGED,
        )

    @precondition(lambda self: self.case.right(Right.OBJECTION))
    @rule()
    def stop(self):
        try:
            self._try(
                lambda: lifecycle.stop_marketing(self.case, by=ANNA, at=NOON), EventKind.MARKETING_STOPPED
            )
        except NothingToStop:
            assert all(mine.stopped_at for mine in self.case.rights if mine.right is Right.OBJECTION)

    @rule(outcome=st.sampled_from(sorted(set(Outcome) - {Outcome.NOT_A_REQUEST})))
    def close(self, outcome):
        answers = {mine.right: Answer(outcome=outcome, reason="Daarom.") for mine in self.case.rights}
        self._try(lambda: lifecycle.close(self.case, answers, by=ANNA, at=NOON), EventKind.CASE_CLOSED)

    @rule()
    def reopen(self):
        self._try(lambda: lifecycle.reopen(self.case, by=ANNA, at=NOON), EventKind.CASE_REOPENED)

    @invariant()
    def a_closed_case_and_only_a_closed_case_has_an_outcome(self):
        assert (self.case.status is Status.CLOSED) == (self.case.outcome is not None)
        assert all((mine.status is Status.CLOSED) == (mine.outcome is not None) for mine in self.case.rights)

    @invariant()
    def a_case_has_a_right_and_its_rights_stand_where_it_stands(self):
        assert self.case.rights
        assert {mine.status for mine in self.case.rights} == {self.case.status}

    @invariant()
    def the_requester_is_told_at_most_once(self):
        assert self.owed in {0, 1}
        if self.case.status is Status.PROPOSED:
            assert self.owed == 0


TestClicking = Clicking.TestCase
