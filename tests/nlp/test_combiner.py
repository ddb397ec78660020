"""How the last component decides, by thresholds of the mail's language."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import spacy

from cases.model import Band
from nlp.classifier import SpacyClassifier
from nlp.pipeline.combiner import (
    CLEAR,
    COLUMNS,
    DOUBT,
    REQUEST,
    RIGHTS,
    Combiner,
    Weights,
    band_of,
    recognise,
)

DUTCH = {**dict.fromkeys(RIGHTS, 0.5), DOUBT: 0.1, REQUEST: 0.3, CLEAR: 0.6}
ENGLISH = {**dict.fromkeys(RIGHTS, 0.6), DOUBT: 0.2, REQUEST: 0.25, CLEAR: 0.7}
BOTH = Weights(thresholds={"nl": DUTCH, "en": ENGLISH})


def scores(request: float, **rights: float) -> np.ndarray:
    return np.array([*(rights.get(right, 0.01) for right in RIGHTS), request])


def test_a_language_has_thresholds_of_its_own_and_any_other_the_lowest():
    assert BOTH.thresholds_in("nl") == DUTCH
    assert BOTH.thresholds_in("en") == ENGLISH
    lowest = {**dict.fromkeys(RIGHTS, 0.5), DOUBT: 0.1, REQUEST: 0.25, CLEAR: 0.6}
    assert BOTH.thresholds_in("other") == BOTH.thresholds_in(None) == lowest


@pytest.mark.parametrize(
    ("request_score", "band"),
    [(0.05, Band.NONE), (0.1, Band.DOUBTFUL), (0.59, Band.DOUBTFUL), (0.6, Band.CLEAR)],
)
def test_the_bands_lie_between_doubt_and_clear(request_score, band):
    assert band_of(request_score, DUTCH) is band


def test_below_the_gate_no_right_is_recognised():
    assert recognise(scores(0.29, access=0.9), DUTCH) == []


def test_the_rights_that_reach_their_thresholds_come_likeliest_first():
    assert recognise(scores(0.9, access=0.6, erasure=0.8, objection=0.4), DUTCH) == ["erasure", "access"]


def test_a_request_whose_rights_share_their_probability_is_the_likeliest_one():
    assert recognise(scores(0.4, access=0.2, erasure=0.3), DUTCH) == ["erasure"]


@pytest.fixture
def stored(trained_model):
    return spacy.load(Path(trained_model).resolve())


def test_a_mail_is_judged_by_the_thresholds_of_its_language(stored):
    combiner = stored.get_pipe("rightsdesk_combiner")
    closed = dict.fromkeys(combiner.fitted.thresholds["nl"], 1.1)
    thresholds = {"nl": closed, "en": combiner.fitted.thresholds["en"]}
    combiner.fitted = replace(combiner.fitted, thresholds=thresholds)
    classifier = SpacyClassifier(stored, "a trial")

    dutch = classifier.classify("", "Ik wil dat jullie al mijn persoonsgegevens verwijderen.")
    english = classifier.classify("", "I want you to delete all the personal data that you have of me.")

    assert (dutch.is_request, dutch.band) == (False, Band.NONE)
    assert english.is_request


def test_thresholds_and_their_curves_stand_together_for_each_language(stored):
    fitted = stored.get_pipe("rightsdesk_combiner").fitted

    assert fitted.thresholds.keys() == fitted.curves.keys() == {"nl", "en"}
    for language, thresholds in fitted.thresholds.items():
        assert thresholds.keys() == {*COLUMNS, DOUBT, CLEAR}
        assert thresholds[DOUBT] <= thresholds[REQUEST] <= thresholds[CLEAR]
        assert {len(curve) for curve in fitted.curves[language].values()} == {19}


def test_an_older_model_with_one_set_for_all_languages_still_reads(tmp_path):
    stored = {"weights": {}, "thresholds": DUTCH, "curves": {REQUEST: [[0.05, 1.0, 0.5]]}}
    (tmp_path / "combiner.json").write_text(json.dumps(stored))

    fitted = Combiner().from_disk(tmp_path).fitted

    assert fitted.thresholds_in("nl") == fitted.thresholds_in("en") == DUTCH
    assert fitted.curves == {"all": stored["curves"]}


def test_what_is_stored_comes_back(tmp_path):
    combiner = Combiner()
    combiner.fitted = Weights({"access": [1.0]}, BOTH.thresholds, {"nl": {REQUEST: [[0.05, 1.0, 0.5]]}})
    combiner.to_disk(tmp_path / "there")

    assert Combiner().from_disk(tmp_path / "there").fitted == combiner.fitted
