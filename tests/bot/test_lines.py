"""The thread tells who did what and what came in; strangers' words are quoted, cut and never obeyed."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.buttons import IT_ARRIVED, SEND_AGAIN, letter_of
from bot.incoming import QUOTED
from bot.lines import staff_line, thread_line
from cases import lifecycle
from cases.effects import StaffLine, TellStaff
from cases.lifecycle import Answer
from cases.messages import Automatic
from cases.model import EventKind, Outcome, Right, Status
from cases.records import FiledAs
from tests.bot.a_file import ANNA, EN, NL, NOW, TODAY, a_file, a_reply, at
from tests.bot.slack_rules import assert_message_fits, buttons, mrkdwn, seen
from tests.builders import a_case, an_event


def line(event, file=None, texts=NL):
    card = thread_line(event, file or a_file(), texts)
    assert_message_fits(card.blocks)
    return card


def joined(*, automatic=None, also=(), case=None, **message):
    facts = {"message": 7, "automatic": automatic, "also": list(also)}
    event = an_event(kind=EventKind.MESSAGE_JOINED, facts=facts)
    return line(event, a_file(case, messages=(a_reply(**message),)))


def test_every_move_is_told_with_who_made_it():
    proposed = a_case(rights=(Right.OBJECTION,))
    confirmed = lifecycle.confirm(proposed, by=ANNA, at=at(9, 0), letter_at=at(9, 10))
    stopped = lifecycle.stop_marketing(confirmed.case, by=ANNA, at=NOW + timedelta(minutes=38))
    answers = {Right.OBJECTION: Answer(outcome=Outcome.GRANTED)}
    closed = lifecycle.close(stopped.case, answers, by=ANNA, at=at(11, 0))
    moves = [
        confirmed,
        lifecycle.undo_confirmation(confirmed.case, by=ANNA, at=at(9, 1)),
        lifecycle.dismiss(proposed, by=ANNA, at=at(9, 0)),
        stopped,
        closed,
        lifecycle.reopen(closed.case, by=ANNA, at=at(12, 0)),
    ]

    told = [seen(line(move.event, a_file(move.case)).blocks) for move in moves]

    assert all(one.startswith(f"<@{ANNA}>") for one in told)
    assert "bevestigd dat dit een AVG-verzoek is: bezwaar." in told[0]
    assert "de marketing is gestopt (bezwaar), 38 minuten na ontvangst" in told[3]
    assert "gesloten: bezwaar ingewilligd." in told[4]


def test_a_change_of_rights_tells_before_and_after():
    change = lifecycle.change_rights(
        a_case(), [Right.ERASURE, Right.COMPLAINT], by=ANNA, at=at(9, 0), today=TODAY
    )

    assert "eerst inzage, nu verwijdering en klacht" in seen(line(change.event).blocks)


@pytest.mark.parametrize("kind", EventKind)
@pytest.mark.parametrize("texts", [NL, EN])
def test_whatever_happens_to_a_case_has_a_line_and_a_notification_without_names(kind, texts):
    card = line(an_event(kind=kind, facts={}), texts=texts)

    assert card.text.startswith("AVG-2026-0001: ")
    assert "Noor" not in card.text
    assert "<@" not in card.text


def test_a_reply_is_quoted():
    card = joined(text="Dank u, maar ik bedoelde mijn oude adres.")

    assert "De verzoeker schrijft (op donderdag 5 maart 2026 om 11:05):" in seen(card.blocks)
    assert card.blocks[1]["elements"][0]["type"] == "rich_text_quote"
    assert "mijn oude adres" in seen(card.blocks)


def test_a_long_message_is_cut_and_says_where_the_rest_is():
    card = joined(text="Nog iets. " * 100_000)

    assert "Ingekort. Alles staat in `rightsdesk case AVG-2026-0001`." in seen(card.blocks)
    assert len(card.blocks[1]["elements"][0]["elements"][0]["text"]) <= QUOTED


def test_a_stranger_is_told_apart_and_never_by_the_whole_address():
    card = joined(filed_as=FiledAs.STRANGER, sender_address="x_y@evil.example")

    assert "Let op: van een ander adres* (x…@e…)" in seen(card.blocks)
    assert "x_y@evil.example" not in seen(card.blocks)


def test_a_machines_answer_says_what_kind_of_machine():
    card = joined(filed_as=FiledAs.MACHINE, automatic=Automatic.AUTO_REPLY.value)

    assert "Er kwam een automatisch antwoord binnen" in seen(card.blocks)


def test_what_a_reply_asks_beyond_the_case_is_pointed_out():
    live = joined(also=["erasure"])
    closed = joined(also=["erasure"], case=a_case(status=Status.CLOSED, outcome=Outcome.GRANTED))

    assert 'om: *verwijdering*. Klopt dat, gebruik dan "Wijzigen…"' in seen(live.blocks)
    assert "heropen haar dan eerst" in seen(closed.blocks)


def test_a_message_that_is_gone_or_says_nothing_is_told_as_that():
    gone = line(an_event(kind=EventKind.MESSAGE_JOINED, facts={"message": 99, "also": []}))

    assert "De tekst van het bericht is er niet meer." in seen(gone.blocks)
    assert "(geen leesbare tekst)" in seen(joined(text="\u200b\x00 ").blocks)


@settings(max_examples=40, deadline=None)
@given(
    text=st.text(max_size=400).map(lambda words: words * 20) | st.just("<!channel> " * 3000),
    sender=st.text(max_size=60),
    filed_as=st.sampled_from(FiledAs),
)
def test_whatever_a_stranger_writes_rings_nobody(text, sender, filed_as):
    card = joined(text=text, sender_address=sender, sender_name=text, filed_as=filed_as, also=["erasure"])

    assert "<!" not in seen(card.blocks)
    assert not any("<@" in one or "<http" in one for one in mrkdwn(card.blocks))


def test_a_letter_that_left_or_was_only_kept_is_told():
    sent = an_event(
        kind=EventKind.LETTER_SENT, facts={"letter": 4, "kind": "acknowledgement", "kept_here": False}
    )
    kept = an_event(
        kind=EventKind.LETTER_SENT, facts={"letter": 4, "kind": "acknowledgement", "kept_here": True}
    )

    assert "De ontvangstbevestiging is verstuurd." in seen(line(sent).blocks)
    assert "geschreven en bewaard" in seen(line(kept).blocks)


def test_an_unclear_letter_is_left_to_a_person_with_two_buttons():
    event = an_event(kind=EventKind.LETTER_UNCLEAR, facts={"letter": 42, "error": "crash"})

    row = buttons(line(event).blocks)

    assert list(row) == [SEND_AGAIN, IT_ARRIVED]
    assert {letter_of(button["value"]) for button in row.values()} == {("AVG-2026-0001", 42)}


def test_a_failed_letter_can_only_be_sent_again():
    event = an_event(kind=EventKind.LETTER_FAILED, facts={"letter": 42, "error": "550 5.1.1"})

    card = line(event)

    assert list(buttons(card.blocks)) == [SEND_AGAIN]
    assert "(550 5.1.1)" in seen(card.blocks)


def test_a_bounce_quotes_what_the_post_said():
    event = an_event(kind=EventKind.LETTER_BOUNCED, facts={"message": 7})

    card = line(event, a_file(messages=(a_reply(text="550 5.1.1 no such user", filed_as=FiledAs.MACHINE),)))

    assert "De brief is teruggekomen" in seen(card.blocks)
    assert "no such user" in seen(card.blocks)


def test_past_the_promise_and_past_the_statute_are_told_apart():
    first = an_event(kind=EventKind.BECAME_OVERDUE, at=NOW + timedelta(days=29), facts={})
    later = an_event(kind=EventKind.BECAME_OVERDUE, at=NOW + timedelta(days=40), facts={})

    assert "De wettelijke termijn loopt tot en met dinsdag 7 april 2026" in seen(line(first).blocks)
    assert "*De wettelijke termijn is verstreken*" in seen(line(later).blocks)


def test_a_mail_that_was_set_aside_is_told_with_its_number_and_how_to_try_again():
    card = staff_line(
        TellStaff(line=StaffLine.MAIL_SET_ASIDE, facts={"message": 17, "error": "WorkerDied"}), NL
    )

    assert_message_fits(card.blocks)
    assert "`rightsdesk retry 17`" in seen(card.blocks)
    assert "WorkerDied" in seen(card.blocks)


def test_lasting_trouble_names_the_part_and_since_when_in_local_time():
    facts = {"part": "mail", "since": at(13, 22).isoformat()}

    lasts = staff_line(TellStaff(line=StaffLine.TROUBLE_LASTS, facts=facts), NL)
    over = staff_line(TellStaff(line=StaffLine.TROUBLE_OVER, facts=facts), NL)
    strange = staff_line(TellStaff(line=StaffLine.TROUBLE_LASTS, facts={"part": "<!here>", "since": "?"}), NL)

    assert "het versturen van brieven* (sinds donderdag 5 maart 2026, 14:22)" in seen(lasts.blocks)
    assert "is voorbij" in seen(over.blocks)
    assert "een onderdeel" in seen(strange.blocks)
