"""Whatever stands in a letter, the mail has one recipient, sound headers and the text as written."""

import email
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.header import decode_header, make_header
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.addresses import AddressRefused, wire_address
from bot.envelopes import is_own_message_id, letter_mail, message_id_for
from cases.controller import read
from tests.builders import a_letter

SMART_FMS = read()
OURS = "servicedesk@smartfms.nl"
SENT_AT = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


def mailed(sender: str = OURS, sender_name: str = "Smart FMS", **facts) -> EmailMessage:
    letter = a_letter(17, message_id="<avg-2026-0001.17@smartfms.nl>", **facts)
    return letter_mail(
        letter, controller=replace(SMART_FMS, short_name=sender_name), sender=sender, sent_at=SENT_AT
    )


def headers_of(wire: bytes) -> list[tuple[str, str]]:
    """Name and raw value as any reader splits them, without our own code."""
    head = wire.partition(b"\r\n\r\n")[0].decode().replace("\r\n ", " ")
    return [(name, value.strip()) for name, _, value in (line.partition(":") for line in head.split("\r\n"))]


def visible(text: str) -> str:
    """What a reader sees of it; a letter ends in one newline."""
    return "".join(char for char in text if char.isprintable() or char == "\n").rstrip("\n")


def read_back(wire: bytes) -> email.message.Message:
    return email.message_from_bytes(wire, policy=policy.compat32)


def test_a_letter_tells_machines_not_to_answer_it_and_people_where_it_belongs():
    mail = mailed(to_address="noor@example.org", references=("<a@example.org>", "<first@example.org>"))

    assert headers_of(mail.as_bytes()) == [
        ("From", "Smart FMS Service Desk <servicedesk@smartfms.nl>"),
        ("To", "noor@example.org"),
        ("Subject", "Uw verzoek AVG-2026-0001"),
        ("Date", "Thu, 05 Mar 2026 09:00:00 +0000"),
        ("Message-ID", "<avg-2026-0001.17@smartfms.nl>"),
        ("In-Reply-To", "<first@example.org>"),
        ("References", "<a@example.org> <first@example.org>"),
        ("Auto-Submitted", "auto-replied"),
        ("X-Auto-Response-Suppress", "All"),
        ("Content-Type", 'text/plain; charset="us-ascii"'),
        ("Content-Transfer-Encoding", "7bit"),
        ("MIME-Version", "1.0"),
        ("Content-Language", "nl"),
    ]


@pytest.mark.parametrize(
    ("given_address", "mailbox", "needs_utf8"),
    [
        ("noor@example.org", "noor@example.org", False),
        (" Noor.de-Vries+avg@Example.org ", "Noor.de-Vries+avg@Example.org", False),
        ("noor@bücher.example", "noor@xn--bcher-kva.example", False),
        ("noor@straße.example", "noor@straße.example", True),
        ("zoë@example.org", "zoë@example.org", True),
        ("用户@例子.example", "用户@xn--fsqu00a.example", True),
        ("a..b@example.org", "a..b@example.org", False),
        ("root@localhost", "root@localhost", False),
    ],
)
def test_an_address_has_one_form_on_the_wire(given_address, mailbox, needs_utf8):
    found = wire_address(given_address)

    assert (found.mailbox, found.needs_utf8) == (mailbox, needs_utf8)


@pytest.mark.parametrize(
    "given_address",
    [
        "",
        "noor",
        "@example.org",
        "noor@",
        "noor@example..org",
        "noor@-example.org",
        "noor@[127.0.0.1]",
        "a@example.org,b@example.org",
        "a@example.org b@example.org",
        "Noor <noor@example.org>",
        "noor@example.org>",
        "<noor@example.org",
        "noor@example.org\r\nBcc: b@example.org",
        "noor\n@example.org",
        "noor@example.org\x00",
        "noor\u202e@example.org",
        "noor@exam\u2028ple.org",
        '"noor de vries"@example.org',
        "=?utf-8?Q?agent?=@example.org",
        "x" * 65 + "@example.org",
        "x" * 60 + "@" + ".".join(["y" * 60] * 4),
        "noor@" + "y" * 64 + ".org",
        "\ud800@example.org",
    ],
)
def test_what_is_not_one_address_is_refused_without_being_repeated(given_address):
    with pytest.raises(AddressRefused) as fault:
        mailed(to_address=given_address)

    assert str(fault.value) in {
        "No letter can be sent to the address of the requester (malformed).",
        "No letter can be sent to the address of the requester (too long).",
    }


@given(
    to=st.text(max_size=80)
    | st.emails()
    | st.builds("{}@{}".format, st.text(max_size=70), st.text(max_size=70))
)
def test_no_address_makes_more_than_one_recipient(to):
    try:
        wire = mailed(to_address=to).as_bytes()
    except AddressRefused:
        return

    recipients = [value for name, value in headers_of(wire) if name.lower() in {"to", "cc", "bcc"}]
    assert len(recipients) == 1
    assert recipients[0] == wire_address(to).mailbox
    assert not set(recipients[0]) & set(' ,;<>"()[]\\\r\n\t')


@given(subject=st.text(max_size=400))
def test_no_subject_breaks_out_of_its_line(subject):
    wire = mailed(subject_line=subject).as_bytes()

    found = headers_of(wire)
    assert [name for name, _ in found] == [name for name, _ in headers_of(mailed().as_bytes())]
    assert wire.isascii()
    assert max(map(len, wire.split(b"\r\n"))) < 998


@given(
    words=st.lists(
        st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12),
        min_size=1,
        max_size=14,
    )
)
def test_a_subject_arrives_as_it_was_written(words):
    subject = " ".join(words)

    found = read_back(mailed(subject_line=subject).as_bytes())["Subject"]

    assert str(make_header(decode_header(found))) == subject[:200].strip()


@given(name=st.text(max_size=200))
def test_no_name_of_the_controller_breaks_the_sender(name):
    wire = mailed(sender_name=name).as_bytes()

    found = email.message_from_bytes(wire, policy=policy.default)
    assert [one.addr_spec for one in found["From"].addresses] == [OURS]
    assert [name for name, _ in headers_of(wire)] == [name for name, _ in headers_of(mailed().as_bytes())]
    assert wire.isascii()


@given(body=st.text(max_size=2000) | st.text(st.sampled_from("a. \n\r=é"), max_size=3000))
def test_a_body_arrives_as_it_was_written_in_lines_that_every_server_takes(body):
    wire = mailed(body=body).as_bytes()

    lines = wire.split(b"\r\n")
    assert not any(b"\r" in line or b"\n" in line for line in lines)
    assert max(map(len, lines)) < 998
    assert wire.isascii()
    shown = read_back(wire).get_payload(decode=True).decode("utf-8").replace("\r\n", "\n")
    assert visible(shown) == visible("\n".join(body.splitlines()))


sound_ids = st.from_regex(r"<[a-z0-9.]{1,400}@[a-z]{1,20}>", fullmatch=True)
broken_ids = st.sampled_from(
    ["", "<", "a@b", "<a b@c>", "<a@b>\r\nBcc: x@y", "<a@<b>>", "<é@b>", "<a@b> <c@d>", "\x00"]
)


@given(ids=st.lists(st.tuples(st.just(True), sound_ids) | st.tuples(st.just(False), broken_ids), max_size=60))
def test_a_thread_is_handed_on_in_order_without_what_is_no_message_id(ids):
    latest_is_sound, latest = ids[-1] if ids else (False, "")

    wire = mailed(references=tuple(one for _, one in ids), in_reply_to=latest).as_bytes()

    found = dict(headers_of(wire))
    sound = list(dict.fromkeys(one for is_sound, one in ids if is_sound))
    assert found.get("References", "").split() == (sound if len(sound) <= 20 else [sound[0], *sound[-19:]])
    assert found.get("In-Reply-To", "") == (latest if latest_is_sound else "")
    assert max(map(len, wire.split(b"\r\n"))) < 998


def test_a_long_message_id_is_not_encoded():
    long = "<" + "y" * 300 + "@example.org>"

    wire = mailed(in_reply_to=long, references=("<a@example.org>", long)).as_bytes()

    assert b"In-Reply-To: " + long.encode() + b"\r\n" in wire
    assert b"References: <a@example.org>\r\n " + long.encode() + b"\r\n" in wire


def test_an_address_that_needs_utf8_stands_in_the_header_as_it_is():
    wire = mailed(to_address="zoë@example.org", subject_line="Café").as_bytes()

    assert "To: zoë@example.org\r\n".encode() in wire
    assert b"Subject: =?utf-8?" in wire


def test_the_message_id_is_the_same_for_the_same_row_and_known_as_ours():
    first = message_id_for("AVG-2026-0001", 17, "smartfms.nl")

    assert first == message_id_for("AVG-2026-0001", 17, "smartfms.nl") == "<avg-2026-0001.17@smartfms.nl>"
    assert is_own_message_id(first, ["smartfms.nl"])
    assert is_own_message_id(f" {first.upper()}\r\n", {"other.example", "SmartFMS.nl"})
    assert is_own_message_id(message_id_for("AVG-2026-0001", 1, "bücher.example"), ["bücher.example"])


@pytest.mark.parametrize(
    "message_id",
    [
        "",
        "<avg-2026-0001.17@other.example>",
        "<17@smartfms.nl>",
        "avg-2026-0001.17@smartfms.nl",
        "<avg-2026-0001@smartfms.nl>",
    ],
)
def test_other_message_ids_are_not_ours(message_id):
    assert not is_own_message_id(message_id, ["smartfms.nl"])
