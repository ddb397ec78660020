"""The people's side: cards, clicks, letters and health; the local workspace where there is no Slack."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import structlog
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot import listeners
from bot.bell import Bell
from bot.courier import Courier, Deliver
from bot.health import Health
from bot.mailroom import Mailroom
from bot.noticeboard import Noticeboard
from bot.pacing import Pacing
from bot.people import People
from bot.postbox import Postbox, Relay
from bot.roles.foundations import Foundations, lay
from bot.roles.running import beating, settle_memory, stopped, tasks
from bot.roles.web import mount_health, opened
from bot.roles.workspace import workspace_mounted
from bot.settings import Settings
from bot.slack_round import SlackRound
from bot.socket_mode import Line, clients, connected, introduced, patiently
from bot.wordings import Texts
from cases import controller
from cases.records import Lane

log = structlog.get_logger()


@dataclass(slots=True)
class Side:
    """What others may ring or ask of the people's side."""

    house: Foundations
    slack_bell: Bell = field(default_factory=Bell)
    mail_bell: Bell = field(default_factory=Bell)
    http_port: int = 0
    is_connected: bool = False

    def ring(self) -> None:
        self.slack_bell.ring()
        self.mail_bell.ring()


@asynccontextmanager
async def people_served(
    house: Foundations, *, smtp_port: Callable[[], int], new_day: Callable[[], Awaitable[None]]
) -> AsyncIterator[Side]:
    """Cards go out, clicks come in and letters leave meanwhile; HTTP answers from the first moment."""
    settings = house.settings
    side = Side(house)
    app = web.Application()
    mount_health(app, Health(house.desk, house.pulses, house.troubles, lambda: side.is_connected))
    async with (
        workspace_mounted(app, house, smtp_port=smtp_port, new_day=new_day) as line_on,
        opened(app, settings.http_host, settings.http_port) as port,
    ):
        side.http_port = port
        line = line_on(port) if line_on else _slack_line(settings)
        async with tasks(_letters(house, side), _slack(house, side, line), beating(house, "bot")):
            yield side


def _slack_line(settings: Settings) -> Line:
    return Line(
        settings.slack_bot_token,
        settings.slack_app_token,
        settings.slack_signing_secret,
        settings.slack_api_url,
    )


def _relay(settings: Settings) -> Relay:
    return Relay(
        host=settings.relay_host,
        port=settings.relay_port,
        user=settings.relay_user,
        password=settings.relay_password,
        tls=settings.relay_tls,
    )


async def _letters(house: Foundations, side: Side) -> None:
    """The mail lane; it needs no Slack."""
    settings = house.settings
    mailroom = Mailroom(
        desk=house.desk,
        outbox=house.outbox,
        controller=controller.read(settings.controller),
        sender=settings.mailboxes.split(",")[0],
        postbox=Postbox(_relay(settings)) if settings.relay_host else None,
        zone=settings.zone,
    )
    await _courier(house, side.mail_bell, Lane.MAIL, mailroom.deliver).run()


def _courier(house: Foundations, bell: Bell, lane: Lane, deliver: Deliver) -> Courier:
    retry = house.settings.retry_seconds
    return Courier(house.outbox, house.clock, house.troubles, bell, lane, deliver, retry)


async def _slack(house: Foundations, side: Side, line: Line) -> None:
    """The Slack lane and the clicks, as soon as Slack knows us."""
    async with clients(line) as client:
        await introduced(client, line, house.troubles)
        people = People(client, house.settings)
        places = await patiently(people.check_channels, house.troubles)
        texts = Texts(house.settings.language, house.settings.zone)
        app = AsyncApp(client=client, signing_secret=line.signing_secret)
        listeners.register(app, house.desk, people, texts, side.ring, letters=house.outbox, looks=house.looks)
        board = _board(client, house.settings)
        slack_round = SlackRound(house.desk, house.outbox, board, places, texts, house.looks)
        courier = _courier(house, side.slack_bell, Lane.SLACK, slack_round.deliver)
        async with connected(app, line) as handler, tasks(courier.run()):
            log.info("slack connected")
            while True:
                side.is_connected = await handler.client.is_connected()
                await asyncio.sleep(1)


def _board(client: AsyncWebClient, settings: Settings) -> Noticeboard:
    return Noticeboard(client, Pacing(time.monotonic, per_second=settings.slack_pace))


async def serve(settings: Settings) -> None:
    async with lay(settings) as house:
        lock = house.role_lock("bot")
        if lock:
            await asyncio.to_thread(lock.take)
            await house.outbox.release_claims()
        async with people_served(house, smtp_port=lambda: settings.smtp_port, new_day=_nothing) as side:
            print(f"HTTP on http://{settings.http_host}:{side.http_port}/", flush=True)  # noqa: T201
            settle_memory()
            await stopped()


async def _nothing() -> None:
    """A clock role somewhere else keeps the calendar."""
