"""What `doctor` looks at, apart from Slack.  Each check ends in one line: well, or what to do about it."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from bot.commands.faults import os_sentence
from bot.settings import Settings
from cases import controller
from cases.errors import ModelMissing, RightsDeskError

_PATIENCE: Final = 5.0  #: seconds for a port or a relay to answer
_OUR_GREETING: Final = b"Rights Desk"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of `doctor`."""

    check: str
    ok: bool
    advice: str = ""  #: what to do, or what is worth knowing though all is well


def told(name: str, look: Callable[[], str | None]) -> Check:
    """A check that raises a sentence when something is wrong, and may return a remark when not."""
    try:
        return Check(name, ok=True, advice=look() or "")
    except RightsDeskError as fault:
        return Check(name, ok=False, advice=str(fault))
    except OSError as fault:
        return Check(name, ok=False, advice=os_sentence(fault))


def data_folder(settings: Settings) -> Check:
    def look() -> str:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.data_dir):
            return str(settings.data_dir)

    found = told("data folder", look)
    if found.ok:
        return found
    advice = f"{found.advice}  Set RIGHTSDESK_DATA_DIR to a folder that you may write to."
    return Check(found.check, ok=False, advice=advice)


def letterhead(settings: Settings) -> Check:
    return told("controller", lambda: controller.read(settings.controller).short_name)


def database(revisions: Callable[[Settings], tuple[str | None, str]], settings: Settings) -> Check:
    """Reachable, and at the newest schema."""

    def look() -> str:
        current, newest = revisions(settings)
        if current != newest:
            raise SchemaBehind(current=current or "none", newest=newest)
        return f"schema {newest}"

    return told("database", look)


class SchemaBehind(RightsDeskError):
    """The database has schema {current} and the newest is {newest}.  Run `rightsdesk migrate`."""


def model(version: Callable[[Settings], tuple[str | None, bool]], settings: Settings) -> Check:
    """There, and the one that the corpus and the code give."""

    def look() -> str:
        found, is_current = version(settings)
        if found is None:
            raise ModelMissing(place=settings.model_dir)
        if not is_current:
            raise ModelStale(version=found)
        return f"version {found}"

    return told("model", look)


class ModelStale(RightsDeskError):
    """The model {version} was trained from another corpus or code.  Run `rightsdesk train`."""


async def port(name: str, setting: str, host: str, number: int, *, greets: bool = False) -> Check:
    """Free, or (where the server speaks first) taken by ourselves."""
    try:
        server = await asyncio.start_server(lambda _reader, writer: writer.close(), host, number)
    except OSError:
        if greets and await _is_ours(host, number):
            return Check(name, ok=True, advice=f"{host}:{number}, Rights Desk listens there now")
    else:
        server.close()
        await server.wait_closed()
        return Check(name, ok=True, advice=f"{host}:{number} is free" if number else "any free port")
    advice = f"{host}:{number} cannot be taken: stop what listens there, or set {setting}."
    return Check(name, ok=False, advice=advice)


async def _is_ours(host: str, number: int) -> bool:
    try:
        async with asyncio.timeout(_PATIENCE):
            reader, writer = await asyncio.open_connection(host, number)
            greeting = await reader.readline()
            writer.close()
            await writer.wait_closed()
    except (OSError, ValueError):
        return False
    return _OUR_GREETING in greeting


async def http_port(settings: Settings) -> Check:
    """Free, or answered by our own /health."""
    from aiohttp import ClientError, ClientSession, ClientTimeout  # noqa: PLC0415 - only doctor asks over HTTP

    found = await port("HTTP port", "RIGHTSDESK_HTTP_PORT", settings.http_host, settings.http_port)
    if found.ok:
        return found
    where = f"http://{settings.http_host}:{settings.http_port}/health"
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=_PATIENCE)) as session,
            session.get(where) as answer,
        ):
            health = await answer.json()
    except (ClientError, OSError, ValueError):
        return found
    ours = isinstance(health, dict) and "parts" in health
    return Check("HTTP port", ok=True, advice=f"{where}, Rights Desk answers there now") if ours else found


async def relay(settings: Settings) -> Check:
    """Connects and logs in as for a letter, and sends nothing."""
    if not settings.relay_host:
        return Check(
            "relay", ok=True, advice="none is set: letters are kept, and shown in the local workspace"
        )
    from bot.postbox import Postbox, Relay  # noqa: PLC0415 - aiosmtplib is loaded only to ask

    asked = Relay(
        host=settings.relay_host,
        port=settings.relay_port,
        user=settings.relay_user,
        password=settings.relay_password,
        tls=settings.relay_tls,
        patience=_PATIENCE,
    )
    where = f"{settings.relay_host}:{settings.relay_port}"
    try:
        await Postbox(asked).reachable()
    except RightsDeskError as fault:
        why = fault.facts.get("error", "away")
        advice = f"{where} does not take our letters ({why}): look at the RIGHTSDESK_RELAY_… settings."
        return Check("relay", ok=False, advice=advice)
    return Check("relay", ok=True, advice=where)
