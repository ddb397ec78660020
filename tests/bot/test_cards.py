"""The card says what an agent needs, offers what is lawful now, and survives whatever a stranger wrote."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import buttons as ids
from bot.cards import case_card
from cases.lifecycle import MOVES
from cases.messages import Automatic, Language, Person
from cases.model import CaseRight, EventKind, Outcome, Right, Status
from cases.records import FiledAs
from tests.bot.a_file import ANNA, EN, NL, NOW, TODAY, UNDO, a_file, a_move, a_reply, at
from tests.bot.slack_rules import assert_message_fits, buttons, mrkdwn, seen
from tests.builders import a_case, a_letter


def card(file, *, texts=NL, now=NOW, today=TODAY, undo=UNDO):
    return case_card(file, now=now, today=today, texts=texts, undo=undo)


def an_open(**facts):
    return a_case(status=Status.OPEN, assignee=ANNA, **{"last": a_move(), **facts})


def test_the_card_tells_who_asks_what_and_until_when():
    case = a_case(rights=(Right.ACCESS, Right.ERASURE))

    shown = seen(card(a_file(case)).blocks)

    assert "AVG-2026-0001" in shown
    assert "Noor de Vries (n…@e….org)" in shown
    assert "Ontvangen per e-mail op donderdag 5 maart 2026 om 09:10." in shown
    assert "AVG-verzoek: inzage en verwijdering" in shown
    assert "93 % zeker" in shown
    assert "Welke gegevens?" in shown
    assert "*Belofte: donderdag 2 april 2026*\n" in shown
    assert "vier weken later is donderdag 2 april 2026 (belofte in het privacystatement)" in shown
    assert "*Wettelijke termijn: dinsdag 7 april 2026*\n" in shown
    assert "art. 12 lid 3 AVG" in shown
    assert "Gevonden door Rights Desk, op donderdag 5 maart 2026 om 09:10." in shown


def test_the_card_speaks_english_where_staff_does():
    shown = seen(card(a_file(), texts=EN).blocks)

    assert "*Promise: Thursday 2 April 2026*\n" in shown
    assert "Waiting" not in shown
    assert "waiting to be confirmed" in shown


def test_the_address_is_never_shown_whole_and_the_notification_holds_nobodys_data():
    told = card(a_file())

    assert "noor@example.org" not in seen(told.blocks)
    assert told.text == "AVG-2026-0001: AVG-verzoek, wacht op bevestiging"


def test_only_confirm_is_primary_and_every_value_is_the_reference():
    row = buttons(card(a_file()).blocks)

    assert [one for one, button in row.items() if button.get("style") == "primary"] == [ids.CONFIRM]
    assert {button["value"] for button in row.values()} == {"AVG-2026-0001"}
    assert "confirm" in row[ids.DISMISS]


@pytest.mark.parametrize(
    ("case", "offered"),
    [
        (a_case(), [ids.CONFIRM, ids.CHANGE_RIGHTS, ids.DISMISS]),
        (an_open(), [ids.ANSWER, ids.CHANGE_RIGHTS]),
        (an_open(rights=[Right.OBJECTION]), [ids.STOP_MARKETING, ids.ANSWER, ids.CHANGE_RIGHTS]),
        (a_case(status=Status.CLOSED, outcome=Outcome.NOT_A_REQUEST), [ids.UNDO_DISMISSAL]),
        (a_case(status=Status.CLOSED, outcome=Outcome.GRANTED), [ids.REOPEN]),
    ],
)
def test_only_lawful_moves_are_offered(case, offered):
    assert list(buttons(card(a_file(case)).blocks)) == offered


MOVE_OF = {
    ids.CONFIRM: EventKind.CASE_CONFIRMED,
    ids.DISMISS: EventKind.CASE_DISMISSED,
    ids.CHANGE_RIGHTS: EventKind.RIGHTS_CHANGED,
    ids.ANSWER: EventKind.CASE_CLOSED,
    ids.STOP_MARKETING: EventKind.MARKETING_STOPPED,
    ids.UNDO_CONFIRMATION: EventKind.CONFIRMATION_UNDONE,
    ids.UNDO_DISMISSAL: EventKind.DISMISSAL_UNDONE,
    ids.REOPEN: EventKind.CASE_REOPENED,
}


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("outcome", [None, *Outcome])
def test_no_button_asks_for_a_move_that_the_table_forbids(status, outcome):
    case = a_case(status=status, outcome=outcome, rights=Right, last=a_move())

    offered = buttons(card(a_file(case, letters_owed=(at(13, 32),))).blocks)

    assert offered
    assert all(status in MOVES[MOVE_OF[action_id]][0] for action_id in offered)


def test_marketing_is_offered_to_be_stopped_until_it_is():
    stopped = CaseRight(right=Right.OBJECTION, received_on=TODAY, status=Status.OPEN, stopped_at=at(9, 0))
    waiting, done = an_open(rights=[Right.OBJECTION]), an_open(rights=[])

    before, after = card(a_file(waiting)).blocks, card(a_file(replace(done, rights=(stopped,)))).blocks

    assert "Daarvoor hoeft niemand zich te identificeren" in seen(before)
    assert ids.STOP_MARKETING not in buttons(after)
    assert "gestopt, op donderdag 5 maart 2026 om 10:00" in seen(after)


def test_a_waiting_letter_says_until_when_and_can_be_undone():
    told = card(a_file(an_open(), letters_owed=(at(13, 32),)))

    assert "De ontvangstbevestiging wacht tot 14:32" in seen(told.blocks)
    assert ids.UNDO_CONFIRMATION in buttons(told.blocks)


def test_undo_is_gone_when_the_letter_has_left():
    told = card(a_file(an_open(), letters=(a_letter(sent_at=at(13, 33)),)))

    assert ids.UNDO_CONFIRMATION not in buttons(told.blocks)
    assert "Laatste brief: ontvangstbevestiging, verzonden op donderdag 5 maart 2026 om 14:33." in seen(
        told.blocks
    )


def test_undo_is_gone_when_something_else_was_the_last_that_happened():
    case = an_open(last=a_move(EventKind.RIGHTS_CHANGED))

    told = card(a_file(case, letters_owed=(at(13, 32),)))

    assert ids.UNDO_CONFIRMATION not in buttons(told.blocks)
    assert "De ontvangstbevestiging wacht tot 14:32.\n" in seen(told.blocks) + "\n"


def test_nothing_is_undone_where_letters_do_not_wait():
    told = card(a_file(an_open(), letters_owed=(NOW,)), undo=timedelta(0))

    assert ids.UNDO_CONFIRMATION not in buttons(told.blocks)


def test_who_wrote_by_machine_gets_no_letter_and_the_card_says_why():
    told = card(a_file(an_open(unanswerable=Automatic.LIST)))

    assert "Er gaat geen brief uit: dit is een bericht van een mailinglijst." in seen(told.blocks)
    assert ids.UNDO_CONFIRMATION in buttons(told.blocks)


def test_a_letter_that_may_have_left_is_told_as_that():
    told = card(a_file(an_open(), letters=(a_letter(sent_at=None),)))

    assert "onzeker of die is vertrokken" in seen(told.blocks)


def test_a_date_that_has_passed_is_said_plainly_until_the_case_is_closed():
    late = card(a_file(an_open()), today=TODAY + timedelta(days=29))
    last = card(a_file(an_open()), today=TODAY + timedelta(days=28))
    closed = card(
        a_file(a_case(status=Status.CLOSED, outcome=Outcome.GRANTED)), today=TODAY + timedelta(days=60)
    )

    assert "donderdag 2 april 2026*, *verstreken*" in seen(late.blocks)
    assert "verstreken" not in seen(last.blocks)
    assert "verstreken" not in seen(closed.blocks)
    assert "gesloten: ingewilligd" in seen(closed.blocks)


def test_a_right_that_an_agent_added_later_says_so_and_has_its_own_clock():
    case = an_open()
    added = CaseRight(right=Right.PORTABILITY, received_on=TODAY + timedelta(days=3), status=Status.OPEN)

    shown = seen(card(a_file(replace(case, rights=(*case.rights, added)))).blocks)

    assert "toegevoegd door een medewerker" in shown
    assert "eigen termijn vanaf 8 maart 2026" in shown


def test_the_assignee_is_mentioned():
    assert any(f"<@{ANNA}>" in text for text in mrkdwn(card(a_file(an_open())).blocks))


HOSTILE = "<!channel> <@U0ANNA> <https://evil.example|klik> *vet* `code`\n> citaat \u202eomgekeerd"


def test_a_strangers_words_stand_only_where_slack_reads_no_marks():
    case = a_case(requester=Person(name=HOSTILE, address=f"{HOSTILE}@example.org"))
    hostile = replace(case.rights[0], evidence=HOSTILE)

    blocks = card(a_file(replace(case, rights=(hostile,)))).blocks

    assert not any("evil" in text or "citaat" in text for text in mrkdwn(blocks))
    assert "<!channel>" not in seen(blocks)
    assert "‹!channel›" in seen(blocks)
    assert "\u202e" not in seen(blocks)


words = st.text(max_size=60).map(lambda text: text * 60) | st.sampled_from(["&" * 5000, "<" * 5000, HOSTILE])


@settings(max_examples=60, deadline=None)
@given(
    name=words,
    address=words,
    evidence=words,
    status=st.sampled_from(Status),
    language=st.sampled_from(Language),
)
def test_whatever_stands_in_a_mail_slack_takes_the_card(name, address, evidence, status, language):
    case = a_case(rights=Right, requester=Person(name=name, address=address), language=language)
    rights = tuple(replace(mine, evidence=evidence, status=status) for mine in case.rights)
    file = a_file(
        replace(case, rights=rights, status=status, last=a_move()),
        letters=(a_letter(),),
        letters_owed=(at(13, 32),),
    )

    assert_message_fits(card(file).blocks)
    assert_message_fits(card(file, texts=EN).blocks)


def test_a_card_in_doubt_asks_shows_the_message_and_keeps_its_buttons():
    opening = a_reply(1, text="Graag zou ik zien wat er ligt. <!channel>", filed_as=FiledAs.REQUEST)

    told = card(a_file(a_case(doubtful=True), messages=(opening,)))

    assert "Is dit een AVG-verzoek? (inzage)" in seen(told.blocks)
    assert "Rights Desk twijfelt" in seen(told.blocks)
    assert "Graag zou ik zien wat er ligt. ‹!channel›" in seen(told.blocks)
    assert list(buttons(told.blocks)) == [ids.CONFIRM, ids.CHANGE_RIGHTS, ids.DISMISS]


def test_a_card_that_was_confirmed_asks_no_more():
    told = card(a_file(an_open(doubtful=True)))

    assert "Rights Desk twijfelt" not in seen(told.blocks)
    assert "AVG-verzoek: inzage" in seen(told.blocks)


def test_a_doubtful_message_of_one_sentence_stands_there_once():
    opening = a_reply(1, text="Welke gegevens?", filed_as=FiledAs.REQUEST)

    told = card(a_file(a_case(doubtful=True), messages=(opening,)))

    assert seen(told.blocks).count("Welke gegevens?") == 1
