"""Just enough of Slack's Web API to hear what the listeners ask and to answer it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, web
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]

TEAM, BOT = "T0TEAM", "U0BOT"
STAFF, DEADLINES, LEADS, SHARED = "C0STAFF", "C0DEADLINES", "C0LEADS", "C0SHARED"
AGENTS = "S0AGENTS"
ANNA, BRAM, CARLA, GIJS, ELKE, DIRK = "U0ANNA", "U0BRAM", "U0CARLA", "U0GIJS", "U0ELKE", "U0DIRK"


def a_user(user_id: str, **facts: Any) -> Json:
    flags = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")
    return {"id": user_id, "team_id": TEAM, "is_app_user": True, **dict.fromkeys(flags, False), **facts}


def a_channel(channel_id: str, name: str, **facts: Any) -> Json:
    return {"id": channel_id, "name": name, "is_member": True, "is_archived": False, **facts}


@dataclass
class FakeSlack:
    """`failing` makes a method answer with an error; `calls` holds what was asked, in order."""

    calls: list[tuple[str, Json]] = field(default_factory=list)
    failing: dict[str, str] = field(default_factory=dict)
    page: int = 2
    users: dict[str, Json] = field(
        default_factory=lambda: {
            user["id"]: user
            for user in (
                a_user(ANNA),
                a_user(BRAM),
                a_user(CARLA),
                a_user(GIJS, is_restricted=True),
                a_user(ELKE, team_id="T0PARTNER"),
                a_user(DIRK, deleted=True),
                a_user(BOT, is_bot=True),
            )
        }
    )
    channels: dict[str, Json] = field(
        default_factory=lambda: {
            one["id"]: one
            for one in (
                a_channel(STAFF, "avg-verzoeken"),
                a_channel(SHARED, "met-partner", is_ext_shared=True),
                a_channel("C0OLD", "oud", is_archived=True),
                a_channel("C0ELSE", "algemeen", is_member=False),
                a_channel(DEADLINES, "avg-termijnen"),
                a_channel(LEADS, "avg-teamleiding", is_org_shared=True),
            )
        }
    )
    members: dict[str, list[str]] = field(
        default_factory=lambda: {STAFF: [BOT, GIJS, ELKE, DIRK, ANNA, BRAM], LEADS: [BOT, CARLA]}
    )
    group: list[str] = field(default_factory=lambda: [ANNA, GIJS])

    def asked(self, method: str) -> list[Json]:
        return [told for name, told in self.calls if name == method]

    async def answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        told = await _told(request)
        self.calls.append((method, told))
        if method in self.failing:
            return web.json_response({"ok": False, "error": self.failing[method]})
        methods: dict[str, Callable[[Json], Json]] = {
            "auth.test": lambda _: {"team_id": TEAM, "user_id": BOT, "bot_id": "B0BOT"},
            "users.info": self._user,
            "usergroups.list": lambda _: {"usergroups": [{"id": AGENTS, "handle": "avg-agenten"}]},
            "usergroups.users.list": lambda _: {"users": self.group},
            "conversations.info": self._channel,
            "conversations.list": lambda told: self._paged("channels", list(self.channels.values()), told),
            "conversations.members": lambda told: self._paged("members", self.members[told["channel"]], told),
            "views.open": lambda _: {"view": {"id": "V1", "hash": "h1"}},
            "views.update": lambda _: {"view": {"id": "V1", "hash": "h2"}},
            "chat.postEphemeral": lambda _: {"message_ts": "1.1"},
            "chat.postMessage": lambda _: {"ts": "2.2"},
        }
        return web.json_response({"ok": True, **methods[method](told)})

    def _user(self, told: Json) -> Json:
        found = self.users.get(told["user"])
        return {"user": found} if found else {"ok": False, "error": "user_not_found"}

    def _channel(self, told: Json) -> Json:
        found = self.channels.get(told["channel"])
        return {"channel": found} if found else {"ok": False, "error": "channel_not_found"}

    def _paged(self, key: str, items: list[Any], told: Json) -> Json:
        start = int(told.get("cursor") or 0)
        end = start + self.page
        cursor = str(end) if end < len(items) else ""
        return {key: items[start:end], "response_metadata": {"next_cursor": cursor}}


async def _told(request: web.Request) -> Json:
    """Arguments come as query, form or JSON; some values are JSON in a string."""
    told: Json = dict(request.query)
    if request.content_type == "application/json":
        told |= await request.json()
    else:
        told |= {key: str(value) for key, value in (await request.post()).items()}
    if isinstance(told.get("view"), str):
        told["view"] = json.loads(told["view"])
    return told


@asynccontextmanager
async def slack_served(slack: FakeSlack) -> AsyncIterator[AsyncWebClient]:
    """On a free port; the client shares one session and tries nothing twice."""
    app = web.Application()
    app.router.add_route("*", "/api/{method}", slack.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    try:
        async with ClientSession() as session:
            yield AsyncWebClient(
                token="xoxb-test",
                base_url=f"http://{host}:{port}/api/",
                session=session,
                retry_handlers=[],
            )
    finally:
        await runner.cleanup()
