"""What a person does in Slack: press, choose, submit, type a command, write a message.

The page and the tests come through here alike. A person can only touch what is really on their screen;
anything else raises `NotOnScreen`. Each act returns an `Outcome` once the app has acknowledged it or the
person has seen it fail.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.local_workspace import events, interactions
from bot.local_workspace.elements import chosen, complaint, initial_values
from bot.local_workspace.faults import NotOnScreen, SlackFault
from bot.local_workspace.messages import find_element
from bot.local_workspace.modals import closed_by, respond_to_submission
from bot.local_workspace.office import Office
from bot.local_workspace.outcomes import Outcome, failed, misanswered, of_answer
from bot.local_workspace.screens import Screens

Json = dict[str, Any]
Filled = Mapping[str, Mapping[str, Any]]


class People:
    """Everybody's hands. `state` is block id -> action id -> plain value (see elements.py)."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._screens = Screens(office)

    async def press(
        self,
        *,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        value: Any = None,
        block_id: str | None = None,
        state: Filled | None = None,
    ) -> Outcome:
        """Click a button of a message, or choose in one of its selects. A confirm dialog counts as
        confirmed.
        """
        message = self._screens.message(user, channel, ts)
        place = f"{user}:{channel}:{ts}"
        action, values = self._touch(
            place, message.get("blocks", []), action_id=action_id, block_id=block_id, value=value, state=state
        )
        payload = interactions.message_actions(
            self._office, user, channel, message, action=action, values=values
        )
        return of_answer(await self._office.line.ask("interactive", payload, accepts=False))

    async def press_in_view(
        self,
        *,
        user: str,
        view_id: str,
        action_id: str,
        value: Any = None,
        block_id: str | None = None,
        state: Filled | None = None,
    ) -> Outcome:
        """The same in a modal or on the App Home."""
        view = self._screens.view(user, view_id)
        action, values = self._touch(
            view_id, view["blocks"], action_id=action_id, block_id=block_id, value=value, state=state
        )
        shown = {**view, "state": {"values": values}}
        payload = interactions.view_actions(self._office, user, shown, action)
        return of_answer(await self._office.line.ask("interactive", payload, accepts=False))

    async def submit(self, user: str, view_id: str, state: Filled | None = None) -> Outcome:
        """Send a modal. Empty required fields never leave the person's screen, as in Slack's own client."""
        view = self._screens.view(user, view_id)
        if view["type"] != "modal" or view["submit"] is None or view["submit_disabled"]:
            raise NotOnScreen("no submit button")
        values = self._screens.fill(view_id, view["blocks"], state)
        asked = [block for block in view["blocks"] if block["type"] == "input"]
        wrong = {
            block["block_id"]: sentence
            for block in asked
            if (sentence := complaint(block, values[block["block_id"]][block["element"]["action_id"]]))
        }
        if wrong:
            return failed("invalid", errors=wrong)
        shown = {**view, "state": {"values": values}}
        payload = interactions.view_submission(self._office, user, shown)
        answer = await self._office.line.ask("interactive", payload, accepts=True)
        if not answer.acked:
            return of_answer(answer)
        return respond_to_submission(self._office, user, view, answer.payload)

    async def close_modal(self, user: str, view_id: str, *, cleared: bool = False) -> Outcome:
        """Cancel; the app hears of it only where the view has `notify_on_close`."""
        view = self._screens.view(user, view_id)
        told = [v for v in closed_by(self._office, user, view, cleared=cleared) if v["notify_on_close"]]
        outcome = Outcome(acked=True)
        for gone in told:
            payload = interactions.view_closed(self._office, user, gone, cleared=cleared)
            outcome = of_answer(await self._office.line.ask("interactive", payload, accepts=False))
        return outcome

    async def suggest(
        self, *, user: str, view_id: str, action_id: str, typed: str, block_id: str | None = None
    ) -> Outcome:
        """Ask the app for the options of an external select in a view; they can be chosen from then on."""
        view = self._screens.view(user, view_id)
        block, element = self._element(view["blocks"], action_id, block_id)
        payload = {
            **interactions.on_view(self._office, user, view, "block_suggestion"),
            "block_id": block["block_id"],
            "action_id": element["action_id"],
            "value": typed,
        }
        answer = await self._office.line.ask("interactive", payload, accepts=True)
        offered = (answer.payload or {}).get("options")
        if answer.acked and not isinstance(offered, list):
            return misanswered(answer.payload, "options")
        self._screens.offer(view_id, block["block_id"], element["action_id"], offered or [])
        return of_answer(answer)

    async def shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Outcome:
        """A message shortcut, from a message's menu."""
        message = self._screens.message(user, channel, ts)
        payload = interactions.message_shortcut(self._office, user, channel, message, callback_id)
        return of_answer(await self._office.line.ask("interactive", payload, accepts=False))

    async def global_shortcut(self, user: str, callback_id: str) -> Outcome:
        payload = interactions.global_shortcut(self._office, user, callback_id)
        return of_answer(await self._office.line.ask("interactive", payload, accepts=False))

    async def slash(self, user: str, channel: str, command: str, text: str = "") -> Outcome:
        """A slash command; what comes with its acknowledgement is shown like an answer to its
        response URL.
        """
        self._screens.enter(user, channel)
        payload = interactions.slash_command(self._office, user, channel, command, text)
        answer = await self._office.line.ask("slash_commands", payload, accepts=True)
        if answer.payload:
            try:
                self._screens.answer_command(user, channel, answer.payload)
            except SlackFault as fault:
                return misanswered(answer.payload, fault.error)
        return of_answer(answer)

    async def message(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> str:
        """Write a message as typed (Slack escapes it); returns its ts. The app hears of it where it
        is a member.
        """
        message = self._screens.written(user, channel, text, thread_ts)
        self._office.ledger.record("message_posted", channel=channel, message=message)
        self._office.ledger.record("channel_read", user=user, channel=channel, ts=message["ts"])
        events.message_said(self._office, channel, message)
        return str(message["ts"])

    async def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        before = self._screens.own(user, channel, ts)
        after = self._screens.rewritten(before, text)
        self._office.ledger.record("message_changed", channel=channel, ts=ts, message=after)
        events.message_changed(self._office, channel, before, after)

    async def delete(self, user: str, channel: str, ts: str) -> None:
        before = self._screens.own(user, channel, ts)
        self._office.ledger.record("message_deleted", channel=channel, ts=ts)
        events.message_changed(self._office, channel, before, None)

    async def open_home(self, user: str) -> None:
        """Click on the app's name: the app is told, and may publish this person's App Home."""
        events.home_opened(self._office, user, self._screens.direct(user))

    async def invite(self, user: str, channel: str) -> None:
        """Bring someone into a channel. An outsider makes it an externally shared one, and the app
        hears both.
        """
        state = self._office.ledger.state
        shared = state.channels[channel]["is_ext_shared"]
        self._office.ledger.record("member_joined", channel=channel, user=user)
        events.member_joined(self._office, channel, user)
        if state.channels[channel]["is_ext_shared"] and not shared:
            events.channel_shared(self._office, channel, state.users[user]["team_id"])

    async def rename(self, channel: str, name: str) -> None:
        self._office.ledger.record("channel_renamed", channel=channel, name=name)
        events.channel_renamed(self._office, channel, name)

    async def set_group(self, group: str, users: list[str]) -> None:
        """Who is in a user group from now on; the app finds out when it asks."""
        self._office.ledger.record("group_changed", group=group, users=users)

    def _touch(
        self,
        place: str,
        blocks: list[Json],
        *,
        action_id: str,
        block_id: str | None,
        value: Any,
        state: Filled | None,
    ) -> tuple[Json, Json]:
        """The action as Slack describes it, and all values of the surface after it."""
        block, element = self._element(blocks, action_id, block_id)
        where = block["block_id"]
        held = action_id in initial_values([block]).get(where, {})
        filled = {key: dict(values) for key, values in (state or {}).items()}
        if held:
            filled.setdefault(where, {})[action_id] = value
        values = self._screens.fill(place, blocks, filled)
        new = values[where][action_id] if held else chosen(element, value)
        shown = {key: element[key] for key in ("text", "value", "style", "placeholder") if key in element}
        ids = {"action_id": action_id, "block_id": where, "action_ts": self._office.ledger.next_ts()}
        return {**shown, **new, **ids}, values

    def _element(self, blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
        found = find_element(blocks, action_id, block_id)
        if found is None:
            raise NotOnScreen("no such button or field")
        return found
