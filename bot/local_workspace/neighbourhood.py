"""What the page needs of the world beside Slack: the customer's mail, and the calendar."""

from __future__ import annotations

from datetime import date
from typing import Any, Protocol


class Neighbourhood(Protocol):
    """Made by the composition root; the stand-in only calls it when a person on the page asks."""

    async def post_mail(
        self, *, sender_name: str, sender_address: str, subject_line: str, text: str, in_reply_to: str | None
    ) -> str:
        """Send a real mail over SMTP as a customer. Returns a sentence: accepted, or refused and why."""
        ...

    async def letters(self) -> list[dict[str, Any]]:
        """The letters to customers, with `id, reference, kind, to, subject_line, body, state, message_id` and

        `sent_at` and `leaves_at` (ISO moments or None).
        """
        ...

    async def today(self) -> date:
        """The date that the product lives by."""
        ...

    async def move_on(self, days: int) -> date:
        """Let days pass; returns the new date."""
        ...
