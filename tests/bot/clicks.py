"""What Slack sends when somebody clicks or submits, handed to a real Bolt app without a socket."""

from __future__ import annotations

import json
from typing import Any

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest

from tests.bot.fake_slack import ANNA, STAFF, TEAM

Json = dict[str, Any]


def click(action_id: str, value: str, *, user: str = ANNA, thread: str | None = None) -> Json:
    message: Json = {"ts": "1.000100"} | ({"thread_ts": thread} if thread else {})
    return {
        "type": "block_actions",
        **_sender(user),
        "trigger_id": "1.2.trigger",
        "channel": {"id": STAFF},
        "message": message,
        "container": {"type": "message", "message_ts": message["ts"], "channel_id": STAFF},
        "actions": [{"type": "button", "action_id": action_id, "block_id": "b", "value": value}],
    }


def submission(view: Json, values: Json, *, user: str = ANNA) -> Json:
    shown = {**view, "id": "V1", "state": {"values": values}}
    return {"type": "view_submission", **_sender(user), "trigger_id": "1.2.trigger", "view": shown}


async def dispatch(app: AsyncApp, payload: Json) -> BoltResponse:
    return await app.async_dispatch(AsyncBoltRequest(body=payload, mode="socket_mode"))


def acked(response: BoltResponse) -> Json:
    """What goes back with the acknowledgement."""
    return dict(json.loads(response.body)) if response.body else {}


def _sender(user: str) -> Json:
    return {"user": {"id": user, "team_id": TEAM}, "team": {"id": TEAM}, "api_app_id": "A0", "token": "t"}
