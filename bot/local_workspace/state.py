"""What the stand-in knows: a fold over the journal's records, without a clock, a file or a socket in it.

A record is `{"kind": ..., facts}`. `State.apply` is the only place that changes anything, so replaying the
journal gives the same workspace again. Messages, views, users and channels are kept in Slack's own shapes,
because that is what is handed out; a message's key is its `ts`, and messages are added in the order of
their `ts`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.local_workspace import population
from bot.local_workspace.fold import HANDLERS

Json = dict[str, Any]


@dataclass
class State:
    """The workspace at one moment."""

    users: dict[str, Json] = field(default_factory=population.users)
    channels: dict[str, Json] = field(default_factory=population.channels)
    members: dict[str, list[str]] = field(default_factory=population.members)
    groups: dict[str, Json] = field(default_factory=population.groups)
    #: channel -> ts -> message
    messages: dict[str, dict[str, Json]] = field(default_factory=dict)
    #: view id -> view; only the open modals and the published homes
    views: dict[str, Json] = field(default_factory=dict)
    #: person -> ids of their open modals, the visible one last
    stacks: dict[str, list[str]] = field(default_factory=dict)
    #: person -> id of their App Home
    homes: dict[str, str] = field(default_factory=dict)
    files: dict[str, Json] = field(default_factory=dict)
    #: (person, channel) -> ts of the last message they saw
    read: dict[tuple[str, str], str] = field(default_factory=dict)
    #: person -> what only they see, until the program ends
    ephemerals: dict[str, list[Json]] = field(default_factory=dict)
    #: event id -> the envelope's payload that the app has not yet acknowledged
    owed: dict[str, Json] = field(default_factory=dict)
    last_ts: str = "0.000000"
    serial: int = 0

    def apply(self, record: Mapping[str, Any]) -> None:
        """Take one record in. Unknown kinds are passed over, so that an older program can read a
        newer journal.
        """
        self.serial += 1
        handler = HANDLERS.get(record["kind"])
        if handler is not None:
            handler(self, record)

    def message(self, channel: str, ts: str) -> Json | None:
        return self.messages.get(channel, {}).get(ts)

    def replies(self, channel: str, ts: str) -> Iterator[Json]:
        """A thread's messages, the parent first."""
        return (
            message
            for message in self.messages.get(channel, {}).values()
            if message["ts"] == ts or message.get("thread_ts") == ts
        )

    def history(self, channel: str) -> Iterator[Json]:
        """What stands in the channel itself, oldest first: no replies, unless they were broadcast."""
        return (message for message in self.messages.get(channel, {}).values() if not is_reply(message))

    def visible(self, person: str) -> list[Json]:
        """The conversations a person can look into: theirs, and (for full members) every public one."""
        full = not (
            self.users[person]["is_restricted"] or self.users[person]["team_id"] != population.TEAM_ID
        )
        return [
            channel
            for channel_id, channel in self.channels.items()
            if person in self.members[channel_id] or (full and channel["is_channel"])
        ]

    def direct(self, person: str) -> str | None:
        """The direct conversation between the app and this person, if there is one."""
        return next((c["id"] for c in self.channels.values() if c["is_im"] and c["user"] == person), None)


def is_reply(message: Mapping[str, Any]) -> bool:
    """A reply stands in its thread only; a broadcast reply also in the channel."""
    thread = message.get("thread_ts")
    return thread is not None and thread != message["ts"] and message.get("subtype") != "thread_broadcast"
