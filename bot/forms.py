"""A form's life in Slack: opened at once, filled from the record, submitted, answered in the same window."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, Final

from slack_bolt.async_app import AsyncAck
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.modals import (
    View,
    done_modal,
    field_at_fault,
    loading_modal,
    notice_modal,
    unexplained,
    working_modal,
)
from bot.places import error_code
from bot.reception import Reception
from cases.errors import ReasonMissing, RightsDeskError, StaleCase
from cases.lifecycle import MOVES
from cases.model import Case, EventKind

#: Seconds that a submission may take before its window says "working"; Slack gives up after three.
PATIENCE: Final = 2.0
#: The person closed the window meanwhile: nobody is left to tell.
_CLOSED: Final = frozenset({"not_found", "hash_conflict", "view_not_found"})

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Forms:
    reception: Reception
    patience: float = PATIENCE

    async def open(
        self, client: AsyncWebClient, body: Body, kind: EventKind, modal: Callable[[Case, Any], View]
    ) -> None:
        """A trigger lives three seconds, so an empty window comes first and the record is read after."""
        view = loading_modal(self.reception.texts)
        opened = await client.views_open(trigger_id=body["trigger_id"], view=view)
        try:
            view = await self._filled(body["actions"][0]["value"], kind, modal)
        except Exception as error:  # noqa: BLE001 - the window waits; whatever it was is told in it
            view = notice_modal(await self.reception.sentence(error, body), self.reception.texts)
        await _show(client, opened["view"]["id"], view)

    async def submit(
        self, ack: AsyncAck, client: AsyncWebClient, body: Body, work: Coroutine[Any, Any, None]
    ) -> None:
        """Close the window when it is done, or say in it what was wrong; never keep Slack waiting."""
        task = asyncio.ensure_future(work)
        done, _ = await asyncio.wait({task}, timeout=self.patience)
        if not done:
            await ack(response_action="update", view=working_modal(self.reception.texts))
            await _show(client, body["view"]["id"], await self._late_answer(task, body))
        elif error := task.exception():
            await ack(**await self._refusal(error, body))
        else:
            await ack()

    async def _filled(self, reference: str, kind: EventKind, modal: Callable[[Case, Any], View]) -> View:
        case = (await self.reception.desk.case_file(reference)).case
        if case.status not in MOVES[kind][0]:
            raise StaleCase(reference=reference)
        return modal(case, self.reception.texts)

    async def _late_answer(self, task: asyncio.Future[None], body: Body) -> View:
        try:
            await task
        except Exception as error:  # noqa: BLE001 - told in the window, whatever it was
            return notice_modal(await self.reception.sentence(error, body), self.reception.texts)
        return done_modal(self.reception.texts)

    async def _refusal(self, error: BaseException, body: Body) -> dict[str, Any]:
        """Below the field that it is about, or in place of the form."""
        if not isinstance(error, Exception):
            raise error
        told = await self.reception.sentence(error, body)
        field = field_at_fault(error) if isinstance(error, RightsDeskError) else None
        if field:
            alike = await self._alike(error, body)
            return {"response_action": "errors", "errors": {field: told} | alike}
        return {"response_action": "update", "view": notice_modal(told, self.reception.texts)}

    async def _alike(self, error: Exception, body: Body) -> dict[str, str]:
        """The desk stops at the first reason that is missing; the form tells of all."""
        if not isinstance(error, ReasonMissing):
            return {}
        missing = unexplained(body["view"], str(error.facts["reference"]))
        return {str(field_at_fault(one)): await self.reception.sentence(one, body) for one in missing}


async def _show(client: AsyncWebClient, view_id: str, view: View) -> None:
    try:
        await client.views_update(view_id=view_id, view=view)
    except SlackApiError as refusal:
        if error_code(refusal) not in _CLOSED:
            raise
