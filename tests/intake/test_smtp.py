"""The door on the wire: what each answer promises."""

from __future__ import annotations

import asyncio
import logging
import smtplib

import pytest
from structlog.testing import capture_logs

from cases.errors import RightsDeskError


class DeskBusy(RightsDeskError):
    """The desk has no room for more."""


async def test_a_mail_is_kept_with_its_envelope(open_door):
    door = await open_door()
    wire, banner = await door.connect()

    go = await wire.begin("servicedesk@smartfms.nl", "Privacy@SmartFMS.nl", sender="jan@voorbeeld.nl")
    answer = await wire.say("Subject: inzage\r\n\r\nGraag mijn gegevens.\r\n.")

    assert banner == "220 mx.smartfms.nl Rights Desk\r\n"
    assert go.startswith("354")
    assert answer.startswith("250 2.0.0")
    [arrival] = door.keeper.kept
    assert arrival.sender == "jan@voorbeeld.nl"
    assert arrival.recipients == ("servicedesk@smartfms.nl", "Privacy@SmartFMS.nl")
    assert arrival.raw == b"Subject: inzage\r\n\r\nGraag mijn gegevens.\r\n"
    assert arrival.received_at.isoformat() == "2026-03-02T09:00:00+00:00"


async def test_a_standard_client_delivers(open_door):
    door = await open_door()

    def deliver():
        with smtplib.SMTP("127.0.0.1", door.port, timeout=10) as client:
            refused = client.sendmail("jan@voorbeeld.nl", ["servicedesk@smartfms.nl"], b"Subject: a\n\nb\n")
            return refused, client.esmtp_features

    refused, features = await asyncio.to_thread(deliver)

    assert refused == {}
    assert features["size"] == str(25 * 1024 * 1024)
    assert "smtputf8" in features
    assert len(door.keeper.kept) == 1


async def test_250_comes_only_after_the_commit(open_door):
    door = await open_door()
    door.keeper.gate.clear()
    wire, _ = await door.connect()
    await wire.begin()

    answering = asyncio.create_task(wire.say("Subject: a\r\n\r\nb\r\n."))
    await door.keeper.begun.wait()
    early = answering.done()
    door.keeper.gate.set()

    assert not early
    assert (await answering).startswith("250")
    assert len(door.keeper.kept) == 1


@pytest.mark.parametrize(
    "address",
    [
        "servicedesk@smartfms.nl",
        "SERVICEDESK@SMARTFMS.NL",
        "servicedesk+AVG-2026-0001.x@smartfms.nl",
        "postmaster@smartfms.nl",
        "Postmaster",
    ],
)
async def test_our_mailboxes_are_accepted_in_any_case_with_any_tag(open_door, address):
    door = await open_door()
    wire, _ = await door.connect()
    await wire.say("EHLO client.example")
    await wire.say("MAIL FROM:<jan@voorbeeld.nl>")

    answer = await wire.say(f"RCPT TO:<{address}>")

    assert answer.startswith("250")


@pytest.mark.parametrize(
    "address",
    [
        "jan@voorbeeld.nl",
        "servicedesk@voorbeeld.nl",
        "servicedes@smartfms.nl",
        "postmaster@voorbeeld.nl",
        "root",
    ],
)
async def test_a_foreign_mailbox_is_refused_for_good(open_door, address):
    door = await open_door()
    wire, _ = await door.connect()
    await wire.say("EHLO client.example")
    await wire.say("MAIL FROM:<jan@voorbeeld.nl>")

    answer = await wire.say(f"RCPT TO:<{address}>")

    assert answer.startswith("550 5.1.1")


async def test_data_without_a_valid_recipient_is_refused(open_door):
    door = await open_door()
    wire, _ = await door.connect()

    answer = await wire.begin("stranger@voorbeeld.nl")

    assert answer.startswith("503")
    assert door.keeper.kept == []


async def test_more_recipients_than_fit_are_asked_to_come_in_another_mail(open_door):
    door = await open_door(recipients=2)
    wire, _ = await door.connect()
    await wire.begin("servicedesk+a@smartfms.nl", "servicedesk+b@smartfms.nl")
    await wire.say("Subject: a\r\n\r\nb\r\n.")

    await wire.say("MAIL FROM:<jan@voorbeeld.nl>")
    answers = [await wire.say(f"RCPT TO:<servicedesk+{tag}@smartfms.nl>") for tag in "abc"]

    assert [answer[:3] for answer in answers] == ["250", "250", "452"]


async def test_a_mail_that_says_it_is_too_large_is_refused_before_it_is_sent(open_door):
    door = await open_door(mail_size=1000)
    wire, _ = await door.connect()
    hello = await wire.say("EHLO client.example")

    answer = await wire.say("MAIL FROM:<jan@voorbeeld.nl> SIZE=1001")

    assert "SIZE 1000" in hello
    assert answer.startswith("552")


async def test_a_mail_that_is_too_large_is_refused_and_the_session_goes_on(open_door):
    door = await open_door(mail_size=1000)
    wire, _ = await door.connect()
    await wire.begin()

    answer = await wire.say(b"x" * 500 + b"\r\n" + b"y" * 600 + b"\r\n.")
    await wire.begin()
    next_answer = await wire.say("Subject: a\r\n\r\nsmall\r\n.")

    assert answer.startswith("552")
    assert next_answer.startswith("250")
    assert len(door.keeper.kept) == 1


async def test_what_was_not_foreseen_is_answered_451_without_its_text(open_door):
    door = await open_door()
    door.keeper.fault = RuntimeError("disk of jan@voorbeeld.nl is full")
    wire, _ = await door.connect()
    await wire.begin()

    answer = await wire.say("Subject: a\r\n\r\nb\r\n.")

    assert answer == "451 4.3.0 Something went wrong here, please try again\r\n"


async def test_a_fault_outside_the_handler_is_answered_451_too(open_door):
    door = await open_door()
    wire, _ = await door.connect()
    await wire.say("EHLO client.example")

    answer = await wire.say("MAIL FROM:<jan@voorbeeld.nl> SIZE=\N{SUPERSCRIPT TWO}")

    assert answer.startswith("451 4.3.0")
    assert (await wire.say("NOOP")).startswith("250")


async def test_a_busy_desk_says_452(open_door):
    door = await open_door()
    door.keeper.fault = DeskBusy()
    wire, _ = await door.connect()
    await wire.begin()

    answer = await wire.say("Subject: a\r\n\r\nb\r\n.")

    assert answer.startswith("452 4.3.1")


async def test_a_client_that_hangs_up_while_we_commit_does_not_undo_the_commit(open_door):
    door = await open_door()
    door.keeper.gate.clear()
    wire, _ = await door.connect()
    await wire.begin()
    wire.writer.write(b"Subject: a\r\n\r\nb\r\n.\r\n")
    await door.keeper.begun.wait()

    wire.reset()
    await door.until_inside(0)
    door.keeper.gate.set()
    await door.listener.close(grace=5)

    assert len(door.keeper.kept) == 1
    assert not door.listener.door.keeping


async def test_a_client_that_hangs_up_during_data_leaves_nothing_behind(open_door):
    door = await open_door()
    wire, _ = await door.connect()
    await wire.begin()
    wire.writer.write(b"Subject: half\r\n\r\nof a ma")
    await wire.writer.drain()

    wire.reset()
    await door.until_inside(0)

    assert door.keeper.kept == []


async def test_the_null_sender_is_no_address(open_door):
    door = await open_door()
    wire, _ = await door.connect()
    await wire.begin(sender="")

    answer = await wire.say("Subject: a\r\n\r\nb\r\n.")

    assert answer.startswith("250")
    assert door.keeper.kept[0].sender == ""


async def test_internationalised_addresses_are_kept(open_door):
    door = await open_door()
    wire, _ = await door.connect()
    await wire.say("EHLO client.example")
    sender = await wire.say("MAIL FROM:<josé@voorbeeld.nl> SMTPUTF8 BODY=8BITMIME")
    await wire.say("RCPT TO:<servicedesk+é@smartfms.nl>")
    await wire.say("DATA")

    answer = await wire.say("Subject: ë\r\n\r\né\r\n.")

    assert sender.startswith("250")
    assert answer.startswith("250")
    assert door.keeper.kept[0].sender == "josé@voorbeeld.nl"
    assert door.keeper.kept[0].recipients == ("servicedesk+é@smartfms.nl",)
    assert door.keeper.kept[0].raw == "Subject: ë\r\n\r\né\r\n".encode()


async def test_an_envelope_never_holds_what_a_database_refuses(open_door):
    door = await open_door()
    wire, _ = await door.connect()
    await wire.say("EHLO client.example")
    await wire.say(b"MAIL FROM:<jan\xff@voorbeeld.nl>")
    await wire.say(b"RCPT TO:<servicedesk+\xfe\x00@smartfms.nl>")
    await wire.say("DATA")

    await wire.say("Subject: a\r\n\r\nb\r\n.")

    [arrival] = door.keeper.kept
    assert arrival.sender == "jan\ufffd@voorbeeld.nl"
    assert arrival.recipients == ("servicedesk+\ufffd\ufffd@smartfms.nl",)


async def test_a_long_mail_from_does_not_fail_because_somebody_else_connects(open_door):
    door = await open_door()
    wire, _ = await door.connect()
    await wire.say("EHLO client.example")
    sender = f"bounce-{'x' * 900}=servicedesk@voorbeeld.nl"

    await door.connect()
    answer = await wire.say(f"MAIL FROM:<{sender}> SIZE=1000 BODY=8BITMIME")

    assert answer.startswith("250")


@pytest.mark.parametrize("octets", [60_000, 1_500_000])
async def test_a_line_over_999_octets_is_accepted(open_door, octets):
    door = await open_door()
    wire, _ = await door.connect()
    await wire.begin()

    answer = await wire.say(b"Subject: a\r\n\r\n" + b"x" * octets + b"\r\n.")

    assert answer.startswith("250")
    assert b"x" * octets in door.keeper.kept[0].raw


async def test_bare_line_feeds_stay_content_and_start_no_second_mail(open_door):
    door = await open_door()
    wire, _ = await door.connect()
    await wire.begin()
    smuggled = b"Subject: a\r\n\r\none\n.\nMAIL FROM:<x@y.nl>\n.\r\ntwo\r\n.\nthree\r.\rfour\r\n.\r.\nend"

    answer = await wire.say(smuggled + b"\r\n.")
    after = await wire.say("NOOP")

    assert answer.startswith("250")
    assert after.startswith("250")
    [arrival] = door.keeper.kept
    assert b"MAIL FROM:<x@y.nl>" in arrival.raw
    assert b"three" in arrival.raw
    assert arrival.raw.endswith(b"end\r\n")


async def test_a_leading_dot_is_unstuffed(open_door):
    door = await open_door()
    wire, _ = await door.connect()
    await wire.begin()

    await wire.say("Subject: a\r\n\r\n..\r\n...b\r\n.")

    assert door.keeper.kept[0].raw == b"Subject: a\r\n\r\n.\r\n..b\r\n"


async def test_connections_over_the_limit_are_sent_away_for_now(open_door):
    door = await open_door(connections=2)
    first, _ = await door.connect()
    await door.connect()

    _, banner = await door.connect()
    await first.say("QUIT")
    await door.until_inside(1)
    _, later = await door.connect()

    assert banner.startswith("421")
    assert later.startswith("220")


async def test_one_address_cannot_take_all_connections(open_door):
    door = await open_door(connections_per_address=1)
    await door.connect()

    _, second = await door.connect()
    _, by_socket = await door.connect_lmtp()

    assert second.startswith("421")
    assert by_socket.startswith("220")


async def test_a_silent_client_is_disconnected(open_door):
    door = await open_door(timeout=0.05)
    wire, _ = await door.connect()

    async with asyncio.timeout(10):
        rest = await wire.reader.read()

    assert rest == b""


async def test_lmtp_answers_once_for_each_recipient(open_door):
    door = await open_door()
    wire, _ = await door.connect_lmtp()
    await wire.begin("servicedesk@smartfms.nl", "nobody@smartfms.nl", "privacy@smartfms.nl", hello="LHLO")

    first = await wire.say("Subject: a\r\n\r\nb\r\n.")
    second = await wire.answer()
    after = await wire.say("NOOP")

    assert first == second == "250 2.0.0 Message kept\r\n"
    assert after == "250 OK\r\n"
    assert len(door.keeper.kept) == 1


@pytest.mark.parametrize(("size", "code"), [(10, "451"), (2000, "552")])
async def test_lmtp_refuses_once_for_each_recipient_too(open_door, size, code):
    door = await open_door(mail_size=1000)
    door.keeper.fault = RuntimeError("away")
    wire, _ = await door.connect_lmtp()
    await wire.begin("servicedesk@smartfms.nl", "privacy@smartfms.nl", hello="LHLO")

    answers = [await wire.say(b"x" * size + b"\r\n."), await wire.answer(), await wire.say("NOOP")]

    assert [answer[:3] for answer in answers] == [code, code, "250"]


async def test_a_standard_lmtp_client_delivers(open_door):
    door = await open_door()

    def deliver():
        with smtplib.LMTP(str(door.socket)) as client:
            return client.sendmail("a@voorbeeld.nl", ["servicedesk@smartfms.nl"], b"Subject: a\n\nb\n")

    refused = await asyncio.to_thread(deliver)

    assert refused == {}
    assert len(door.keeper.kept) == 1


async def test_closing_lets_a_running_mail_end_and_sends_the_idle_away(open_door):
    door = await open_door()
    door.keeper.gate.clear()
    idle, _ = await door.connect()
    busy, _ = await door.connect()
    await busy.begin()
    answering = asyncio.create_task(busy.say("Subject: a\r\n\r\nb\r\n."))
    await door.keeper.begun.wait()

    closing = asyncio.create_task(door.listener.close(grace=10))
    farewell = await idle.answer()
    with pytest.raises(OSError):
        await asyncio.open_connection("127.0.0.1", door.port)
    early = closing.done()
    door.keeper.gate.set()
    answer = await answering
    await closing

    assert farewell.startswith("421 4.3.2")
    assert not early
    assert answer.startswith("250")
    assert (await busy.answer()).startswith("421 4.3.2")
    assert len(door.keeper.kept) == 1
    assert not door.socket.exists()


async def test_closing_does_not_wait_for_ever(open_door):
    door = await open_door()
    wire, _ = await door.connect()
    await wire.begin()
    wire.writer.write(b"Subject: never ends\r\n")

    async with asyncio.timeout(10):
        await door.listener.close(grace=0.05)

    assert (await wire.answer()).startswith("421")
    assert door.keeper.kept == []


async def test_many_senders_at_once_are_all_kept(open_door):
    door = await open_door()

    async def deliver(number: int) -> str:
        wire, _ = await door.connect()
        await wire.begin()
        return await wire.say(f"Subject: {number}\r\n\r\nb\r\n.")

    answers = await asyncio.gather(*(deliver(number) for number in range(100)))

    assert {answer[:3] for answer in answers} == {"250"}
    assert len({arrival.raw for arrival in door.keeper.kept}) == 100


async def test_no_log_at_any_level_holds_an_address_or_text(open_door, caplog):
    caplog.set_level(logging.DEBUG)
    with capture_logs() as events:
        door = await open_door()
        door.keeper.fault = RuntimeError("geheim")
        wire, _ = await door.connect()
        await wire.say("RUBBISH geheim@voorbeeld.nl")
        await wire.begin("geheim@elders.nl", "servicedesk@smartfms.nl", sender="geheim@voorbeeld.nl")
        await wire.say("Subject: geheim\r\n\r\ngeheim\r\n.")
        await wire.say("QUIT")

    assert any(event["event"] == "mail not kept" for event in events)
    assert "geheim" not in str(events)
    assert "geheim" not in caplog.text
