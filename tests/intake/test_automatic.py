from __future__ import annotations

import pytest

from cases.messages import Automatic
from tests.intake.mails import mail, read_raw


@pytest.mark.parametrize(
    "fields",
    [
        {"message_id": "<AVG-2026-0001.3@smartfms.nl>"},
        {"x_rightsdesk_loop": "<AVG-2026-0001.3@smartfms.nl>"},
        {"from": "SERVICEDESK+x@smartfms.nl"},
        {"from": "servicedesk@smartfms.nl", "reply_to": "servicedesk+AVG-2026-0001@smartfms.nl"},
        {"from": "servicedesk@smartfms.nl", "auto_submitted": "auto-replied"},
    ],
)
def test_what_we_wrote_is_ours(fields):
    assert read_raw(mail(**fields), envelope_sender="").automatic is Automatic.OWN


@pytest.mark.parametrize(
    "fields",
    [
        {"from": "MAILER-DAEMON@mx.voorbeeld.nl"},
        {"from": "Mail Delivery System <Mailer-Daemon>"},
        {"x_failed_recipients": "weg@voorbeeld.nl"},
        {"from": "postmaster@smartfms.nl", "content_type": "multipart/report; boundary=b"},
        {"from": "postmaster@voorbeeld.nl", "subject": "Onbestelbaar: Uw verzoek"},
        {"content_type": "multipart/report; report-type=delivery-status; boundary=b"},
        {"return_path": "<>", "subject": "Mail delivery failed"},
    ],
)
def test_a_delivery_report_is_a_bounce(fields):
    assert read_raw(mail(**fields)).automatic is Automatic.BOUNCE


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Uw bericht kwam niet aan.", {"in_reply_to": "<AVG-2026-0001.3@smartfms.nl>"}),
        ("Uw bericht kwam niet aan.", {"references": "<x@y.nl> <AVG-2026-0001.3@smartfms.nl>"}),
        ("Uw bericht kwam niet aan.", {"subject": "Re: Ontvangstbevestiging [AVG-2026-0001]"}),
        ("Dit kwam terug:\r\nKenmerk: AVG-2026-0001\r\nBeste Jan", {}),
        ("Subject: a\r\n\r\nb", {"content_type": "message/rfc822"}),
    ],
)
def test_the_null_sender_with_a_letter_of_ours_is_a_bounce(text, fields):
    assert read_raw(mail(text, **fields), envelope_sender="").automatic is Automatic.BOUNCE


@pytest.mark.parametrize("fields", [{}, {"return_path": "<>"}, {"from": ""}])
def test_the_null_sender_alone_may_carry_the_words_of_a_person(fields):
    automatic = read_raw(mail("Graag inzage in mijn gegevens.", **fields), envelope_sender="").automatic

    assert automatic is Automatic.AUTO_GENERATED
    assert not automatic.is_machine_talk


def test_an_unknown_envelope_says_nothing():
    assert read_raw(mail(), envelope_sender=None).automatic is None


@pytest.mark.parametrize(
    "subject_line",
    [
        "Automatisch antwoord: Uw verzoek",
        "Automatic reply: Your request",
        "Out of Office: Re: Your request",
        "Out of the office",
        "Afwezig",
        "Afwezig: Uw verzoek",
        "Afwezig t/m 3 maart",
        "Niet aanwezig",
        "Ik ben momenteel afwezig",
        "Jan Jansen is afwezig",
        "Abwesenheitsnotiz: Ihre Anfrage",
        "Automatische Antwort: Ihre Anfrage",
        "Réponse automatique : votre demande",
        "Autoreply",
        "=?utf-8?q?Automatisch_antwoord=3A?=",
    ],
)
def test_an_absence_assistant_is_known_by_its_words(subject_line):
    message = read_raw(mail(subject=subject_line, auto_submitted="auto-generated"), envelope_sender="")

    assert message.automatic is Automatic.AUTO_REPLY


@pytest.mark.parametrize(
    "fields",
    [
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "Auto-Replied (vacation); owner-email=x"},
        {"x_autoreply": "yes"},
        {"x_autorespond": "1"},
        {"x_fc_machinegenerated": "true"},
        {"x_post_messageclass": "9; Autoresponder"},
        {"precedence": "auto_reply"},
    ],
)
def test_an_automatic_answer_is_known_by_its_fields(fields):
    assert read_raw(mail(**fields), envelope_sender="").automatic is Automatic.AUTO_REPLY


@pytest.mark.parametrize(
    "fields",
    [
        {"auto_submitted": "auto-generated"},
        {"auto_submitted": "auto-notified; owner-email=x"},
        {"from": "no-reply@voorbeeld.nl"},
        {"from": "noreply+4471@voorbeeld.nl"},
        {"from": "niet-beantwoorden@voorbeeld.nl"},
        {"from": "servicedesk@smartfms.nl", "reply_to": "Fatima <fatima@voorbeeld.nl>"},
        {"auto_submitted": "auto-generated", "precedence": "bulk"},
    ],
)
def test_a_program_may_carry_the_words_of_a_person(fields):
    automatic = read_raw(mail(**fields)).automatic

    assert automatic is Automatic.AUTO_GENERATED
    assert not automatic.is_machine_talk


@pytest.mark.parametrize(
    "fields",
    [
        {"precedence": "bulk"},
        {"precedence": "List"},
        {"list_id": "<buurt.lijsten.example>"},
        {"list_unsubscribe": "<mailto:weg@lijsten.example>"},
        {"x_auto_response_suppress": "All"},
    ],
)
def test_do_not_answer_does_not_mean_that_a_machine_wrote_it(fields):
    automatic = read_raw(mail(**fields)).automatic

    assert automatic is Automatic.LIST
    assert not automatic.is_machine_talk


@pytest.mark.parametrize(
    "fields",
    [
        {"auto_submitted": "no"},
        {"x_auto_response_suppress": "None"},
        {"x_autoreply": "no"},
        {"precedence": "first-class"},
        {"subject": "Re: Automatisch antwoord: Uw verzoek"},
        {"subject": "Afwezigheid van mijn dossier"},
        {"subject": "Auto: schade en inzage"},
        {"subject": "Afwezige gegevens"},
        {"from": "postmaster@voorbeeld.nl", "subject": "Verzoek om inzage"},
        {"from": "noreplyan@voorbeeld.nl"},
    ],
)
def test_a_person_stays_a_person(fields):
    assert read_raw(mail(**fields)).automatic is None
