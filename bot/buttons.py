"""The buttons of a card: what is lawful now, and the ids by which the listeners know them."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from bot.blocks import Block, actions, are_you_sure, button
from bot.wordings import Texts
from cases.model import STOP_AT_ONCE, Case, EventKind, Outcome, Right, Status
from cases.records import CaseFile

CONFIRM: Final = "case-confirm"
CHANGE_RIGHTS: Final = "case-change-rights"
DISMISS: Final = "case-dismiss"
STOP_MARKETING: Final = "case-stop-marketing"
ANSWER: Final = "case-answer"
UNDO_CONFIRMATION: Final = "case-undo-confirmation"
UNDO_DISMISSAL: Final = "case-undo-dismissal"
REOPEN: Final = "case-reopen"
SEND_AGAIN: Final = "letter-send-again"
IT_ARRIVED: Final = "letter-it-arrived"
WAS_NONE: Final = "look-was-none"
WAS_REQUEST: Final = "look-was-request"

#: Every action that this product can be asked for.  The value of a case's action is its reference, of a
#: letter's the reference and the letter's outbox id, of a second look's the id of the message.
ACTIONS: Final = (
    CONFIRM,
    CHANGE_RIGHTS,
    DISMISS,
    STOP_MARKETING,
    ANSWER,
    UNDO_CONFIRMATION,
    UNDO_DISMISSAL,
    REOPEN,
    SEND_AGAIN,
    IT_ARRIVED,
    WAS_NONE,
    WAS_REQUEST,
)


def case_buttons(file: CaseFile, texts: Texts, undo: timedelta) -> Block:
    """One row, the likeliest first; no case is without a next step."""
    case = file.case
    match case.status:
        case Status.PROPOSED:
            row = [_confirm(case, texts), _change(case, texts), _dismiss(case, texts)]
        case Status.OPEN:
            row = _open_row(file, texts, undo)
        case Status.CLOSED if case.outcome is Outcome.NOT_A_REQUEST:
            row = [button(texts("button.undo_dismissal"), UNDO_DISMISSAL, case.reference)]
        case Status.CLOSED:
            row = [button(texts("button.reopen"), REOPEN, case.reference)]
    return actions(*row)


def letter_buttons(reference: str, owed_id: int, texts: Texts, *, unclear: bool = True) -> Block:
    """A person decides about a letter: send it again, or, when that is unclear, take it as arrived."""
    value = letter_value(reference, owed_id)
    again = button(texts("button.send_again"), SEND_AGAIN, value)
    arrived = button(texts("button.it_arrived"), IT_ARRIVED, value)
    return actions(again, *([arrived] if unclear else []))


def letter_value(reference: str, owed_id: int) -> str:
    return f"{reference}/{owed_id}"


def letter_of(value: str) -> tuple[str, int]:
    """(reference, outbox id) of a letter's button; ValueError when it is no value of ours."""
    reference, _, owed_id = value.rpartition("/")
    return reference, int(owed_id)


def to_stop(case: Case) -> list[Right]:
    """Rights that ask for a stop at once (art. 21(3), 7(3)) and have not had it yet."""
    return [mine.right for mine in case.rights if mine.right in STOP_AT_ONCE and mine.stopped_at is None]


def may_undo(file: CaseFile, undo: timedelta) -> bool:
    """While the confirmation is the last that happened and its letter is still in the house."""
    last = file.case.last
    confirmed = last is not None and last.kind is EventKind.CASE_CONFIRMED
    nothing_left = bool(file.letters_owed) or file.case.unanswerable is not None
    return confirmed and nothing_left and bool(undo)


def _open_row(file: CaseFile, texts: Texts, undo: timedelta) -> list[Block]:
    case = file.case
    stop = button(texts("button.stop_marketing"), STOP_MARKETING, case.reference)
    answer = button(texts("button.answer"), ANSWER, case.reference)
    back = button(texts("button.undo_confirmation"), UNDO_CONFIRMATION, case.reference)
    return [
        *([stop] if to_stop(case) else []),
        answer,
        _change(case, texts),
        *([back] if may_undo(file, undo) else []),
    ]


def _confirm(case: Case, texts: Texts) -> Block:
    return button(texts("button.confirm"), CONFIRM, case.reference, style="primary")


def _change(case: Case, texts: Texts) -> Block:
    return button(texts("button.change_rights"), CHANGE_RIGHTS, case.reference)


def _dismiss(case: Case, texts: Texts) -> Block:
    sure = are_you_sure(
        texts("dismiss.title"), texts("dismiss.text"), texts("dismiss.confirm"), texts("dismiss.deny")
    )
    return button(texts("button.dismiss"), DISMISS, case.reference, confirm=sure)
