"""Who may act.  Asked of Slack on every action, remembered for a minute; in doubt nobody may."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any, Final

import structlog
from slack_sdk.web.async_client import AsyncWebClient

from bot.places import SLACK_FAULTS, Places, error_code, find_places, members
from bot.settings import Settings

__all__ = ["People", "Places"]

log = structlog.get_logger()

#: Seconds that an answer of Slack counts; somebody who was removed can act for so long at most.
REMEMBERED: Final = 60.0
_SLACKBOT: Final = "USLACKBOT"


class People:
    """Our colleagues, as Slack knows them."""

    def __init__(
        self, client: AsyncWebClient, settings: Settings, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._settings = settings
        self._places: Places | None = None  #: before they are known nobody may act
        self._monotonic = monotonic
        self._colleagues: dict[str, tuple[float, bool]] = {}
        self._members: dict[str, tuple[float, frozenset[str]]] = {}

    async def check_channels(self) -> Places:
        """Once at start: every place found and fit for staff, or a sentence about the one that is not."""
        self._places = await find_places(self._client, self._settings)
        return self._places

    async def may_act(self, user_id: str) -> bool:
        """An agent: in the agents' group, or without one in the staff channel, and a full colleague."""
        places = self._places
        return places is not None and await self._belongs(user_id, places.agents_group, places.staff, places)

    async def is_lead(self, user_id: str) -> bool:
        places = self._places
        return places is not None and await self._belongs(user_id, places.leads_group, places.leads, places)

    async def _belongs(self, user_id: str, group: str, channel: str, places: Places) -> bool:
        try:
            belongs = user_id in await self._people_in(group, channel)
            return belongs and await self._is_colleague(user_id, places.team)
        except SLACK_FAULTS as fault:
            log.warning("people not checked, so refused", error=error_code(fault))
        return False

    async def _people_in(self, group: str, channel: str) -> frozenset[str]:
        key = group or channel
        known = self._members.get(key)
        if known is None or known[0] <= self._monotonic():
            found = await self._group(group) if group else await members(self._client, channel)
            known = self._members[key] = self._monotonic() + REMEMBERED, found
        return known[1]

    async def _group(self, group: str) -> frozenset[str]:
        return frozenset((await self._client.usergroups_users_list(usergroup=group))["users"])

    async def _is_colleague(self, user_id: str, team: str) -> bool:
        known = self._colleagues.get(user_id)
        if known is None or known[0] <= self._monotonic():
            user = (await self._client.users_info(user=user_id))["user"]
            full = is_full_colleague(user, team)
            known = self._colleagues[user_id] = self._monotonic() + REMEMBERED, full
        return known[1]


def is_full_colleague(user: Mapping[str, Any], team: str) -> bool:
    """No guest, bot, deactivated account, or somebody of another organisation (Slack Connect)."""
    barred = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
    of_ours = user.get("team_id") == team
    return of_ours and user.get("id") != _SLACKBOT and not any(user.get(flag) for flag in barred)
