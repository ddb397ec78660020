"""What the relay does at each step, and whether the letter may have left: against real servers."""

import asyncio
import socket
from email.message import EmailMessage

import pytest

from bot.envelopes import letter_mail
from bot.postbox import AddressRefused, LetterRefused, Postbox, Relay, RelayAway, Unclear
from cases.controller import read
from cases.errors import RightsDeskError
from tests.bot.relays import CERTIFICATE, DROP, HANG, PASSWORD, USER, log_in, relay, server_context
from tests.builders import NOW, a_letter

NOOR = "noor@example.org"


def mail_to(address: str = NOOR, body: str = "Wij hebben uw verzoek ontvangen.") -> EmailMessage:
    letter = a_letter(to_address=address, body=body)
    return letter_mail(letter, controller=read(), sender="servicedesk@smartfms.nl", sent_at=NOW)


def a_postbox(port: int, **facts) -> Postbox:
    facts = {"host": "localhost", "patience": 5.0, "patience_at_the_end": 5.0, **facts}
    return Postbox(Relay(port=port, **facts))


async def hand_over(postbox: Postbox, address: str = NOOR, mail: EmailMessage | None = None) -> bool:
    """Whether the courier got as far as writing "in flight" down."""
    async with postbox.open(mail or mail_to(address), address) as handover:
        await handover.data()
    return True


async def fault_of(postbox: Postbox, address: str = NOOR) -> tuple[RightsDeskError, bool]:
    """What went wrong, and whether it was after the courier had written "in flight" down."""
    reached: list[str] = []

    async def try_it() -> None:
        async with postbox.open(mail_to(address), address) as handover:
            reached.append("in flight")
            await handover.data()

    with pytest.raises(RightsDeskError) as fault:
        await try_it()
    assert fault.value.__cause__ is None
    assert NOOR not in f"{fault.value} {fault.value.facts}"
    return fault.value, bool(reached)


async def test_a_letter_is_handed_over_from_nobody_to_one_address():
    mail = mail_to(body="Eerste regel.\n.punt\n..twee\nkoffie met café\n")

    async with relay() as other:
        await hand_over(a_postbox(other.port), mail=mail)

    (taken,) = other.taken
    assert taken.mail_from == "<>"
    assert taken.rcpt_tos == [NOOR]
    assert taken.original_content == mail.as_bytes()
    assert other.said[-1] == "QUIT"


async def test_nothing_leaves_before_the_courier_says_so():
    async with relay() as other, a_postbox(other.port).open(mail_to(), NOOR) as handover:
        said_before, taken_before = list(other.said), list(other.taken)
        await handover.data()

    assert [line.split()[0] for line in said_before] == ["EHLO", "MAIL", "RCPT"]
    assert taken_before == []
    assert len(other.taken) == 1


async def test_a_courier_that_thinks_better_of_it_sends_nothing():
    async with relay() as other, a_postbox(other.port).open(mail_to(), NOOR):
        pass

    assert other.taken == []
    assert [line.split()[0] for line in other.said] == ["EHLO", "MAIL", "RCPT", "QUIT"]


@pytest.mark.parametrize(
    ("step", "answer", "expected", "error", "after_in_flight"),
    [
        ("GREETING", "421 busy", RelayAway, "421", False),
        ("GREETING", "554 no", RelayAway, "554", False),
        ("GREETING", "gibberish", RelayAway, "-1", False),
        ("GREETING", DROP, RelayAway, "SMTPServerDisconnected", False),
        ("EHLO", "451 later", RelayAway, "451", False),
        ("EHLO", "550 no", RelayAway, "550", False),
        ("EHLO", DROP, RelayAway, "SMTPServerDisconnected", False),
        ("MAIL", "451 later", RelayAway, "451", False),
        ("MAIL", "530 log in first", RelayAway, "530", False),
        ("MAIL", "553 not you", AddressRefused, "553", False),
        ("MAIL", DROP, RelayAway, "SMTPServerDisconnected", False),
        ("RCPT", "450 greylisted", RelayAway, "450", False),
        ("RCPT", "421 closing", RelayAway, "421", False),
        ("RCPT", f"550 5.1.1 {NOOR} unknown", AddressRefused, "550", False),
        ("RCPT", DROP, RelayAway, "SMTPServerDisconnected", False),
        ("DATA", "451 later", RelayAway, "451", True),
        ("DATA", "421 closing", RelayAway, "421", True),
        ("DATA", "554 no", LetterRefused, "554", True),
        ("DATA", "250 what", RelayAway, "250", True),
        ("DATA", DROP, RelayAway, "SMTPServerDisconnected", True),
        ("MIDDLE", DROP, Unclear, "SMTPServerDisconnected", True),
        ("CONTENT", "452 full", RelayAway, "452", True),
        ("CONTENT", f"554 5.7.1 spam for {NOOR}", LetterRefused, "554", True),
        ("CONTENT", DROP, Unclear, "SMTPServerDisconnected", True),
        ("CONTENT", "354 what", Unclear, "354", True),
        ("CONTENT", "gibberish", Unclear, "SMTPResponseException", True),
    ],
)
async def test_each_step_tells_whether_the_letter_may_have_left(
    step, answer, expected, error, after_in_flight
):
    async with relay({step: answer}) as other:
        fault, in_flight = await fault_of(a_postbox(other.port))

    assert type(fault) is expected
    assert fault.facts == {"error": error}
    assert in_flight is after_in_flight
    assert len(other.taken) == (step == "CONTENT")


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("GREETING", RelayAway),
        ("EHLO", RelayAway),
        ("MAIL", RelayAway),
        ("RCPT", RelayAway),
        ("DATA", RelayAway),
        ("CONTENT", Unclear),
    ],
)
async def test_a_relay_that_never_answers_is_given_up(step, expected):
    async with relay({step: HANG}) as other:
        fault, _ = await fault_of(a_postbox(other.port, patience=0.2, patience_at_the_end=0.2))

    assert type(fault) is expected
    assert fault.facts == {"error": "timeout"}


@pytest.mark.parametrize("answer", [DROP, HANG, "500 what", "gibberish"])
async def test_a_letter_that_was_taken_stays_taken_whatever_becomes_of_the_farewell(answer):
    async with relay({"QUIT": answer}) as other:
        done = await hand_over(a_postbox(other.port, farewell=0.2))

    assert done
    assert len(other.taken) == 1


async def test_a_relay_that_is_not_there_is_away():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, and nobody listens

        fault, in_flight = await fault_of(a_postbox(taken.getsockname()[1], host="127.0.0.1"))

    assert type(fault) is RelayAway
    assert fault.facts == {"error": "ConnectionRefusedError"}
    assert not in_flight


async def test_a_relay_that_goes_while_the_courier_writes_is_away_and_not_unclear():
    async with relay() as other, a_postbox(other.port).open(mail_to(), NOOR) as handover:
        other.hang_up()

        with pytest.raises(RelayAway):
            await handover.data()

    assert other.taken == []


async def test_a_courier_that_is_stopped_hangs_up():
    async with relay({"CONTENT": HANG}) as other:
        task = asyncio.create_task(hand_over(a_postbox(other.port, patience_at_the_end=600)))
        await asyncio.wait_for(other.has_taken.wait(), 5)
        task.cancel()

        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.parametrize(("tls", "encrypted"), [("none", False), ("starttls", True), ("tls", True)])
async def test_a_letter_is_encrypted_as_it_was_set(tls, encrypted):
    context = {"tls_context": server_context()} if tls == "starttls" else {}

    async with relay(implicit_tls=tls == "tls", **context) as other:
        await hand_over(a_postbox(other.port, tls=tls, trust=CERTIFICATE))

    assert len(other.taken) == 1
    assert other.encrypted is encrypted


@pytest.mark.parametrize("tls", ["starttls", "tls"])
@pytest.mark.parametrize("fault", ["nobody trusts it", "another name"])
async def test_a_certificate_that_proves_nothing_is_not_accepted(tls, fault):
    context = {"tls_context": server_context()} if tls == "starttls" else {}
    ours = {"trust": None} if fault == "nobody trusts it" else {"trust": CERTIFICATE, "host": "127.0.0.1"}

    async with relay(implicit_tls=tls == "tls", **context) as other:
        away, _ = await fault_of(a_postbox(other.port, tls=tls, **ours))

    assert type(away) is RelayAway
    assert away.facts == {"error": "certificate"}
    assert other.taken == []


async def test_without_starttls_at_the_relay_nothing_goes_in_the_clear():
    async with relay() as other:
        away, _ = await fault_of(a_postbox(other.port, tls="starttls"))

    assert type(away) is RelayAway
    assert other.taken == []
    assert not any(line.startswith("MAIL") for line in other.said)


async def test_a_relay_that_asks_for_a_password_gets_it():
    demanding = {"authenticator": log_in, "auth_required": True, "tls_context": server_context()}

    async with relay(**demanding) as other:
        await hand_over(
            a_postbox(other.port, tls="starttls", trust=CERTIFICATE, user=USER, password=PASSWORD)
        )

    assert len(other.taken) == 1
    assert other.logged_in


@pytest.mark.parametrize("ours", [{"user": USER, "password": "wrong"}, {}])
async def test_a_wrong_or_missing_password_is_a_matter_of_settings_not_of_the_letter(ours):
    demanding = {"authenticator": log_in, "auth_required": True, "tls_context": server_context()}

    async with relay(**demanding) as other:
        away, _ = await fault_of(a_postbox(other.port, tls="starttls", trust=CERTIFICATE, **ours))

    assert type(away) is RelayAway
    assert away.facts == {"error": "535" if ours else "530"}
    assert other.taken == []


def test_the_password_is_not_printed():
    assert "hunter" not in repr(a_postbox(25, user=USER, password=PASSWORD))


async def test_a_foreign_address_goes_to_a_relay_that_speaks_utf8():
    async with relay() as other:
        await hand_over(a_postbox(other.port), "zoë@bücher.example")

    assert other.taken[0].rcpt_tos == ["zoë@xn--bcher-kva.example"]
    assert other.taken[0].smtp_utf8


async def test_a_foreign_address_is_refused_where_the_relay_cannot_take_it():
    async with relay(utf8=False) as other:
        refused, in_flight = await fault_of(a_postbox(other.port), "zoë@example.org")

    assert type(refused) is AddressRefused
    assert not in_flight
    assert not any(line.startswith("RCPT") for line in other.said)


async def test_what_is_not_one_address_never_reaches_the_relay():
    async with relay() as other:
        with pytest.raises(AddressRefused):
            await hand_over(a_postbox(other.port), f"{NOOR}>\r\nRCPT TO:<b@example.org", mail_to())

    assert other.said == []


async def test_letters_may_go_side_by_side():
    async with relay() as other:
        await asyncio.gather(
            *(hand_over(a_postbox(other.port), f"{name}@example.org") for name in "abcdefgh")
        )

    assert sorted(taken.rcpt_tos[0][0] for taken in other.taken) == list("abcdefgh")


async def test_whether_the_relay_can_be_reached_is_found_without_a_letter():
    async with relay() as other:
        await a_postbox(other.port).reachable()

    assert [line.split()[0] for line in other.said] == ["EHLO", "QUIT"]


async def test_a_relay_that_cannot_be_reached_says_why():
    async with relay({"GREETING": "421 busy"}) as other:
        with pytest.raises(RelayAway) as away:
            await a_postbox(other.port).reachable()

    assert (
        str(away.value)
        == "The mail server for our letters did not take one now (421); it surely did not leave."
    )
