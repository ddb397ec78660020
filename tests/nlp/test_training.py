"""The whole workflow, on a small corpus and a few steps."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import srsly

from cases.model import Band, Classification
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


def choose_on_few(patch: pytest.MonkeyPatch) -> None:
    few = corpus.choosing()[::8]
    patch.setattr(corpus, "choosing", lambda: few)


@pytest.fixture(autouse=True)
def _few_mails_to_choose_on(monkeypatch):
    choose_on_few(monkeypatch)


@dataclass(frozen=True)
class Trained:
    place: Path
    steps: list[tuple[int, int]]

    def read(self, mails) -> list[Classification]:
        classifier = SpacyClassifier.load(self.place)
        return list(classifier.classify_many((mail.subject_line, mail.text) for mail in mails))


def train_shortly(place: Path, mails, processes: int) -> Trained:
    steps: list[tuple[int, int]] = []
    train(place, lambda *step: steps.append(step), mails=mails, folds=2, processes=processes, overrides=FEW)
    return Trained(place, steps)


@pytest.fixture(scope="module")
def trained(tmp_path_factory, some_mails):
    """In one process."""
    with pytest.MonkeyPatch.context() as patch:
        choose_on_few(patch)
        return train_shortly(tmp_path_factory.mktemp("deep") / "er" / "model", some_mails, 1)


def test_from_mails_to_figures(trained):
    classifier = SpacyClassifier.load(trained.place)

    assert is_current(trained.place)
    assert trained.steps == [(step, 18) for step in range(1, 19)]
    assert evaluate(judging()[::9], classifier.classify_many).whole.mails > 10


@pytest.mark.parametrize("processes", [1, 2])
def test_training_again_gives_the_same_model_in_one_process_or_more(tmp_path, trained, some_mails, processes):
    again = train_shortly(tmp_path / "again", some_mails, processes)

    assert again.read(some_mails[:20]) == trained.read(some_mails[:20])
    assert again.steps[-1] == (18, 18)


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
