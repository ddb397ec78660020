"""The written corpus is sound."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from cases.model import Right
from nlp.training.corpus import Kind, Mail, choosing, judging, mail_of, read


@pytest.fixture(scope="module")
def mails() -> list[Mail]:
    return list(read())


@pytest.fixture(scope="module")
def everything(mails) -> list[Mail]:
    return [*mails, *choosing(), *judging()]


def test_enough_requests_and_others_were_written(everything):
    requests = [mail for mail in everything if mail.kind is Kind.REQUEST]
    kinds = Counter(mail.kind for mail in everything)

    assert len(requests) >= 1000
    assert kinds[Kind.ORDINARY] + kinds[Kind.HARD] >= 1000
    assert kinds[Kind.HARD] >= 400
    assert sum(len(mail.labels) > 1 for mail in requests) >= 200
    languages = Counter(mail.lang for mail in requests)
    assert languages["nl"] >= 1000 * 2 / 3
    assert (
        languages["nl"] > languages["en"] >= 1000 / 3
    )  # later more English was written, see assets/README.md


@pytest.mark.parametrize("right", list(Right))
def test_every_right_is_asked_for_at_least_ninety_times(everything, right):
    assert sum(right in mail.labels for mail in everything) >= 90


def test_a_request_has_labels_and_nothing_else_has(everything):
    wrong = [mail.id for mail in everything if bool(mail.labels) is not (mail.kind is Kind.REQUEST)]

    assert wrong == []


def test_every_id_is_given_once(everything):
    twice = [name for name, count in Counter(mail.id for mail in everything).items() if count > 1]

    assert twice == []


def test_no_text_stands_there_twice(everything):
    plain = Counter(re.sub(r"\W+", " ", mail.whole).strip().lower() for mail in everything)

    assert [text[:60] for text, count in plain.items() if count > 1] == []


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("right", list(Right))
def test_every_right_is_asked_for_in_both_languages(mails, lang, right):
    asked = sum(right in mail.labels for mail in mails if mail.lang == lang)

    assert asked >= 15


def test_every_split_holds_both_languages_and_all_kinds(mails):
    for split in (mails, choosing(), judging()):
        assert {(mail.lang, mail.kind) for mail in split} == {
            (lang, kind) for lang in ("nl", "en") for kind in Kind
        }


def test_a_family_is_never_divided(mails):
    families = [{mail.family for mail in split} for split in (mails, choosing(), judging())]

    assert sum(map(len, families)) == len(set.union(*families))


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("right", list(Right))
def test_dev_and_test_split_ask_for_every_right_in_both_languages(lang, right):
    for split in (choosing(), judging()):
        assert sum(right in mail.labels for mail in split if mail.lang == lang) >= 15


def test_an_unknown_label_is_refused():
    with pytest.raises(ValueError, match="forgiveness"):
        mail_of({"id": "x", "labels": ["forgiveness"], "text": "please"})


def test_the_heldout_sentences_are_not_in_the_corpus(mails):
    from tests.nlp.test_heldout import HELDOUT

    known = {mail.text.strip().lower() for mail in mails}

    assert [mail.id for mail in read(HELDOUT) if mail.text.strip().lower() in known] == []
