from __future__ import annotations

from datetime import UTC, datetime

import pytest

from cases.messages import Person
from intake.addresses import people, person_of
from intake.headers import Fields, decode_words, message_ids, sent_date
from intake.mailboxes import is_ours, plain_address


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("gewoon", "gewoon"),
        ("=?utf-8?q?caf=C3=A9_noir?=", "café noir"),
        ("=?UTF-8?B?Y2Fmw6k=?=", "café"),
        ("=?UTF-8?B?Y2Fmw6k?=", "café"),
        ("=?utf-8?q?een?= =?utf-8?q?_twee?=", "een twee"),
        ("=?utf-8?q?caf=C3?= =?utf-8?q?=A9?=", "café"),
        ("Re: =?iso-8859-1?q?caf=E9?= daar", "Re: café daar"),
        ("=?utf-8*nl?q?caf=C3=A9?=", "café"),
        ("=?nergens?q?caf=E9?=", "café"),
        ("=?utf-8?q?zonder einde", "=?utf-8?q?zonder einde"),
        ("=?utf-8?x?y?=", "=?utf-8?x?y?="),
        ("=?windows-1252?q?=80_5?=", "€ 5"),
        ("=?gb2312?b?1tC5+g==?=", "中国"),
    ],
)
def test_encoded_words_are_decoded_as_far_as_they_can_be(value, text):
    assert decode_words(value) == text


def test_raw_octets_in_a_field_are_read_by_their_looks():
    as_utf8 = Fields([("Subject", "café".encode().decode("ascii", "surrogateescape"))])
    as_1252 = Fields([("Subject", "café".encode("cp1252").decode("ascii", "surrogateescape"))])

    assert as_utf8.text("subject") == as_1252.text("subject") == "café"


@pytest.mark.parametrize(
    ("value", "person"),
    [
        ("Jan <jan@x.nl>", Person(name="Jan", address="jan@x.nl")),
        ("jan@x.nl", Person(address="jan@x.nl")),
        ("jan@x.nl (Jan Jansen)", Person(name="Jan Jansen", address="jan@x.nl")),
        ('"Jansen, Jan" <jan@x.nl>', Person(name="Jansen, Jan", address="jan@x.nl")),
        ("Jansen, Jan <jan@x.nl>", Person(name="Jansen, Jan", address="jan@x.nl")),
        ("=?utf-8?q?Jansen,_Ren=C3=A9?= <r@x.nl>", Person(name="Jansen, René", address="r@x.nl")),
        ("'Jan' <jan@x.nl>", Person(name="Jan", address="jan@x.nl")),
        ('"jan@x.nl" <jan@x.nl>', Person(address="jan@x.nl")),
        ('"bank@bank.nl" <jan@x.nl>', Person(name="bank@bank.nl", address="jan@x.nl")),
        ("Jan [mailto:jan@x.nl]", Person(name="Jan", address="jan@x.nl")),
        ("Jan <mailto:jan@x.nl>", Person(name="Jan", address="jan@x.nl")),
        ("Jan <<jan@x.nl>>", Person(name="Jan", address="jan@x.nl")),
        ("Jan <jan@x.nl", Person(name="Jan", address="jan@x.nl")),
        ('"Jan <jan@x.nl>', Person(name="Jan", address="jan@x.nl")),
        ("<@a.nl,@b.nl:jan@x.nl>", Person(address="jan@x.nl")),
        ("Groep: Jan <jan@x.nl>, piet@x.nl;", Person(name="Jan", address="jan@x.nl")),
        ("jan@[192.0.2.1]", Person(address="jan@[192.0.2.1]")),
        ("=?utf-8?q?Jan_=3Cjan=40x=2Enl=3E?=", Person(name="Jan <jan@x.nl>")),
        ("Jan Jansen", Person(name="Jan Jansen")),
        ("undisclosed-recipients:;", Person()),
        ("", Person()),
    ],
)
def test_a_person_is_read_from_an_address_field(value, person):
    assert person_of(value) == person


def test_all_people_of_a_field_are_read_in_order():
    found = people('A: a@x.nl, "B, C" <b@x.nl>; d@x.nl (D)')

    assert [person.address for person in found] == ["a@x.nl", "b@x.nl", "d@x.nl"]
    assert [person.name for person in found] == ["", "B, C", "D"]


@pytest.mark.parametrize(
    ("value", "ids"),
    [
        ("<a@b>", ("<a@b>",)),
        ("<a@b>\t<c@d> <a@b>", ("<a@b>", "<c@d>")),
        ("a@b", ("<a@b>",)),
        ("Uw bericht van maandag <a@b>", ("<a@b>",)),
        ("=?utf-8?q?=3Clang=40b=3E?=", ("<lang@b>",)),
        ("<[a]>", ("<[a]>",)),
        ("geen id", ()),
        ("", ()),
    ],
)
def test_message_ids_are_found(value, ids):
    assert message_ids([value]) == ids


def test_of_many_references_the_newest_hundred_stay():
    value = " ".join(f"<{number}@x>" for number in range(150))

    assert message_ids([value])[0] == "<50@x>"
    assert message_ids([value], newest=True)[0] == "<149@x>"
    assert len(message_ids([value])) == 100


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("Mon, 2 Mar 2026 10:15:00 +0100", "2026-03-02T10:15:00+01:00"),
        ("Mon, 2 Mar 2026 10:15:00 -0000", "2026-03-02T10:15:00+00:00"),
        ("ma, 2 mrt 2026 10:15:00 +0100", "2026-03-02T10:15:00+01:00"),
        ("2026-03-02T10:15:00Z", "2026-03-02T10:15:00+00:00"),
        ("2 Mar 2026 10:15 GMT", "2026-03-02T10:15:00+00:00"),
        ("Mon, 2 Mar 2026 10:15:00 +9999", None),
        ("Thu, 1 Jan 1970 00:00:00 +0000", None),
        ("Mon, 2 Mar 2099 10:15:00 +0100", None),
        ("gisteren", None),
        ("", None),
    ],
)
def test_a_date_is_aware_or_missing(value, iso):
    moment = sent_date(value, datetime(2026, 3, 2, 12, tzinfo=UTC))

    assert (moment.isoformat() if moment else None) == iso


@pytest.mark.parametrize(
    ("address", "plain"),
    [
        ("A.B+tag+more@X.nl", "a.b@x.nl"),
        (" a@x.nl ", "a@x.nl"),
        ("+x@x.nl", "@x.nl"),
        ("a", "a"),
        ("", ""),
    ],
)
def test_an_address_is_compared_without_case_and_tag(address, plain):
    assert plain_address(address) == plain


def test_without_mailboxes_only_the_bare_postmaster_is_ours():
    assert is_ours("postmaster", frozenset())
    assert not is_ours("postmaster@", frozenset())
    assert not is_ours("", frozenset())
