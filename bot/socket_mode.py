"""The line to Slack: an unmodified Bolt app over Socket Mode, which only gets another base address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final, TypeVar

import aiohttp
import structlog
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.backoff import pause
from bot.settings import forget_proxies_for
from bot.troubles import Troubles
from cases.errors import RightsDeskError

log = structlog.get_logger()
T = TypeVar("T")

#: Seconds between pings; the library's own ten leave clicks unheard for as long when the line breaks.
PULSE: Final = 3.0

#: What Slack answers when no waiting will help.
_FOR_GOOD = frozenset(
    {
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "missing_scope",
        "not_allowed_token_type",
    }
)


class SlackRefuses(RightsDeskError):
    """Slack refuses us ({error}).  Check SLACK_BOT_TOKEN and SLACK_APP_TOKEN; see `rightsdesk doctor`."""


@dataclass(frozen=True, slots=True)
class Line:
    """Tokens and address of a workspace."""

    bot_token: str
    app_token: str
    signing_secret: str
    api_url: str


@asynccontextmanager
async def clients(line: Line) -> AsyncIterator[AsyncWebClient]:
    """A Web API client with one shared session and no retries of its own: those post twice."""
    forget_proxies_for(line.api_url)
    timeout = aiohttp.ClientTimeout(total=15)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        yield AsyncWebClient(
            token=line.bot_token, base_url=line.api_url, session=session, retry_handlers=[], timeout=15
        )


async def patiently(ask: Callable[[], Awaitable[T]], troubles: Troubles) -> T:
    """Slack's answer, however long it is away; SlackRefuses when no waiting will help."""
    attempt = 0
    while True:
        try:
            answer = await ask()
        except SlackApiError as fault:
            error = str(fault.response.get("error", "unknown"))
            if error in _FOR_GOOD:
                raise SlackRefuses(error=error) from None
            await troubles.failed("slack", error)
        except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as fault:
            await troubles.failed("slack", type(fault).__name__)
        else:
            await troubles.worked("slack")
            return answer
        await asyncio.sleep(pause(min(attempt, 4)).total_seconds())
        attempt += 1


async def introduced(client: AsyncWebClient, line: Line, troubles: Troubles) -> None:
    """Return when Slack knows both our tokens: with a wrong one Bolt would try to connect for ever."""
    await patiently(client.auth_test, troubles)
    await patiently(lambda: client.apps_connections_open(app_token=line.app_token), troubles)


@asynccontextmanager
async def connected(app: AsyncApp, line: Line, pulse: float = PULSE) -> AsyncIterator[AsyncSocketModeHandler]:
    """Clicks come in meanwhile; the handler reconnects by itself when Slack closes the line.

    A line that breaks without a word is only missed at the next ping, `pulse` seconds later.
    """
    handler = AsyncSocketModeHandler(app, line.app_token, ping_interval=pulse)
    await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it bare
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it bare
