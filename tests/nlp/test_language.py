"""Which language a message is in, short ones too."""

from __future__ import annotations

import pytest

from cases.messages import Language
from nlp.language import detect
from nlp.training.corpus import read

SHORT = {
    Language.NL: [
        "gooi alles weg",
        "wis mijn gegevens",
        "Stop de nieuwsbrief",
        "inzage aub",
        "Verwijder mijn account",
        "Ik wil een klacht indienen",
        "geen reclame meer",
        "mag ik mijn dossier zien",
        "mijn naam klopt niet",
        "Waar blijft mijn antwoord?",
        "bel me niet meer",
        "De printer is stuk",
        "schrijf mij uit",
        "hoi, wat weten jullie van mij?",
        "Graag mijn adres aanpassen",
    ],
    Language.EN: [
        "delete my data",
        "unsubscribe me please",
        "Stop the newsletter",
        "access request",
        "Remove my account",
        "I want to complain",
        "no more adverts",
        "can I see my file",
        "my name is wrong",
        "forget me",
        "Where is my answer?",
        "don't call me again",
        "The printer is broken",
        "take me off the list",
        "hi, what do you know about me?",
    ],
    Language.OTHER: [
        "Bitte löschen Sie meine Daten",
        "Keine Werbung mehr",
        "Auskunft über meine Daten bitte",
        "Supprimez mes données",
        "Je veux voir mes données",
        "Ne m'appelez plus",
        "Por favor borre mis datos",
        "Cancellate i miei dati, grazie",
        "Ich möchte keine E-Mails mehr",
        "12345",
        "",
        "🙂🙂",
        "请删除我的资料",
        "Wat is die datum van my versoek by julle maatskappy, asseblief?",
        "Proszę usunąć moje dane osobowe",
    ],
}


@pytest.mark.parametrize("language", list(Language))
def test_of_fifteen_short_messages_at_most_one_is_mistaken(language):
    mistaken = [text for text in SHORT[language] if detect(text) is not language]

    assert len(mistaken) <= 1, mistaken


def test_written_mails_are_told_apart():
    mails = [mail for mail in read() if len(mail.text.split()) >= 12]

    mistaken = [mail.id for mail in mails if detect(mail.text).value != mail.lang]

    assert len(mistaken) <= 0.02 * len(mails), mistaken


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "1" * 100_000, "ik " * 100_000])
def test_any_text_has_an_answer(text):
    assert detect(text) in set(Language)
