"""The `chat.*` and `reactions.*` methods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.local_workspace.arguments import Arguments
from bot.local_workspace.faults import SlackFault
from bot.local_workspace.messages import by_bot, content_of, is_empty, told
from bot.local_workspace.office import Office
from bot.local_workspace.places import channel_for_post, channel_named, require_member
from bot.local_workspace.population import BOT_USER
from bot.local_workspace.strictness import POSTED_TEXT, UPDATED_TEXT

Json = dict[str, Any]


async def post_message(office: Office, args: Arguments) -> Json:
    """The message is in the journal before its `ts` is told."""
    channel = channel_for_post(office, args.need("channel"))
    office.buckets.take(channel)
    content = content_of(args, longest=POSTED_TEXT)
    if is_empty(content):
        raise SlackFault("no_text")
    message = by_bot(office.ledger, content, **_thread(office, channel, args))
    if args.flag("reply_broadcast") and "thread_ts" in message:
        message["subtype"] = "thread_broadcast"
    office.ledger.record("message_posted", channel=channel, message=message)
    return {"channel": channel, "ts": message["ts"], "message": told(message, metadata=True)}


def _thread(office: Office, channel: str, args: Arguments) -> Json:
    thread_ts = args.text("thread_ts")
    if not thread_ts:
        return {}
    parent = office.ledger.state.message(channel, thread_ts)
    if parent is None:
        raise SlackFault("thread_not_found")
    root = str(parent.get("thread_ts", parent["ts"]))
    first = office.ledger.state.message(channel, root) or parent
    return {"thread_ts": root, "parent_user_id": first["user"]}


def _own_message(office: Office, args: Arguments, error: str) -> tuple[str, Json]:
    channel = channel_named(office, args.need("channel"))
    message = office.ledger.state.message(channel, args.need("ts"))
    if message is None or message.get("subtype") == "tombstone":
        raise SlackFault("message_not_found")
    if message["user"] != BOT_USER:
        raise SlackFault(error)
    require_member(office, channel)
    return channel, message


async def update(office: Office, args: Arguments) -> Json:
    """What is not given stays as it was; an empty list of blocks takes them away."""
    channel, message = _own_message(office, args, "cant_update_message")
    content = content_of(args, longest=UPDATED_TEXT)
    if not {"text", "blocks", "attachments"} & content.keys():
        raise SlackFault("no_text")
    edited = {"user": BOT_USER, "ts": office.ledger.next_ts()}
    changed = {**message, **content, "edited": edited}
    if is_empty(changed):
        raise SlackFault("no_text")
    office.ledger.record("message_changed", channel=channel, ts=message["ts"], message=changed)
    return {"channel": channel, "ts": message["ts"], "text": changed["text"], "message": told(changed)}


async def delete(office: Office, args: Arguments) -> Json:
    channel, message = _own_message(office, args, "cant_delete_message")
    office.ledger.record("message_deleted", channel=channel, ts=message["ts"])
    return {"channel": channel, "ts": message["ts"]}


async def post_ephemeral(office: Office, args: Arguments) -> Json:
    """Seen by one member of the channel (or one who looks in), and gone when the program ends."""
    channel = channel_for_post(office, args.need("channel"))
    user = args.need("user")
    state = office.ledger.state
    if user not in state.users:
        raise SlackFault("user_not_found")
    if user not in state.members[channel] and (channel, user) not in office.visitors:
        raise SlackFault("user_not_in_channel")
    office.buckets.take(channel)
    content = content_of(args, longest=POSTED_TEXT)
    if is_empty(content):
        raise SlackFault("no_text")
    message = by_bot(
        office.ledger, content, channel=channel, is_ephemeral=True, **_thread(office, channel, args)
    )
    office.ledger.record("ephemeral_posted", channel=channel, user=user, message=message)
    return {"message_ts": message["ts"]}


async def get_permalink(office: Office, args: Arguments) -> Json:
    channel = channel_named(office, args.need("channel"))
    message = office.ledger.state.message(channel, args.need("message_ts"))
    if message is None:
        raise SlackFault("message_not_found")
    return {"channel": channel, "permalink": permalink(office, channel, message)}


def permalink(office: Office, channel: str, message: Mapping[str, Any]) -> str:
    """Opens the page at this message; a reply's names its thread."""
    thread = message.get("thread_ts")
    tail = "" if thread in {None, message["ts"]} else f"?thread_ts={thread}&cid={channel}"
    return f"{office.address}/archives/{channel}/p{message['ts'].replace('.', '')}{tail}"


async def add_reaction(office: Office, args: Arguments) -> Json:
    channel = channel_named(office, args.need("channel"))
    require_member(office, channel)
    message = office.ledger.state.message(channel, args.need("timestamp"))
    if message is None:
        raise SlackFault("message_not_found")
    name = args.need("name").strip(":")
    if any(r["name"] == name and BOT_USER in r["users"] for r in message.get("reactions", [])):
        raise SlackFault("already_reacted")
    office.ledger.record("reaction_added", channel=channel, ts=message["ts"], name=name, user=BOT_USER)
    return {}


METHODS: Final = {
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
    "chat.postEphemeral": post_ephemeral,
    "chat.postMessage": post_message,
    "chat.update": update,
    "reactions.add": add_reaction,
}
