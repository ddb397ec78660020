"""The whole workflow, on a small corpus and a few steps."""

from __future__ import annotations

from pathlib import Path

import pytest
import srsly

from cases.model import Band
from nlp.classifier import SpacyClassifier
from nlp.training import calibrate, convert, corpus
from nlp.training.corpus import judging, read
from nlp.training.evaluate import evaluate
from nlp.training.fingerprint import is_current
from nlp.training.train import train

FEW = {
    "reader.rounds": 6,
    "components.textcat_multilabel.model.length": 2048,
}


@pytest.fixture(scope="module")
def some_mails():
    return list(read())[::40]


@pytest.fixture(autouse=True)
def _few_mails_to_choose_on(monkeypatch):
    few = corpus.choosing()[::8]
    monkeypatch.setattr(corpus, "choosing", lambda: few)


def train_shortly(place: Path, mails, progress=None) -> SpacyClassifier:
    train(place, progress, mails=mails, folds=2, processes=1, overrides=FEW)
    return SpacyClassifier.load(place)


def test_from_mails_to_figures(tmp_path, some_mails):
    steps: list[tuple[int, int]] = []
    place = tmp_path / "deep" / "model"

    classifier = train_shortly(place, some_mails, lambda done, total: steps.append((done, total)))

    assert is_current(place)
    assert steps == [(step, 18) for step in range(1, 19)]
    assert evaluate(judging()[::9], classifier.classify_many).whole.mails > 10


def test_training_twice_gives_the_same_model(tmp_path, some_mails):
    messages = [(mail.subject_line, mail.text) for mail in some_mails[:20]]

    one = train_shortly(tmp_path / "one", some_mails)
    other = train_shortly(tmp_path / "other", some_mails)

    assert list(one.classify_many(messages)) == list(other.classify_many(messages))


def test_folds_that_are_learned_in_processes_of_their_own_give_the_same_model(tmp_path, some_mails):
    messages = [(mail.subject_line, mail.text) for mail in some_mails[:20]]
    place, steps = tmp_path / "model", []

    one = train_shortly(tmp_path / "one", some_mails)
    train(place, lambda *step: steps.append(step), mails=some_mails, folds=2, processes=2, overrides=FEW)

    other = SpacyClassifier.load(place)
    assert list(one.classify_many(messages)) == list(other.classify_many(messages))
    assert steps[-1] == (18, 18)


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_thresholds_keep_the_requests_of_the_dev_split(trained_model, lang):
    requests = [
        mail for mail in corpus.read(*corpus.DEV.glob("*.jsonl")) if mail.labels and mail.lang == lang
    ]
    classifier = SpacyClassifier.load(trained_model)

    read = list(classifier.classify_many((mail.subject_line, mail.text) for mail in requests))

    assert sum(one.is_request for one in read) >= calibrate.RECALL * len(requests)
    assert sum(one.band is not Band.NONE for one in read) >= calibrate.RECALL_IN_DOUBT * len(requests)


def test_the_project_file_names_commands_that_exist():
    project = srsly.read_yaml(Path(convert.__file__).parent / "project.yml")

    modules = [script.split()[2] for command in project["commands"] for script in command["script"]]

    assert modules == ["nlp.training.convert", "nlp.training.train", "nlp.training.evaluate"]
    assert project["workflows"]["all"] == [command["name"] for command in project["commands"]]
