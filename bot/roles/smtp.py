"""The mail door in a process of its own: it keeps mail, and nothing else."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.roles.foundations import Foundations, lay
from bot.roles.running import beating, named_when_taken, settle_memory, stopped, tasks
from bot.settings import Settings
from cases.messages import Arrival
from cases.ports import Keeper
from intake.gate import DoorLimits
from intake.smtp import MailDoor, MailListener
from storage.keeping import GroupKeeper


@dataclass(frozen=True, slots=True)
class _RingingKeeper:
    """Wakes the worker for each mail that is kept."""

    keeper: Keeper
    ring: Callable[[], None]

    async def keep(self, arrival: Arrival) -> None:
        await self.keeper.keep(arrival)
        self.ring()


@asynccontextmanager
async def open_door(house: Foundations, ring: Callable[[], None]) -> AsyncIterator[int]:
    """Accept mail meanwhile; the port.  At the end sessions finish, and what they brought is committed."""
    settings = house.settings
    keeper = GroupKeeper(house.database.sync_engine())
    keeper.start()
    door = MailDoor(
        keeper=_RingingKeeper(keeper, ring), mailboxes=settings.own_mailboxes, now=house.clock.now
    )
    listener = MailListener(door=door, limits=DoorLimits(mail_size=settings.max_message_bytes))
    try:
        with named_when_taken("RIGHTSDESK_SMTP_PORT", f"{settings.smtp_host}:{settings.smtp_port}"):
            port = await listener.start(settings.smtp_host, settings.smtp_port)
        if settings.lmtp_socket:
            with named_when_taken("RIGHTSDESK_LMTP_SOCKET", str(settings.lmtp_socket)):
                await listener.start_lmtp(settings.lmtp_socket)
        async with tasks(beating(house, "smtp", lambda: {"port": port})):
            yield port
    finally:
        await listener.close()
        await keeper.close()


async def serve(settings: Settings) -> None:
    async with lay(settings) as house, open_door(house, lambda: None) as port:
        print(f"SMTP on {settings.smtp_host}:{port}", flush=True)  # noqa: T201 - the port when 0 was asked
        settle_memory()
        await stopped()
