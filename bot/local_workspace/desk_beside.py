"""The other two people of the story, as the page shows them: the customer's post, and the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from bot.local_workspace.faults import NotOnScreen
from bot.local_workspace.neighbourhood import Neighbourhood
from bot.local_workspace.office import Office

Json = dict[str, Any]
_FURTHEST: Final = 366


class DeskBeside:
    """Passes on to the neighbourhood; without one the page leaves these parts out."""

    def __init__(self, office: Office, neighbourhood: Neighbourhood | None) -> None:
        self._office = office
        self._neighbourhood = neighbourhood

    async def calendar(self, _query: Mapping[str, str]) -> Json:
        if self._neighbourhood is None:
            return {"today": None}
        return {"today": (await self._neighbourhood.today()).isoformat()}

    async def letters(self, _query: Mapping[str, str]) -> Json:
        return {"letters": await self._there().letters()}

    async def mail(
        self,
        *,
        sender_name: str,
        sender_address: str,
        subject_line: str,
        text: str,
        in_reply_to: str | None = None,
    ) -> str:
        """A real mail; the sentence that comes back is the mail server's answer in words."""
        return await self._there().post_mail(
            sender_name=sender_name,
            sender_address=sender_address,
            subject_line=subject_line,
            text=text,
            in_reply_to=in_reply_to,
        )

    async def move_on(self, *, days: int) -> str:
        if not 0 < int(days) <= _FURTHEST:
            raise ValueError("days")
        day = await self._there().move_on(int(days))
        self._office.ledger.tell({"kind": "calendar"})
        return day.isoformat()

    def _there(self) -> Neighbourhood:
        if self._neighbourhood is None:
            raise NotOnScreen("no customer and no calendar here")
        return self._neighbourhood
