"""Events that the app is told of, in the Events API's `event_callback` shape."""

from __future__ import annotations

from typing import Any

from bot.local_workspace.office import Office
from bot.local_workspace.population import APP_ID, BOT_USER, TEAM_ID, VERIFICATION_TOKEN

Json = dict[str, Any]


def tell(office: Office, event: Json, *, channel: str | None = None) -> None:
    """Owe the app this event, if it asked for such; delivered in the background, more than once if need
    be.
    """
    if office.subscribed is not None and event["type"] not in office.subscribed:
        return
    shared = channel is not None and office.ledger.state.channels[channel]["is_ext_shared"]
    moment = {"event_ts": event.get("ts") or office.ledger.next_ts()}
    office.line.tell(
        {
            "token": VERIFICATION_TOKEN,
            "team_id": TEAM_ID,
            "context_team_id": TEAM_ID,
            "context_enterprise_id": None,
            "api_app_id": APP_ID,
            "event": {**moment, **event},
            "type": "event_callback",
            "event_id": office.ledger.next_id("Ev"),
            "event_time": int(office.ledger.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": TEAM_ID,
                    "user_id": BOT_USER,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": shared,
        }
    )


def hears(office: Office, channel: str) -> bool:
    """The app hears only what happens where it is a member."""
    return BOT_USER in office.ledger.state.members[channel]


def kind_of(office: Office, channel: str) -> str:
    """`channel`, `group` or `im`: the `channel_type` of a message event."""
    found = office.ledger.state.channels[channel]
    if found["is_im"]:
        return "im"
    return "channel" if found["is_channel"] else "group"


def message_said(office: Office, channel: str, message: Json) -> None:
    if hears(office, channel):
        event = {**message, "channel": channel, "channel_type": kind_of(office, channel)}
        tell(office, event, channel=channel)


def message_changed(office: Office, channel: str, before: Json, after: Json | None) -> None:
    """Edited (`after` is the new message) or deleted (`after` is None)."""
    if not hears(office, channel):
        return
    change = (
        {"subtype": "message_deleted", "deleted_ts": before["ts"]}
        if after is None
        else {"subtype": "message_changed", "message": after}
    )
    event = {
        "type": "message",
        **change,
        "previous_message": before,
        "channel": channel,
        "channel_type": kind_of(office, channel),
        "hidden": True,
        "ts": office.ledger.next_ts(),
    }
    tell(office, event, channel=channel)


def member_joined(office: Office, channel: str, user: str) -> None:
    if hears(office, channel):
        letter = "C" if office.ledger.state.channels[channel]["is_channel"] else "G"
        event = {
            "type": "member_joined_channel",
            "user": user,
            "channel": channel,
            "channel_type": letter,
            "team": office.ledger.state.users[user]["team_id"],
        }
        tell(office, event, channel=channel)


def channel_shared(office: Office, channel: str, team: str) -> None:
    if hears(office, channel):
        event = {"type": "channel_shared", "connected_team_id": team, "channel": channel}
        tell(office, event, channel=channel)


def channel_renamed(office: Office, channel: str, name: str) -> None:
    if hears(office, channel):
        renamed = {"id": channel, "name": name, "created": office.ledger.state.channels[channel]["created"]}
        tell(office, {"type": "channel_rename", "channel": renamed}, channel=channel)


def home_opened(office: Office, user: str, channel: str) -> None:
    state = office.ledger.state
    view = state.views.get(state.homes.get(user, ""))
    shown = {} if view is None else {"view": view}
    tell(office, {"type": "app_home_opened", "user": user, "channel": channel, "tab": "home", **shown})
