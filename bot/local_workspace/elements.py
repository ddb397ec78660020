"""What a person can put into an element, and how Slack writes it down in `actions` and in `state.values`.

Values come from the page or a test as plain JSON: a string for text, a date, a person or the value of one
option, a list of strings where several may be chosen, None for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from bot.local_workspace.element_shapes import STATEFUL, options_of
from bot.local_workspace.faults import NotOnScreen
from bot.local_workspace.strictness import elements_of

Json = dict[str, Any]

#: element type -> (key in the payload, key of the initial value)
_KEYS: Final[Mapping[str, tuple[str, str]]] = {
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "overflow": ("selected_option", ""),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
}
_SEVERAL: Final = frozenset({"selected_options", "selected_users"})
#: what a person cannot even type or pick: told on the page before anything is sent
REQUIRED: Final = "Vul dit verplichte veld in. / Please complete this required field."
_WRONG: Final = "Deze waarde past niet in dit veld. / This value does not fit this field."


def key_of(element: Mapping[str, Any]) -> str:
    """Where this element's value stands in a payload."""
    return _KEYS[element["type"]][0]


def initial_value(element: Mapping[str, Any]) -> Json:
    """An element as it is when nobody touched it: its `initial_…` counts as chosen."""
    key, initial = _KEYS[element["type"]]
    nothing: Any = [] if key in _SEVERAL else None
    return {"type": element["type"], key: element.get(initial, nothing)}


def initial_values(blocks: Iterable[Mapping[str, Any]]) -> dict[str, Json]:
    """Block id -> action id -> value, for the elements that hold a value."""
    values: dict[str, Json] = {}
    for block in blocks:
        for element in elements_of(block):
            if element["type"] in STATEFUL:
                values.setdefault(block["block_id"], {})[element["action_id"]] = initial_value(element)
    return values


def chosen(element: Mapping[str, Any], value: Any, offered: Iterable[Json] = ()) -> Json:
    """The value in Slack's shape; `offered` are the options that an external select got from the app.

    Raises `NotOnScreen` for an option that the element does not have.
    """
    kind = element["type"]
    if kind not in _KEYS:
        return {"type": kind}
    key = key_of(element)
    options = [*options_of(element), *offered]
    if value is None or value == "":
        return {"type": kind, key: [] if key in _SEVERAL else None}
    if key == "selected_option":
        return {"type": kind, key: _option(options, value)}
    if key == "selected_options":
        return {"type": kind, key: [_option(options, one) for one in value]}
    if key == "selected_users":
        return {"type": kind, key: list(value)}
    return {"type": kind, key: str(value)}


def _option(options: Iterable[Json], value: Any) -> Json:
    for option in options:
        if option.get("value") == value:
            return option
    raise NotOnScreen("no such option")


def complaint(block: Mapping[str, Any], value: Mapping[str, Any]) -> str | None:
    """Why Slack's own client would not send this field: empty but required, too short, not a date…"""
    element = block["element"]
    given = value.get(key_of(element))
    if not given:
        return None if block.get("optional") else REQUIRED
    return None if _fits(element, given) else _WRONG


def _fits(element: Mapping[str, Any], given: Any) -> bool:  # noqa: PLR0911 - one line per kind of field
    match element["type"]:
        case "plain_text_input":
            return bool(element.get("min_length", 0) <= len(given) <= element.get("max_length", 3000))
        case "email_text_input":
            return re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", given) is not None
        case "url_text_input":
            return re.fullmatch(r"https?://\S+", given) is not None
        case "number_input":
            pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
            return re.fullmatch(pattern, given) is not None and _in_range(element, float(given))
        case "datepicker":
            return _is_date(given)
        case "multi_static_select" | "multi_users_select" | "multi_external_select":
            return len(given) <= int(element.get("max_selected_items", 100))
    return True


def _in_range(element: Mapping[str, Any], number: float) -> bool:
    least, most = element.get("min_value"), element.get("max_value")
    return (least is None or float(least) <= number) and (most is None or number <= float(most))


def _is_date(given: str) -> bool:
    try:
        date.fromisoformat(given)
    except ValueError:
        return False
    return True
