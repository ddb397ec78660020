"""The baseline: bare aiosmtpd, discarding handler.  Prints its address and serves until it is stopped."""

from __future__ import annotations

import asyncio
import logging

from aiosmtpd.smtp import SMTP, Envelope, Session

from bot.roles.running import settle_memory, stopped


class Discarding:
    """Says yes to everything and keeps nothing."""

    async def handle_DATA(  # noqa: N802 - the name and the arguments are aiosmtpd's
        self, _server: SMTP, _session: Session, _envelope: Envelope
    ) -> str:
        return "250 OK"


async def serve() -> None:
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    loop = asyncio.get_running_loop()
    handler = Discarding()
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="localhost", loop=loop), "127.0.0.1", 0
    )  # with a name of its own it asks DNS for none
    print(f"SMTP on 127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)  # noqa: T201 - as the product tells it
    settle_memory()
    await stopped()


if __name__ == "__main__":
    asyncio.run(serve())
