"""`auth.*`, `apps.*`, `bots.*`, `team.*`, `users.*` and `usergroups.*`: who is who."""

from __future__ import annotations

from typing import Any, Final

from bot.local_workspace import population
from bot.local_workspace.arguments import Arguments
from bot.local_workspace.conversations import page_of
from bot.local_workspace.faults import SlackFault
from bot.local_workspace.office import Office

Json = dict[str, Any]


async def who_am_i(office: Office, _args: Arguments) -> Json:
    return {
        "url": f"{office.address}/",
        "team": population.TEAM_NAME,
        "user": "rightsdesk",
        "team_id": population.TEAM_ID,
        "user_id": population.BOT_USER,
        "bot_id": population.BOT_ID,
        "is_enterprise_install": False,
    }


async def open_connection(office: Office, _args: Arguments) -> Json:
    """A websocket address that works once."""
    where = office.address.replace("http", "ws", 1)
    return {"url": f"{where}/link?ticket={office.line.issue_ticket()}&app_id={population.APP_ID}"}


async def bot_info(_office: Office, args: Arguments) -> Json:
    if args.text("bot") not in {None, population.BOT_ID}:
        raise SlackFault("bot_not_found")
    return {
        "bot": {
            "id": population.BOT_ID,
            "deleted": False,
            "name": "Rights Desk",
            "app_id": population.APP_ID,
            "user_id": population.BOT_USER,
            "icons": {},
        }
    }


async def team_info(_office: Office, _args: Arguments) -> Json:
    return {
        "team": {
            "id": population.TEAM_ID,
            "name": population.TEAM_NAME,
            "domain": population.TEAM_DOMAIN,
            "email_domain": "smartfms.example",
            "icon": {"image_default": True},
        }
    }


async def user_info(office: Office, args: Arguments) -> Json:
    user = office.ledger.state.users.get(args.need("user"))
    if user is None:
        raise SlackFault("user_not_found")
    return {"user": user}


async def list_users(office: Office, args: Arguments) -> Json:
    page, metadata = page_of(list(office.ledger.state.users.values()), args, 1000)
    return {"members": page, "response_metadata": metadata}


async def look_up_by_email(office: Office, args: Arguments) -> Json:
    """Deactivated people are not found, as with Slack."""
    email = args.need("email").lower()
    for user in office.ledger.state.users.values():
        if user["profile"].get("email") == email and not user["deleted"]:
            return {"user": user}
    raise SlackFault("users_not_found")


async def list_groups(office: Office, args: Arguments) -> Json:
    """The people of a group only when asked for."""
    left_out = set() if args.flag("include_users") else {"users"}
    groups = office.ledger.state.groups.values()
    return {"usergroups": [{k: v for k, v in group.items() if k not in left_out} for group in groups]}


async def list_group_users(office: Office, args: Arguments) -> Json:
    group = office.ledger.state.groups.get(args.need("usergroup"))
    if group is None:
        raise SlackFault("no_such_subteam")
    return {"users": group["users"]}


METHODS: Final = {
    "apps.connections.open": open_connection,
    "auth.test": who_am_i,
    "bots.info": bot_info,
    "team.info": team_info,
    "usergroups.list": list_groups,
    "usergroups.users.list": list_group_users,
    "users.info": user_info,
    "users.list": list_users,
    "users.lookupByEmail": look_up_by_email,
}
