"""Requests in languages the model was not taught: they open a case that asks, ordinary mail does not."""

from __future__ import annotations

from time import perf_counter

import pytest

from cases.messages import Language
from cases.model import Right
from nlp import foreign
from nlp.language import detect
from nlp.training.corpus import read

REQUESTS = (
    (Right.ACCESS, "Hiermit verlange ich Auskunft gemäß Art. 15 DSGVO. Bitte antworten Sie fristgerecht."),
    (
        Right.ACCESS,
        "Hallo, was habt ihr eigentlich über mich gespeichert? Schickt mir bitte alle meine Daten. Danke",
    ),
    (
        Right.ERASURE,
        "Sehr geehrte Damen und Herren,\n\nbitte löschen Sie alle meine personenbezogenen Daten.\n\nGruß",
    ),
    (Right.ERASURE, "moin, loescht bitte mein konto und alle meine daten, ich arbeite da nicht mehr"),
    (Right.OBJECTION, "Ich möchte von Ihnen keine Werbung mehr bekommen, weder per Post noch per E-Mail."),
    (
        Right.CONSENT_WITHDRAWAL,
        "Ich widerrufe meine Einwilligung zur Veröffentlichung meines Fotos auf Ihrer Webseite.",
    ),
    (Right.RECTIFICATION, "Mein Geburtsdatum ist bei Ihnen falsch, bitte berichtigen Sie meine Daten."),
    (
        Right.ACCESS,
        "Madame, Monsieur, je souhaite obtenir une copie de toutes les données personnelles me concernant.",
    ),
    (
        Right.ERASURE,
        "Bonjour, merci de supprimer toutes mes données de vos fichiers, je ne suis plus cliente.",
    ),
    (
        Right.PORTABILITY,
        "En vertu de l'article 20 du RGPD, je vous prie de me remettre le tout dans un fichier réutilisable.",
    ),
    (Right.OBJECTION, "Je m'oppose au traitement de mes données à des fins de prospection commerciale."),
    (
        Right.COMPLAINT,
        "Vous avez transmis mes données personnelles à un tiers sans me prévenir, je dépose une plainte.",
    ),
    (
        Right.ACCESS,
        "Buenos días, quiero saber qué datos míos tienen guardados y recibir una copia de mis datos.",
    ),
    (Right.ERASURE, "Por favor, borren todos mis datos personales de su sistema cuanto antes."),
    (
        Right.RESTRICTION,
        "Solicito la limitación del tratamiento de mis datos mientras se resuelve la disputa.",
    ),
    (Right.CONSENT_WITHDRAWAL, "Retiro mi consentimiento para que usen mi fotografía en sus folletos."),
    (
        Right.RECTIFICATION,
        "Buongiorno, il mio indirizzo è sbagliato: vi chiedo di correggere i miei dati personali.",
    ),
    (Right.ERASURE, "Ciao, potete cancellare tutti i miei dati? Non lavoro più lì. Grazie, Piero"),
    (Right.PORTABILITY, "Chiedo la portabilità dei miei dati verso un altro fornitore."),
    (Right.OBJECTION, "Con la presente mi oppongo al trattamento dei miei dati per finalità di marketing."),
    (Right.ACCESS, "Na podstawie art. 15 RODO proszę o przesłanie odpowiedzi w ciągu miesiąca."),
    (Right.ERASURE, "Dzień dobry, proszę usunąć wszystkie moje dane osobowe z Państwa bazy."),
    (Right.RESTRICTION, "Żądam ograniczenia przetwarzania moich danych do czasu wyjaśnienia sprawy."),
    (Right.CONSENT_WITHDRAWAL, "Wycofuję zgodę na przetwarzanie moich danych w celach marketingowych."),
    (Right.COMPLAINT, "Składam skargę: moje dane osobowe trafiły do obcej firmy bez mojej wiedzy."),
    (Right.RECTIFICATION, "Proszę o sprostowanie moich danych, nazwisko jest zapisane z literówką."),
)

ORDINARY = (
    "Hallo, ich habe mein Passwort vergessen. Können Sie es bitte zurücksetzen?",
    "Ich erhebe Widerspruch gegen die Rechnung 20931, der Betrag ist falsch.",
    "Bitte löschen Sie das Ticket 4471, es hat sich erledigt.",
    "Ich brauche Zugang zum Ordner der Buchhaltung auf dem Laufwerk, können Sie mir das einrichten?",
    "Meine Daten auf dem Laufwerk sind weg, kann man sie aus der Sicherung wiederherstellen?",
    "Sie haben das Recht auf Auskunft nach Art. 15 DSGVO.",
    "Bonjour, je n'ai plus accès au dossier partagé de la comptabilité, pouvez-vous m'aider ?",
    "Je conteste la facture de mars, le montant est erroné. Merci de la corriger.",
    "Merci de supprimer l'imprimante du deuxième étage de la liste, elle est en panne.",
    "Vous disposez d'un droit d'accès, de rectification et d'effacement de vos données conformément au RGPD.",
    "He olvidado mi contraseña y no puedo entrar en el sistema. ¿Pueden restablecerla?",
    "Por favor, borren la reserva de la sala de reuniones del jueves, ya no la necesito.",
    "Buongiorno, avrei bisogno dell'accesso alla cartella del progetto, me lo potete attivare?",
    "Vorrei presentare un reclamo: la fattura di aprile contiene un errore da correggere.",
    "Proszę o zresetowanie hasła, nie mogę się zalogować do systemu od rana.",
    "Monitor defekt.\n\nInformationen nach Art. 13, 14 und 21 DSGVO finden Sie.",
    "Serve un mouse.\n\nSe ricevete questo messaggio per errore, cancellatelo (Regolamento UE 2016/679).",
    "Necesito un ratón.\n\nPuede ejercer los derechos de acceso y supresión según el RGPD, art. 15 y 17.",
    "Proszę usunąć zgłoszenie 8812, drukarka na drugim piętrze już działa.",
)


@pytest.mark.parametrize(("right", "text"), REQUESTS)
def test_a_request_in_another_language_is_found_with_its_sentence(classifier, right, text):
    reading = classifier.classify("", text)

    assert reading.language is Language.OTHER
    assert right in reading.rights
    assert reading.scores[right] >= foreign.SCORE
    carried = next(one for one in reading.evidence if one.right is right)
    assert text[carried.start : carried.end] == carried.text != ""


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_mail_in_another_language_is_left_alone(text):
    assert foreign.find(text) == {}


@pytest.mark.parametrize("text", ORDINARY)
def test_the_classifier_opens_no_case_for_it_either(classifier, text):
    assert classifier.classify("", text).rights == frozenset()


def test_all_eight_rights_are_asked_for_above():
    assert {right for right, _ in REQUESTS} == set(Right)


def test_dutch_and_english_mail_is_not_taken_for_foreign():
    mails = [mail for mail in read() if detect(mail.text) is not Language.OTHER]

    taken = [mail.id for mail in mails if foreign.is_foreign(mail.text)]

    assert len(mails) > 800
    assert taken == []


@pytest.mark.parametrize(
    ("right", "text"),
    [
        (Right.RECTIFICATION, "Hierbij dien ik een verzoek in op grond van art. 16 AVG."),
        (Right.ACCESS, "Onder verwijzing naar artikel 15 AVG verzoek ik u om een reactie."),
        (Right.PORTABILITY, "I invoke article 20 of the GDPR."),
    ],
)
def test_an_article_cited_in_person_counts_in_dutch_and_english_too(classifier, right, text):
    reading = classifier.classify("", text)

    assert right in reading.rights
    assert reading.scores[right] >= foreign.SCORE


def test_cited_articles_raise_no_alarm_on_the_ordinary_mail_of_the_corpus():
    alarms = [mail.id for mail in read() if not mail.labels and foreign.cite(mail.text)]

    assert alarms == []


def test_a_course_on_an_article_is_no_request():
    assert foreign.cite("I followed a course on article 15 GDPR, could you reimburse the fee?") == {}


def test_many_are_read_as_one_by_one(classifier):
    messages = [("", text) for _, text in REQUESTS] + [("", text) for text in ORDINARY]

    together = list(classifier.classify_many(messages))

    assert together == [classifier.classify(*message) for message in messages]


def test_a_statute_in_the_subject_line_names_the_right_without_a_place(classifier):
    reading = classifier.classify(
        "Antrag nach Art. 17 DSGVO", "Guten Tag, bitte um Erledigung bis Ende des Monats."
    )

    carried = next(one for one in reading.evidence if one.right is Right.ERASURE)
    assert (carried.text, carried.start, carried.end) == ("Antrag nach Art. 17 DSGVO", 0, 0)


def test_small_print_does_not_hide_what_is_asked_about_ones_own_data():
    text = "Laut Ihrer Auskunft haben Sie das Recht dazu, dennoch: löschen Sie meine Daten."

    assert Right.ERASURE in foreign.find(text)


def test_several_articles_name_several_rights():
    assert foreign.find("Ich berufe mich auf Art. 15, 17 und 21 DSGVO.").keys() == {
        Right.ACCESS,
        Right.ERASURE,
        Right.OBJECTION,
    }


def test_the_evidence_of_every_right_keeps_its_place_among_other_sentences(classifier):
    text = (
        "Guten Tag,\n\nder Drucker ist kaputt. Außerdem: Bitte löschen Sie meine Daten! Vielen Dank und Gruß."
    )

    reading = classifier.classify("", text)

    carried = next(one for one in reading.evidence if one.right is Right.ERASURE)
    assert carried.text == "Außerdem: Bitte löschen Sie meine Daten!"
    assert {one.right for one in reading.evidence} == reading.rights


@pytest.mark.parametrize("piece", ["mein ", "art. 15 ", "art. 15, 15, ", "\n ", "donnees ", "a", "nie . "])
def test_a_wall_of_words_takes_no_time(piece):
    began = perf_counter()

    foreign.find((piece * 20_000)[:20_000])

    assert perf_counter() - began < 2


@pytest.mark.parametrize(
    "text",
    [
        "Ik dien een klacht in over de manier waarop mijn persoonsgegevens zijn verwerkt.",
        "I wish to complain: this is a complaint about my personal data, which you lost.",
        "Hierbij dien ik een privacyklacht in.",
    ],
)
def test_a_complaint_that_names_ones_own_data_is_not_left_to_the_model(text):
    assert set(foreign.cite(text)) == {Right.COMPLAINT}


@pytest.mark.parametrize(
    "text",
    [
        "Ik wil een klacht indienen over de manier waarop mijn telefoontje is behandeld.",
        "I wish to make a complaint about the way my call was handled.",
        "Kunt u ons uw klachtenregeling toesturen?",
    ],
)
def test_another_complaint_is(text):
    assert foreign.cite(text) == {}
