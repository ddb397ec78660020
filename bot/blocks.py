"""The few Block Kit shapes that our cards are made of, each within Slack's limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

Block = dict[str, Any]

SECTION: Final = 3000
HEADER: Final = 150
CONTEXT: Final = 2000


@dataclass(frozen=True, slots=True)
class Card:
    """A message: its blocks, and the text that notifications and screen readers use instead.

    `text` never holds personal data: it is shown on lock screens.
    """

    text: str
    blocks: Sequence[Block]


def section(text: str) -> Block:
    """Our own words in mrkdwn; `verbatim`, so that nothing turns into a link by itself."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": _cut(text, SECTION), "verbatim": True}}


def context(text: str) -> Block:
    return {
        "type": "context",
        "elements": [{"type": "mrkdwn", "text": _cut(text, CONTEXT), "verbatim": True}],
    }


def header(text: str) -> Block:
    return {"type": "header", "text": plain_text(text, HEADER)}


def plain_text(text: str, limit: int) -> Block:
    return {"type": "plain_text", "text": _cut(text, limit), "emoji": False}


def rich(*parts: Block) -> Block:
    """Where strangers' words stand: Slack reads neither marks nor mentions in it."""
    return {"type": "rich_text", "elements": list(parts)}


def paragraph(*pieces: Block) -> Block:
    return {"type": "rich_text_section", "elements": list(pieces)}


def quote(text: str) -> Block:
    return {"type": "rich_text_quote", "elements": [words(text)]}


def words(text: str, *, bold: bool = False) -> Block:
    piece: Block = {"type": "text", "text": text}
    return {**piece, "style": {"bold": True}} if bold else piece


def actions(*buttons: Block) -> Block:
    return {"type": "actions", "elements": list(buttons)}


def button(label: str, action_id: str, value: str, **more: Any) -> Block:
    """`value` is a reference or an id, never text."""
    return {
        "type": "button",
        "action_id": action_id,
        "value": value,
        "text": plain_text(label, 75),
        **more,
    }


def are_you_sure(title: str, text: str, confirm: str, deny: str) -> Block:
    return {
        "title": plain_text(title, 100),
        "text": plain_text(text, 300),
        "confirm": plain_text(confirm, 30),
        "deny": plain_text(deny, 30),
    }


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"
