"""What `doctor` finds out from a workspace that answers."""

import os
from datetime import UTC, datetime

import pytest
from aiohttp import web

from bot.commands.slack_checks import slack
from bot.local_workspace import APP_TOKEN, BOT_TOKEN, LocalWorkspace
from bot.settings import forget_proxies_for, load


@pytest.fixture
async def ask():
    """Runs the checks with these settings against the local workspace."""
    workspace = LocalWorkspace(None, neighbourhood=None, now=lambda: datetime.now(UTC))
    app = web.Application()
    workspace.mount(app)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0]
    told = {"slack_app_token": APP_TOKEN, "slack_bot_token": BOT_TOKEN, "_env_file": None}

    async def look(**settings):
        found = await slack(load(slack_api_url=f"http://{host}:{port}/api/", **{**told, **settings}))
        return {check.check: check for check in found}

    yield look
    await workspace.close()
    await runner.cleanup()


async def test_a_proxy_for_the_outside_does_not_swallow_what_is_on_this_machine(ask, monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    found = await ask()

    assert all(check.ok for check in found.values()), found


@pytest.mark.parametrize(
    ("url", "no_proxy", "proxy"),
    [
        ("http://localhost:1/api/", "", ""),
        ("http://[::1]:1/api/", "", ""),
        ("https://slack.intern.example/api/", "localhost,.intern.example", ""),
        ("https://slack.com/api/", "localhost,.intern.example", "http://proxy.example:3128"),
    ],
)
def test_the_proxy_stands_for_every_address_that_it_is_meant_for(monkeypatch, url, no_proxy, proxy):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://proxy.example:3128")
    monkeypatch.setenv("no_proxy", no_proxy)
    monkeypatch.setenv("NO_PROXY", no_proxy)

    forget_proxies_for(url)

    assert os.environ["HTTPS_PROXY"] == proxy


async def test_a_workspace_in_order_passes(ask):
    found = await ask()

    assert all(check.ok for check in found.values()), found
    assert {"Slack token", "Slack scopes", "Slack Socket Mode", "Slack staff channel"} <= found.keys()


async def test_channel_and_group_faults_show_at_once(ask):
    found = await ask(leads_channel="#nowhere", agents_group="@nobody")

    assert {name for name, check in found.items() if not check.ok} == {
        "Slack leads channel",
        "Slack agents group",
    }
    assert "RIGHTSDESK_LEADS_CHANNEL" in found["Slack leads channel"].advice


async def test_a_wrong_token_is_told_and_nothing_else_is_asked(ask):
    found = await ask(slack_bot_token="xoxb-wrong")

    assert list(found) == ["Slack token"]
    assert "invalid_auth" in found["Slack token"].advice
    assert "SLACK_BOT_TOKEN" in found["Slack token"].advice


async def test_a_wrong_app_token_is_a_fault_of_socket_mode_alone(ask):
    found = await ask(slack_app_token="xapp-wrong")

    assert [name for name, check in found.items() if not check.ok] == ["Slack Socket Mode"]
