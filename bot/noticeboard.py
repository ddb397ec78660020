"""Posting in Slack so that nothing is posted twice: what may have gone out is looked for first."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.cards import Card
from bot.pacing import Pacing
from cases.errors import RightsDeskError
from cases.records import CardPlace, Owed

log = structlog.get_logger()

#: Names our posts in message metadata, by which they are found again.
METADATA: Final = "rightsdesk_owed"
_PAGE: Final = 200
_PAGES: Final = 10
_BLOCKS_REFUSED: Final = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long"}
)
_CARD_GONE: Final = frozenset({"message_not_found", "cant_update_message", "channel_not_found"})


class SlackAway(RightsDeskError):
    """Slack did not take a post ({error}); it is tried again."""

    retry_after: float = 0.0


class CardGone(RightsDeskError):
    """The card was deleted in Slack; it is posted anew."""


@dataclass(frozen=True, slots=True)
class Noticeboard:
    """One Slack client, without its own retries after a dropped reply: those post twice.

    `refused` has, for each post that was told to wait, at which attempt: it surely did not go out, so nobody
    need look for it at the next, unless somebody else tried between.  A burst would otherwise ask for the
    history as often as it was asked to slow down.
    """

    client: AsyncWebClient
    pacing: Pacing
    refused: dict[str, int] = field(default_factory=dict)

    async def post(
        self, owed: Owed, part: str, channel: str, card: Card, *, thread: str | None = None
    ) -> str:
        """Post one part of what we owe; the message's ts.  A retry looks first whether it went out."""
        mark = f"{owed.id}.{part}"
        if self._may_be_there(owed, mark):
            found = await self._find(mark, channel, owed.owed_since, thread)
            if found is not None:
                return found
        told: dict[str, Any] = {
            "channel": channel,
            "text": card.text,
            "metadata": _metadata(mark),
            "unfurl_links": False,
            "unfurl_media": False,
        }
        if thread:
            told["thread_ts"] = thread
        try:
            answer = await self._post(channel, told | {"blocks": card.blocks})
        except _BlocksRefused as refused:
            log.warning("blocks refused, posted as text", owed=owed.id, error=refused.facts["error"])
            answer = await self._post(channel, told)
        except SlackAway as away:
            if away.retry_after:
                self.refused[mark] = owed.attempts
            raise
        return str(answer["ts"])

    def _may_be_there(self, owed: Owed, mark: str) -> bool:
        refused_at = self.refused.pop(mark, None)
        if owed.was_in_flight:
            return True
        return owed.attempts > 0 and refused_at != owed.attempts - 1

    async def redraw(self, place: CardPlace, card: Card) -> None:
        """Bring a card up to date; CardGone when somebody deleted it."""
        told: dict[str, Any] = {"channel": place.channel, "ts": place.ts, "text": card.text}
        try:
            await _heard(self.client.chat_update(**told, blocks=card.blocks))
        except _BlocksRefused as refused:
            log.warning("blocks refused, redrawn as text", error=refused.facts["error"])
            await _heard(self.client.chat_update(**told, blocks=[]))
        except SlackAway as away:
            if away.facts["error"] in _CARD_GONE:
                raise CardGone from None
            raise

    async def _post(self, channel: str, told: Mapping[str, Any]) -> Mapping[str, Any]:
        await self.pacing.turn(channel)
        try:
            return await _heard(self.client.chat_postMessage(**told))
        except SlackAway as away:
            if away.retry_after:
                self.pacing.hold(channel, away.retry_after)
            raise

    async def _find(self, mark: str, channel: str, since: datetime, thread: str | None) -> str | None:
        """The ts of a message of ours that carries this mark, among those since it was owed."""
        cursor = None
        for _ in range(_PAGES):
            answer = await _heard(self._page(channel, since, thread, cursor))
            for message in answer.get("messages", ()):
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("mark") == mark:
                    return str(message["ts"])
            cursor = (answer.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return None
        return None

    def _page(
        self, channel: str, since: datetime, thread: str | None, cursor: str | None
    ) -> Awaitable[AsyncSlackResponse]:
        """What was said in the channel from an hour before, or in the thread."""
        more: dict[str, Any] = {"limit": _PAGE, "include_all_metadata": True, "cursor": cursor}
        if thread:
            return self.client.conversations_replies(channel=channel, ts=thread, **more)
        oldest = f"{since.timestamp() - 3600:.6f}"
        return self.client.conversations_history(channel=channel, oldest=oldest, **more)


async def _heard(asked: Awaitable[AsyncSlackResponse]) -> Mapping[str, Any]:
    """Slack's answer, or its refusal in our words."""
    try:
        answer = await asked
    except SlackApiError as fault:
        raise _in_words(fault) from None
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError, ValueError) as fault:
        raise SlackAway(error=type(fault).__name__) from None
    return answer.data if isinstance(answer.data, dict) else {}


class _BlocksRefused(RightsDeskError):
    """Slack refused our blocks ({error})."""


def _in_words(fault: SlackApiError) -> RightsDeskError:
    response: Any = fault.response
    error = str(response.get("error", "unknown")) if response is not None else "unknown"
    if error in _BLOCKS_REFUSED:
        return _BlocksRefused(error=error)
    away = SlackAway(error=error)
    if response is not None and response.status_code == 429:  # noqa: PLR2004 - Too Many Requests, RFC 6585
        away.retry_after = float(response.headers.get("Retry-After", 1))
    return away


def _metadata(mark: str) -> dict[str, Any]:
    return {"event_type": METADATA, "event_payload": {"mark": mark}}
