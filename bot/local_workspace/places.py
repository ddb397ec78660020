"""Which conversation an app means, and whether it may be there."""

from __future__ import annotations

from typing import Any

from bot.local_workspace.faults import SlackFault
from bot.local_workspace.office import Office
from bot.local_workspace.population import BOT_USER, TEAM_ID

Json = dict[str, Any]


def channel_named(office: Office, channel: str) -> str:
    """An id that exists and that the bot can see; `channel_not_found` otherwise (a private channel is
    not even told of).
    """
    found = office.ledger.state.channels.get(channel)
    hidden = (
        found is not None and not found["is_channel"] and BOT_USER not in office.ledger.state.members[channel]
    )
    if found is None or hidden:
        raise SlackFault("channel_not_found")
    return channel


def require_member(office: Office, channel: str) -> None:
    if BOT_USER not in office.ledger.state.members[channel]:
        raise SlackFault("not_in_channel")
    if office.ledger.state.channels[channel]["is_archived"]:
        raise SlackFault("is_archived")


def channel_for_post(office: Office, channel: str) -> str:
    """A channel's id, its name with or without #, or a person's id (their direct conversation)."""
    state = office.ledger.state
    if channel in state.users:
        return str(open_direct(office, channel)["id"])
    named: dict[str, str] = {c["name"]: c["id"] for c in state.channels.values() if not c["is_im"]}
    found = channel_named(office, named.get(channel.removeprefix("#"), channel))
    require_member(office, found)
    return found


def open_direct(office: Office, user: str) -> Json:
    """The direct conversation with this person, made when there is none."""
    state = office.ledger.state
    person = state.users.get(user)
    if person is None:
        raise SlackFault("user_not_found")
    if person["deleted"]:
        raise SlackFault("user_disabled")
    if user == BOT_USER:
        raise SlackFault("channel_not_found")
    known = state.direct(user)
    if known is None:
        known = f"D0{user.removeprefix('U0')}"
        office.ledger.record("direct_opened", user=user, channel=_direct(office, known, user))
    return dict(state.channels[known])


def _direct(office: Office, channel_id: str, user: str) -> Json:
    return {
        "id": channel_id,
        "name": "",
        "user": user,
        "is_channel": False,
        "is_group": False,
        "is_im": True,
        "is_mpim": False,
        "is_private": True,
        "is_archived": False,
        "is_shared": False,
        "is_ext_shared": False,
        "is_org_shared": False,
        "context_team_id": TEAM_ID,
        "created": int(office.ledger.now().timestamp()),
    }
