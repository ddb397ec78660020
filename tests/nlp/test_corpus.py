"""The written corpus is sound."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from cases.model import Right
from nlp.training.corpus import Kind, Mail, Split, deal, mail_of, read


@pytest.fixture(scope="module")
def mails() -> list[Mail]:
    return list(read())


def test_at_least_300_requests_and_200_others_were_written(mails):
    kinds = Counter(mail.kind for mail in mails)

    assert kinds[Kind.REQUEST] >= 300
    assert kinds[Kind.ORDINARY] >= 100
    assert kinds[Kind.HARD] >= 100


def test_a_request_has_labels_and_nothing_else_has(mails):
    wrong = [mail.id for mail in mails if bool(mail.labels) is not (mail.kind is Kind.REQUEST)]

    assert wrong == []


def test_every_id_is_given_once(mails):
    twice = [name for name, count in Counter(mail.id for mail in mails).items() if count > 1]

    assert twice == []


def test_no_text_stands_there_twice(mails):
    plain = Counter(re.sub(r"\W+", " ", mail.whole).strip().lower() for mail in mails)

    assert [text[:60] for text, count in plain.items() if count > 1] == []


@pytest.mark.parametrize("lang", ["nl", "en"])
@pytest.mark.parametrize("right", list(Right))
def test_every_right_is_asked_for_in_both_languages(mails, lang, right):
    asked = sum(right in mail.labels for mail in mails if mail.lang == lang)

    assert asked >= 15


def test_every_split_holds_both_languages_and_all_kinds(mails):
    for split, dealt in deal(mails).items():
        assert {(mail.lang, mail.kind) for mail in dealt} == {
            (lang, kind) for lang in ("nl", "en") for kind in Kind
        }, split


def test_a_family_is_never_divided(mails):
    dealt = deal(mails)

    families = [{mail.family for mail in dealt[split]} for split in Split]

    assert sum(map(len, families)) == len(set.union(*families))


def test_an_unknown_label_is_refused():
    with pytest.raises(ValueError, match="forgiveness"):
        mail_of({"id": "x", "labels": ["forgiveness"], "text": "please"})


def test_the_heldout_sentences_are_not_in_the_corpus(mails):
    from tests.nlp.test_heldout import HELDOUT

    known = {mail.text.strip().lower() for mail in mails}

    assert [mail.id for mail in read(HELDOUT) if mail.text.strip().lower() in known] == []
