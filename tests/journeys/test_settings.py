"""Whoever starts it with something wrong reads one sentence that names the setting."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from bot.local_workspace import APP_TOKEN, BOT_TOKEN
from tests.journeys.product import environment, start
from tests.journeys.slack import slack_served


async def refused(folder: Path, model: str, **settings: str) -> str:
    """The one sentence on standard error; exit code 1 and no traceback."""
    product = await start(
        environment(folder, **{"RIGHTSDESK_MODEL": model, **settings}), folder=folder.parent
    )
    code = await product.ended()
    assert code == 1, product.everything
    sentences = [line for line in product.errors if "[info" not in line]
    assert len(sentences) == 1, product.everything
    assert "Traceback" not in sentences[0]
    return sentences[0]


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("RIGHTSDESK_SMTP_PORT", "mail"),
        ("RIGHTSDESK_HTTP_PORT", "70000"),
        ("DATABASE_URL", "mysql://somewhere/else"),
        ("DATABASE_URL", "postgresql://nobody:secret@127.0.0.1:9/nothing"),
        ("RIGHTSDESK_DATA_DIR", "/proc/rightsdesk"),
        ("RIGHTSDESK_CONTROLLER", "/nowhere/controller.toml"),
    ],
)
async def test_a_wrong_value_is_named_and_never_repeated_when_it_holds_a_password(
    tmp_path: Path, trained_model: str, setting: str, value: str
) -> None:
    sentence = await refused(tmp_path, trained_model, **{setting: value})

    assert setting in sentence
    assert "secret" not in sentence


@pytest.mark.parametrize("setting", ["RIGHTSDESK_SMTP_PORT", "RIGHTSDESK_HTTP_PORT"])
async def test_a_port_that_somebody_has_is_named(tmp_path: Path, trained_model: str, setting: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        sentence = await refused(tmp_path, trained_model, **{setting: port})

    assert setting in sentence
    assert f"127.0.0.1:{port}" in sentence


async def test_a_bot_token_without_an_app_token_is_told(tmp_path: Path, trained_model: str) -> None:
    sentence = await refused(tmp_path, trained_model, SLACK_BOT_TOKEN=BOT_TOKEN)

    assert "SLACK_APP_TOKEN" in sentence


@pytest.mark.parametrize("wrong", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_a_token_that_slack_refuses_ends_the_start(
    tmp_path: Path, trained_model: str, wrong: str
) -> None:
    async with slack_served(tmp_path) as slack:
        tokens = {"SLACK_BOT_TOKEN": BOT_TOKEN, "SLACK_APP_TOKEN": APP_TOKEN, wrong: "xoxb-of-somebody-else"}

        sentence = await refused(tmp_path, trained_model, **{**slack.settings, **tokens})

    assert wrong in sentence
    assert "somebody-else" not in sentence


async def test_a_channel_that_is_not_there_is_named(tmp_path: Path, trained_model: str) -> None:
    async with slack_served(tmp_path) as slack:
        settings = {**slack.settings, "RIGHTSDESK_STAFF_CHANNEL": "#nergens"}

        sentence = await refused(tmp_path, trained_model, **settings)

    assert "RIGHTSDESK_STAFF_CHANNEL" in sentence
    assert "#nergens" in sentence
