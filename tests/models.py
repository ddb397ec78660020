"""A trained model for tests: var/model when it is current, else one trained once and kept beside it."""

from __future__ import annotations

from pathlib import Path

from nlp.training.fingerprint import is_current

_VAR = Path(__file__).parent.parent / "var"


def model_for_tests() -> Path:
    """The model that training would give now.  Training takes half a minute, once per change."""
    for place in (_VAR / "model", _VAR / "model-for-tests"):
        if is_current(place):
            return place
    from nlp.training.train import train

    train(_VAR / "model-for-tests")
    return _VAR / "model-for-tests"
