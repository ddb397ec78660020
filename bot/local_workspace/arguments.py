"""What came with a call to the Web API: query, form or JSON, all read alike.

Slack takes some arguments as a JSON string or as real JSON; `blocks` sent in a form are always a string.
"""

from __future__ import annotations

import json
from typing import Any, Final

from aiohttp import web

from bot.local_workspace.faults import SlackFault

_AS_JSON: Final = frozenset({"attachments", "blocks", "files", "metadata", "view"})
_UNREADABLE: Final = {"blocks": "invalid_blocks_format", "metadata": "invalid_metadata_format"}


class Arguments:
    """The arguments of one call; a missing or misshapen one raises `invalid_arguments`."""

    def __init__(self, given: dict[str, Any]) -> None:
        self.given = given

    def __contains__(self, name: str) -> bool:
        return self.given.get(name) is not None

    def get(self, name: str) -> Any:
        return self.given.get(name)

    def text(self, name: str) -> str | None:
        value = self.given.get(name)
        if value is None or isinstance(value, str):
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        raise _invalid(f"must be a string: {name}")

    def need(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise _invalid(f"missing required field: {name}")
        return value

    def flag(self, name: str) -> bool:
        return self.given.get(name) in {True, "true", "1"}

    def number(self, name: str, default: int, most: int) -> int:
        try:
            value = int(self.given.get(name) or default)
        except (TypeError, ValueError):
            raise _invalid(f"must be a number: {name}") from None
        if value < 1:
            raise _invalid(f"must be more than 0: {name}")
        return min(value, most)

    def words(self, name: str) -> list[str]:
        """A list, or one string with commas."""
        value = self.given.get(name) or []
        return value.split(",") if isinstance(value, str) else [str(word) for word in value]


def _invalid(sentence: str) -> SlackFault:
    return SlackFault("invalid_arguments", messages=[f"[ERROR] {sentence}"])


async def read_arguments(request: web.Request) -> Arguments:
    """Query first, then the body over it."""
    given: dict[str, Any] = dict(request.query)
    if request.method == "POST":
        given |= await _body(request)
    for name in _AS_JSON & given.keys():
        given[name] = _decoded(name, given[name])
    return Arguments(given)


async def _body(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.read() or b"{}")
        except ValueError:
            raise SlackFault("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackFault("json_not_object")
        return body
    if request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        return dict(await request.post())
    if await request.read():
        raise SlackFault("invalid_form_data")
    return {}


def _decoded(name: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not value:
        return None
    try:
        return json.loads(value)
    except ValueError:
        raise SlackFault(_UNREADABLE.get(name, "invalid_arguments")) from None


def token_of(request: web.Request, arguments: Arguments) -> str | None:
    """The bearer token, or the `token` argument."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else arguments.text("token")
