"""The shapes of Block Kit's text objects and elements, with every limit of Slack's that is known to us.

Written down from Slack's public reference and never compared with the real service. What is not here is
refused: an app that uses a newer block first has to teach it to the stand-in.
"""

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

ID: Final = string(255)
URL: Final = string(3000)
_DATE: Final = string(10, 10)
_TIME: Final = string(5, 5)


def plain(most: int) -> Shape:
    return Shape({"type": choice("plain_text"), "text": string(most)}, {"emoji": flag})


def marked(most: int) -> Check:
    """plain_text or mrkdwn; `emoji` belongs to the first, `verbatim` to the second."""
    return by_type(
        {
            "plain_text": plain(most),
            "mrkdwn": Shape({"type": choice("mrkdwn"), "text": string(most)}, {"verbatim": flag}),
        }
    )


CONFIRM: Final = Shape(
    {"title": plain(100), "text": marked(300), "confirm": plain(30), "deny": plain(30)},
    {"style": choice("primary", "danger")},
)


def _option(text: Check, **more: Check) -> Shape:
    return Shape({"text": text, "value": string(150)}, {"description": marked(75), **more})


PLAIN_OPTION: Final = _option(plain(75))
MARKED_OPTION: Final = _option(marked(75))
_GROUP: Final = Shape({"label": plain(75), "options": many(PLAIN_OPTION, 1, 100)})


def _one_source_of_options(value: Mapping[str, Any], where: str) -> Iterator[str]:
    if ("options" in value) == ("option_groups" in value):
        yield fault("provide either options or option_groups", where)


def options_of(element: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every option of a select, whether in groups or not."""
    groups = element.get("option_groups") or []
    return [*(element.get("options") or []), *(option for group in groups for option in group["options"])]


def _initial_among_options(value: Mapping[str, Any], where: str) -> Iterator[str]:
    try:
        offered = options_of(value)
    except (TypeError, KeyError):
        return  # a group without options has been told already
    initial = value.get("initial_options", [value["initial_option"]] if "initial_option" in value else [])
    if not isinstance(initial, list) or any(option not in offered for option in initial):
        yield fault("initial option must be exactly one of the options", where)


def _rules(*rules: Check) -> Check:
    def check(value: Any, where: str) -> Iterator[str]:
        for rule in rules:
            yield from rule(value, where)

    return check


def _element(kind: str, /, **optional: Check) -> Shape:
    """`rule` is the shape's rule, not a key; keys that `must_` are required."""
    rule = optional.pop("rule", anything)
    required = {k.removeprefix("must_"): optional.pop(k) for k in list(optional) if k.startswith("must_")}
    return Shape({"type": choice(kind), **required}, {"action_id": ID, **optional}, rule)


def _asking(kind: str, /, **optional: Check) -> Shape:
    """An element that has a placeholder, may ask for a confirmation and may take the focus."""
    shared: dict[str, Check] = {"placeholder": plain(150), "confirm": CONFIRM, "focus_on_load": flag}
    return _element(kind, **(shared | optional))


def _several(kind: str, /, **optional: Check) -> Shape:
    return _asking(kind, max_selected_items=integer(1, 100), **optional)


_DISPATCH: Final = Shape(
    {}, {"trigger_actions_on": many(choice("on_enter_pressed", "on_character_entered"), 1, 2)}
)
_TYPED: Final[Mapping[str, Check]] = {
    "placeholder": plain(150),
    "focus_on_load": flag,
    "dispatch_action_config": _DISPATCH,
}
_OFFERED: Final[dict[str, Check]] = {
    "options": many(PLAIN_OPTION, 1, 100),
    "option_groups": many(_GROUP, 1, 100),
    "rule": _rules(_one_source_of_options, _initial_among_options),
}
_SOURCE: Final[dict[str, Check]] = {"min_query_length": integer(0, 100)}
_FILTER: Final = Shape(
    {},
    {
        "include": many(choice("im", "mpim", "private", "public"), 1, 4),
        "exclude_external_shared_channels": flag,
        "exclude_bot_users": flag,
    },
)


def _ticks(kind: str, initial: str, check: Check) -> Shape:
    return _element(
        kind,
        must_options=many(MARKED_OPTION, 1, 10),
        confirm=CONFIRM,
        focus_on_load=flag,
        rule=_initial_among_options,
        **{initial: check},
    )


ELEMENTS: Final[Mapping[str, Shape]] = {
    "button": _element(
        "button",
        must_text=plain(75),
        value=string(2000),
        url=URL,
        style=choice("primary", "danger"),
        confirm=CONFIRM,
        accessibility_label=string(75),
    ),
    "image": Shape(
        {"type": choice("image"), "alt_text": string(2000)},
        {"image_url": URL, "slack_file": Shape({}, {"id": ID, "url": URL})},
    ),
    "overflow": _element("overflow", must_options=many(_option(plain(75), url=URL), 1, 5), confirm=CONFIRM),
    "static_select": _asking("static_select", initial_option=PLAIN_OPTION, **_OFFERED),
    "multi_static_select": _several(
        "multi_static_select", initial_options=many(PLAIN_OPTION, 1, 100), **_OFFERED
    ),
    "external_select": _asking("external_select", initial_option=PLAIN_OPTION, **_SOURCE),
    "multi_external_select": _several(
        "multi_external_select", initial_options=many(PLAIN_OPTION, 1, 100), **_SOURCE
    ),
    "users_select": _asking("users_select", initial_user=ID),
    "multi_users_select": _several("multi_users_select", initial_users=many(ID, 1, 100)),
    "channels_select": _asking("channels_select", initial_channel=ID, response_url_enabled=flag),
    "conversations_select": _asking(
        "conversations_select",
        initial_conversation=ID,
        default_to_current_conversation=flag,
        response_url_enabled=flag,
        filter=_FILTER,
    ),
    "datepicker": _asking("datepicker", initial_date=_DATE),
    "timepicker": _asking("timepicker", initial_time=_TIME, timezone=string(100)),
    "checkboxes": _ticks("checkboxes", "initial_options", many(MARKED_OPTION, 1, 10)),
    "radio_buttons": _ticks("radio_buttons", "initial_option", MARKED_OPTION),
    "plain_text_input": _element(
        "plain_text_input",
        **_TYPED,
        initial_value=string(3000, 0),
        multiline=flag,
        min_length=integer(0, 3000),
        max_length=integer(1, 3000),
    ),
    "email_text_input": _element("email_text_input", **_TYPED, initial_value=string(3000)),
    "url_text_input": _element("url_text_input", **_TYPED, initial_value=string(3000)),
    "number_input": _element(
        "number_input",
        must_is_decimal_allowed=flag,
        **_TYPED,
        initial_value=string(100),
        min_value=string(100),
        max_value=string(100),
    ),
}

#: Elements that hold a value which is submitted; a button and an overflow menu only act.
STATEFUL: Final = frozenset(ELEMENTS) - {"button", "overflow", "image"}
TYPED_IN: Final = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
