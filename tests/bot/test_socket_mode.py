"""The line to Slack, in a workspace whose line breaks."""

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp

from bot.socket_mode import Line, clients, connected
from tests.bot.local_workspace.stage import eventually


class BrokenLine:
    """Hands out lines; the first one breaks as soon as it is there, without a closing word."""

    def __init__(self):
        self.base = ""
        self.lines = 0

    async def open(self, _request):
        return web.json_response({"ok": True, "url": f"{self.base.replace('http', 'ws', 1)}/link"})

    async def who(self, _request):
        return web.json_response({"ok": True, "team_id": "T1", "user_id": "U1", "bot_id": "B1"})

    async def link(self, request):
        self.lines += 1
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        if self.lines == 1:
            request.transport.abort()
        async for _ in socket:
            pass
        return socket


@pytest.fixture
async def slack():
    broken = BrokenLine()
    app = web.Application()
    app.router.add_post("/api/apps.connections.open", broken.open)
    app.router.add_post("/api/auth.test", broken.who)
    app.router.add_get("/link", broken.link)
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    broken.base = "http://127.0.0.1:{1}".format(*runner.addresses[0])
    yield broken
    await runner.cleanup()


async def test_a_line_that_breaks_without_a_word_is_missed_at_the_next_ping(slack):
    line = Line("xoxb-1", "xapp-1", "", f"{slack.base}/api/")

    async with clients(line) as client, connected(AsyncApp(client=client), line, pulse=0.05):
        second = await eventually(lambda: slack.lines >= 2)

    assert second
