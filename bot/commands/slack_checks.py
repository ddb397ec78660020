"""What `doctor` asks Slack: who we are, what we may, and whether every channel and group is there."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.commands.checks import Check
from bot.places import _channel, _group, error_code
from bot.settings import Settings, forget_proxies_for
from cases.errors import RightsDeskError

MANIFEST: Final = Path(__file__).parent.parent / "manifest.json"
_PATIENCE: Final = 10
_TOKEN: Final = "Copy the bot token (xoxb-…) from the app's page at api.slack.com into SLACK_BOT_TOKEN."  # noqa: S105 - advice, no token


async def slack(settings: Settings) -> list[Check]:
    """Every line about Slack; only the first when Slack does not know us."""
    if settings.is_local:
        return [Check("Slack", ok=True, advice="no SLACK_BOT_TOKEN: the local workspace is used instead")]
    forget_proxies_for(settings.slack_api_url)
    timeout = aiohttp.ClientTimeout(total=_PATIENCE)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        client = AsyncWebClient(
            token=settings.slack_bot_token,
            base_url=settings.slack_api_url,
            session=session,
            retry_handlers=[],
        )
        known, scopes = await _introduction(client)
        if not known.ok:
            return [known]
        line = AsyncWebClient(
            token=settings.slack_app_token,
            base_url=settings.slack_api_url,
            session=session,
            retry_handlers=[],
        )
        return [known, scopes, await _socket_mode(line), *await _places(client, settings)]


def missing_scopes(granted: str, manifest: dict[str, Any]) -> list[str]:
    """What the manifest asks for and the x-oauth-scopes header does not list."""
    wanted = manifest.get("oauth_config", {}).get("scopes", {}).get("bot", [])
    return sorted(set(wanted) - {scope.strip() for scope in granted.split(",")})


async def _introduction(client: AsyncWebClient) -> tuple[Check, Check]:
    """auth.test, and the scopes that its answer's header lists."""
    granted = ""

    async def ask() -> str:
        nonlocal granted
        answer = await client.auth_test()
        granted = next((v for k, v in answer.headers.items() if k.lower() == "x-oauth-scopes"), "")
        return f"workspace {answer.get('team')}"

    known = await _asked("Slack token", _TOKEN, ask)
    return known, _scopes(granted)


def _scopes(granted: str) -> Check:
    if not granted:
        return Check("Slack scopes", ok=True, advice="Slack did not list them")
    missing = missing_scopes(granted, json.loads(MANIFEST.read_text(encoding="utf-8")))
    if not missing:
        return Check("Slack scopes", ok=True)
    advice = f"{', '.join(missing)} missing: update the app from bot/manifest.json and install it again."
    return Check("Slack scopes", ok=False, advice=advice)


async def _socket_mode(client: AsyncWebClient) -> Check:
    async def ask() -> str:
        await client.apps_connections_open(app_token=str(client.token))
        return ""

    advice = "Make an app-level token (xapp-…) with connections:write and write it into SLACK_APP_TOKEN."
    return await _asked("Slack Socket Mode", advice, ask)


async def _places(client: AsyncWebClient, settings: Settings) -> list[Check]:
    """Each channel and group on its own, so that all faults show at once."""
    found = []
    for name in ("staff_channel", "deadlines_channel", "leads_channel", "agents_group", "leads_group"):
        setting, told = f"RIGHTSDESK_{name.upper()}", getattr(settings, name)
        find = _channel if name.endswith("channel") else _group

        async def ask(find: Any = find, setting: str = setting, told: str = told) -> str:
            return f"{told} is {found_id}" if (found_id := await find(client, setting, told)) else "not set"

        label = f"Slack {name.replace('_', ' ')}"
        found.append(await _asked(label, f"Slack would not tell about {setting}.", ask))
    return found


async def _asked(name: str, advice: str, ask: Callable[[], Awaitable[str]]) -> Check:
    try:
        return Check(name, ok=True, advice=await ask())
    except RightsDeskError as fault:
        return Check(name, ok=False, advice=str(fault))
    except SlackApiError as refusal:
        return Check(name, ok=False, advice=f"Slack says {error_code(refusal)}.  {advice}")
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as fault:
        why = type(fault).__name__
        away = f"Slack cannot be reached ({why}): look at the network and RIGHTSDESK_SLACK_API_URL."
        return Check(name, ok=False, advice=away)
