"""Forms show the case as it is, and read back exactly what was filled in."""

import pytest

from bot.modals import (
    OFFERED,
    Seen,
    answer_modal,
    answers_from,
    change_rights_modal,
    done_modal,
    field_at_fault,
    loading_modal,
    notice_modal,
    rights_from,
    seen_from,
    working_modal,
)
from cases.errors import NoRights, OutcomeMissing, ReasonMissing, StaleCase
from cases.lifecycle import Answer
from cases.model import Outcome, Right, Status
from tests.bot.a_file import EN, NL
from tests.bot.slack_rules import assert_view_fits, seen
from tests.builders import a_case


def submitted(view, values):
    """A view as Slack hands it back."""
    return {**view, "state": {"values": values}}


def block(view, block_id):
    return next(one for one in view["blocks"] if one.get("block_id") == block_id)


@pytest.mark.parametrize("texts", [NL, EN])
def test_slack_takes_every_form_for_every_right(texts):
    case = a_case(rights=Right, status=Status.OPEN)

    for view in (change_rights_modal(case, texts), answer_modal(case, texts)):
        assert_view_fits(view)
    for view in (loading_modal(texts), working_modal(texts), done_modal(texts), notice_modal("Nee.", texts)):
        assert_view_fits(view)


def test_all_eight_rights_are_offered_with_their_meaning_and_those_of_the_case_are_ticked():
    view = change_rights_modal(a_case(rights=(Right.ACCESS, Right.ERASURE)), NL)

    boxes = block(view, "rights")["element"]

    assert [one["value"] for one in boxes["options"]] == [right.value for right in Right]
    assert all(one["description"]["text"] for one in boxes["options"])
    assert [one["value"] for one in boxes["initial_options"]] == ["access", "erasure"]
    assert all(one in boxes["options"] for one in boxes["initial_options"])


def test_a_form_knows_which_version_of_the_case_it_showed():
    view = change_rights_modal(a_case("AVG-2026-0042", version=7), NL)

    assert seen_from(view) == Seen(reference="AVG-2026-0042", version=7)


def test_the_ticked_rights_are_read_back():
    view = change_rights_modal(a_case(), NL)
    ticked = [{"value": "erasure"}, {"value": "complaint"}]

    some = submitted(view, {"rights": {"rights": {"type": "checkboxes", "selected_options": ticked}}})
    none = submitted(view, {"rights": {"rights": {"type": "checkboxes", "selected_options": []}}})

    assert rights_from(some) == {Right.ERASURE, Right.COMPLAINT}
    assert rights_from(none) == frozenset()


def test_each_right_of_the_case_is_asked_for_its_outcome_and_reason():
    view = answer_modal(a_case(rights=(Right.ACCESS, Right.ERASURE), status=Status.OPEN), NL)

    asked = [one["block_id"] for one in view["blocks"] if one["type"] == "input"]

    assert asked == ["outcome:access", "reason:access", "outcome:erasure", "reason:erasure"]
    assert block(view, "reason:access")["optional"]
    assert not block(view, "outcome:access").get("optional")


def test_an_answered_case_is_never_called_no_request_there():
    options = block(answer_modal(a_case(), NL), "outcome:access")["element"]["options"]

    assert [one["value"] for one in options] == [outcome.value for outcome in OFFERED]
    assert Outcome.NOT_A_REQUEST not in OFFERED


def test_answers_are_read_back_and_a_right_without_one_is_left_out():
    view = answer_modal(a_case(rights=(Right.ACCESS, Right.ERASURE, Right.COMPLAINT)), NL)
    values = {
        "outcome:access": {"outcome": {"selected_option": {"value": "granted"}}},
        "reason:access": {"reason": {"value": None}},
        "outcome:erasure": {"outcome": {"selected_option": {"value": "refused"}}},
        "reason:erasure": {"reason": {"value": "Wettelijke bewaarplicht."}},
        "outcome:complaint": {"outcome": {"selected_option": None}},
    }

    answers = answers_from(submitted(view, values))

    assert answers == {
        Right.ACCESS: Answer(outcome=Outcome.GRANTED),
        Right.ERASURE: Answer(outcome=Outcome.REFUSED, reason="Wettelijke bewaarplicht."),
    }


@pytest.mark.parametrize(
    ("error", "field"),
    [
        (NoRights(reference="AVG-2026-0001"), "rights"),
        (ReasonMissing(reference="AVG-2026-0001", right=Right.ERASURE), "reason:erasure"),
        (OutcomeMissing(reference="AVG-2026-0001", right=Right.ACCESS), "outcome:access"),
        (StaleCase(reference="AVG-2026-0001"), None),
    ],
)
def test_an_error_stands_below_the_field_that_it_is_about(error, field):
    assert field_at_fault(error) == field


def test_a_notice_shows_its_sentence():
    assert "Een collega was je voor." in seen(notice_modal("Een collega was je voor.", NL)["blocks"])
