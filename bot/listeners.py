"""Slack calls; the desk answers.  Every listener acknowledges, asks who it is, calls the desk and rings.

The card is never redrawn here: that is owed in the outbox, and the courier does it from the record.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from typing import Any, Final, Protocol

import structlog
from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import buttons, modals
from bot.decisions import LetterDecisions
from bot.forms import Forms
from bot.people import People
from bot.reception import Reception
from bot.switchboard import Switchboard
from bot.wordings import Texts
from cases.desk import Desk
from cases.model import EventKind
from cases.ports import Outbox
from cases.second_looks import SecondLooks

log = structlog.get_logger()

Json = dict[str, Any]
Ring = Callable[[], None]

_ANYTHING: Final = re.compile(r".*", re.DOTALL)


class _Move(Protocol):
    def __call__(self, value: str, /, *, by: str) -> Awaitable[None]:
        """`value` is the button's; see buttons.ACTIONS."""
        ...


def register(
    app: AsyncApp,
    desk: Desk,
    people: People,
    texts: Texts,
    ring: Ring,
    *,
    letters: Outbox,
    looks: SecondLooks,
) -> None:
    """Everything that a person can do in Slack.  `ring` wakes the couriers when there is something to do."""
    reception = Reception(desk, people, texts)
    board = Switchboard(app, reception)
    _clicks(board, desk, ring)
    _letters(board, LetterDecisions(desk, letters), ring)
    _looks(board, looks, ring)
    _forms(board, desk, Forms(reception), ring)
    _the_rest(app, reception)


def _clicks(board: Switchboard, desk: Desk, ring: Ring) -> None:
    moves: dict[str, _Move] = {
        buttons.CONFIRM: desk.confirm,
        buttons.UNDO_CONFIRMATION: desk.undo_confirmation,
        buttons.DISMISS: desk.dismiss,
        buttons.UNDO_DISMISSAL: desk.undo_dismissal,
        buttons.STOP_MARKETING: desk.stop_marketing,
        buttons.REOPEN: desk.reopen,
    }
    for action_id, move in moves.items():
        board.action(action_id)(_click(move, board.reception, ring))


def _click(move: _Move, reception: Reception, ring: Ring) -> Callable[..., Awaitable[None]]:
    async def click(ack: AsyncAck, action: Json, body: Json) -> None:
        await ack()
        await move(action["value"], by=await reception.agent(body))
        ring()

    return click


def _letters(board: Switchboard, decisions: LetterDecisions, ring: Ring) -> None:
    async def send_again(value: str, *, by: str) -> None:
        await decisions.send_again(*buttons.letter_of(value), by=by)

    async def it_arrived(value: str, *, by: str) -> None:
        await decisions.it_arrived(*buttons.letter_of(value), by=by)

    board.action(buttons.SEND_AGAIN)(_click(send_again, board.reception, ring))
    board.action(buttons.IT_ARRIVED)(_click(it_arrived, board.reception, ring))


def _looks(board: Switchboard, looks: SecondLooks, ring: Ring) -> None:
    async def was_none(value: str, *, by: str) -> None:
        await looks.was_none(int(value), by=by)

    async def was_request(value: str, *, by: str) -> None:
        await looks.was_request(int(value), by=by)

    board.action(buttons.WAS_NONE)(_click(was_none, board.reception, ring))
    board.action(buttons.WAS_REQUEST)(_click(was_request, board.reception, ring))


def _forms(board: Switchboard, desk: Desk, forms: Forms, ring: Ring) -> None:
    reception = forms.reception

    @board.action(buttons.CHANGE_RIGHTS)
    async def change_rights(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await reception.agent(body)
        await forms.open(client, body, EventKind.RIGHTS_CHANGED, modals.change_rights_modal)

    @board.action(buttons.ANSWER)
    async def answer(ack: AsyncAck, body: Json, client: AsyncWebClient) -> None:
        await ack()
        await reception.agent(body)
        await forms.open(client, body, EventKind.CASE_CLOSED, modals.answer_modal)

    @board.view(modals.CHANGE_RIGHTS_VIEW)
    async def rights_changed(ack: AsyncAck, body: Json, view: Json, client: AsyncWebClient) -> None:
        async def work() -> None:
            seen, agent = modals.seen_from(view), await reception.agent(body)
            await desk.change_rights(
                seen.reference,
                modals.rights_from(view),
                by=agent,
                seen=seen.version,
                language=modals.language_from(view),
            )
            ring()

        await forms.submit(ack, client, body, work())

    @board.view(modals.ANSWER_VIEW)
    async def answered(ack: AsyncAck, body: Json, view: Json, client: AsyncWebClient) -> None:
        async def work() -> None:
            seen, agent = modals.seen_from(view), await reception.agent(body)
            await desk.close(seen.reference, modals.answers_from(view), by=agent, seen=seen.version)
            ring()

        await forms.submit(ack, client, body, work())


def _the_rest(app: AsyncApp, reception: Reception) -> None:
    """Bolt answers 404 to what nobody listens for, and the person sees a warning: so somebody listens."""

    @app.action(_ANYTHING)
    async def unknown_action(ack: AsyncAck) -> None:
        await ack()
        log.info("an action that nobody knows")

    @app.view(_ANYTHING)
    async def unknown_view(ack: AsyncAck) -> None:
        await ack()
        log.info("a form that nobody knows")

    @app.command(_ANYTHING)
    async def unknown_command(ack: AsyncAck) -> None:
        await ack(text=reception.texts("error.no_command"))

    @app.shortcut(_ANYTHING)
    async def unknown_shortcut(ack: AsyncAck) -> None:
        await ack()
        log.info("a shortcut that nobody knows")

    @app.event(_ANYTHING)
    async def unasked_event() -> None:
        """Bolt acknowledges events by itself; one that nobody takes would be sent again and again."""

    @app.error
    async def explain(
        error: Exception, body: Json, client: AsyncWebClient, response: BoltResponse | None
    ) -> BoltResponse | None:
        """Bolt takes an answer only where none was given yet; our listeners have acknowledged before."""
        await reception.tell(client, body, await reception.sentence(error, body))
        return BoltResponse(status=200, body="") if response is not None else None
