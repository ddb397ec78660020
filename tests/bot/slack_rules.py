"""What Slack takes, as far as it is known: the SDK's own checks and those that it forgets."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from slack_sdk.models.blocks import Block

BLOCKS, VIEW_BLOCKS, CHARACTERS = 50, 100, 13_000


def assert_message_fits(blocks: Sequence[dict[str, Any]]) -> None:
    assert 1 <= len(blocks) <= BLOCKS
    assert sum(map(len, all_texts(blocks))) <= CHARACTERS
    _assert_blocks_fit(blocks)


def assert_view_fits(view: dict[str, Any]) -> None:
    assert 1 <= len(view["blocks"]) <= VIEW_BLOCKS
    assert all(len(view[part]["text"]) <= 24 for part in ("title", "submit", "close") if part in view)
    assert len(view.get("private_metadata", "")) <= 3000
    assert "submit" in view or not any(block["type"] == "input" for block in view["blocks"])
    ids = [block["block_id"] for block in view["blocks"] if "block_id" in block]
    assert len(ids) == len(set(ids))
    _assert_blocks_fit(view["blocks"])


def all_texts(part: Any) -> Iterator[str]:
    """Everything that a person sees, wherever it stands."""
    if isinstance(part, dict):
        for key, value in part.items():
            if key == "text" and isinstance(value, str):
                yield value
            else:
                yield from all_texts(value)
    elif isinstance(part, list | tuple):
        for item in part:
            yield from all_texts(item)


def seen(blocks: Sequence[dict[str, Any]]) -> str:
    return "\n".join(all_texts(blocks))


def mrkdwn(part: Any) -> Iterator[str]:
    """The texts in which Slack reads marks and mentions."""
    if isinstance(part, dict):
        if part.get("type") == "mrkdwn":
            yield part["text"]
        for value in part.values():
            yield from mrkdwn(value)
    elif isinstance(part, list | tuple):
        for item in part:
            yield from mrkdwn(item)


def buttons(blocks: Sequence[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """By action id."""
    rows = [block["elements"] for block in blocks if block["type"] == "actions"]
    return {button["action_id"]: button for row in rows for button in row}


def _assert_blocks_fit(blocks: Sequence[dict[str, Any]]) -> None:
    assert json.loads(json.dumps(blocks)) == list(blocks)
    for block in blocks:
        parsed = Block.parse(dict(block))
        assert parsed is not None, f"an unknown block: {block['type']}"
        parsed.validate_json()
        assert all(text for text in all_texts(block)), "Slack takes no empty text"
        _assert_known_limits(block)


def _assert_known_limits(block: dict[str, Any]) -> None:
    limits = {"section": 3000, "header": 150, "context": 2000, "actions": 75}
    if block["type"] in limits:
        own = list(all_texts(block))
        if block["type"] == "actions":
            own = [element["text"]["text"] for element in block["elements"]]
        assert all(len(text) <= limits[block["type"]] for text in own)
    elements = block.get("elements", [])
    ids = [element["action_id"] for element in elements if "action_id" in element]
    assert len(ids) == len(set(ids))
    for option in block.get("element", {}).get("options", []):
        assert len(option["text"]["text"]) <= 75
        assert len(option["value"]) <= 150
        assert len(option.get("description", {}).get("text", "")) <= 75
