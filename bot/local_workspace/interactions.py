"""The payloads that a person's click, submission, command or shortcut becomes; with every key that Slack
sends.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.local_workspace.office import Office
from bot.local_workspace.population import APP_ID, TEAM_DOMAIN, TEAM_ID, VERIFICATION_TOKEN

Json = dict[str, Any]


def _from(office: Office, user: str, kind: str) -> Json:
    person = office.ledger.state.users[user]
    return {
        "type": kind,
        "user": {
            "id": user,
            "username": person["name"],
            "name": person["name"],
            "team_id": person["team_id"],
        },
        "team": {"id": TEAM_ID, "domain": TEAM_DOMAIN},
        "api_app_id": APP_ID,
        "token": VERIFICATION_TOKEN,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _place(office: Office, channel: str) -> Json:
    found = office.ledger.state.channels[channel]
    return {"id": channel, "name": "directmessage" if found["is_im"] else found["name"]}


def _response_url(office: Office, **what: Any) -> str:
    return f"{office.address}/response/{office.response_urls.issue(**what)}"


def on_message(office: Office, user: str, channel: str, message: Mapping[str, Any], kind: str) -> Json:
    """What `block_actions` and `block_suggestion` on a message share. An ephemeral message itself is
    not sent along.
    """
    ephemeral = message.get("is_ephemeral", False)
    container: Json = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel,
        "is_ephemeral": ephemeral,
    }
    if "thread_ts" in message:
        container["thread_ts"] = message["thread_ts"]
    shown = {} if ephemeral else {"message": dict(message)}
    return {
        **_from(office, user, kind),
        "container": container,
        "channel": _place(office, channel),
        **shown,
    }


def on_view(office: Office, user: str, view: Mapping[str, Any], kind: str) -> Json:
    """What `block_actions` and `block_suggestion` in a modal or home share."""
    container = {"type": "view", "view_id": view["id"]}
    return {**_from(office, user, kind), "container": container, "view": dict(view)}


def message_actions(
    office: Office, user: str, channel: str, message: Mapping[str, Any], *, action: Json, values: Json
) -> Json:
    """A click on a message."""
    url = _response_url(
        office,
        user=user,
        channel=channel,
        ts=message["ts"],
        ephemeral=message.get("is_ephemeral", False),
        thread_ts=message.get("thread_ts"),
    )
    return {
        **on_message(office, user, channel, message, "block_actions"),
        "state": {"values": values},
        "response_url": url,
        "trigger_id": office.triggers.issue(user),
        "actions": [action],
    }


def view_actions(office: Office, user: str, view: Mapping[str, Any], action: Json) -> Json:
    """A click in a modal or on the App Home; the view carries its state."""
    inside = view["id"] if view["type"] == "modal" else None
    return {
        **on_view(office, user, view, "block_actions"),
        "trigger_id": office.triggers.issue(user, inside),
        "actions": [action],
    }


def view_submission(office: Office, user: str, view: Mapping[str, Any]) -> Json:
    return {
        **_from(office, user, "view_submission"),
        "trigger_id": office.triggers.issue(user, view["id"]),
        "view": dict(view),
        "response_urls": [],
    }


def view_closed(office: Office, user: str, view: Mapping[str, Any], *, cleared: bool) -> Json:
    return {**_from(office, user, "view_closed"), "view": dict(view), "is_cleared": cleared}


def message_shortcut(
    office: Office, user: str, channel: str, message: Mapping[str, Any], callback_id: str
) -> Json:
    return {
        **_from(office, user, "message_action"),
        "callback_id": callback_id,
        "trigger_id": office.triggers.issue(user),
        "response_url": _response_url(office, user=user, channel=channel),
        "message_ts": message["ts"],
        "message": dict(message),
        "channel": _place(office, channel),
        "action_ts": office.ledger.next_ts(),
    }


def global_shortcut(office: Office, user: str, callback_id: str) -> Json:
    return {
        **_from(office, user, "shortcut"),
        "callback_id": callback_id,
        "trigger_id": office.triggers.issue(user),
        "action_ts": office.ledger.next_ts(),
    }


def slash_command(office: Office, user: str, channel: str, command: str, text: str) -> Json:
    place = _place(office, channel)
    return {
        "token": VERIFICATION_TOKEN,
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": channel,
        "channel_name": place["name"],
        "user_id": user,
        "user_name": office.ledger.state.users[user]["name"],
        "command": command,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": _response_url(office, user=user, channel=channel),
        "trigger_id": office.triggers.issue(user),
    }
