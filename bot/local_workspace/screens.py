"""What each person has before them, and what they have filled in but not yet sent."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from bot.local_workspace import answers
from bot.local_workspace.elements import chosen, initial_values
from bot.local_workspace.faults import NotOnScreen
from bot.local_workspace.messages import find_element
from bot.local_workspace.office import Office
from bot.local_workspace.places import open_direct
from bot.local_workspace.population import TEAM_ID
from bot.local_workspace.tickets import ResponseUrl

Json = dict[str, Any]


class Screens:
    """Looks things up as a person would; raises `NotOnScreen` for what they cannot see."""

    def __init__(self, office: Office) -> None:
        self._office = office
        #: surface -> (block id, action id) -> value in Slack's shape
        self._filled: dict[str, dict[tuple[str, str], Json]] = {}
        #: (surface, block id, action id) -> options that the app offered for an external select
        self._offered: dict[tuple[str, str, str], list[Json]] = {}

    def enter(self, user: str, channel: str) -> None:
        """Look into a channel. Public ones can be looked into by everybody here, also by who could not in
        Slack:

        so it can be tried what the app says to a guest or an outsider. They count as visitors, not as
        members.
        """
        state = self._office.ledger.state
        if user not in state.users or channel not in state.channels:
            raise NotOnScreen("no such person or channel")
        if user in state.members[channel]:
            return
        if not state.channels[channel]["is_channel"]:
            raise NotOnScreen("a private conversation")
        self._office.visitors.add((channel, user))

    def message(self, user: str, channel: str, ts: str) -> Json:
        """A message of the channel, or an ephemeral one that this person has."""
        self.enter(user, channel)
        state = self._office.ledger.state
        found = state.message(channel, ts)
        if found is None:
            mine = state.ephemerals.get(user, [])
            found = next((m for m in mine if m["ts"] == ts and m["channel"] == channel), None)
        if found is None:
            raise NotOnScreen("no such message")
        return found

    def own(self, user: str, channel: str, ts: str) -> Json:
        found = self.message(user, channel, ts)
        if found["user"] != user:
            raise NotOnScreen("not one's own message")
        return found

    def view(self, user: str, view_id: str) -> Json:
        """The modal on top of this person's stack, or their App Home."""
        state = self._office.ledger.state
        stack = state.stacks.get(user, [])
        if view_id not in {state.homes.get(user), stack[-1] if stack else None} or view_id not in state.views:
            raise NotOnScreen("no such view before this person")
        return state.views[view_id]

    def direct(self, user: str) -> str:
        """The person's conversation with the app. A deactivated one has none: their id stands for it."""
        if self._office.ledger.state.users[user]["deleted"]:
            return f"D0{user.removeprefix('U0')}"
        return str(open_direct(self._office, user)["id"])

    def fill(
        self, surface: str, blocks: list[Json], state: Mapping[str, Mapping[str, Any]] | None
    ) -> dict[str, Json]:
        """All values of a surface: as it was made, as filled in before, as filled in now."""
        kept = self._filled.setdefault(surface, {})
        for block_id, fields in (state or {}).items():
            for action_id, value in fields.items():
                found = find_element(blocks, action_id, block_id)
                if found is None:
                    raise NotOnScreen("no such field")
                offered = self._offered.get((surface, block_id, action_id), [])
                kept[block_id, action_id] = chosen(found[1], value, offered)
        values = initial_values(blocks)
        for (block_id, action_id), value in kept.items():
            fields = values.get(block_id, {})
            if fields.get(action_id, {}).get("type") == value["type"]:
                fields[action_id] = value
        return values

    def offer(self, surface: str, block_id: str, action_id: str, options: list[Json]) -> None:
        self._offered[surface, block_id, action_id] = options

    def written(self, user: str, channel: str, text: str, thread_ts: str | None) -> Json:
        """A message as this person would post it. Full members join a public channel by writing in it."""
        self.enter(user, channel)
        state = self._office.ledger.state
        if user not in state.members[channel]:
            person = state.users[user]
            if person["is_restricted"] or person["deleted"] or person["team_id"] != TEAM_ID:
                raise NotOnScreen("no place to write for a visitor")
            self._office.ledger.record("member_joined", channel=channel, user=user)
        if thread_ts is not None and state.message(channel, thread_ts) is None:
            raise NotOnScreen("no such thread")
        return {
            "type": "message",
            "user": user,
            "team": state.users[user]["team_id"],
            "client_msg_id": str(uuid.uuid4()),
            **_typed(text),
            **({} if thread_ts is None else {"thread_ts": thread_ts}),
            "ts": self._office.ledger.next_ts(),
        }

    def rewritten(self, before: Json, text: str) -> Json:
        edited = {"user": before["user"], "ts": self._office.ledger.next_ts()}
        return {**before, **_typed(text), "edited": edited}

    def answer_command(self, user: str, channel: str, payload: Mapping[str, Any]) -> None:
        ticket = ResponseUrl(user, channel, None, ephemeral=False, thread_ts=None, issued=0)
        answers.say(self._office, ticket, dict(payload))


def _typed(text: str) -> Json:
    """Slack's client escapes what is typed; the block has the characters themselves."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    piece = {"type": "text", "text": text}
    section = {"type": "rich_text_section", "elements": [piece]}
    return {"text": escaped, "blocks": [{"type": "rich_text", "block_id": "typed", "elements": [section]}]}
