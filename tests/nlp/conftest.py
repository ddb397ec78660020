"""One trained model for all tests of the room."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.classifier import SpacyClassifier
from tests.models import model_for_tests


@pytest.fixture(scope="session")
def trained_model() -> Path:
    return model_for_tests()


@pytest.fixture(scope="session")
def classifier(trained_model: Path) -> SpacyClassifier:
    return SpacyClassifier.load(trained_model)
