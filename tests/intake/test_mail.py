"""Each raw mail in tests/mails is a fault or a habit of some mailer; here is what must become of it."""

from __future__ import annotations

import json

import pytest

from cases.messages import Attachment, Automatic, Channel, Forwarded, Person
from intake.reading import as_json
from tests.intake.mails import MAILS, NOW, mail, read_file, read_raw


def test_an_ordinary_mail_says_who_what_and_when():
    message = read_file("iphone_signature")

    assert message.channel is Channel.MAIL
    assert message.message_id == "<a5@voorbeeld.nl>"
    assert message.sender == Person(name="Daniël Peeters", address="daniel@voorbeeld.nl")
    assert message.to == ("servicedesk@smartfms.nl",)
    assert message.subject_line == "Gegevens"
    assert message.sent_at is not None
    assert message.sent_at.isoformat() == "2026-03-02T10:15:00+01:00"
    assert message.received_at == NOW
    assert message.text == "Graag ontvang ik een kopie van al mijn gegevens.\n\nVerstuurd vanaf mijn iPhone"
    assert message.automatic is None
    assert message.faults == ()


@pytest.mark.parametrize(
    ("name", "new_text"),
    [
        (
            "outlook_dutch_reply",
            (
                "Beste mevrouw,\n\nHierbij stuur ik u het gevraagde klantnummer: 4471.\n\n"
                "Met vriendelijke groet,\nAnneke de Boer"
            ),
        ),
        (
            "outlook_english_reply_bar",
            "Dear all,\n\nPlease delete my account as well, I no longer use it.\n\nJohn",
        ),
        ("gmail_dutch_reply", "Ik wil toch liever dat alles wordt gewist, dank u."),
        ("apple_english_reply", "Thank you, that answers everything I wanted to know."),
        ("bottom_posted", "Mijn klantnummer is 4471 en ik wil graag inzage."),
        ("quoted_english_below_dutch", "Ik begrijp geen Engels, stuurt u het in het Nederlands?"),
        (
            "html_only_outlook",
            (
                "Geachte heer, mevrouw,\n\nGraag inzage in mijn gegevens bij u.\n\n"
                "Klantnummer  4471\n\n\nGroet, Lies"
            ),
        ),
        (
            "a_story_that_sounds_like_a_quote",
            (
                "Ik ben al maanden bezig met uw bedrijf.\n\nOp 3 januari schreef ik u het volgende:\n"
                "verwijder mijn gegevens uit uw bestand. Daar is nooit op geantwoord."
            ),
        ),
    ],
)
def test_the_new_text_is_what_the_sender_wrote_now(name, new_text):
    message = read_file(name)

    assert message.new_text == new_text
    assert new_text in message.text


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("iso_2022_jp_undeclared", "こんにちは。個人情報の開示を請求します。"),
        ("windows_1252_called_latin_1", "Het kost € 12 – “inzage” is toch gratis, meneer Müller?"),
        ("windows_1252_called_utf_8", "Ik wil geen reünie meer, zei André één keer."),
        ("utf_8_called_latin_1", "Ik wil geen reünie meer, zei André één keer."),
        ("utf_8_cut_in_mid_character", "Mijn adres is gewijzigd in de reünielaan, café \ufffd"),
        ("html_nested_400_deep", "Verwijder al mijn gegevens alstublieft."),
        ("empty_plain_beside_html", "Graag een kopie van mijn dossier."),
        ("malformed_content_type", "Graag inzage in mijn gegevens bij u."),
        ("multipart_without_boundary", "Graag inzage in mijn gegevens bij u."),
        ("nul_octets", "Dit is een tekst met nullen erin."),
        (
            "flowed",
            "Deze zin is voor de weg afgebroken en hoort bij elkaar.\n >dit is geen citaat\n\n--\nGroet",
        ),
    ],
)
def test_the_text_is_what_a_person_would_read(name, text):
    message = read_file(name)

    assert message.text == text
    assert message.new_text == text


@pytest.mark.parametrize(
    ("name", "subject_line"),
    [
        ("iso_2022_jp_undeclared", "開示請求"),
        ("utf_8_cut_in_mid_character", "Reünie en café"),
        ("encoded_newline_in_from", "Hallo Bcc: x@y.nl txt"),
        ("nul_octets", "Nul len"),
    ],
)
def test_a_subject_line_is_one_line_of_plain_text(name, subject_line):
    message = read_file(name)

    assert message.subject_line == subject_line


@pytest.mark.parametrize(
    ("name", "sender", "faults"),
    [
        ("no_from", Person(name="Henk", address="henk@voorbeeld.nl"), ("no From",)),
        (
            "from_without_address",
            Person(name="Ingrid Jansen", address="env@voorbeeld.nl"),
            ("no address in From",),
        ),
        ("several_from", Person(name="Ingrid", address="ingrid@voorbeeld.nl"), ("several senders",)),
        ("group_syntax", Person(name="Karel", address="karel@voorbeeld.nl"), ()),
        ("encoded_newline_in_from", Person(name="Kwaad Bcc: iedereen@x.nl", address="k@voorbeeld.nl"), ()),
        (
            "encoded_word_inside_address",
            Person(address="=?utf-8?Q?aanvaller?Q?agent?=@slachtoffer.example"),
            (),
        ),
    ],
)
def test_the_sender_is_from_else_sender_else_the_envelope(name, sender, faults):
    message = read_file(name, envelope_sender="env@voorbeeld.nl")

    assert message.sender == sender
    assert message.faults == faults


@pytest.mark.parametrize(
    ("name", "automatic"),
    [
        ("own_letter_back", Automatic.OWN),
        ("bounce_postfix", Automatic.BOUNCE),
        ("out_of_office_exchange", Automatic.AUTO_REPLY),
        ("out_of_office_rfc3834", Automatic.AUTO_REPLY),
        ("read_receipt", Automatic.AUTO_REPLY),
        ("web_form_own_address", Automatic.AUTO_GENERATED),
        ("web_form_no_reply", Automatic.AUTO_GENERATED),
        ("mailing_list", Automatic.LIST),
        ("suppress_only", Automatic.LIST),
        ("iphone_signature", None),
    ],
)
def test_why_no_machine_may_answer(name, automatic):
    message = read_file(name)

    assert message.automatic is automatic


def test_a_contact_form_keeps_where_the_customer_can_be_reached():
    message = read_file("web_form_own_address")

    assert message.reply_to == "fatima@voorbeeld.nl"
    assert "verwijdert" in message.new_text


def test_a_bounce_belongs_to_the_letter_that_it_brings_back():
    message = read_file("bounce_postfix")

    assert message.in_reply_to == ("<AVG-2026-0007.12@smartfms.nl>",)
    assert message.forwarded is None


@pytest.mark.parametrize(
    ("name", "forwarded"),
    [
        ("forwarded_by_colleague_outlook", ("Omar Bakker", "omar@voorbeeld.nl", "inzage persoonsgegevens")),
        ("forwarded_gmail", ("Pim Smit", "pim@voorbeeld.nl", "verwijderen")),
        ("forwarded_apple", ("Quinten", "quinten@voorbeeld.nl", "bezwaar")),
        ("forwarded_below_a_note", ("Rosa Dijk", "rosa@voorbeeld.nl", "adres")),
        ("forwarded_as_file", ("Sara Bos", "sara@voorbeeld.nl", "Inzage dossier")),
    ],
)
def test_who_wrote_a_mail_that_was_passed_on_is_proposed(name, forwarded):
    person, address, subject_line = forwarded

    message = read_file(name)

    assert message.forwarded == Forwarded(
        sender=Person(name=person, address=address), subject_line=subject_line
    )
    assert message.sender.address == "noor@smartfms.example"
    assert message.new_text == message.text


@pytest.mark.parametrize("name", ["outlook_dutch_reply", "gmail_dutch_reply", "web_form_own_address"])
def test_a_reply_is_not_passed_on(name):
    message = read_file(name)

    assert message.forwarded is None


def test_attachments_have_their_names_types_and_sizes():
    message = read_file("attachment_names")

    assert message.text == "Zie de drie bijlagen bij deze mail."
    assert message.attachments == (
        Attachment(name="paspoort kopie één.pdf", media_type="application/pdf", size=9),
        Attachment(name="foto één.jpg", media_type="image/jpeg", size=4),
        Attachment(
            name="brief.txt",
            media_type="text/plain",
            size=45,
            text="Hierbij verzoek ik u mijn gegevens te wissen.",
        ),
    )


@pytest.mark.parametrize(("name", "file"), [("winmail_only", "winmail.dat"), ("smime_opaque", "smime.p7m")])
def test_a_mail_with_nothing_but_an_attachment_says_so(name, file):
    message = read_file(name)

    assert message.text == ""
    assert [attachment.name for attachment in message.attachments] == [file]
    assert not message.attachments[0].text_found
    assert message.faults == ("no text but attachments",)


def test_a_mail_inside_a_mail_is_a_file_with_all_its_text():
    message = read_file("nested_mail")

    [attachment] = message.attachments
    assert attachment.name == "buiten.eml"
    assert attachment.media_type == "message/rfc822"
    assert "De buitenste tekst." in attachment.text
    assert "De binnenste tekst." in attachment.text


def test_a_thread_is_named_closest_first():
    message = read_file("outlook_dutch_reply")

    assert message.in_reply_to == ("<brief.1@smartfms.nl>", "<eerste@voorbeeld.nl>")
    assert message.references == ("<eerste@voorbeeld.nl>", "<brief.1@smartfms.nl>")


def test_a_message_id_may_be_odd():
    message = read_file("message_id_in_brackets")

    assert message.message_id == "<[e5.x]@[10.0.0.1]>"


def test_a_mail_without_message_id_gets_the_same_one_each_time():
    first, second = read_file("no_message_id"), read_file("no_message_id")

    assert first.message_id == second.message_id
    assert first.message_id.endswith("@derived.invalid>")
    assert first.fingerprint == second.fingerprint
    assert first.faults == ("no Message-ID",)


def test_a_date_that_cannot_be_is_none():
    message = read_file("absurd_date")

    assert message.sent_at is None
    assert message.faults == ("no usable date",)


def test_the_same_mail_to_two_of_our_addresses_has_one_fingerprint():
    one = mail(
        "Graag inzage.\r\nGroet", to="servicedesk@smartfms.nl", received="by a", content_type="text/plain"
    )
    other = mail("Graag inzage. \r\nGroet\r\n", to="privacy@smartfms.nl", content_type="text/plain")

    assert read_raw(one).fingerprint == read_raw(other).fingerprint


def test_the_same_message_id_with_other_words_has_another_fingerprint():
    assert read_raw(mail("Graag inzage.")).fingerprint != read_raw(mail("Wis alles.")).fingerprint


def test_a_megabyte_of_text_is_cut_and_says_so():
    message = read_raw(mail("woord " * 170_000))

    assert len(message.text) <= 200_000
    assert "text cut: it was too long" in message.faults


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(mail(subject="=?utf-8?q?ab?= " * 20_000), id="20,000 encoded words"),
        pytest.param(b'From: "' + b'"""' * 70_000 + b"\r\n\r\nx", id="a From of quotes"),
        pytest.param(b"From: " + b"(" * 200_000 + b"\r\n\r\nx", id="a From of brackets"),
        pytest.param(b"References: " + b"<a@b> " * 50_000 + b"\r\n\r\nx", id="50,000 references"),
        pytest.param(b'Content-Type: multipart/mixed; x="' + b";" * 500_000 + b"\r\n\r\nx", id="parameters"),
        pytest.param(b"A: b\r\n" * 300_000, id="300,000 fields"),
        pytest.param(b"Content-Type: message/rfc822\r\n\r\n" * 1_500, id="mails in mails"),
        pytest.param(
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 20_000,
            id="20,000 parts",
        ),
        pytest.param(b"Content-Type: text/html\r\n\r\n" + b"<div>" * 200_000, id="200,000 elements deep"),
        pytest.param(b"Subject: x\r\n\r\n" + b"\n" * 700_000, id="700,000 empty lines"),
        pytest.param(b"Subject: x\r\n\r\n" + b"Van: \n" * 30_000, id="30,000 beginnings of a block"),
        pytest.param(
            b"Subject: x\r\n\r\n" + (b"Op 3 schreef " * 150 + b":\n") * 100, id="long introductions"
        ),
    ],
)
def test_hostile_mails_take_bounded_time(raw):
    message = read_raw(raw)

    assert len(message.text) <= 200_000
    assert len(message.subject_line) <= 2_000
    assert len(message.references) <= 100


@pytest.mark.parametrize("name", sorted(path.stem for path in MAILS.glob("*.eml")))
def test_every_mail_can_be_shown_as_json(name):
    shown = as_json(read_file(name), f"{name}.eml", language="nl")

    assert set(json.loads(json.dumps(shown))) == {
        "file", "message_id", "from_name", "from_address", "reply_to", "to", "subject_line", "sent_at",
        "text",
        "new_text", "language", "attachments", "automatic", "forwarded", "faults",
    }  # fmt: skip
    assert all(set(each) == {"name", "media_type", "size", "text_found"} for each in shown["attachments"])


def test_json_holds_what_the_contract_names():
    shown = as_json(read_file("forwarded_as_file"), "a.eml", language="nl")

    assert shown["file"] == "a.eml"
    assert shown["language"] == "nl"
    assert shown["automatic"] is None
    assert shown["sent_at"] == "2026-03-02T10:15:00+01:00"
    assert shown["forwarded"] == {
        "from_name": "Sara Bos",
        "from_address": "sara@voorbeeld.nl",
        "subject_line": "Inzage dossier",
    }
    assert as_json(read_file("suppress_only"), "b.eml")["automatic"] == "list"
