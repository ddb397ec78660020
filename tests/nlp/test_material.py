"""What is found once and learned from many times is what a reading finds."""

from __future__ import annotations

import numpy as np
import pytest

from nlp.pipeline.words import Words
from nlp.training.corpus import read
from nlp.training.material import Material, counted, truth
from nlp.training.material import read as passages_in
from nlp.training.words import fit_words, said_of


@pytest.fixture(scope="module")
def mails():
    return list(read())[::40]


@pytest.fixture(scope="module")
def found(mails) -> Material:
    texts = [mail.whole for mail in mails]
    return Material(passages_in(texts), counted(texts), truth(mails))


def test_the_second_voice_says_of_counts_what_it_says_of_the_text(mails, found):
    words = Words(found.answers.shape[1])
    seen, unseen = np.arange(0, 200), np.arange(200, len(mails))
    fit_words(words, found.of(seen).counts, found.answers[seen])

    by_counts = said_of(words, found.of(unseen).counts)
    by_text = words.logits([mails[at].whole for at in unseen])

    assert len(words.entries) > 1000
    assert np.abs(by_text).max() > 0.5
    assert by_counts == pytest.approx(by_text, abs=1e-4)


def test_a_part_of_the_material_is_that_of_those_mails(mails, found):
    some = np.array([3, 1, 7])
    part = found.of(some)

    assert [one.fired for one in part.passages] == [found.passages[at].fired for at in some]
    assert (part.answers == truth([mails[at] for at in some])).all()
    assert (part.counts[0].matrix.toarray() == found.counts[0].matrix[some].toarray()).all()


def test_an_entry_of_too_few_mails_is_left_out():
    whole, pieces = counted(["de kat", "de hond", "de muis"])

    assert whole.entries.tolist() == ["de"]
    assert pieces.entries.tolist() == ["# de", "# de ", "#de "]
