"""The `views.*` methods, and the stack of modals that a person has before them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, Final

from bot.local_workspace.arguments import Arguments
from bot.local_workspace.elements import initial_values
from bot.local_workspace.faults import SlackFault
from bot.local_workspace.messages import with_ids
from bot.local_workspace.office import Office
from bot.local_workspace.population import APP_ID, BOT_ID, TEAM_ID
from bot.local_workspace.strictness import check_view

Json = dict[str, Any]
STACK: Final = 3


def made(office: Office, given: Mapping[str, Any], **more: Any) -> Json:
    """The view as Slack stores and returns it: with ids, a hash and the values that its fields start with.

    `more` is `id`, and the `root_view_id` and `previous_view_id` of a modal.
    """
    blocks = with_ids(given["blocks"])
    shared = {
        "team_id": TEAM_ID,
        "private_metadata": "",
        "callback_id": "",
        "external_id": "",
        "clear_on_close": False,
        "notify_on_close": False,
        "submit_disabled": False,
        "title": None,
        "submit": None,
        "close": None,
        "previous_view_id": None,
        "app_id": APP_ID,
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
    }
    view = {**shared, **given, "blocks": blocks, "state": {"values": initial_values(blocks)}, **more}
    digest = hashlib.sha256(json.dumps(view, sort_keys=True).encode()).hexdigest()[:8]
    return {**view, "hash": f"{office.ledger.next_ts()}.{digest}"}


def _unique_external_id(office: Office, view: Mapping[str, Any], but: str = "") -> None:
    wanted = view.get("external_id")
    if wanted and any(v["external_id"] == wanted and k != but for k, v in office.ledger.state.views.items()):
        raise SlackFault("duplicate_external_id")


def put_on_stack(office: Office, user: str, given: Mapping[str, Any]) -> Json:
    """One more modal above the others; raises `push_limit_reached` above three."""
    stack = office.ledger.state.stacks.get(user, [])
    if len(stack) >= STACK:
        raise SlackFault("push_limit_reached")
    _unique_external_id(office, given)
    view_id = office.ledger.next_id("V")
    place = {"root_view_id": stack[0] if stack else view_id, "previous_view_id": stack[-1] if stack else None}
    view = made(office, given, id=view_id, **place)
    office.ledger.record("view_opened", user=user, view=view)
    return view


def replace(office: Office, view_id: str, given: Mapping[str, Any]) -> Json:
    """The same view id and place in the stack, with another content and hash."""
    before = office.ledger.state.views[view_id]
    _unique_external_id(office, given, but=view_id)
    place = {"root_view_id": before["root_view_id"], "previous_view_id": before["previous_view_id"]}
    view = made(office, given, id=view_id, **place)
    office.ledger.record("view_updated", view=view, user=owner_of(office, view_id))
    return view


def owner_of(office: Office, view_id: str) -> str:
    """Whose modal or home this is."""
    state = office.ledger.state
    for user, stack in state.stacks.items():
        if view_id in stack:
            return user
    return next(user for user, home in state.homes.items() if home == view_id)


def close(office: Office, user: str, *view_ids: str) -> None:
    for view_id in view_ids:
        office.ledger.record("view_closed", user=user, view_id=view_id)


async def open_view(office: Office, args: Arguments) -> Json:
    """A new modal; whatever this person had open makes way for it."""
    trigger_id, given = args.need("trigger_id"), args.get("view")
    check_view(given, kinds=("modal",))
    trigger = office.triggers.spend(trigger_id)
    _unique_external_id(office, given)
    close(office, trigger.user, *list(office.ledger.state.stacks.get(trigger.user, [])))
    return {"view": put_on_stack(office, trigger.user, given)}


async def push(office: Office, args: Arguments) -> Json:
    """Only from a click in a modal that is still open."""
    trigger_id, given = args.need("trigger_id"), args.get("view")
    check_view(given, kinds=("modal",))
    trigger = office.triggers.spend(trigger_id)
    if trigger.view_id not in office.ledger.state.stacks.get(trigger.user, []):
        raise SlackFault("not_found")
    return {"view": put_on_stack(office, trigger.user, given)}


async def update(office: Office, args: Arguments) -> Json:
    """By view id or external id; a `hash` that is no longer the view's gives `hash_conflict`."""
    given = args.get("view")
    check_view(given, kinds=("modal", "home"))
    view = _meant(office, args)
    if view["type"] != given["type"]:
        raise SlackFault("invalid_arguments", messages=["[ERROR] a view cannot change its type"])
    _check_hash(view, args)
    return {"view": replace(office, view["id"], given)}


def _meant(office: Office, args: Arguments) -> Json:
    state = office.ledger.state
    if "view_id" in args:
        found = state.views.get(args.need("view_id"))
    else:
        external = args.need("external_id")
        found = next((v for v in state.views.values() if v["external_id"] == external), None)
    if found is None:
        raise SlackFault("not_found")
    return found


def _check_hash(view: Mapping[str, Any], args: Arguments) -> None:
    if "hash" in args and args.text("hash") != view["hash"]:
        raise SlackFault("hash_conflict")


async def publish(office: Office, args: Arguments) -> Json:
    """A person's App Home."""
    user, given = args.need("user_id"), args.get("view")
    check_view(given, kinds=("home",))
    if user not in office.ledger.state.users:
        raise SlackFault("user_not_found")
    known = office.ledger.state.homes.get(user)
    if known is not None:
        _check_hash(office.ledger.state.views[known], args)
    elif "hash" in args:
        raise SlackFault("hash_conflict")
    view_id = known or office.ledger.next_id("V")
    view = made(office, given, id=view_id, root_view_id=view_id)
    office.ledger.record("home_published", user=user, view=view)
    return {"view": view}


METHODS: Final = {
    "views.open": open_view,
    "views.publish": publish,
    "views.push": push,
    "views.update": update,
}
