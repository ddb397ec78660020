"""What a Web API method raises when Slack would have answered `ok: false`."""

from __future__ import annotations

from collections.abc import Sequence


class SlackFault(Exception):
    """One of Slack's own error words, with the messages and the waiting time that go with it."""

    def __init__(self, error: str, *, messages: Sequence[str] = (), retry_after: int | None = None) -> None:
        super().__init__(error)
        self.error = error
        self.messages = tuple(messages)
        self.retry_after = retry_after


class NotOnScreen(LookupError):
    """The person does not see that message, view, button or field, so they cannot touch it."""
