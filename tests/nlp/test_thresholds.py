"""The gate: what it keeps, and how much further it opens while alarms are few."""

import numpy as np
import pytest

from nlp.pipeline.combiner import COLUMNS, DOUBT, REQUEST
from nlp.training.calibrate import choose_thresholds
from nlp.training.corpus import Kind

REQUESTS = np.linspace(0.01, 1.0, 100)  # .98 of them reach .03


def chosen(*, requests=REQUESTS, ordinary=0.0, hard=0.0):
    """Thresholds with a hundred mails of each kind; `ordinary` and `hard` are scores, highest first."""
    of_none = [np.concatenate([np.atleast_1d(top), np.zeros(100 - np.size(top))]) for top in (ordinary, hard)]
    scores = np.concatenate([requests, *of_none])
    asked = np.arange(300) < 100
    kinds = np.repeat([Kind.REQUEST, Kind.ORDINARY, Kind.HARD], 100)
    columns = len(COLUMNS)
    return choose_thresholds(np.tile(scores[:, None], columns), np.tile(asked[:, None], columns), kinds)


def test_without_alarms_the_gate_opens_beyond_its_recall():
    assert chosen(requests=0.5 + REQUESTS / 2)[REQUEST] < 0.5


@pytest.mark.parametrize("alarms", [{"ordinary": [0.4]}, {"hard": [0.9, 0.8, 0.4]}])
def test_it_opens_no_further_than_the_alarms_allow(alarms):
    gate = chosen(requests=0.5 + REQUESTS / 2, **alarms)[REQUEST]

    assert 0.4 < gate < 0.41


@pytest.mark.parametrize("alarms", [{"ordinary": [0.9]}, {"hard": [0.9, 0.9, 0.9]}])
def test_alarms_never_cost_a_request(alarms):
    assert chosen(**alarms)[REQUEST] == pytest.approx(0.02)


def test_a_doubt_never_begins_above_the_gate():
    thresholds = chosen()

    assert thresholds[DOUBT] <= thresholds[REQUEST]
