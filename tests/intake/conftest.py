from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases.messages import Arrival
from intake.gate import DoorLimits
from intake.smtp import MailListener, listen

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class FakeKeeper:
    """Keeps in a list.  `gate` holds every commit back until it is set; `fault` is raised instead."""

    def __init__(self) -> None:
        self.kept: list[Arrival] = []
        self.begun = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()
        self.fault: Exception | None = None

    async def keep(self, arrival: Arrival) -> None:
        self.begun.set()
        await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        self.kept.append(arrival)


class Wire:
    """A client that speaks octets, so that it can be rude."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def answer(self) -> str:
        """One whole answer, continuation lines included; empty when the line is closed."""
        lines = []
        while True:
            async with asyncio.timeout(10):
                line = (await self.reader.readline()).decode()
            lines.append(line)
            if not line or line[3:4] != "-":
                return "".join(lines)

    async def say(self, line: bytes | str) -> str:
        self.writer.write((line.encode() if isinstance(line, str) else line) + b"\r\n")
        await self.writer.drain()
        return await self.answer()

    async def begin(self, *recipients: str, sender: str = "jan@voorbeeld.nl", hello: str = "EHLO") -> str:
        """Up to 354; the answer to DATA."""
        await self.say(f"{hello} client.example")
        await self.say(f"MAIL FROM:<{sender}>")
        for recipient in recipients or ("servicedesk@smartfms.nl",):
            await self.say(f"RCPT TO:<{recipient}>")
        return await self.say("DATA")

    async def close(self) -> None:
        self.writer.close()

    def reset(self) -> None:
        self.writer.transport.abort()


class Door:
    """An open door with its keeper, and clients that are closed at the end."""

    def __init__(self, keeper: FakeKeeper, listener: MailListener, port: int, socket: Path) -> None:
        self.keeper = keeper
        self.listener = listener
        self.port = port
        self.socket = socket
        self.wires: list[Wire] = []

    async def connect(self) -> tuple[Wire, str]:
        return await self._met(*await asyncio.open_connection("127.0.0.1", self.port))

    async def connect_lmtp(self) -> tuple[Wire, str]:
        return await self._met(*await asyncio.open_unix_connection(str(self.socket)))

    async def until_inside(self, count: int) -> None:
        """Wait until no more than `count` connections are left."""
        async with asyncio.timeout(10):
            while self.listener.gate.count > count:  # noqa: ASYNC110 - the gate has no event for each number
                await asyncio.sleep(0.005)

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> tuple[Wire, str]:
        wire = Wire(reader, writer)
        self.wires.append(wire)
        return wire, await wire.answer()


@pytest.fixture
async def open_door(tmp_path):
    """A factory of doors with limits of the test's choice."""
    doors: list[Door] = []

    async def opening(**limits: float) -> Door:
        keeper = FakeKeeper()
        socket = tmp_path / f"lmtp{len(doors)}"
        listener, port = await listen(
            keeper,
            mailboxes=["ServiceDesk@smartfms.nl", "privacy@smartfms.nl"],
            now=lambda: NOW,
            port=0,
            lmtp_socket=socket,
            limits=DoorLimits(**limits),
            hostname="mx.smartfms.nl",
        )
        doors.append(Door(keeper, listener, port, socket))
        return doors[-1]

    yield opening

    for door in doors:
        door.keeper.gate.set()
        for wire in door.wires:
            await wire.close()
        await door.listener.close(grace=2)
