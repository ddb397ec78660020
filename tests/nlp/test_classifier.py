"""What the classifier promises whoever calls it."""

from __future__ import annotations

import subprocess
import sys
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.errors import ModelMissing
from cases.messages import Language
from cases.model import Right
from nlp.classifier import LONGEST, SpacyClassifier
from nlp.training.corpus import read
from nlp.training.fingerprint import fingerprint, is_current, version_of

BURIED = (
    "Goedemorgen,\n\n"
    "De lift in gebouw C staat sinds vanochtend stil, kan er iemand komen kijken? "
    "De sleutel ligt bij de receptie.\n\n"
    "Verder wil ik dat jullie al mijn persoonsgegevens verwijderen. Ik werk hier niet meer.\n\nGroet,\nTruus"
)


def test_a_request_in_a_story_is_found_with_the_sentence_that_carried_it(classifier):
    reading = classifier.classify("lift kapot", BURIED)

    assert reading.is_request
    assert Right.ERASURE in reading.rights
    assert reading.language is Language.NL
    carried = next(one for one in reading.evidence if one.right is Right.ERASURE)
    assert "persoonsgegevens verwijderen" in carried.text
    assert BURIED[carried.start : carried.end] == carried.text


def test_the_offsets_of_all_evidence_point_at_its_words(classifier):
    mails = [mail for mail in read() if mail.labels][:80]

    readings = classifier.classify_many((mail.subject_line, mail.text) for mail in mails)

    for mail, reading in zip(mails, readings, strict=True):
        assert {one.right for one in reading.evidence} == (
            reading.proposed if reading.wants_a_look else set()
        )
        for one in reading.evidence:
            assert one.text.strip() == one.text != ""
            assert len(one.text) <= 300
            where = mail.subject_line if one.end == 0 else mail.text[one.start : one.end]
            assert one.text in where


def test_a_request_in_the_subject_line_has_no_place_in_the_text(classifier):
    reading = classifier.classify("Verwijder al mijn persoonsgegevens", "Groet, Mo")

    carried = next(one for one in reading.evidence if one.right is Right.ERASURE)
    assert (carried.text, carried.start, carried.end) == ("Verwijder al mijn persoonsgegevens", 0, 0)


def test_every_right_has_a_score_between_nought_and_one(classifier):
    reading = classifier.classify("", "Please delete my account and all my data.")

    assert set(reading.scores) == set(Right)
    assert all(0.0 <= score <= 1.0 for score in reading.scores.values())
    assert reading.model == classifier.version


def test_many_are_read_as_one_by_one(classifier):
    messages = [(mail.subject_line, mail.text) for mail in list(read())[::40]]

    together = list(classifier.classify_many(messages))

    assert together == [classifier.classify(*message) for message in messages]


def test_a_stored_model_reads_as_before_it_was_stored(classifier, trained_model):
    again = SpacyClassifier.load(trained_model)

    messages = [(mail.subject_line, mail.text) for mail in list(read())[::60]]

    assert list(again.classify_many(messages)) == list(classifier.classify_many(messages))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\n\t ",
        "\x00\x01\x02",
        "\ud800 alone",
        "a" * 1_000_000,
        "wis mijn gegevens " * 60_000,
        "?!" * 5_000,
        "\n" * 30_000,
        "\u202egegevens mijn wis\u202c",
        "👩‍👩‍👧‍👦" * 3_000,
        "<!channel> *mijn* `data` & <b>",
        "请删除我的个人资料",
    ],
)
def test_any_text_gets_a_classification(classifier, text):
    reading = classifier.classify(text[:2_000], text)

    assert set(reading.scores) == set(Right)
    for one in reading.evidence:
        assert 0 <= one.start <= one.end <= LONGEST


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(subject_line=st.text(max_size=80), text=st.text(max_size=400))
def test_no_text_is_too_odd(classifier, subject_line, text):
    reading = classifier.classify(subject_line, text)

    assert bool(reading.evidence) == reading.wants_a_look


@pytest.mark.parametrize(
    "text", ["?!" * 10_000, "-" * 20_000, "a.b" * 7_000, "(" * 20_000, "\u0301" * 20_000]
)
def test_no_text_takes_long(classifier, text):
    began = perf_counter()

    reading = classifier.classify("", text)

    assert not reading.is_request
    assert perf_counter() - began < 5


def test_an_empty_message_is_no_request(classifier):
    assert not classifier.classify("", "").is_request


def test_words_of_strangers_do_not_stay_in_memory(classifier):
    classifier.classify("", "Zqxwvknorb heeft een vraag over de lift.")

    assert "Zqxwvknorb" not in classifier._pipeline.vocab.strings


def test_without_a_model_it_says_where_it_looked(tmp_path):
    with pytest.raises(ModelMissing, match="make train"):
        SpacyClassifier.load(tmp_path / "nothing")


def test_half_a_model_is_no_model(tmp_path):
    (tmp_path / "meta.json").write_text('{"rightsdesk_version": "abc"}', encoding="utf-8")

    with pytest.raises(ModelMissing):
        SpacyClassifier.load(tmp_path)


def test_a_model_knows_what_it_was_trained_on(trained_model, tmp_path):
    assert is_current(trained_model)
    assert version_of(trained_model) == fingerprint()

    (tmp_path / "meta.json").write_text('{"rightsdesk_version": "of last year"}', encoding="utf-8")
    assert not is_current(tmp_path)
    assert not is_current(tmp_path / "nothing")


def test_importing_the_room_does_not_import_spacy():
    code = "import nlp, nlp.language, nlp.training.fingerprint, sys; print('spacy' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "False"
