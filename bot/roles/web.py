"""The HTTP side: health, metrics, and whatever else is mounted before it opens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from bot.health import Health
from bot.roles.running import named_when_taken


@asynccontextmanager
async def opened(app: web.Application, host: str, port: int) -> AsyncIterator[int]:
    """Serve meanwhile; the port, of the system's choice when 0 was asked."""
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=2)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        with named_when_taken("RIGHTSDESK_HTTP_PORT", f"{host}:{port}"):
            await site.start()
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def mount_health(app: web.Application, health: Health) -> None:
    app.router.add_get("/health", health.report)
    app.router.add_get("/metrics", health.metrics)
