"""Quotes: the model reads what is new, and offsets are those of the text that was given."""

from bot.__main__ import real_tools
from cases.model import Band, Right
from cases.reading import readings_of

ASKED = "Graag ontvang ik een kopie van alle persoonsgegevens die u van mij heeft."


def read(classifier, text, subject_line=""):
    written = real_tools().written(subject_line, text)
    [reading] = readings_of(classifier.classify_many, [written])
    return reading


def test_thanks_above_what_was_asked_are_no_request(classifier):
    reading = read(classifier, f"Alles is binnen, hartelijk dank daarvoor.\n\n> Beste allen,\n> {ASKED}")

    assert (reading.rights, reading.band) == (frozenset(), Band.DOUBTFUL)


def test_the_evidence_stands_where_it_says_below_a_quote_too(classifier):
    text = f"Op 3 maart 2026 om 10:15 schreef Jan:\n> Waarmee kan ik u helpen?\n> Groet, Jan\n\n{ASKED}\nPiet"

    [said] = read(classifier, text).evidence

    assert said.right is Right.ACCESS
    assert text[said.start : said.end] == said.text == ASKED


def test_a_mail_that_is_passed_on_is_read_whole(classifier):
    reading = read(classifier, f"Wie doet deze?\n\n> Beste allen,\n> {ASKED}", subject_line="Fwd: vraag")

    assert Right.ACCESS in reading.rights
