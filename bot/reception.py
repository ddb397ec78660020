"""Who clicks, and what they are told: the part that all listeners share."""

from __future__ import annotations

import secrets
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.explaining import TooSlow, explained, overtaken
from bot.people import People
from bot.places import SLACK_FAULTS, error_code
from bot.wordings import Texts
from cases.desk import Desk
from cases.errors import NotAllowed, RightsDeskError, StaleCase

log = structlog.get_logger()

#: What Slack says of a form that could not be opened in time.
_EXPIRED: Final = frozenset({"expired_trigger_id", "exchanged_trigger_id"})
_FRAMES: Final = 6


@dataclass(frozen=True, slots=True)
class Reception:
    desk: Desk
    people: People
    texts: Texts

    async def agent(self, body: Mapping[str, Any]) -> str:
        """The Slack id of whoever acts; NotAllowed, and a line in the log, unless that is an agent."""
        user = str(body["user"]["id"])
        if not await self.people.may_act(user):
            log.warning("refused, no agent", user=user, what=_what(body))
            raise NotAllowed
        return user

    async def sentence(self, error: Exception, body: Mapping[str, Any]) -> str:
        """What went wrong, for the person who did it.  A fault of ours gets a code that is in the log too."""
        error = _in_our_words(error)
        reader = str((body.get("user") or {}).get("id", ""))
        if isinstance(error, RightsDeskError):
            told = await self._explained(error, reader)
            if told is not None:
                log.info("not done", why=type(error).__name__, what=_what(body))
                return told
        code = secrets.token_hex(3)
        log.error("a click failed", code=code, error=_named(error), where=_where(error), what=_what(body))
        return self.texts("error.fault", code=code)

    async def tell(self, client: AsyncWebClient, body: Mapping[str, Any], sentence: str) -> None:
        """Only the person who clicked sees it.  It may never arrive, so it is never the only record."""
        channel = (body.get("channel") or {}).get("id")
        if not channel:
            return
        thread = (body.get("message") or {}).get("thread_ts")
        try:
            await client.chat_postEphemeral(
                channel=channel, user=body["user"]["id"], text=sentence, thread_ts=thread
            )
        except SLACK_FAULTS as fault:
            log.warning("not told", error=error_code(fault))

    async def _explained(self, error: RightsDeskError, reader: str) -> str | None:
        today = self.desk.clock.day(self.desk.clock.now())
        if isinstance(error, StaleCase) and "reference" in error.facts:
            with suppress(RightsDeskError):  # told without a name when the record cannot be read now
                file = await self.desk.case_file(str(error.facts["reference"]))
                return overtaken(file.case, self.texts, reader=reader, today=today)
        return explained(error, self.texts, reader=reader, today=today)


def _in_our_words(error: Exception) -> Exception:
    if isinstance(error, SlackApiError) and error_code(error) in _EXPIRED:
        return TooSlow()
    return error


def _named(error: Exception) -> str:
    """The class, and Slack's code: an exception's own text may hold what somebody wrote."""
    code = error_code(error)
    return code if code == type(error).__name__ else f"{type(error).__name__}: {code}"


def _where(error: Exception) -> list[str]:
    """The innermost frames, for us to find the place; no values."""
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    return [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]


def _what(body: Mapping[str, Any]) -> str:
    """The action or form, by our own id."""
    actions = body.get("actions") or [{}]
    return str(actions[0].get("action_id") or (body.get("view") or {}).get("callback_id") or body.get("type"))
