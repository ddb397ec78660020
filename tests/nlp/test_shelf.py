"""Models lie side by side; one is in use, and another one is taken into use at once and whole."""

import json

import pytest
import spacy

from nlp.training import shelf
from nlp.training.fingerprint import EXAMPLES, META, version_of
from nlp.training.shelf import NoSuchModel, lay_down, note_figures, shelved, use


def a_model(version, examples=0):
    nlp = spacy.blank("xx")
    nlp.meta[META], nlp.meta[EXAMPLES] = version, examples
    return nlp


@pytest.fixture
def place(tmp_path):
    place = tmp_path / "var" / "model"
    for version in ("one", "two"):
        lay_down(a_model(version, examples=3), place, version)
    use(place, "one")
    return place


def test_a_model_that_was_laid_down_is_not_in_use_yet(place):
    assert version_of(place) == "one"
    assert {model.version: model.in_use for model in shelved(place)} == {"one": True, "two": False}
    assert {model.examples for model in shelved(place)} == {3}


def test_another_one_is_taken_into_use_and_back(place):
    use(place, "two")
    assert version_of(place) == "two"

    use(place, "one")
    assert version_of(place) == "one"


@pytest.mark.parametrize("version", ["three", "", "..", "../models/two", "/"])
def test_what_is_not_on_the_shelf_cannot_be_used(place, version):
    with pytest.raises(NoSuchModel):
        use(place, version)

    assert version_of(place) == "one"


def test_the_same_version_laid_down_again_replaces_the_old_one_whole(place):
    (place / "rest-of-something").write_text("old", encoding="utf-8")

    lay_down(a_model("one"), place, "one")

    assert not (place / "rest-of-something").exists()
    assert sorted(entry.name for entry in (place.parent / "models").iterdir()) == ["one", "two"]


def test_a_model_of_before_there_was_a_shelf_is_put_on_it(tmp_path):
    place = tmp_path / "model"
    a_model("old").to_disk(place)
    lay_down(a_model("new"), place, "new")

    use(place, "new")
    assert version_of(place) == "new"

    use(place, "old")
    assert version_of(place) == "old"


def test_figures_are_kept_with_their_model(place):
    note_figures(place, {"all": {"macro_f1": 0.9}})

    assert {model.version: model.figures for model in shelved(place)} == {
        "one": {"all": {"macro_f1": 0.9}},
        "two": {},
    }


def test_old_models_go_and_the_one_in_use_never_does(place):
    for number in range(shelf.KEPT + 2):
        lay_down(a_model(f"new{number}"), place, f"new{number}")
        meta = place.parent / "models" / f"new{number}" / "meta.json"
        meta.write_text(json.dumps(json.loads(meta.read_text("utf-8"))), encoding="utf-8")

    use(place, "one")

    kept = {model.version for model in shelved(place)}
    assert "one" in kept
    assert shelf.KEPT <= len(kept) <= shelf.KEPT + 1


def test_an_empty_house_has_no_models(tmp_path):
    assert shelved(tmp_path / "model") == []
