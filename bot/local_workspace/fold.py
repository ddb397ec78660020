"""What each kind of record does to the state: one function a kind, and the table of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from bot.local_workspace import population

if TYPE_CHECKING:
    from bot.local_workspace.state import State

Json = dict[str, Any]


def _posted(state: State, record: Mapping[str, Any]) -> None:
    message = dict(record["message"])
    room = state.messages.setdefault(record["channel"], {})
    room[message["ts"]] = message
    state.last_ts = max(state.last_ts, message["ts"])
    parent = room.get(message.get("thread_ts", ""))
    if parent is not None and parent is not message:
        _count_replies(state, record["channel"], parent)


def _count_replies(state: State, channel: str, parent: Json) -> None:
    replies = [reply for reply in state.replies(channel, parent["ts"]) if reply is not parent]
    if not replies:
        for key in ("thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply"):
            parent.pop(key, None)
        return
    writers = list(dict.fromkeys(reply["user"] for reply in replies))
    parent |= {
        "thread_ts": parent["ts"],
        "reply_count": len(replies),
        "reply_users": writers,
        "reply_users_count": len(writers),
        "latest_reply": replies[-1]["ts"],
    }


def _changed(state: State, record: Mapping[str, Any]) -> None:
    room = state.messages.get(record["channel"], {})
    if record["ts"] in room:
        room[record["ts"]] = dict(record["message"])


def _deleted(state: State, record: Mapping[str, Any]) -> None:
    room = state.messages.get(record["channel"], {})
    gone = room.get(record["ts"])
    if gone is None:
        return
    if gone.get("reply_count"):
        kept = ("ts", "thread_ts", "reply_count", "reply_users", "reply_users_count", "latest_reply")
        room[record["ts"]] = {
            "type": "message",
            "subtype": "tombstone",
            "user": "USLACKBOT",
            "hidden": True,
            "text": "This message was deleted.",
            **{key: gone[key] for key in kept},
        }
        return
    del room[record["ts"]]
    parent = room.get(gone.get("thread_ts", ""))
    if parent is not None:
        _count_replies(state, record["channel"], parent)


def _reacted(state: State, record: Mapping[str, Any]) -> None:
    message = state.message(record["channel"], record["ts"])
    if message is None:
        return
    reactions = message.setdefault("reactions", [])
    for reaction in reactions:
        if reaction["name"] == record["name"]:
            reaction["users"].append(record["user"])
            reaction["count"] += 1
            return
    reactions.append({"name": record["name"], "users": [record["user"]], "count": 1})


def _ephemeral(state: State, record: Mapping[str, Any]) -> None:
    state.last_ts = max(state.last_ts, record["message"]["ts"])
    state.ephemerals.setdefault(record["user"], []).append(dict(record["message"]))


def _ephemeral_gone(state: State, record: Mapping[str, Any]) -> None:
    kept = [seen for seen in state.ephemerals.get(record["user"], []) if seen["ts"] != record["ts"]]
    state.ephemerals[record["user"]] = kept


def _joined(state: State, record: Mapping[str, Any]) -> None:
    members = state.members[record["channel"]]
    if record["user"] not in members:
        members.append(record["user"])
    outside = state.users[record["user"]]["team_id"]
    if outside != population.TEAM_ID:
        state.channels[record["channel"]] |= {
            "is_shared": True,
            "is_ext_shared": True,
            "connected_team_ids": [outside],
        }


def _left(state: State, record: Mapping[str, Any]) -> None:
    members = state.members[record["channel"]]
    if record["user"] in members:
        members.remove(record["user"])


def _renamed(state: State, record: Mapping[str, Any]) -> None:
    state.channels[record["channel"]] |= {"name": record["name"], "name_normalized": record["name"]}


def _direct_opened(state: State, record: Mapping[str, Any]) -> None:
    channel = dict(record["channel"])
    state.channels[channel["id"]] = channel
    state.members[channel["id"]] = [population.BOT_USER, channel["user"]]


def _group_changed(state: State, record: Mapping[str, Any]) -> None:
    people = list(record["users"])
    state.groups[record["group"]] |= {"users": people, "user_count": len(people)}


def _read(state: State, record: Mapping[str, Any]) -> None:
    state.read[record["user"], record["channel"]] = record["ts"]


def _view_opened(state: State, record: Mapping[str, Any]) -> None:
    view = dict(record["view"])
    state.views[view["id"]] = view
    state.stacks.setdefault(record["user"], []).append(view["id"])


def _view_updated(state: State, record: Mapping[str, Any]) -> None:
    view = dict(record["view"])
    if view["id"] in state.views:
        state.views[view["id"]] = view


def _view_closed(state: State, record: Mapping[str, Any]) -> None:
    state.views.pop(record["view_id"], None)
    stack = state.stacks.get(record["user"], [])
    if record["view_id"] in stack:
        stack.remove(record["view_id"])


def _home_published(state: State, record: Mapping[str, Any]) -> None:
    view = dict(record["view"])
    state.views[view["id"]] = view
    state.homes[record["user"]] = view["id"]


def _file_kept(state: State, record: Mapping[str, Any]) -> None:
    state.files.setdefault(record["file"]["id"], {}).update(record["file"])


def _event_owed(state: State, record: Mapping[str, Any]) -> None:
    state.owed[record["body"]["event_id"]] = dict(record["body"])


def _event_settled(state: State, record: Mapping[str, Any]) -> None:
    state.owed.pop(record["event_id"], None)


HANDLERS: Final[Mapping[str, Callable[[State, Mapping[str, Any]], None]]] = {
    "message_posted": _posted,
    "message_changed": _changed,
    "message_deleted": _deleted,
    "reaction_added": _reacted,
    "ephemeral_posted": _ephemeral,
    "ephemeral_gone": _ephemeral_gone,
    "member_joined": _joined,
    "member_left": _left,
    "channel_renamed": _renamed,
    "direct_opened": _direct_opened,
    "group_changed": _group_changed,
    "channel_read": _read,
    "view_opened": _view_opened,
    "view_updated": _view_updated,
    "view_closed": _view_closed,
    "home_published": _home_published,
    "file_kept": _file_kept,
    "event_owed": _event_owed,
    "event_settled": _event_settled,
}
