"""What the reader sees of a mail: passages, and how loud their parts speak."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import spacy

from nlp.pipeline.architecture import matrices_of
from nlp.pipeline.forms import Forms
from nlp.pipeline.passages import Passages, passages_of, passages_of_all
from nlp.training import corpus
from nlp.training.material import MARKS

SLOTS = 1 << 18


@pytest.fixture(scope="module")
def marked():
    nlp = spacy.blank("xx")
    for name in MARKS:
        nlp.add_pipe(name)
    return nlp


@pytest.fixture(scope="module")
def read(marked):
    return lambda text: passages_of(marked(text))


def rows(passages: Passages) -> np.ndarray:
    """Features of each passage (passages x slots), dense."""
    made, groups = matrices_of([passages], SLOTS)
    return (made @ groups).toarray()


def test_each_sentence_each_two_in_a_row_and_the_whole_are_passages(read):
    found = read("I left in June. Could you clear that out? Thanks!")

    assert found.sizes == [1, 1, 1, 2, 2, 0]
    assert found.spans[3] == (found.spans[0][0], found.spans[1][1])
    assert found.spans[-1] == (found.spans[0][0], found.spans[2][1])
    assert [len(made) for made in rows(found)] == [SLOTS] * 6


@pytest.mark.parametrize("text", ["", "?", "...\n\n", "-- \n  "])
def test_where_nobody_speaks_there_is_no_passage(read, text):
    assert read(text).spans == []


def slots(row: np.ndarray) -> set[int]:
    return set(np.flatnonzero(row).tolist())


def test_two_sentences_hold_what_each_of_them_holds(read):
    one, other, both, _ = (slots(row) for row in rows(read("Delete my account. Stop the advertising.")))

    assert len(one - both) == len(other - both) == 1  # the size is another
    assert len(both - one - other) > 1  # and concepts that only the two make together


def test_the_whole_mail_has_features_of_its_own(read):
    alone, whole = (slots(row) for row in rows(read("Delete my account")))

    assert not alone & whole
    assert len(alone) == len(whole)


def test_what_a_mail_says_twice_counts_once_in_the_whole(read):
    once, twice = (rows(read(text))[-1] for text in ("weg ermee", "weg ermee\n\nweg ermee"))
    shared = sorted(slots(once) & slots(twice))

    assert len(slots(once)) - len(shared) == 1  # the size
    assert (once[shared] == twice[shared]).all()


def test_the_order_of_two_words_counts(read):
    one, other = (rows(read(text))[0] for text in ("dog bites man", "man bites dog"))

    assert (one != other).any()


def test_a_rules_hit_marks_the_sentence_and_the_passages_around_it(read):
    found = read("Mooi weer vandaag. Gooi alles van mij weg. Tot ziens.")

    assert found.hit_by("erasure").tolist() == [False, True, False, True, True, True]


def test_many_words_speak_as_loud_together_as_few(read):
    few, many = (rows(read(" ".join(f"w{at}" for at in range(count))))[0] for count in (12, 48))

    assert np.linalg.norm(few) == pytest.approx(np.linalg.norm(many), rel=0.1)


def test_mails_read_together_give_what_each_gives_alone(read):
    mails = [read("Delete it. Now please."), read(""), read("Wis alles. Dank.")]

    made, groups = matrices_of(mails, SLOTS)

    alone = [rows(mail) for mail in mails if mail.spans]
    assert np.allclose((made @ groups).toarray(), np.concatenate(alone))


def test_a_batch_is_read_as_each_mail_is_alone(marked):
    texts = [mail.whole for mail in corpus.choosing()[::60]]
    texts[1:1] = ["", "?", "Gooi alles weg!", "-- \n"]

    together = passages_of_all([marked(text) for text in texts])

    for text, passages in zip(texts, together, strict=True):
        alone = passages_of(marked(text))
        assert (passages.spans, passages.sizes, passages.fired) == (alone.spans, alone.sizes, alone.fired)
        assert not alone.spans or np.array_equal(rows(passages), rows(alone))


def test_a_form_is_learned_once_and_the_number_of_those_kept_is_bounded():
    nlp = spacy.blank("xx")
    asked = Counter()

    def learn(form):
        asked[form] += 1
        return form.upper()

    forms = Forms(learn, most=3)

    assert forms.of(nlp("a b a")) == ["A", "B", "A"]
    assert forms.of(nlp("c d")) == ["C", "D"]
    assert asked == {"a": 1, "b": 1, "c": 1, "d": 1}
    assert forms.of(nlp("a e")) == ["A", "E"]  # too many by now: begun anew
    assert asked["a"] == 2
