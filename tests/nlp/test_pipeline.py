"""The parts of the pipeline that are no learning: sentences, concepts, rules."""

from __future__ import annotations

import numpy as np
import pytest
import spacy

from nlp.pipeline import rules, sentences  # noqa: F401 - registers them
from nlp.pipeline.concepts import Concepts
from nlp.pipeline.lexicon import Lexicon, read
from nlp.pipeline.rules import SPANS
from nlp.pipeline.words import Words
from nlp.training.material import counted
from nlp.training.words import fit_words


@pytest.fixture(scope="module")
def marked():
    nlp = spacy.blank("xx")
    for name in ("rightsdesk_sentences", "rightsdesk_concepts", "rightsdesk_rules"):
        nlp.add_pipe(name)
    return nlp


def cut(words: str) -> list[str]:
    return words.split()


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Hallo,\n\nIk wil inzage. Graag snel!\n\nGroet\nJan", 5),
        ("This line was wrapped by a mail program that counts its columns as\nit always did.", 1),
        ("", 0),
        ("woord " * 150, 3),
    ],
)
def test_a_mail_has_so_many_sentences(marked, text, count):
    assert len(list(marked(text).sents)) == count


@pytest.mark.parametrize(
    ("right", "text"),
    [
        ("access", "Wat weten jullie over mij?"),
        ("access", "I would like a copy of my data."),
        ("rectification", "Mijn naam is verkeerd gespeld."),
        ("rectification", "Please correct my address."),
        ("erasure", "Gooi alles van mij weg."),
        ("erasure", "Take me off your systems and delete my account."),
        ("restriction", "Bevries mijn gegevens zolang dit wordt uitgezocht."),
        ("restriction", "Freeze my data until the dispute is over."),
        ("objection", "Stop met die reclame."),
        ("objection", "I object to the use of my details."),
        ("portability", "Mijn gegevens graag als csv."),
        ("portability", "My data in a machine-readable format, please."),
        ("consent_withdrawal", "Ik trek mijn toestemming in."),
        ("consent_withdrawal", "I withdraw my consent."),
        ("complaint", "Mijn gegevens liggen op straat."),
        ("complaint", "You shared my number without my permission."),
    ],
)
def test_a_rule_underlines_its_right(marked, right, text):
    doc = marked(text)

    assert right in {span.label_ for span in doc.spans[SPANS]}


@pytest.mark.parametrize(
    "text", ["De printer is stuk.", "Kan zaal 3 morgen om tien uur?", "The lift is stuck again.", "Bedankt!"]
)
def test_no_rule_underlines_what_asks_for_nothing(marked, text):
    assert list(marked(text).spans[SPANS]) == []


def test_a_rule_does_not_reach_over_the_end_of_a_sentence(marked):
    apart = marked("Het slot is verwijderd. Mijn gegevens staan hieronder.")

    assert "erasure" not in {span.label_ for span in apart.spans[SPANS]}


def test_the_longest_entry_wins():
    lexicon = Lexicon({"A": ["wis*", "pas..aan"], "B": ["wissel*", "wis_niet"], "C": ["*gegevens"]}, cut)

    def said(words: str) -> list[str]:
        return [name for _, _, name in lexicon.mark(words.split())]

    assert said("wissen wisselen") == ["A", "B"]
    assert said("wis niet") == ["B"]
    assert said("pas dat overal aan") == ["A"]
    assert said("pas op . kom aan") == []
    assert said("klantgegevens") == ["C"]


def test_no_entry_of_the_lexicon_is_shorter_than_two_letters():
    short = [entry for entries in read().values() for entry in entries if len(entry.strip("*")) < 2]

    assert set(short) <= {"i", "u", "id"}


def test_the_lexicon_is_saved_with_the_pipeline(tmp_path):
    nlp = spacy.blank("xx")
    concepts = Concepts(nlp, {"ONLY": ["blorp"]})

    concepts.to_disk(tmp_path / "concepts")
    again = Concepts(nlp, {}).from_disk(tmp_path / "concepts")

    assert [token.tag_ for token in again(nlp.make_doc("een blorp"))] == ["", "ONLY"]


def test_the_commonest_words_are_those_of_the_most_mails():
    texts = ["de lift staat stil", "de deur staat open", "de lamp is stuk"]
    counts, words = counted(texts), Words(1)
    fit_words(words, counts, np.array([[1.0], [0.0], [0.0]]))

    assert words.commonest(2) == ["de", "staat"]
