"""Would Slack take these blocks, this view? Each fault is worded as Slack words it.

The shapes come first; then what only shows on the whole (ids used twice, an input without a way to submit
it, a message that is too long in all); then the Slack SDK's own validation as a second opinion.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from bot.local_workspace.checks import Check, Shape, by_type, choice, fault, flag, many, string
from bot.local_workspace.element_shapes import plain
from bot.local_workspace.faults import SlackFault
from bot.local_workspace.shapes import BLOCKS

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
MESSAGE_CHARACTERS: Final = 13_000
POSTED_TEXT: Final = 40_000
UPDATED_TEXT: Final = 4_000
_VIEW_BYTES: Final = 250_000

_BLOCK: Final = by_type(BLOCKS)
_NO_BLOCKS: Final = many(_BLOCK, 0, VIEW_BLOCKS)
_SHARED: Final[Mapping[str, Check]] = {
    "private_metadata": string(3000, 0),
    "callback_id": string(255, 0),
    "external_id": string(255, 0),
}
_MODAL: Final = Shape(
    {"type": choice("modal"), "title": plain(24), "blocks": _NO_BLOCKS},
    {
        **_SHARED,
        "submit": plain(24),
        "close": plain(24),
        "clear_on_close": flag,
        "notify_on_close": flag,
        "submit_disabled": flag,
    },
)
_HOME: Final = Shape({"type": choice("home"), "blocks": _NO_BLOCKS}, _SHARED)


def check_message_blocks(blocks: Any) -> None:
    """Raises `invalid_blocks` (with every fault) or `msg_blocks_too_long`."""
    faults = list(many(_BLOCK, 0, MESSAGE_BLOCKS)(blocks, "/blocks")) or list(_whole(blocks, "/blocks"))
    if faults:
        raise SlackFault("invalid_blocks", messages=faults)
    if sum(_characters(block) for block in blocks) > MESSAGE_CHARACTERS:
        raise SlackFault("msg_blocks_too_long")


def check_view(view: Any, *, kinds: Sequence[str]) -> None:
    """Raises `invalid_arguments` with every fault, or `view_too_large`."""
    shapes: dict[str, Check] = {"modal": _MODAL, "home": _HOME}
    faults = list(by_type({kind: shapes[kind] for kind in kinds})(view, "/view"))
    faults = faults or list(_whole(view["blocks"], "/view/blocks")) or list(_submittable(view))
    if faults:
        raise SlackFault("invalid_arguments", messages=faults)
    if len(json.dumps(view)) > _VIEW_BYTES:
        raise SlackFault("view_too_large")


def elements_of(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The interactive elements of a block, in the order in which they stand."""
    found = [*block.get("elements", []), block.get("accessory"), block.get("element")]
    return [e for e in found if isinstance(e, dict) and "action_id" in e]


def _whole(blocks: Sequence[Mapping[str, Any]], where: str) -> Iterator[str]:
    seen: set[str] = set()
    focused = 0
    for number, block in enumerate(blocks):
        here = f"{where}/{number}"
        block_id = block.get("block_id")
        if block_id is not None and block_id in seen:
            yield fault(f"block_id already exists: {block_id}", f"{here}/block_id")
        seen.add(str(block_id))
        actions = [element["action_id"] for element in elements_of(block)]
        if len(actions) != len(set(actions)):
            yield fault("action_id must be unique within a block", f"{here}/elements")
        focused += sum(element.get("focus_on_load") is True for element in elements_of(block))
        yield from _second_opinion(block, here)
    if focused > 1:
        yield fault("only one element may have focus_on_load", where)


def _second_opinion(block: Mapping[str, Any], where: str) -> Iterator[str]:
    try:
        parsed = Block.parse(dict(block))
        if parsed is not None:
            parsed.validate_json()
    except SlackObjectFormationError as error:
        yield fault(str(error), where)


def _submittable(view: Mapping[str, Any]) -> Iterator[str]:
    asks = any(block["type"] == "input" for block in view["blocks"])
    if asks and view["type"] == "modal" and "submit" not in view:
        yield fault("a submit button is required when there are input blocks", "/view/submit")


def _characters(value: Any) -> int:
    """Everything that is shown counts; keys and ids do not."""
    if isinstance(value, dict):
        return sum(
            len(item) if key in {"text", "alt_text"} and isinstance(item, str) else _characters(item)
            for key, item in value.items()
        )
    if isinstance(value, list):
        return sum(_characters(item) for item in value)
    return 0
