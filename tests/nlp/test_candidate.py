"""A candidate that learned from agents' decisions takes over only if it is not worse."""

import pytest

from cases.errors import ModelMissing
from cases.lessons import Example, Origin
from cases.messages import Language
from cases.model import Right
from nlp.training import candidate, corpus, train
from nlp.training.candidate import mail_of, not_worse, train_with
from nlp.training.corpus import Kind
from nlp.training.figures import Counts, evaluation
from nlp.training.fingerprint import is_current, version_of
from nlp.training.shelf import shelved
from tests.builders import NOW
from tests.nlp.test_figures import mail, read
from tests.nlp.test_training import FEW


def an_example(number, *labels, text="Graag een overzicht van ▮.", language=Language.NL):
    return Example(
        message=number,
        origin=Origin.CHANGED,
        labels=frozenset(labels),
        read=frozenset(),
        model="old",
        language=language,
        decided_at=NOW,
        subject_line="vraag",
        text=text,
    )


@pytest.fixture
def small(monkeypatch):
    """A small part of the corpus and a few steps: what is tried here is the way, not the model."""
    learned = list(corpus.read())[::40]
    judged = corpus.judging()[::6]
    chosen_on = corpus.choosing()[::8]
    seen = []
    fitted = train.fitted

    def fit(mails, progress=None, **_):
        seen.extend(mails)
        return fitted(mails, progress, folds=2, processes=1, overrides=FEW)

    monkeypatch.setattr(corpus, "read", lambda *_: iter(learned))
    monkeypatch.setattr(corpus, "choosing", lambda: chosen_on)
    monkeypatch.setattr(candidate, "judging", lambda: judged)
    monkeypatch.setattr(train, "fitted", fit)
    return seen


def test_a_candidate_is_trained_judged_and_kept_whether_it_is_installed_or_not(small, tmp_path):
    place = tmp_path / "model"
    train.train(place)
    small.clear()
    examples = [
        an_example(1, Right.ACCESS),
        an_example(2),
        an_example(3, Right.ERASURE, language=Language.OTHER),
        an_example(4, Right.ERASURE, text=" "),
    ]

    verdict = train_with(place, examples)

    learned = {one.id: one for one in small if one.id.startswith("confirmed-")}
    assert set(learned) == {"confirmed-1", "confirmed-2"}
    assert (learned["confirmed-1"].kind, learned["confirmed-2"].kind) == (Kind.REQUEST, Kind.HARD)
    assert verdict.current != verdict.candidate
    assert verdict.installed is not_worse(verdict.before, verdict.after)
    assert version_of(place) == (verdict.candidate if verdict.installed else verdict.current)
    assert is_current(place)  # nobody trains again for the sake of examples
    by_version = {model.version: model for model in shelved(place)}
    assert by_version[verdict.candidate].examples == 2
    assert by_version[verdict.candidate].figures["all"]["mails"] > 20


def test_without_a_model_in_use_there_is_nothing_to_compare_with(tmp_path):
    with pytest.raises(ModelMissing):
        train_with(tmp_path / "model", [an_example(1)])


@pytest.mark.parametrize(
    ("after", "wanted"),
    [
        ([{Right.ACCESS}, {Right.ERASURE}], True),  # as good
        ([{Right.ACCESS, Right.ERASURE}, {Right.ERASURE}], False),  # worse macro-F1, the same recall
        ([{Right.ACCESS}, set()], False),  # a request missed
    ],
)
def test_not_worse_means_on_recall_and_on_macro_f1(after, wanted):
    mails = [mail("a", Right.ACCESS), mail("b", Right.ERASURE)]
    before = evaluation(mails, [read(Right.ACCESS), read(Right.ERASURE)]).whole

    assert not_worse(before, evaluation(mails, [read(*rights) for rights in after]).whole) is wanted
    assert before.any_right == Counts(found=2)


def test_an_example_is_a_mail_in_a_family_of_its_own():
    one, other = mail_of(an_example(7, Right.ACCESS)), mail_of(an_example(8))

    assert (one.family, one.labels, one.lang) == ("confirmed-7", {Right.ACCESS}, "nl")
    assert other.kind is Kind.HARD
