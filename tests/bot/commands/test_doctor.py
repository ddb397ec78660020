"""`doctor`: each fault with what to do about it."""

import asyncio
import json
import socket
from pathlib import Path

import pytest

from bot.commands.checks import port
from bot.commands.slack_checks import missing_scopes
from bot.settings import WrongSettings
from tests.bot.commands.conftest import changed


def checks_of(line):
    result = line.run("doctor", "--json")
    return result.exit_code, {row["check"]: row for row in json.loads(result.stdout)}


def test_a_house_in_order_passes_and_says_that_slack_is_played_here(line):
    code, found = checks_of(line)

    assert code == 0
    assert all(row.keys() == {"check", "ok", "advice"} for row in found.values())
    assert "local workspace" in found["Slack"]["advice"]
    assert line.run("doctor").stdout.startswith("ok")


def test_wrong_settings_are_told_together_and_nothing_else_is_looked_at(line):
    line.wrong = WrongSettings(sentences="RIGHTSDESK_SMTP_PORT: a number. DATABASE_URL: an address.")

    code, found = checks_of(line)

    assert code == 1
    assert list(found) == ["settings"]
    assert "RIGHTSDESK_SMTP_PORT" in found["settings"]["advice"]
    assert "DATABASE_URL" in found["settings"]["advice"]


@pytest.mark.parametrize(("revision", "advice"), [(None, "schema none"), ("1", "rightsdesk migrate")])
def test_an_old_database_wants_to_be_migrated(line, revision, advice):
    line.revision = revision

    code, found = checks_of(line)

    assert code == 1
    assert advice in found["database"]["advice"]


@pytest.mark.parametrize(
    ("model", "advice"), [((None, False), "no trained model"), (("old", False), "old was")]
)
def test_a_model_that_is_missing_or_stale_wants_training(line, model, advice):
    line.model = model

    code, found = checks_of(line)

    assert code == 1
    assert advice in found["model"]["advice"]
    assert "rightsdesk train" in found["model"]["advice"]


def test_every_fault_shows_at_once(line, tmp_path):
    file = tmp_path / "a file"
    file.touch()
    with socket.create_server(("127.0.0.1", 0)) as closed:
        free = closed.getsockname()[1]
    changed(line, data_dir=file, controller=tmp_path / "none.toml", relay_host="127.0.0.1", relay_port=free)

    code, found = checks_of(line)

    assert code == 1
    assert {name for name, row in found.items() if not row["ok"]} == {"controller", "data folder", "relay"}
    assert "RIGHTSDESK_DATA_DIR" in found["data folder"]["advice"]
    assert "RIGHTSDESK_RELAY_" in found["relay"]["advice"]


async def test_a_port_is_free_or_ours_or_a_fault():
    async def answering(greeting):
        async def greet(_reader, writer):
            writer.write(greeting)
            await writer.drain()
            writer.close()

        return await asyncio.start_server(greet, "127.0.0.1", 0)

    async with (
        await answering(b"220 host Rights Desk\r\n") as ours,
        await answering(b"220 other\r\n") as other,
    ):
        numbers = [server.sockets[0].getsockname()[1] for server in (ours, other)]
        found = [await port("SMTP", "X_PORT", "127.0.0.1", number, greets=True) for number in (*numbers, 0)]

    assert [check.ok for check in found] == [True, False, True]
    assert "X_PORT" in found[1].advice


def test_scopes_are_held_against_the_manifest():
    manifest = {"oauth_config": {"scopes": {"bot": ["chat:write", "users:read"]}}}

    assert missing_scopes("chat:write, users:read,files:read", manifest) == []
    assert missing_scopes("chat:write", manifest) == ["users:read"]


def test_slack_that_cannot_be_reached_is_a_fault(line):
    with socket.create_server(("127.0.0.1", 0)) as closed:
        free = closed.getsockname()[1]
    changed(
        line, slack_bot_token="xoxb-1", slack_app_token="xapp-1", slack_api_url=f"http://127.0.0.1:{free}/"
    )

    code, found = checks_of(line)

    assert code == 1
    assert "cannot be reached" in found["Slack token"]["advice"]


def test_a_data_folder_that_can_be_made_is_made(line, tmp_path):
    changed(line, data_dir=tmp_path / "new" / "place")

    code, _ = checks_of(line)

    assert code == 0
    assert Path(tmp_path / "new" / "place").is_dir()
