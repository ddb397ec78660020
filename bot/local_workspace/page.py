"""The page's own endpoints: what a person sees as JSON, what they do as POST, and a stream of news.

The page is served to this machine only. A page of somebody else's that is open in the same browser must not
be able to click here: requests have to name a loopback host, and a POST has to be JSON from our own origin.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

import structlog
from aiohttp import web

from bot.local_workspace.desk_beside import DeskBeside
from bot.local_workspace.faults import NotOnScreen
from bot.local_workspace.neighbourhood import Neighbourhood
from bot.local_workspace.office import Office
from bot.local_workspace.outcomes import Outcome
from bot.local_workspace.people import People
from bot.local_workspace.sights import Sights

Json = dict[str, Any]
log = structlog.get_logger()
STATIC: Final = Path(__file__).parent / "static"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_HEARTBEAT: Final = 15.0
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class Page:
    """The static page and its endpoints under `/page/`."""

    def __init__(
        self,
        office: Office,
        people: People,
        neighbourhood: Neighbourhood | None,
        *,
        shortcuts: Mapping[str, str],
        command: str,
    ) -> None:
        self._office = office
        self._people = people
        self._sights = Sights(office, shortcuts=shortcuts, command=command)
        self._beside = DeskBeside(office, neighbourhood)

    def mount(self, app: web.Application) -> None:
        app.router.add_get("/", self._index)
        app.router.add_get("/archives/{channel}/{moment}", self._index)
        app.router.add_get("/static/{name}", self._static)
        app.router.add_get("/page/news", self._news)
        app.router.add_get("/page/{sight}", self._see)
        app.router.add_post("/page/{act}", self._act)

    async def _index(self, request: web.Request) -> web.StreamResponse:
        _guard(request)
        return web.FileResponse(STATIC / "index.html", headers=_HEADERS)

    async def _static(self, request: web.Request) -> web.StreamResponse:
        known = {file.name: file for file in STATIC.iterdir()}
        if request.match_info["name"] not in known:
            raise web.HTTPNotFound
        return web.FileResponse(known[request.match_info["name"]], headers=_HEADERS)

    async def _see(self, request: web.Request) -> web.Response:
        _guard(request)
        sights: Mapping[str, Callable[[Mapping[str, str]], Awaitable[Json]]] = {
            "world": self._sights.world,
            "channel": self._sights.channel,
            "thread": self._sights.thread,
            "modals": self._sights.modals,
            "home": self._sights.home,
            "calendar": self._beside.calendar,
            "letters": self._beside.letters,
        }
        return await _reply(sights.get(request.match_info["sight"]), request.query)

    async def _act(self, request: web.Request) -> web.Response:
        _guard(request)
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        try:
            given = json.loads(await request.read())
        except ValueError:
            raise web.HTTPBadRequest from None
        if not isinstance(given, dict):
            raise web.HTTPBadRequest
        return await _reply(self._acts().get(request.match_info["act"]), given)

    def _acts(self) -> Mapping[str, Callable[[Json], Awaitable[Json]]]:
        """Each act takes its arguments by the names that `People` has for them."""
        hands = self._people
        done: dict[str, Callable[..., Awaitable[Outcome]]] = {
            "press": hands.press,
            "press_in_view": hands.press_in_view,
            "submit": hands.submit,
            "close_modal": hands.close_modal,
            "suggest": hands.suggest,
            "slash": hands.slash,
            "shortcut": hands.shortcut,
            "global_shortcut": hands.global_shortcut,
        }
        said: dict[str, Callable[..., Awaitable[Any]]] = {
            "message": hands.message,
            "edit": hands.edit,
            "delete": hands.delete,
            "open_home": hands.open_home,
            "invite": hands.invite,
            "read": self._sights.read,
            "mail": self._beside.mail,
            "move_on": self._beside.move_on,
        }
        acts = {name: _outcome_of(act) for name, act in done.items()}
        return acts | {name: _result_of(act) for name, act in said.items()}

    async def _news(self, request: web.Request) -> web.StreamResponse:
        """Server-sent events: only that something changed and where, never a text."""
        _guard(request)
        stream = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
        )
        await stream.prepare(request)
        watcher = self._office.ledger.watch()
        try:
            await stream.write(b'data: {"kind":"hello"}\n\n')
            while True:
                try:
                    news = await asyncio.wait_for(watcher.get(), _HEARTBEAT)
                except TimeoutError:
                    await stream.write(b": still here\n\n")
                    continue
                if news is None:
                    break
                await stream.write(f"data: {json.dumps(news)}\n\n".encode())
        except ConnectionError:
            pass  # the page was closed
        finally:
            self._office.ledger.unwatch(watcher)
        return stream


def _guard(request: web.Request) -> None:
    if request.url.host not in _LOOPBACK:
        raise web.HTTPForbidden(text="this page is for this machine only")
    origin = request.headers.get("Origin")
    if origin is not None and origin != str(request.url.origin()):
        raise web.HTTPForbidden(text="not from another page")


async def _reply(act: Callable[..., Awaitable[Json]] | None, given: Mapping[str, Any]) -> web.Response:
    if act is None:
        raise web.HTTPNotFound
    try:
        return web.json_response(await act(given))
    except NotOnScreen as gone:
        return web.json_response({"not_on_screen": str(gone)}, status=409)
    except (TypeError, KeyError, ValueError) as wrong:
        log.warning("page asked in a way that is not understood", fault=type(wrong).__name__)
        return web.json_response({"wrong": type(wrong).__name__}, status=400)


def _outcome_of(act: Callable[..., Awaitable[Outcome]]) -> Callable[[Json], Awaitable[Json]]:
    async def done(given: Json) -> Json:
        outcome = await act(**given)
        options = (outcome.payload or {}).get("options")
        return {
            "acked": outcome.acked,
            "error": outcome.error,
            "fault": outcome.fault,
            "errors": dict(outcome.errors),
            "options": options,
        }

    return done


def _result_of(act: Callable[..., Awaitable[Any]]) -> Callable[[Json], Awaitable[Json]]:
    async def done(given: Json) -> Json:
        return {"result": await act(**given)}

    return done
