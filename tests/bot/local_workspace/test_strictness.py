from __future__ import annotations

from typing import Any

import pytest

from bot.local_workspace.faults import SlackFault
from bot.local_workspace.strictness import check_message_blocks, check_view
from tests.bot.local_workspace.stage import asked, button, card, modal


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def marked(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def section(**more: Any) -> dict[str, Any]:
    return {"type": "section", **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def option(text: str = "Anna", value: str = "a", **more: Any) -> dict[str, Any]:
    return {"text": plain(text), "value": value, **more}


def select(*options: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "pick", "options": list(options), **more}


def confirm(**more: Any) -> dict[str, Any]:
    words = {"title": plain("Zeker?"), "text": marked("Echt?"), "confirm": plain("Ja"), "deny": plain("Nee")}
    return {**words, **more}


def ticks(count: int) -> dict[str, Any]:
    return {"type": "checkboxes", "action_id": "x", "options": [option(value=str(n)) for n in range(count)]}


TAKEN = {
    "a card": card(),
    "50 blocks": [{"type": "divider"}] * 50,
    "section text 3000": [section(text=marked("x" * 3000))],
    "10 fields": [section(fields=[marked("x")] * 10)],
    "field 2000": [section(fields=[marked("x" * 2000)])],
    "header 150": [{"type": "header", "text": plain("x" * 150)}],
    "button text 75": [actions(button(text=plain("x" * 75)))],
    "button value 2000": [actions(button(value="x" * 2000))],
    "25 elements": [actions(*(button(f"b{n}") for n in range(25)))],
    "10 in a context": [{"type": "context", "elements": [marked("x")] * 10}],
    "100 options": [actions(select(*(option(value=str(n)) for n in range(100))))],
    "option groups": [
        actions(
            {
                "type": "static_select",
                "action_id": "pick",
                "option_groups": [{"label": plain("Team"), "options": [option()]}],
                "initial_option": option(),
            }
        )
    ],
    "confirm 100/300/30": [
        actions(
            button(
                confirm=confirm(
                    title=plain("x" * 100),
                    text=marked("x" * 300),
                    confirm=plain("x" * 30),
                    deny=plain("x" * 30),
                )
            )
        )
    ],
    "rich text": [
        {
            "type": "rich_text",
            "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "hoi"}]}],
        }
    ],
    "an input with a picture before it": [
        {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "een staafje"},
        asked(),
    ],
}

REFUSED = {
    "51 blocks": [{"type": "divider"}] * 51,
    "no list": {"type": "divider"},
    "block without type": [{"text": plain("x")}],
    "unknown block": [{"type": "carousel"}],
    "unknown key": [{"type": "divider", "colour": "red"}],
    "section without text": [section()],
    "empty text": [section(text=marked(""))],
    "section text 3001": [section(text=marked("x" * 3001))],
    "11 fields": [section(fields=[marked("x")] * 11)],
    "field 2001": [section(fields=[marked("x" * 2001)])],
    "header 151": [{"type": "header", "text": plain("x" * 151)}],
    "mrkdwn in a header": [{"type": "header", "text": marked("x")}],
    "block_id 256": [{"type": "divider", "block_id": "x" * 256}],
    "block_id twice": [{"type": "divider", "block_id": "x"}, {"type": "divider", "block_id": "x"}],
    "button text 76": [actions(button(text=plain("x" * 76)))],
    "button value 2001": [actions(button(value="x" * 2001))],
    "mrkdwn on a button": [actions(button(text=marked("x")))],
    "unknown style": [actions(button(style="warning"))],
    "action_id 256": [actions(button("x" * 256))],
    "action_id twice in a block": [actions(button(), button())],
    "no elements": [actions()],
    "26 elements": [actions(*(button(f"b{n}") for n in range(26)))],
    "text input in actions": [actions({"type": "plain_text_input", "action_id": "x"})],
    "11 in a context": [{"type": "context", "elements": [marked("x")] * 11}],
    "no options": [actions(select())],
    "neither options nor groups": [actions({"type": "static_select", "action_id": "x"})],
    "101 options": [actions(select(*(option(value=str(n)) for n in range(101))))],
    "option text 76": [actions(select(option(text="x" * 76)))],
    "option value 151": [actions(select(option(value="x" * 151)))],
    "initial option that is not offered": [actions(select(option(), initial_option=option(value="b")))],
    "overflow of 6": [
        actions({"type": "overflow", "action_id": "x", "options": [option(value=str(n)) for n in range(6)]})
    ],
    "11 checkboxes": [actions(ticks(11))],
    "confirm title 101": [actions(button(confirm=confirm(title=plain("x" * 101))))],
    "confirm text 301": [actions(button(confirm=confirm(text=marked("x" * 301))))],
    "confirm deny 31": [actions(button(confirm=confirm(deny=plain("x" * 31))))],
    "half a confirm": [actions(button(confirm={"title": plain("Zeker?")}))],
    "image without alt text": [{"type": "image", "image_url": "https://example.org/a.png"}],
    "image from nowhere": [{"type": "image", "alt_text": "x"}],
    "two that want the focus": [
        actions(select(option(), focus_on_load=True)),
        actions({"type": "datepicker", "action_id": "d", "focus_on_load": True}),
    ],
    "a date that the SDK refuses": [
        actions({"type": "datepicker", "action_id": "d", "initial_date": "morgenvroeg"})
    ],
}


@pytest.mark.parametrize("blocks", TAKEN.values(), ids=TAKEN)
def test_what_slack_takes_is_taken(blocks):
    check_message_blocks(blocks)


@pytest.mark.parametrize("blocks", REFUSED.values(), ids=REFUSED)
def test_what_slack_refuses_is_refused_with_the_place(blocks):
    with pytest.raises(SlackFault) as refused:
        check_message_blocks(blocks)

    assert refused.value.error == "invalid_blocks"
    assert all("json-pointer:/blocks" in message for message in refused.value.messages)


def test_a_message_that_is_too_long_over_all_its_blocks_fails_as_a_whole():
    fits = [section(text=marked("x" * 2600))] * 5

    check_message_blocks(fits)
    with pytest.raises(SlackFault) as refused:
        check_message_blocks([*fits, section(text=marked("x"))])

    assert refused.value.error == "msg_blocks_too_long"


VIEWS_TAKEN = {
    "title, submit, close 24": modal(title=plain("x" * 24), submit=plain("x" * 24), close=plain("x" * 24)),
    "private_metadata 3000": modal(private_metadata="x" * 3000),
    "100 blocks": modal(*[{"type": "divider"}] * 100),
    "nothing asked, no submit": {"type": "modal", "title": plain("x"), "blocks": []},
    "home": {"type": "home", "blocks": card()},
}
VIEWS_REFUSED = {
    "title 25": modal(title=plain("x" * 25)),
    "submit 25": modal(submit=plain("x" * 25)),
    "close 25": modal(close=plain("x" * 25)),
    "private_metadata 3001": modal(private_metadata="x" * 3001),
    "callback_id 256": modal(callback_id="x" * 256),
    "101 blocks": modal(*[{"type": "divider"}] * 101),
    "input without submit": {"type": "modal", "title": plain("x"), "blocks": [asked()]},
    "home with a submit button": {"type": "home", "blocks": [], "submit": plain("x")},
    "no title": {"type": "modal", "blocks": []},
    "unknown type": {"type": "workflow_step", "blocks": []},
    "no view": None,
    "input without label": modal(
        {"type": "input", "element": {"type": "plain_text_input", "action_id": "x"}}
    ),
}


@pytest.mark.parametrize("view", VIEWS_TAKEN.values(), ids=VIEWS_TAKEN)
def test_a_view_that_slack_takes_is_taken(view):
    check_view(view, kinds=("modal", "home"))


@pytest.mark.parametrize("view", VIEWS_REFUSED.values(), ids=VIEWS_REFUSED)
def test_a_view_that_slack_refuses_is_refused(view):
    with pytest.raises(SlackFault) as refused:
        check_view(view, kinds=("modal", "home"))

    assert refused.value.error == "invalid_arguments"
    assert refused.value.messages
