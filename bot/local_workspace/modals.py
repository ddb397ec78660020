"""What becomes of a person's modals: after a submission's answer, and after closing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.local_workspace import views
from bot.local_workspace.faults import SlackFault
from bot.local_workspace.office import Office
from bot.local_workspace.outcomes import Outcome, misanswered
from bot.local_workspace.strictness import check_view

Json = dict[str, Any]


def closed_by(office: Office, user: str, view: Mapping[str, Any], *, cleared: bool) -> list[Json]:
    """Close this view, or the whole stack; returns the views that are gone, the top one first."""
    state = office.ledger.state
    whole = cleared or view["clear_on_close"]
    ids = list(reversed(state.stacks.get(user, []))) if whole else [view["id"]]
    gone = [state.views[view_id] for view_id in ids]
    views.close(office, user, *ids)
    return gone


def respond_to_submission(
    office: Office, user: str, view: Mapping[str, Any], payload: Mapping[str, Any] | None
) -> Outcome:
    """Do what the acknowledgement asks: close, clear, update, push, or show errors beside the fields."""
    action = (payload or {}).get("response_action")
    if not action:
        views.close(office, user, view["id"])
        return Outcome(acked=True, payload=payload)
    if action not in _RESPONSES:
        return misanswered(payload, "response_action")
    try:
        return _RESPONSES[action](office, user, view, payload or {})
    except SlackFault as fault:
        return misanswered(payload, "; ".join([fault.error, *fault.messages]))


def _clear(office: Office, user: str, _view: Mapping[str, Any], payload: Mapping[str, Any]) -> Outcome:
    views.close(office, user, *list(office.ledger.state.stacks.get(user, [])))
    return Outcome(acked=True, payload=payload)


def _update(office: Office, _user: str, view: Mapping[str, Any], payload: Mapping[str, Any]) -> Outcome:
    check_view(payload.get("view"), kinds=("modal",))
    if view["id"] in office.ledger.state.views:
        views.replace(office, view["id"], payload["view"])
    return Outcome(acked=True, payload=payload)


def _push(office: Office, user: str, _view: Mapping[str, Any], payload: Mapping[str, Any]) -> Outcome:
    check_view(payload.get("view"), kinds=("modal",))
    views.put_on_stack(office, user, payload["view"])
    return Outcome(acked=True, payload=payload)


def _errors(_office: Office, _user: str, view: Mapping[str, Any], payload: Mapping[str, Any]) -> Outcome:
    errors = payload.get("errors")
    inputs = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or not set(errors) <= inputs:
        return misanswered(payload, "errors must name input blocks of the view")
    return Outcome(acked=True, errors={key: str(said) for key, said in errors.items()}, payload=payload)


_Response = Callable[[Office, str, Mapping[str, Any], Mapping[str, Any]], Outcome]
_RESPONSES: Final[Mapping[str, _Response]] = {
    "clear": _clear,
    "errors": _errors,
    "push": _push,
    "update": _update,
}
