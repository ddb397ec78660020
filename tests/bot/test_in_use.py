"""A running worker reads with the model that is in use, and takes another one as soon as that is."""

import shutil

import pytest

from bot.roles.in_use import InUse
from cases.errors import ModelMissing
from nlp.training import shelf
from tests.models import model_for_tests


@pytest.fixture
def place(tmp_path):
    """The model for tests on a shelf of our own, under two versions."""
    place = tmp_path / "model"
    for version in ("one", "two"):
        folder = tmp_path / "models" / version
        shutil.copytree(model_for_tests(), folder, symlinks=False)
        meta = folder / "meta.json"
        found = shelf.version_of(folder)
        meta.write_text(meta.read_text("utf-8").replace(found, version, 1), encoding="utf-8")
    shelf.use(place, "one")
    return place


@pytest.mark.timeout(400)
def test_another_model_is_taken_while_the_worker_runs(place):
    classifier = InUse(place)
    assert classifier.classify("", "Verwijder al mijn gegevens.").model == "one"

    shelf.use(place, "two")
    classifier.renew()

    assert classifier.classify("", "Verwijder al mijn gegevens.").model == classifier.version == "two"


@pytest.mark.timeout(400)
def test_half_a_model_leaves_the_old_one_reading(place):
    classifier = InUse(place)
    shelf.use(place, "two")
    (place / "config.cfg").unlink()

    classifier.renew()

    assert classifier.version == "one"
    assert classifier.classify("", "Verwijder al mijn gegevens.").is_request


def test_without_a_model_it_does_not_start(tmp_path):
    with pytest.raises(ModelMissing):
        InUse(tmp_path / "nothing")
