"""What our session class does faster than the library, it does alike."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP
from hypothesis import example, given
from hypothesis import strategies as st

from intake.conversation import Conversation, LmtpConversation
from intake.gate import DoorLimits, Gate

PIECES = st.sampled_from(
    [*"<>@.,:;\"\\()[] \t\r\n-_+=!~'%/", "jan", "AVG-2026", "example", "nl", "é", "\udce9"]
)
TAILS = st.sampled_from(
    ["", " ", " SIZE=12", "  SMTPUTF8 BODY=8BITMIME", "\t", "(x)", " (x) SIZE=1", ">", "<a@b>"]
)
ATOMS = st.from_regex(r"[a-z0-9+_=-]{1,8}(\.[a-z0-9]{1,4}){0,2}", fullmatch=True)


@contextmanager
def session(kind: type[Conversation]) -> Iterator[Conversation]:
    loop = asyncio.new_event_loop()
    try:
        yield kind(object(), Gate(DoorLimits()), hostname="mx.smartfms.nl", loop=loop)
    finally:
        loop.close()


@given(st.builds("<{}@{}>{}".format, ATOMS, ATOMS, TAILS))
@example("<jan@voorbeeld.nl> SIZE=5000")
def test_a_plain_address_is_read_as_the_library_reads_it(path):
    with session(Conversation) as ours:
        read = ours._getaddr(path)

        assert read == SMTP._getaddr(ours, path)


@given(st.lists(PIECES, max_size=12).map("".join))
@example("<>")
@example("<@relay.nl:jan@voorbeeld.nl>")
@example('<"jan piet"@voorbeeld.nl> SIZE=1')
@example("<jan@[127.0.0.1]>")
@example("<jan@voorbeeld.nl")
@example("<jan@voorbeeld.nl>\r\n")
def test_any_other_argument_is_read_as_the_library_reads_it(argument):
    with session(Conversation) as ours:
        read = outcome(ours._getaddr, argument)

        assert read == outcome(lambda path: SMTP._getaddr(ours, path), argument)


def outcome(parse, argument):
    """What it gives, or which error; the library's parser stumbles over some."""
    try:
        return parse(argument)
    except Exception as error:  # noqa: BLE001 - whatever it was is compared
        return type(error)


@pytest.mark.parametrize(("kind", "library"), [(Conversation, SMTP), (LmtpConversation, LMTP)])
def test_a_session_knows_all_commands_of_the_library(kind, library):
    with session(kind) as ours:
        known = ours._smtp_methods.keys()

        assert known == {name.removeprefix("smtp_") for name in dir(library) if name.startswith("smtp_")}
        assert ours._auth_methods.keys() == {"LOGIN", "PLAIN"}
