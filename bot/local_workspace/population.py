"""Who and what is in the stand-in: one team, six people, five channels and two groups, always the same.

The ids are stable, so that tests, journeys and a database that outlives a restart can name them. The shapes
are those of Slack's own user, conversation and usergroup objects, cut down to the fields that an app may
rely on.
"""

from __future__ import annotations

from typing import Any, Final

Json = dict[str, Any]

TEAM_ID: Final = "T0SMARTFMS"
TEAM_NAME: Final = "Smart FMS (oefenwerkplaats)"
TEAM_DOMAIN: Final = "smartfms-oefen"
PARTNER_TEAM_ID: Final = "T0PARTNER1"
APP_ID: Final = "A0RIGHTSDESK"
BOT_ID: Final = "B0RIGHTSDESK"
BOT_USER: Final = "U0RIGHTSDESK"

BOT_TOKEN: Final = "xoxb-local-workspace"  # noqa: S105 - the stand-in's public password; it opens nothing but the stand-in
APP_TOKEN: Final = "xapp-local-workspace"  # noqa: S105 - see BOT_TOKEN
SIGNING_SECRET: Final = "local-workspace-signing-secret"  # noqa: S105 - see BOT_TOKEN
#: The `token` that Slack still puts into each payload, and that nobody should check any more.
VERIFICATION_TOKEN: Final = "local-workspace-verification"  # noqa: S105 - see BOT_TOKEN

ANNA: Final = "U0ANNA"
BRAM: Final = "U0BRAM"
CARLA: Final = "U0CARLA"
GIJS: Final = "U0GIJS"
ELKE: Final = "U0ELKE"
DIRK: Final = "U0DIRK"
PEOPLE: Final = (ANNA, BRAM, CARLA, GIJS, ELKE, DIRK)

STAFF_CHANNEL: Final = "C0VERZOEKEN"
DEADLINES_CHANNEL: Final = "C0TERMIJNEN"
LEADS_CHANNEL: Final = "C0TEAMLEIDING"
GENERAL_CHANNEL: Final = "C0ALGEMEEN"
PARTNER_CHANNEL: Final = "C0PARTNER"

AGENTS_GROUP: Final = "S0AGENTEN"
LEADS_GROUP: Final = "S0TEAMLEIDERS"

#: What the installed app may do; told in every reply's `x-oauth-scopes` header, as Slack does.
SCOPES: Final = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:read",
    "im:write",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "users:read",
    "users:read.email",
)


def _user(user_id: str, real_name: str, role: str, **facts: Any) -> Json:
    first = real_name.split(" ", maxsplit=1)[0]
    return {
        "id": user_id,
        "team_id": TEAM_ID,
        "name": first.lower(),
        "real_name": real_name,
        "deleted": False,
        "tz": "Europe/Amsterdam",
        "tz_offset": 3600,
        "is_admin": False,
        "is_owner": False,
        "is_bot": False,
        "is_app_user": False,
        "is_restricted": False,
        "is_ultra_restricted": False,
        "locale": "nl-NL",
        "profile": {
            "real_name": real_name,
            "display_name": first,
            "title": role,
            "email": f"{first.lower()}@smartfms.example",
            "team": facts.get("team_id", TEAM_ID),
        },
        **facts,
    }


def users() -> dict[str, Json]:
    """The bot, and the six people: two agents, a lead, a guest, an outsider, one who left."""
    bot = _user(BOT_USER, "Rights Desk", "app", is_bot=True, name="rightsdesk")
    bot["profile"] |= {"bot_id": BOT_ID, "api_app_id": APP_ID}
    del bot["profile"]["email"]
    people = (
        bot,
        _user(ANNA, "Anna de Wit", "agent"),
        _user(BRAM, "Bram Visser", "agent"),
        _user(CARLA, "Carla Jansen", "lead"),
        _user(GIJS, "Gijs Mulder", "guest", is_restricted=True),
        _user(ELKE, "Elke Peeters", "outsider", team_id=PARTNER_TEAM_ID, is_stranger=False),
        _user(DIRK, "Dirk Smit", "deactivated", deleted=True),
    )
    return {person["id"]: person for person in people}


def _channel(
    channel_id: str, name: str, purpose: str, *, private: bool = False, shared: bool = False
) -> Json:
    return {
        "id": channel_id,
        "name": name,
        "name_normalized": name,
        "is_channel": not private,
        "is_group": private,
        "is_im": False,
        "is_mpim": False,
        "is_private": private,
        "is_archived": False,
        "is_general": False,
        "is_shared": shared,
        "is_ext_shared": shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "connected_team_ids": [PARTNER_TEAM_ID] if shared else [],
        "context_team_id": TEAM_ID,
        "creator": CARLA,
        "created": 1_767_225_600,
        "topic": {"value": "", "creator": "", "last_set": 0},
        "purpose": {"value": purpose, "creator": CARLA, "last_set": 1_767_225_600},
    }


def channels() -> dict[str, Json]:
    """Staff, deadlines, leads (private), an ordinary one that the bot has yet to join, and one shared
    with a partner.
    """
    rooms = (
        _channel(STAFF_CHANNEL, "avg-verzoeken", "Kaarten van AVG-verzoeken"),
        _channel(DEADLINES_CHANNEL, "avg-termijnen", "Herinneringen aan termijnen"),
        _channel(LEADS_CHANNEL, "avg-teamleiding", "Het dagelijkse overzicht", private=True),
        _channel(GENERAL_CHANNEL, "algemeen", "Voor iedereen"),
        _channel(PARTNER_CHANNEL, "met-partner", "Gedeeld met een ander bedrijf", shared=True),
    )
    return {room["id"]: room for room in rooms}


def members() -> dict[str, list[str]]:
    """The bot is everywhere but in #algemeen: it has to join before it may post there."""
    return {
        STAFF_CHANNEL: [BOT_USER, ANNA, BRAM, CARLA, GIJS],
        DEADLINES_CHANNEL: [BOT_USER, ANNA, BRAM, CARLA],
        LEADS_CHANNEL: [BOT_USER, CARLA],
        GENERAL_CHANNEL: [ANNA, BRAM, CARLA, GIJS],
        PARTNER_CHANNEL: [BOT_USER, ANNA, CARLA, ELKE],
    }


def groups() -> dict[str, Json]:
    """The agents and the leads; Carla is in both."""
    return {
        AGENTS_GROUP: _group(AGENTS_GROUP, "avg-agenten", "AVG-agenten", [ANNA, BRAM, CARLA]),
        LEADS_GROUP: _group(LEADS_GROUP, "avg-teamleiders", "AVG-teamleiders", [CARLA]),
    }


def _group(group_id: str, handle: str, name: str, people: list[str]) -> Json:
    return {
        "id": group_id,
        "team_id": TEAM_ID,
        "is_usergroup": True,
        "name": name,
        "handle": handle,
        "description": "",
        "date_delete": 0,
        "user_count": len(people),
        "users": people,
    }
