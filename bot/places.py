"""Where staff is reached: names of channels and groups to ids, checked once at start."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.settings import Settings
from bot.socket_mode import SlackRefuses
from cases.errors import RightsDeskError

_PAGE: Final = 200
#: Slack is busy or ill, and will answer later.
_PASSING: Final = frozenset(
    {"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout"}
)

#: Slack said no, or could not be reached.
SLACK_FAULTS: Final = (SlackClientError, ClientError, TimeoutError, OSError)


class ChannelMissing(RightsDeskError):
    """{setting}: Slack has no channel {name} that Rights Desk can see.  Make it, or invite us there."""


class ChannelShared(RightsDeskError):
    """{setting}: {name} is shared with another organisation.  Choose a channel of your own staff only."""


class ChannelClosed(RightsDeskError):
    """{setting}: {name} is archived.  Choose another channel, or take it out of the archive."""


class NotInvited(RightsDeskError):
    """{setting}: Rights Desk is no member of {name}.  Type /invite @Rights Desk there."""


class GroupMissing(RightsDeskError):
    """{setting}: Slack has no user group {name}.  Write its id or its @handle, or leave the setting empty."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Places:
    """Slack ids; a group is empty where the members of its channel take its place."""

    team: str
    staff: str
    deadlines: str
    leads: str
    agents_group: str = ""
    leads_group: str = ""


async def find_places(client: AsyncWebClient, settings: Settings) -> Places:
    """Resolve and check everything; the first fault is a sentence that names its setting."""
    try:
        who = await client.auth_test()
        channels = {
            name: await _channel(client, f"RIGHTSDESK_{name.upper()}_CHANNEL", told)
            for name, told in {
                "staff": settings.staff_channel,
                "deadlines": settings.deadlines_channel,
                "leads": settings.leads_channel,
            }.items()
        }
        agents = await _group(client, "RIGHTSDESK_AGENTS_GROUP", settings.agents_group)
        leads = await _group(client, "RIGHTSDESK_LEADS_GROUP", settings.leads_group)
    except SlackApiError as refusal:
        if error_code(refusal) in _PASSING:
            raise
        method = str(refusal.response.api_url).rsplit("/", 1)[-1]
        raise SlackRefuses(error=f"{method}: {error_code(refusal)}") from None
    return Places(team=str(who["team_id"]), agents_group=agents, leads_group=leads, **channels)


def error_code(fault: BaseException) -> str:
    """Slack's word for it, like `channel_not_found`, or a class; never a response or anybody's words."""
    if isinstance(fault, SlackApiError):
        return str(fault.response.get("error", "unknown"))
    return type(fault).__name__


def refuse_shared(channel: dict[str, Any], setting: str, name: str) -> None:
    """People of another organisation must not read cards, so such a channel is refused.

    A channel that is shared between the workspaces of one organisation (`is_org_shared`) is within the
    same controller and passes; who may click is checked per person.
    """
    if channel.get("is_ext_shared") or channel.get("is_pending_ext_shared") or channel.get("pending_shared"):
        raise ChannelShared(setting=setting, name=name)


async def members(client: AsyncWebClient, channel: str) -> frozenset[str]:
    """Everybody in a channel, however many pages that takes."""
    found: set[str] = set()
    cursor = ""
    while True:
        page = await client.conversations_members(channel=channel, limit=_PAGE, cursor=cursor or None)
        found.update(page["members"])
        cursor = _next(page)
        if not cursor:
            return frozenset(found)


async def _channel(client: AsyncWebClient, setting: str, name: str) -> str:
    channel = await _by_name(client, name) if name.startswith("#") else await _by_id(client, name)
    if channel is None:
        raise ChannelMissing(setting=setting, name=name)
    refuse_shared(channel, setting, name)
    if channel.get("is_archived"):
        raise ChannelClosed(setting=setting, name=name)
    if not channel.get("is_member", True):  # where it is not told, posting will tell
        raise NotInvited(setting=setting, name=name)
    return str(channel["id"])


async def _by_id(client: AsyncWebClient, channel_id: str) -> dict[str, Any] | None:
    try:
        found = await client.conversations_info(channel=channel_id)
    except SlackApiError as refusal:
        if error_code(refusal) == "channel_not_found":
            return None
        raise
    return dict(found["channel"])


async def _by_name(client: AsyncWebClient, name: str) -> dict[str, Any] | None:
    async for channel in _channels(client):
        if channel.get("name") == name[1:]:
            return channel
    return None


async def _channels(client: AsyncWebClient) -> AsyncIterator[dict[str, Any]]:
    cursor = ""
    while True:
        page = await client.conversations_list(
            types="public_channel,private_channel", exclude_archived=False, limit=_PAGE, cursor=cursor or None
        )
        for channel in page["channels"]:
            yield channel
        cursor = _next(page)
        if not cursor:
            return


async def _group(client: AsyncWebClient, setting: str, name: str) -> str:
    if not name:
        return ""
    listed = await client.usergroups_list(include_disabled=False)
    for group in listed["usergroups"]:
        if name in {group["id"], f"@{group['handle']}"}:
            return str(group["id"])
    raise GroupMissing(setting=setting, name=name)


def _next(page: Any) -> str:
    return str((page.get("response_metadata") or {}).get("next_cursor") or "")
