"""The app manifest asks for exactly the scopes that our calls need, and nothing is registered unlisted."""

import json
import re
from pathlib import Path

from bot import buttons, listeners, modals
from tests.bot.a_file import NL

ROOM = Path(__file__).parents[2] / "bot"
MANIFEST = json.loads((ROOM / "manifest.json").read_text("utf-8"))

#: Slack's reference per method: a bot token needs these.  Public and private channels count apart.
SCOPES = {
    "apps.connections.open": set(),  # the app-level token's connections:write
    "auth.test": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": {"channels:history", "groups:history"},
    "conversations.info": {"channels:read", "groups:read"},
    "conversations.list": {"channels:read", "groups:read"},
    "conversations.members": {"channels:read", "groups:read"},
    "conversations.replies": {"channels:history", "groups:history"},
    "usergroups.list": {"usergroups:read"},
    "usergroups.users.list": {"usergroups:read"},
    "users.info": {"users:read"},
    "views.open": set(),
    "views.update": set(),
}


def methods_called() -> set[str]:
    """Both ways of calling: `client.chat_postMessage(` and `"chat.postMessage"`."""
    sources = "\n".join(
        path.read_text("utf-8")
        for path in sorted(ROOM.rglob("*.py"))
        if "local_workspace" not in path.relative_to(ROOM).parts
    )
    called = {method.replace("_", ".") for method in re.findall(r"client\.([a-z]+_[a-zA-Z_]+)\(", sources)}
    families = "apps|auth|bots|chat|conversations|files|reactions|team|usergroups|users|views"
    named = set(re.findall(rf'"((?:{families})\.[a-zA-Z.]+)"', sources))
    return (
        (called & SCOPES.keys()) | named | {one for one in called if one.split(".")[0] in families.split("|")}
    )


class RecordingApp:
    """Bolt's decorators; it only remembers what was registered."""

    def __init__(self):
        self.actions, self.views = [], []

    def action(self, constraint):
        return self._remembering(self.actions, constraint)

    def view(self, constraint):
        return self._remembering(self.views, constraint)

    def error(self, listener):
        return listener

    def command(self, constraint):
        return self._remembering([], constraint)

    shortcut = event = command

    def _remembering(self, registered, constraint):
        def register(listener):
            registered.append(constraint)
            return listener

        return register


def registered():
    class Desk:
        def __getattr__(self, name):
            return name

    app = RecordingApp()
    listeners.register(app, Desk(), None, NL, lambda: None, letters=None, looks=Desk())
    return app


def test_every_method_that_we_call_is_known_here():
    called = methods_called()

    assert {"chat.postMessage", "chat.update", "users.info", "views.open", "conversations.members"} <= called
    assert not called - SCOPES.keys()


def test_the_manifest_asks_for_the_scopes_of_our_calls_and_no_others():
    needed = set().union(*(SCOPES[method] for method in methods_called()))

    assert set(MANIFEST["oauth_config"]["scopes"]["bot"]) == needed


def test_clicks_come_over_socket_mode():
    assert MANIFEST["settings"]["socket_mode_enabled"]
    assert MANIFEST["settings"]["interactivity"]["is_enabled"]


def test_every_action_and_form_has_its_listener_and_the_last_one_takes_what_nobody_knows():
    app = registered()

    *actions, any_action = app.actions
    *views, any_view = app.views
    assert sorted(actions) == sorted(buttons.ACTIONS)
    assert sorted(views) == sorted(modals.VIEWS)
    assert any_action.fullmatch("something\nelse")
    assert any_view.fullmatch("something else")


def test_ids_are_told_apart():
    ids = [*buttons.ACTIONS, *modals.VIEWS, modals.NOTICE_VIEW]

    assert len(ids) == len(set(ids))
    assert all(len(one) <= 255 for one in ids)
