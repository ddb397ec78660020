"""What one person sees, as the page asks for it: people, channels, messages, threads, modals, App Home."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.local_workspace.faults import NotOnScreen
from bot.local_workspace.files import shown_file
from bot.local_workspace.messages import ring
from bot.local_workspace.office import Office
from bot.local_workspace.places import open_direct
from bot.local_workspace.population import BOT_USER, PEOPLE, TEAM_NAME
from bot.local_workspace.screens import Screens

Json = dict[str, Any]


class Sights:
    """Read-only but for `read`, which marks a conversation as seen."""

    def __init__(self, office: Office, *, shortcuts: Mapping[str, str], command: str) -> None:
        self._office = office
        self._screens = Screens(office)
        self._shortcuts = dict(shortcuts)
        self._command = command

    async def world(self, query: Mapping[str, str]) -> Json:
        """Everything around the conversation itself."""
        me = self._person(query)
        state = self._office.ledger.state
        if not state.users[me]["deleted"]:
            open_direct(self._office, me)
        places = [c for c in state.channels.values() if c["is_channel"] or me in state.members[c["id"]]]
        return {
            "team": TEAM_NAME,
            "me": me,
            "people": [self._shown_person(person) for person in (*PEOPLE, BOT_USER)],
            "groups": [{"id": g["id"], "handle": g["handle"]} for g in state.groups.values()],
            "channels": [self._shown_channel(me, channel) for channel in places],
            "connected": self._office.line.connections > 0,
            "shortcuts": self._shortcuts,
            "command": self._command,
        }

    async def channel(self, query: Mapping[str, str]) -> Json:
        """A conversation with its ephemeral messages at their place in time."""
        me, channel = self._person(query), query["channel"]
        self._screens.enter(me, channel)
        state = self._office.ledger.state
        mine = [m for m in state.ephemerals.get(me, []) if m["channel"] == channel and "thread_ts" not in m]
        messages = sorted([*state.history(channel), *mine], key=lambda message: str(message["ts"]))
        return {
            **self._shown_channel(me, state.channels[channel]),
            "purpose": state.channels[channel].get("purpose", {}).get("value", ""),
            "members": state.members[channel],
            "messages": [self._shown(message) for message in messages[-200:]],
        }

    async def thread(self, query: Mapping[str, str]) -> Json:
        me, channel, ts = self._person(query), query["channel"], query["ts"]
        self._screens.enter(me, channel)
        state = self._office.ledger.state
        mine = [
            m for m in state.ephemerals.get(me, []) if m["channel"] == channel and m.get("thread_ts") == ts
        ]
        messages = sorted([*state.replies(channel, ts), *mine], key=lambda message: str(message["ts"]))
        return {"messages": [self._shown(message) for message in messages]}

    async def modals(self, query: Mapping[str, str]) -> Json:
        """The stack of this person's modals with what was filled in so far."""
        me = self._person(query)
        state = self._office.ledger.state
        return {"views": [state.views[view_id] for view_id in state.stacks.get(me, [])]}

    async def home(self, query: Mapping[str, str]) -> Json:
        state = self._office.ledger.state
        return {"view": state.views.get(state.homes.get(self._person(query), ""))}

    async def read(self, *, user: str, channel: str) -> str:
        """Mark a conversation as seen up to its last message."""
        self._screens.enter(user, channel)
        state = self._office.ledger.state
        last = max(state.messages.get(channel, {}), default="")
        if last > state.read.get((user, channel), ""):
            self._office.ledger.record("channel_read", user=user, channel=channel, ts=last)
        return last

    def _person(self, query: Mapping[str, str]) -> str:
        if query["user"] not in PEOPLE:
            raise NotOnScreen("no such person")
        return query["user"]

    def _shown_person(self, person: str) -> Json:
        user = self._office.ledger.state.users[person]
        return {
            "id": person,
            "name": user["real_name"],
            "handle": user["name"],
            "role": user["profile"]["title"],
        }

    def _shown_channel(self, me: str, channel: Json) -> Json:
        state = self._office.ledger.state
        channel_id = channel["id"]
        seen = state.read.get((me, channel_id), "")
        unread = [m for m in state.history(channel_id) if m["ts"] > seen and m["user"] != me]
        return {
            "id": channel_id,
            "name": channel["name"],
            "direct": channel["is_im"],
            "private": channel["is_private"],
            "shared": channel["is_ext_shared"],
            "member": me in state.members[channel_id],
            "visible": channel in state.visible(me),
            "unread": len(unread),
        }

    def _shown(self, message: Json) -> Json:
        files = [shown_file(self._office, file["id"]) for file in message.get("files", [])]
        rings = [] if message.get("edited") else ring(message)  # Slack tells nobody of a mention edited in
        return {**message, "rings": rings, **({"files": files} if files else {})}
