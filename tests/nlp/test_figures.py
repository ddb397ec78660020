"""What an evaluation counts, worked out by hand on a few mails."""

import pytest

from cases.messages import Language
from cases.model import Band, Classification, Right
from nlp.training.corpus import Kind, Mail
from nlp.training.figures import Bin, Counts, as_json, evaluation, table
from nlp.training.report import CONFUSION, PAGE, RELIABILITY, write_report

ACCESS, ERASURE, COMPLAINT = Right.ACCESS, Right.ERASURE, Right.COMPLAINT


def mail(name, *labels, lang="nl", kind=None):
    return Mail(
        id=name,
        lang=lang,
        kind=kind or (Kind.REQUEST if labels else Kind.ORDINARY),
        family=name,
        labels=frozenset(labels),
        subject_line="",
        text="…",
    )


def read(*rights, band=None, **scores):
    told = {right: scores.get(right.value, 0.95 if right in rights else 0.05) for right in Right}
    band = band or (Band.CLEAR if rights else Band.NONE)
    return Classification(scores=told, rights=frozenset(rights), language=Language.NL, band=band)


@pytest.fixture
def found():
    mails = [
        mail("both found", ACCESS, ERASURE),
        mail("taken for a complaint", ACCESS),
        mail("missed", ERASURE),
        mail("in doubt", ERASURE, lang="en"),
        mail("quiet", lang="en"),
        mail("hard alarm", lang="en", kind=Kind.HARD),
        mail("hard doubt", kind=Kind.HARD),
    ]
    readings = [
        read(ACCESS, ERASURE),
        read(COMPLAINT),
        read(),
        read(band=Band.DOUBTFUL),
        read(),
        read(ERASURE),
        read(band=Band.DOUBTFUL),
    ]
    return evaluation(mails, readings)


def test_rights_are_counted_on_their_own(found):
    rights = found.whole.per_right

    assert rights[ACCESS] == Counts(found=1, wrong=0, missed=1)
    assert rights[ERASURE] == Counts(found=1, wrong=1, missed=2)
    assert rights[COMPLAINT] == Counts(found=0, wrong=1, missed=0)
    assert (rights[ACCESS].precision, rights[ACCESS].recall) == (1.0, 0.5)
    assert rights[ACCESS].f1 == pytest.approx(2 / 3)


def test_macro_f1_is_over_the_rights_that_occur(found):
    assert found.whole.macro_f1 == pytest.approx((2 / 3 + 2 / 5 + 0) / 3)


def test_any_right_counts_requests_and_any_card_counts_doubt_too(found):
    assert found.whole.any_right == Counts(found=2, wrong=1, missed=2)
    assert found.whole.looked_at == Counts(found=3, wrong=2, missed=1)


def test_false_alarms_are_counted_by_kind_and_language(found):
    assert found.whole.false_alarms == {Kind.ORDINARY: (0, 1), Kind.HARD: (1, 2)}
    assert found.whole.asked_in_vain == {Kind.ORDINARY: (0, 1), Kind.HARD: (2, 2)}
    assert found.languages["nl"].false_alarms == {Kind.ORDINARY: (0, 0), Kind.HARD: (0, 1)}
    assert set(found.languages) == {"nl", "en", "all"}


def test_the_calibration_error_is_how_far_scores_are_from_what_came_true():
    mails = [mail("a", ACCESS), mail("b"), mail("c"), mail("d")]
    readings = [read(access=0.75, **_others()) for _ in mails]

    figures = evaluation(mails, readings).whole

    assert figures.reliability[7] == Bin(scores=4, mean=0.75, true=0.25)
    assert figures.calibration_error == pytest.approx((4 * 0.5 + 28 * 0.0) / 32)


def _others():
    return {right.value: 0.0 for right in Right if right is not ACCESS}


def test_a_confusion_says_where_a_missed_right_went(found):
    confusion = found.whole.confusion

    assert confusion["access"]["access"] == 1
    assert confusion["access"]["complaint"] == 1
    assert confusion["erasure"]["none"] == 2
    assert confusion["none"]["erasure"] == 1
    assert confusion["none"]["none"] == 2


def test_no_mails_at_all_are_no_fault():
    nothing = evaluation([], [])

    assert nothing.whole.macro_f1 == nothing.whole.calibration_error == 0.0
    assert "0 mails" in table(nothing)


def test_the_figures_are_told_as_json_and_as_lines(found):
    told = as_json(found)

    assert told["all"]["rights"]["access"] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667, "asked": 2}
    assert told["all"]["false_alarms"]["hard"] == {"alarms": 1, "mails": 2, "rate": 0.5, "cards": 2}
    assert "false alarms, hard: 1 of 2 (50.0 %), and 1 cards that ask" in table(found)


def test_the_report_is_a_page_with_two_pictures(found, tmp_path):
    page = write_report(found, table(found), tmp_path / "deep" / "report")

    assert page.name == PAGE
    assert table(found) in page.read_text(encoding="utf-8")
    for picture in (CONFUSION, RELIABILITY):
        assert f"({picture})" in page.read_text(encoding="utf-8")
        assert (page.parent / picture).read_bytes().startswith(b"\x89PNG")
