"""The stand-in for Slack, put together and opened to the world: page, Web API, Socket Mode, response URLs,
files.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.local_workspace import answers, files, web_api
from bot.local_workspace.attic import Attic
from bot.local_workspace.journal import Journal
from bot.local_workspace.ledger import Ledger
from bot.local_workspace.limits import Buckets, Patience
from bot.local_workspace.messages import ring
from bot.local_workspace.neighbourhood import Neighbourhood
from bot.local_workspace.office import Office
from bot.local_workspace.page import Page
from bot.local_workspace.people import People
from bot.local_workspace.socket_mode import Line
from bot.local_workspace.tickets import ResponseUrls, Triggers

Json = dict[str, Any]


class LocalWorkspace(People):
    """A strict stand-in for Slack with a page to click in. Make it inside a running event loop.

    `journal` is the file that it remembers by (None: it forgets). `now` dates the messages; the limits and
    timeouts run on `monotonic`, so a calendar that is moved on expires nothing. `shortcuts` (callback id ->
    title) are what a message's menu offers on the page, `command` the slash command it tells of, `events`
    the types that the app hears (None: all).
    """

    def __init__(
        self,
        journal: Path | None,
        *,
        neighbourhood: Neighbourhood | None,
        now: Callable[[], datetime],
        posts_per_second: float = 1.0,
        burst: int = 4,
        patience: Patience | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        shortcuts: Mapping[str, str] | None = None,
        events: frozenset[str] | None = None,
        command: str = "/avg",
    ) -> None:
        waits = patience or Patience()
        ledger = Ledger(Journal(journal), now)
        self.office = Office(
            ledger=ledger,
            buckets=Buckets(posts_per_second, burst, monotonic),
            triggers=Triggers(waits.trigger, monotonic),
            response_urls=ResponseUrls(waits.response_url, monotonic),
            line=Line(ledger, waits),
            attic=Attic(None if journal is None else journal.with_suffix(".files")),
            monotonic=monotonic,
            subscribed=events,
        )
        super().__init__(self.office)
        self._page = Page(self.office, self, neighbourhood, shortcuts=shortcuts or {}, command=command)

    def mount(self, app: web.Application) -> None:
        """Add all routes, and closing when the application shuts down."""

        async def call(request: web.Request) -> web.Response:
            return await web_api.call(self.office, request)

        async def answer(request: web.Request) -> web.Response:
            return await answers.answer(self.office, request)

        async def receive(request: web.Request) -> web.Response:
            return await files.receive(self.office, request)

        async def hand_out(request: web.Request) -> web.Response:
            return await files.hand_out(self.office, request)

        app.router.add_route("*", "/api/{method}", call)
        app.router.add_get("/link", self.office.line.connect)
        app.router.add_post("/response/{token}", answer)
        app.router.add_post("/upload/{token}", receive)
        app.router.add_get("/files/{file_id}", hand_out)
        self._page.mount(app)

        async def shut(_: web.Application) -> None:
            await self.close()

        app.on_shutdown.append(shut)

    async def close(self) -> None:
        """Every websocket and open page is closed, nothing is under way any more. May be called twice."""
        await self.office.line.close()
        self.office.ledger.close()

    async def disconnect_all(self, reason: str = "refresh_requested") -> None:
        """Make the app come back on new connections."""
        await self.office.line.disconnect_all(reason)

    async def settle(self) -> None:
        """Until every event is acknowledged or given up."""
        await self.office.line.settle()

    @property
    def connections(self) -> int:
        """How many websockets the app has open."""
        return self.office.line.connections

    def messages(self, channel: str) -> list[Json]:
        """What stands in a channel (no replies), oldest first."""
        return list(self.office.ledger.state.history(channel))

    def thread(self, channel: str, ts: str) -> list[Json]:
        """A thread, the parent first."""
        return list(self.office.ledger.state.replies(channel, ts))

    def ephemerals(self, user: str) -> list[Json]:
        """What only this person sees, oldest first."""
        return list(self.office.ledger.state.ephemerals.get(user, []))

    def modal(self, user: str) -> Json | None:
        """The modal on top, if one is open."""
        state = self.office.ledger.state
        stack = state.stacks.get(user, [])
        return state.views[stack[-1]] if stack else None

    def home(self, user: str) -> Json | None:
        """The App Home that was published for this person."""
        state = self.office.ledger.state
        return state.views.get(state.homes.get(user, ""))

    def direct(self, user: str) -> list[Json]:
        """The direct messages between the app and this person."""
        state = self.office.ledger.state
        return list(state.history(state.direct(user) or ""))

    def rung(self, channel: str) -> list[str]:
        """Every mention in the channel that made a sound: `!channel`, `@U…`, `!subteam^S…`."""
        state = self.office.ledger.state
        return [name for message in state.messages.get(channel, {}).values() for name in ring(message)]
