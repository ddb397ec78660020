"""The shapes of Block Kit's blocks, and which elements each may hold; see element_shapes.py."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from bot.local_workspace.checks import (
    Check,
    Shape,
    anything,
    by_type,
    choice,
    fault,
    flag,
    integer,
    many,
    string,
)
from bot.local_workspace.element_shapes import ELEMENTS, ID, STATEFUL, TYPED_IN, URL, marked, plain


def _of(*kinds: str) -> Check:
    return by_type({kind: ELEMENTS[kind] for kind in kinds})


_IN_ACTIONS: Final = _of(*sorted(frozenset(ELEMENTS) - TYPED_IN - {"image"}))
_IN_SECTION: Final = _of(*sorted(frozenset(ELEMENTS) - TYPED_IN))
_IN_INPUT: Final = _of(*sorted(STATEFUL))
_IN_CONTEXT: Final = by_type(
    {
        "image": ELEMENTS["image"],
        "plain_text": plain(2000),
        "mrkdwn": Shape({"type": choice("mrkdwn"), "text": string(2000)}, {"verbatim": flag}),
    }
)

_STYLE: Final = Shape({}, dict.fromkeys(("bold", "italic", "strike", "code"), flag))
_RICH_PIECE: Final = by_type(
    {
        "text": Shape({"type": choice("text"), "text": string(13_000)}, {"style": _STYLE}),
        "link": Shape(
            {"type": choice("link"), "url": URL},
            {"text": string(3000), "style": _STYLE, "unsafe": flag},
        ),
        "user": Shape({"type": choice("user"), "user_id": ID}, {"style": _STYLE}),
        "usergroup": Shape({"type": choice("usergroup"), "usergroup_id": ID}, {"style": _STYLE}),
        "channel": Shape({"type": choice("channel"), "channel_id": ID}, {"style": _STYLE}),
        "broadcast": Shape({"type": choice("broadcast"), "range": choice("here", "channel", "everyone")}),
        "emoji": Shape({"type": choice("emoji"), "name": ID}, {"unicode": ID, "style": _STYLE}),
        "date": Shape(
            {"type": choice("date"), "timestamp": integer(0, 2**40), "format": string(255)},
            {"url": URL, "fallback": string(3000), "style": _STYLE},
        ),
    }
)
_PIECES: Final = many(_RICH_PIECE, 0, 1000)
_RICH_SECTION: Final = Shape({"type": choice("rich_text_section"), "elements": _PIECES})


def _rich(kind: str, **optional: Check) -> Shape:
    return Shape({"type": choice(kind), "elements": _PIECES}, optional)


_RICH: Final = by_type(
    {
        "rich_text_section": _RICH_SECTION,
        "rich_text_quote": _rich("rich_text_quote", border=integer(0, 1)),
        "rich_text_preformatted": _rich("rich_text_preformatted", border=integer(0, 1), language=string(50)),
        "rich_text_list": Shape(
            {
                "type": choice("rich_text_list"),
                "style": choice("bullet", "ordered"),
                "elements": many(_RICH_SECTION, 0, 1000),
            },
            {"indent": integer(0, 8), "offset": integer(0, 1000), "border": integer(0, 1)},
        ),
    }
)


def _text_or_fields(value: Mapping[str, Any], where: str) -> Iterator[str]:
    if "text" not in value and "fields" not in value:
        yield fault("missing required field: text or fields", where)


def _one_image(value: Mapping[str, Any], where: str) -> Iterator[str]:
    if ("image_url" in value) == ("slack_file" in value):
        yield fault("provide either image_url or slack_file", where)


def _block(kind: str, required: Mapping[str, Check], rule: Check = anything, **optional: Check) -> Shape:
    return Shape({"type": choice(kind), **required}, {"block_id": ID, **optional}, rule)


BLOCKS: Final[Mapping[str, Shape]] = {
    "header": _block("header", {"text": plain(150)}),
    "divider": _block("divider", {}),
    "section": _block(
        "section",
        {},
        _text_or_fields,
        text=marked(3000),
        fields=many(marked(2000), 1, 10),
        accessory=_IN_SECTION,
        expand=flag,
    ),
    "context": _block("context", {"elements": many(_IN_CONTEXT, 1, 10)}),
    "actions": _block("actions", {"elements": many(_IN_ACTIONS, 1, 25)}),
    "image": _block(
        "image",
        {"alt_text": string(2000)},
        _one_image,
        image_url=URL,
        slack_file=Shape({}, {"id": ID, "url": URL}),
        title=plain(2000),
    ),
    "input": _block(
        "input",
        {"label": plain(2000), "element": _IN_INPUT},
        hint=plain(2000),
        optional=flag,
        dispatch_action=flag,
    ),
    "rich_text": _block("rich_text", {"elements": many(_RICH, 0, 1000)}),
}
