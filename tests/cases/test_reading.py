"""What a message quotes: a question where only it asks, a request where the writer points at it."""

from dataclasses import replace

import pytest

from cases.model import Band, Right
from cases.reading import Written, readings_of
from tests.builders import a_reading

ASKS = "> Graag access."


def read(messages):
    """The words in a text name the rights; "perhaps" is a doubt."""
    for subject_line, text in messages:
        words = f"{subject_line} {text}"
        rights = frozenset(right for right in Right if right.value in words)
        doubt = Band.DOUBTFUL if "perhaps" in words else Band.NONE
        yield replace(a_reading(*rights), rights=rights, band=Band.CLEAR if rights else doubt)


def reading(new_text, *, subject_line="Re: vraag", quote=ASKS):
    [found] = readings_of(read, [Written(subject_line, f"{new_text}\n\n{quote}", new_text)])
    return found


@pytest.mark.parametrize("thanks", ["Alles ontvangen, dank u wel.", "Thanks, I look forward to Monday."])
def test_thanks_above_an_old_request_are_a_question_and_no_request(thanks):
    found = reading(thanks)

    assert (found.rights, found.band) == (frozenset(), Band.DOUBTFUL)
    assert found.evidence  # the sentence that the question is about


@pytest.mark.parametrize(
    ("subject_line", "note"),
    [
        ("Fwd: vraag", "Collega's, wie doet dit?"),
        ("fwd - can you sort", "m."),
        ("Vraag", "Zie hieronder, dat wil ik nog steeds."),
        ("Vraag", "Deze mail kwam gisteren bij ons binnen."),
        ("Question", "Please handle the request below."),
        ("Question", "Forwarding this, not for finance."),
    ],
)
def test_a_request_that_the_writer_points_at_is_one(subject_line, note):
    assert reading(note, subject_line=subject_line).rights == {Right.ACCESS}


def test_what_the_new_words_ask_is_not_joined_by_what_was_asked_before():
    assert reading("Nu ook erasure graag.").rights == {Right.ERASURE}


def test_a_doubt_about_the_new_words_stays_one_about_them():
    found = reading("Dat moet perhaps anders.")

    assert (found.rights, found.band) == (frozenset(), Band.DOUBTFUL)


@pytest.mark.parametrize("quote", ["> Hoe laat komt u?", "> Dat kan perhaps."])
def test_a_quote_without_a_clear_request_is_passed_over(quote):
    assert not reading("Om tien uur graag.", quote=quote).wants_a_look


def test_only_a_mail_that_quotes_is_read_twice():
    asked = []

    def counting(messages):
        asked.append(len(list(messages)))
        return read(messages)

    mails = [Written("", "Graag access.\n", "Graag access."), Written("", f"Dank.\n{ASKS}", "Dank.")]
    found = readings_of(counting, mails)

    assert asked == [2, 1]
    assert [one.is_request for one in found] == [True, False]


def test_the_language_is_that_of_the_new_words():
    def by_line(messages):
        for reading, (_, text) in zip(read(messages), messages, strict=True):
            yield replace(reading, language="en" if "access" in text else "nl")

    [found] = readings_of(by_line, [Written("Fwd: x", f"Van een klant.\n{ASKS}", "Van een klant.")])

    assert (found.language, found.is_request) == ("nl", True)
