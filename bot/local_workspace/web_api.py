"""Slack's Web API: one endpoint, every method that an app of ours calls, Slack's own words for what is
wrong.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog
from aiohttp import web

from bot.local_workspace import chat, conversations, files, users, views
from bot.local_workspace.arguments import Arguments, read_arguments, token_of
from bot.local_workspace.faults import SlackFault
from bot.local_workspace.office import Office
from bot.local_workspace.population import APP_TOKEN, BOT_TOKEN, SCOPES

Json = dict[str, Any]
Method = Callable[[Office, Arguments], Awaitable[Json]]
log = structlog.get_logger()

METHODS: Final[Mapping[str, Method]] = {
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **users.METHODS,
    **views.METHODS,
}
#: The only method for the app-level token, and the only token for that method.
_APP_LEVEL: Final = frozenset({"apps.connections.open"})


async def call(office: Office, request: web.Request) -> web.Response:
    """`/api/{method}`: always JSON; status 200 but for a rate limit (429 with Retry-After)."""
    name = request.match_info["method"]
    try:
        reply = {"ok": True, **await _result(office, name, request)}
    except SlackFault as fault:
        log.info("call refused by the local workspace", method=name, error=fault.error)
        return _refusal(fault)
    return web.json_response(reply, headers={"x-oauth-scopes": ",".join(SCOPES)})


async def _result(office: Office, name: str, request: web.Request) -> Json:
    if request.method not in {"GET", "POST"}:
        raise SlackFault("invalid_post_type")
    if name not in METHODS:
        raise SlackFault("unknown_method")
    args = await read_arguments(request)
    _check_token(name, token_of(request, args))
    office.address = str(request.url.origin())
    return await METHODS[name](office, args)


def _check_token(method: str, token: str | None) -> None:
    if not token:
        raise SlackFault("not_authed")
    if token not in {BOT_TOKEN, APP_TOKEN}:
        raise SlackFault("invalid_auth")
    if (token == APP_TOKEN) != (method in _APP_LEVEL):
        raise SlackFault("not_allowed_token_type")


def _refusal(fault: SlackFault) -> web.Response:
    reply: Json = {"ok": False, "error": fault.error}
    if fault.messages:
        reply["errors"] = list(fault.messages)
        reply["response_metadata"] = {"messages": list(fault.messages)}
    if fault.retry_after is None:
        return web.json_response(reply)
    return web.json_response(reply, status=429, headers={"Retry-After": str(fault.retry_after)})
