from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.quoting import new_part, with_quotes_blank

NEW = "Dit is wat ik u nu wil laten weten."
OLD = "Dit schreef iemand anders eerder."

INTRODUCTIONS = [
    "Op ma 3 mrt. 2025 om 10:15 schreef Jan Jansen <jan@voorbeeld.nl>:",
    "Op 03-03-2025 om 10:15 schreef Jan Jansen:",
    "Op maandag 3 maart 2025 10:15 heeft Jan Jansen <jan@voorbeeld.nl> het volgende geschreven:",
    "Jan Jansen schreef op 03-03-2025 10:15:",
    "On Mon, Mar 3, 2025 at 10:15 AM Jan Jansen <jan@example.com> wrote:",
    "On 3 Mar 2025, at 10:15, Jan Jansen <jan@example.com> wrote:",
    "Am 03.03.2025 um 10:15 schrieb Jan Jansen:",
    "Le lun. 3 mars 2025 à 10:15, Jan Jansen <jan@example.com> a écrit :",
    "El lun, 3 mar 2025 a las 10:15, Jan Jansen (<jan@example.com>) escribió:",
]
BLOCKS = [
    "Van: Jan Jansen <jan@voorbeeld.nl>\nVerzonden: maandag 3 maart 2025 10:15\nAan: Piet\nOnderwerp: Vraag",
    "*Van:* Jan Jansen\n*Verzonden:* maandag 3 maart 2025 10:15\n*Aan:* Piet\n*Onderwerp:* Vraag",
    "From: Jan Jansen\nSent: Monday, March 3, 2025 10:15\nTo: Piet; Kees\nCc: Klaas\nSubject: Question",
    "From: Jan Jansen\nDate: Monday, March 3, 2025 10:15\nTo: Piet\nSubject: Question",
    "Von: Jan Jansen\nGesendet: Montag, 3. März 2025 10:15\nAn: Piet\nBetreff: Frage",
    "________________________________\nVan: Jan\nVerzonden: ma 3 maart 2025\nAan: Piet\nOnderwerp: Vraag",
    "-----Oorspronkelijk bericht-----\nVan: Jan\nVerzonden: maandag\nAan: Piet\nOnderwerp: Vraag",
    "-----Original Message-----\nFrom: Jan\nSent: Monday\nTo: Piet\nSubject: Question",
    "-------- Oorspronkelijk bericht --------\nOnderwerp: Vraag\nVan: Jan\nDatum: maandag",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
@pytest.mark.parametrize("mark", ["> ", ""])
def test_what_stands_below_an_introduction_is_cut(introduction, mark):
    new, cut = new_part(f"{NEW}\n\n{introduction}\n\n{mark}{OLD}\n{mark}{OLD}")

    assert new == NEW
    assert cut.startswith(introduction)
    assert OLD in cut


@pytest.mark.parametrize("block", BLOCKS)
def test_what_stands_below_a_header_block_is_cut(block):
    new, cut = new_part(f"{NEW}\n\n{block}\n\n{OLD}", subject_line="RE: Vraag")

    assert new == NEW
    assert cut == f"{block}\n\n{OLD}"


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
def test_an_answer_below_the_quote_is_kept(introduction):
    new, cut = new_part(f"{introduction}\n> {OLD}\n>\n> {OLD}\n\n{NEW}")

    assert new == NEW
    assert OLD in cut


def test_answers_between_the_quoted_lines_are_kept():
    new, cut = new_part(f"> {OLD}\nJa, dat klopt helemaal.\n> {OLD}\nNee, dat is niet zo.")

    assert new == "Ja, dat klopt helemaal.\nNee, dat is niet zo."
    assert cut == f"> {OLD}\n> {OLD}"


def test_an_introduction_over_three_lines_is_one():
    head = "Op maandag 3 maart 2025 om 10:15\nschreef Jan Jansen <\njan@voorbeeld.nl>:"

    new, cut = new_part(f"{NEW}\n\n{head}\n\n> {OLD}")

    assert new == NEW
    assert cut.startswith(head)


def test_a_line_right_above_an_introduction_is_no_part_of_it():
    new, _ = new_part(f"{NEW}\nOp dinsdag bel ik u.\n{INTRODUCTIONS[1]}\n> {OLD}")

    assert new == f"{NEW}\nOp dinsdag bel ik u."


def test_with_fewer_than_five_words_the_whole_text_is_new():
    text = f"Ja, akkoord, groet.\n\n{INTRODUCTIONS[0]}\n> {OLD}"

    assert new_part(text) == (text, "")


@pytest.mark.parametrize("thanks", ["Dank u wel!", "Top, bedankt.", "Hartelijk dank. Jan", "Many thanks"])
def test_thanks_are_an_answer_however_short(thanks):
    new, cut = new_part(f"{thanks}\n\n{INTRODUCTIONS[0]}\n> {OLD}")

    assert new == thanks
    assert OLD in cut


@pytest.mark.parametrize(
    "text",
    [
        "Op 3 maart schreef ik u:\nverwijder al mijn gegevens, en u deed het niet.",
        "Van: Jan\nOnderwerp: Verwijderen\nBericht: Verwijder alstublieft al mijn gegevens.",
        "Ik schreef het volgende:\nverwijder al mijn gegevens uit uw systeem.",
        "Mijn vraag is:\nwelke gegevens heeft u van mij, en van wie?",
        "Van: 1 januari tot 1 maart was ik klant bij u.",
    ],
)
def test_what_only_sounds_like_a_quote_stays(text):
    assert new_part(text) == (text, "")


@pytest.mark.parametrize("subject_line", ["FW: Vraag", "Fwd: Vraag", "Doorst: Vraag", "WG: Frage"])
@pytest.mark.parametrize("block", BLOCKS[:4])
def test_a_mail_that_is_passed_on_is_no_quote(subject_line, block):
    text = f"Kun jij dit verzoek alsjeblieft verder oppakken?\n\n{block}\n\n{OLD}"

    assert new_part(text, subject_line=subject_line) == (text, "")


@pytest.mark.parametrize(
    "marker",
    [
        "---------- Forwarded message ---------",
        "---------- Doorgestuurd bericht ---------",
        "-------- Doorgestuurd bericht --------",
        "Begin doorgestuurd bericht:",
        "Begin forwarded message:",
    ],
)
def test_words_that_say_so_need_no_subject_line(marker):
    text = f"Kun jij dit verzoek alsjeblieft verder oppakken?\n\n{marker}\n\n{BLOCKS[0]}\n\n{OLD}"

    assert new_part(text) == (text, "")


def test_a_quote_inside_a_mail_that_is_passed_on_is_cut():
    head = f"Kun jij dit verzoek verder oppakken?\n\n{BLOCKS[0]}\n\n{NEW}"

    new, cut = new_part(f"{head}\n\n{BLOCKS[2]}\n\n{OLD}", subject_line="FW: Vraag")

    assert new == head
    assert cut == f"{BLOCKS[2]}\n\n{OLD}"


@given(
    st.lists(st.sampled_from([*INTRODUCTIONS, *BLOCKS, NEW, OLD, "", "> x", ">", "Van:", "---"]), max_size=12)
)
def test_no_line_is_lost(pieces):
    text = "\n".join(pieces)

    new, cut = new_part(text)

    words = sorted(text.split())
    assert sorted([*new.split(), *cut.split()]) == words


@given(st.text())
def test_any_text_has_a_new_part(text):
    new, cut = new_part(text)

    assert len(new) + len(cut) <= len(text)


@given(st.text(st.sampled_from("> \nabcde:12"), max_size=300), st.sampled_from(["", "Fwd: x"]))
def test_with_quotes_blank_every_character_keeps_its_place(text, subject_line):
    blank = with_quotes_blank(text, subject_line=subject_line)
    new, cut = new_part(text, subject_line=subject_line)

    assert len(blank) == len(text)
    assert all(one in (other, " ") for one, other in zip(blank, text, strict=True))
    assert blank.split() == new.split()
    assert (blank == text) == (not cut)
