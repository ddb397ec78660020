"""Fixtures: a place with a running workspace, or several; see stage.py."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from tests.bot.local_workspace.stage import Opened, Place, opened


@pytest.fixture
async def open_place() -> AsyncIterator[Opened]:
    async with AsyncExitStack() as stack:

        async def open_one(journal: Path | None = None, **more: Any) -> Place:
            return await stack.enter_async_context(opened(journal, **more))

        yield open_one


@pytest.fixture
async def place(open_place: Opened) -> Place:
    return await open_place()


@pytest.fixture
async def listen(place: Place) -> AsyncIterator[Callable[[AsyncApp], Awaitable[AsyncSocketModeHandler]]]:
    """Connect an app; it leaves before the workspace does."""
    handlers = []

    async def connect(app: AsyncApp) -> AsyncSocketModeHandler:
        handlers.append(await place.connect(app))
        return handlers[-1]

    yield connect
    for handler in handlers:
        await handler.close_async()
