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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first test that asks for the model may have to wait for its training."""
    for item in items:
        if "trained_model" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(400))
