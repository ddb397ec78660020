"""How a message is made, what it looks like in the API, and whom it would ring."""

from __future__ import annotations

import copy
import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.local_workspace.arguments import Arguments
from bot.local_workspace.faults import SlackFault
from bot.local_workspace.ledger import Ledger
from bot.local_workspace.population import APP_ID, BOT_ID, BOT_USER, TEAM_ID
from bot.local_workspace.strictness import check_message_blocks, elements_of

Json = dict[str, Any]

_RING: Final = re.compile(r"<(!channel|!here|!everyone|!subteam\^[A-Z0-9]+|@[UW][A-Z0-9]+)(?:\|[^>]*)?>")
_METADATA_KEYS: Final = {"event_type", "event_payload"}


def with_ids(blocks: list[Json]) -> list[Json]:
    """Slack gives each block without an id one, and each element without an action id one."""
    made = copy.deepcopy(blocks)
    for block in made:
        block.setdefault("block_id", secrets.token_urlsafe(4)[:5])
        for element in _acting(block):
            element.setdefault("action_id", secrets.token_urlsafe(4)[:5])
    return made


def _acting(block: Json) -> Iterator[Json]:
    for element in [*block.get("elements", []), block.get("accessory"), block.get("element")]:
        is_action = block["type"] in {"actions", "section", "input"} and isinstance(element, dict)
        if is_action and element["type"] != "image":
            yield element


def content_of(args: Arguments, *, longest: int) -> Json:
    """text, blocks, attachments and metadata of a call, checked; only the keys that were given.

    Raises `no_text`, `msg_too_long`, `invalid_blocks`, `invalid_attachments` or `invalid_metadata_format`.
    """
    content: Json = {}
    text = args.text("text") if "text" in args else args.text("markdown_text")
    if text is not None:
        if len(text) > longest:
            raise SlackFault("msg_too_long")
        content["text"] = text
    if "blocks" in args:
        check_message_blocks(args.get("blocks"))
        content["blocks"] = with_ids(args.get("blocks"))
    if "attachments" in args:
        content["attachments"] = _attachments(args.get("attachments"))
    if "metadata" in args:
        content["metadata"] = _metadata(args.get("metadata"))
    return content


def is_empty(content: Mapping[str, Any]) -> bool:
    return not (content.get("text", "").strip() or content.get("blocks") or content.get("attachments"))


def _attachments(given: Any) -> list[Json]:
    if not isinstance(given, list) or not all(isinstance(item, dict) for item in given):
        raise SlackFault("invalid_attachments")
    made = copy.deepcopy(given)
    for item in made:
        if "blocks" in item:
            check_message_blocks(item["blocks"])
            item["blocks"] = with_ids(item["blocks"])
    return made


def _metadata(given: Any) -> Json:
    if given == {}:
        return {}
    right = (
        isinstance(given, dict) and set(given) == _METADATA_KEYS and isinstance(given["event_payload"], dict)
    )
    if not right or not re.fullmatch(r"[a-zA-Z0-9_.:-]{1,255}", str(given["event_type"])):
        raise SlackFault("invalid_metadata_format")
    return copy.deepcopy(given)


def by_bot(ledger: Ledger, content: Json, **more: Any) -> Json:
    """A message of the app's, with a timestamp of its own."""
    return {
        "type": "message",
        "user": BOT_USER,
        "bot_id": BOT_ID,
        "app_id": APP_ID,
        "team": TEAM_ID,
        "text": "",
        **content,
        **more,
        "ts": ledger.next_ts(),
    }


def told(message: Mapping[str, Any], *, metadata: bool = False) -> Json:
    """A message as the API gives it: metadata only to who asks for it."""
    return {key: value for key, value in message.items() if metadata or key != "metadata"}


def ring(message: Mapping[str, Any]) -> list[str]:
    """Who hears a sound for this message: mentions in its text and in the mrkdwn and rich text of its
    blocks.
    """
    texts = list(_formatted(message.get("blocks", [])))
    if not texts:
        texts = [message.get("text", "")]
    return list(dict.fromkeys(_RING.findall("\n".join(texts))))


def _formatted(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _formatted(item)
    elif isinstance(value, dict):
        kind = value.get("type")
        if kind == "mrkdwn":
            yield value["text"]
        elif kind == "broadcast":
            yield f"<!{value['range']}>"
        elif kind == "user":
            yield f"<@{value['user_id']}>"
        elif kind == "usergroup":
            yield f"<!subteam^{value['usergroup_id']}>"
        else:
            for item in value.values():
                yield from _formatted(item)


def find_element(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json] | None:
    """The block and its element with this action id; the first one, when no block is named."""
    for block in blocks:
        if block_id in {None, block["block_id"]}:
            for element in elements_of(block):
                if element["action_id"] == action_id:
                    return block, element
    return None
