"""Whatever comes in, a message comes out, and nothing in it that a database or a page would choke on."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from cases.messages import InboundMessage
from intake.charsets import decode_octets
from intake.markup import text_of_html
from intake.reading import as_json
from tests.intake.mails import read_raw

NAMES = [
    "From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Reply-To", "Sender",
    "Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "Auto-Submitted", "Return-Path",
]  # fmt: skip
VALUES = [
    "Jan <jan@voorbeeld.nl>", "=?utf-8?q?=00=0A=E2=80=AE?=", "=?iso-2022-jp?b?GyRC?=", "=?utf-7?q?+2AA-?=",
    "multipart/mixed; boundary=b", "multipart/alternative; boundary=b", "multipart/report; boundary=b",
    "message/rfc822", "text/html; charset=utf-16", "text/plain; charset=iso-2022-jp; format=flowed",
    "text/plain; charset*0*=utf-8''a%; charset*1=x", "application/pdf; name*=utf-8'nl'%FF%00", "base64",
    "quoted-printable", "x-uuencode", "attachment; filename*0=a; filename*2=b", "auto-replied", "<>", "<a@b>",
    "Mon, 99 Foo 10000 99:99:99 +9999", "\x00", "\ud83d", "ë", '"', "(", "a:b;c,<", "'''''",
]  # fmt: skip
BODIES = [
    b"--b\r\n", b"--b--\r\n", b"\r\n", b"Content-Type: text/html\r\n\r\n", b"<div><p>hoi</p>", b"> x\r\n",
    b"Content-Type: message/rfc822\r\n\r\n", b"Op 3 mrt om 10:00 schreef Jan:\r\n",
    b"Van: a\r\nVerzonden: b\r\n",
    b"\xff\xfe\x00", b"\x1b$B", b"=\r\n", b"=ZZ", b"begin 644 x\r\n", b"Begin doorgestuurd bericht:\r\n",
    b"&#0;&#x110000;",
]  # fmt: skip


def assert_storable(message: InboundMessage) -> None:
    shown = json.dumps(as_json(message, "x"), ensure_ascii=False)
    assert shown.encode("utf-8")
    assert "\\u0000" not in json.dumps(as_json(message, "x"))
    assert message.message_id.startswith("<")
    assert message.message_id.endswith(">")
    assert len(message.fingerprint) == 64
    for line in (message.subject_line, message.sender.name, message.sender.address, message.message_id):
        assert "\n" not in line
        assert "\r" not in line
        assert "\u202e" not in line
    assert message.sent_at is None or message.sent_at.tzinfo is not None
    assert not any(fault.startswith("could not be read") for fault in message.faults)


@given(st.binary(max_size=2_000))
def test_any_octets_make_a_message(raw):
    assert_storable(read_raw(raw))


@given(
    st.lists(
        st.tuples(st.sampled_from(NAMES), st.one_of(st.sampled_from(VALUES), st.text(max_size=60))),
        max_size=8,
    ),
    st.lists(st.one_of(st.sampled_from(BODIES), st.binary(max_size=40)), max_size=12),
)
@settings(max_examples=300)
def test_any_fields_and_parts_make_a_message(fields, body):
    head = "".join(f"{name}: {value}\r\n" for name, value in fields).encode("utf-8", "surrogatepass")

    message = read_raw(head + b"\r\n" + b"".join(body))

    assert_storable(message)


@given(
    st.binary(max_size=300),
    st.one_of(st.text(max_size=20), st.sampled_from(["utf-8", "utf-16", "idna", "hex"])),
)
def test_any_octets_are_text_in_any_charset(octets, charset):
    text, _ = decode_octets(octets, charset)

    assert isinstance(text, str)


@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div>", "</div>", "<table>", "<td>", "<!--", "<script>", "&nbsp;", "x"]
        ),
        max_size=30,
    )
)
def test_any_html_has_a_text(pieces):
    text = text_of_html("".join(pieces))

    assert "<div>" not in text
    assert "<td>" not in text


@given(st.binary(max_size=500))
def test_reading_twice_gives_the_same(raw):
    assert read_raw(raw) == read_raw(raw)
