"""The `conversations.*` methods."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from typing import Any, Final

from bot.local_workspace.arguments import Arguments
from bot.local_workspace.events import member_joined
from bot.local_workspace.faults import SlackFault
from bot.local_workspace.messages import told
from bot.local_workspace.office import Office
from bot.local_workspace.places import channel_named, open_direct, require_member
from bot.local_workspace.population import BOT_USER

Json = dict[str, Any]
_KINDS: Final = {
    "public_channel": "is_channel",
    "private_channel": "is_group",
    "im": "is_im",
    "mpim": "is_mpim",
}


def page_of(items: Sequence[Any], args: Arguments, default: int, most: int = 1000) -> tuple[list[Any], Json]:
    """One page and the metadata with the cursor of the next (empty at the end)."""
    limit = args.number("limit", default, most)
    start = _from_cursor(args.text("cursor"))
    rest = items[start : start + limit]
    onward = start + limit < len(items)
    cursor = base64.b64encode(f"next:{start + limit}".encode()).decode() if onward else ""
    return list(rest), {"next_cursor": cursor}


def _from_cursor(cursor: str | None) -> int:
    if not cursor:
        return 0
    try:
        word, _, number = base64.b64decode(cursor, validate=True).decode().partition(":")
        if word == "next" and number.isdecimal():
            return int(number)
    except (binascii.Error, UnicodeDecodeError):
        pass
    raise SlackFault("invalid_cursor")


def _shown(office: Office, channel: Json, *, members: bool = False) -> Json:
    people = office.ledger.state.members[channel["id"]]
    more = {"num_members": len(people)} if members else {}
    return {**channel, "is_member": BOT_USER in people, **more}


async def list_conversations(office: Office, args: Arguments) -> Json:
    """Public channels unless `types` says otherwise; private ones only where the bot is a member."""
    kinds = args.words("types") or ["public_channel"]
    if unknown := [kind for kind in kinds if kind.strip() not in _KINDS]:
        raise SlackFault("invalid_types", messages=[f"[ERROR] unknown type: {kind}" for kind in unknown])
    keys = [_KINDS[kind.strip()] for kind in kinds]
    state = office.ledger.state
    found = [
        _shown(office, channel, members=True)
        for channel in state.channels.values()
        if any(channel[key] for key in keys)
        and (channel["is_channel"] or BOT_USER in state.members[channel["id"]])
        and not (channel["is_archived"] and args.flag("exclude_archived"))
    ]
    page, metadata = page_of(found, args, 100)
    return {"channels": page, "response_metadata": metadata}


async def info(office: Office, args: Arguments) -> Json:
    channel = office.ledger.state.channels[channel_named(office, args.need("channel"))]
    return {"channel": _shown(office, channel, members=args.flag("include_num_members"))}


async def members(office: Office, args: Arguments) -> Json:
    channel = channel_named(office, args.need("channel"))
    page, metadata = page_of(office.ledger.state.members[channel], args, 100)
    return {"members": page, "response_metadata": metadata}


async def history(office: Office, args: Arguments) -> Json:
    """Newest first, as Slack does."""
    channel = channel_named(office, args.need("channel"))
    require_member(office, channel)
    found = _between(list(office.ledger.state.history(channel)), args)[::-1]
    page, metadata = page_of(found, args, 100, 999)
    return _messages(page, metadata, args)


async def replies(office: Office, args: Arguments) -> Json:
    """A thread, oldest first, the parent always among them."""
    channel = channel_named(office, args.need("channel"))
    require_member(office, channel)
    message = office.ledger.state.message(channel, args.need("ts"))
    if message is None:
        raise SlackFault("thread_not_found")
    thread = list(office.ledger.state.replies(channel, str(message.get("thread_ts", message["ts"]))))
    found = [thread[0], *_between(thread[1:], args)]
    page, metadata = page_of(found, args, 1000)
    return _messages(page, metadata, args)


def _messages(page: list[Json], metadata: Json, args: Arguments) -> Json:
    with_metadata = args.flag("include_all_metadata")
    return {
        "messages": [told(message, metadata=with_metadata) for message in page],
        "has_more": bool(metadata["next_cursor"]),
        "response_metadata": metadata,
    }


def _between(messages: list[Json], args: Arguments) -> list[Json]:
    oldest, latest = _moment(args.text("oldest"), "0"), _moment(args.text("latest"), "9" * 12)
    if args.flag("inclusive"):
        return [m for m in messages if oldest <= _moment(m["ts"], "0") <= latest]
    return [m for m in messages if oldest < _moment(m["ts"], "0") < latest]


def _moment(ts: str | None, default: str) -> tuple[int, int]:
    """A ts as two numbers: as one float it would lose microseconds."""
    seconds, _, micros = (ts or default).partition(".")
    try:
        return int(seconds), int(micros.ljust(6, "0")[:6])
    except ValueError:
        raise SlackFault("invalid_ts_oldest") from None


async def open_conversation(office: Office, args: Arguments) -> Json:
    """The direct conversation with one person; group conversations are not part of the stand-in."""
    people = args.words("users")
    if not people and "channel" in args:
        channel = office.ledger.state.channels[channel_named(office, args.need("channel"))]
    elif len(people) == 1:
        channel = open_direct(office, people[0].strip())
    else:
        raise SlackFault("invalid_user_combination" if people else "users_list_not_supplied")
    return {"channel": channel if args.flag("return_im") else {"id": channel["id"]}}


async def join(office: Office, args: Arguments) -> Json:
    channel = channel_named(office, args.need("channel"))
    if not office.ledger.state.channels[channel]["is_channel"]:
        raise SlackFault("method_not_supported_for_channel_type")
    if BOT_USER not in office.ledger.state.members[channel]:
        office.ledger.record("member_joined", channel=channel, user=BOT_USER)
        member_joined(office, channel, BOT_USER)
    return {"channel": _shown(office, office.ledger.state.channels[channel])}


METHODS: Final = {
    "conversations.history": history,
    "conversations.info": info,
    "conversations.join": join,
    "conversations.list": list_conversations,
    "conversations.members": members,
    "conversations.open": open_conversation,
    "conversations.replies": replies,
}
