from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

from bot.local_workspace.journal import Journal
from bot.local_workspace.population import ANNA, STAFF_CHANNEL
from tests.bot.local_workspace.stage import card


async def test_everything_that_lasts_is_there_after_a_restart(open_place, tmp_path):
    path = tmp_path / "workspace.jsonl"
    first = await open_place(path)
    posted = await first.client.chat_postMessage(channel=STAFF_CHANNEL, text="kaart", blocks=card())
    await first.client.chat_update(channel=STAFF_CHANNEL, ts=posted["ts"], text="bevestigd", blocks=[])
    await first.client.chat_postMessage(channel=STAFF_CHANNEL, text="regel", thread_ts=posted["ts"])
    await first.client.chat_postEphemeral(channel=STAFF_CHANNEL, user=ANNA, text="vluchtig")
    await first.client.files_upload_v2(channel=STAFF_CHANNEL, filename="a.txt", content=b"inhoud")
    await first.client.views_publish(user_id=ANNA, view={"type": "home", "blocks": []})
    await first.workspace.close()

    second = await open_place(path)

    assert second.workspace.messages(STAFF_CHANNEL) == first.workspace.messages(STAFF_CHANNEL)
    assert second.workspace.thread(STAFF_CHANNEL, posted["ts"])[1]["text"] == "regel"
    assert second.workspace.home(ANNA) == first.workspace.home(ANNA)
    assert second.workspace.ephemerals(ANNA) == []
    file_id = second.workspace.messages(STAFF_CHANNEL)[1]["files"][0]["id"]
    async with second.session.get(f"{second.address}/files/{file_id}") as reply:
        assert await reply.read() == b"inhoud"


async def test_a_torn_last_line_is_dropped_and_the_next_one_is_whole(open_place, tmp_path):
    path = tmp_path / "workspace.jsonl"
    first = await open_place(path)
    await first.client.chat_postMessage(channel=STAFF_CHANNEL, text="heel")
    await first.workspace.close()
    with path.open("ab") as journal:
        journal.write(b'{"kind":"message_posted","channel":"C0VERZ')

    second = await open_place(path)
    await second.client.chat_postMessage(channel=STAFF_CHANNEL, text="daarna")
    await second.workspace.close()
    third = await open_place(path)

    assert [message["text"] for message in third.workspace.messages(STAFF_CHANNEL)] == ["heel", "daarna"]


def test_a_damaged_line_in_the_middle_costs_only_itself(tmp_path):
    path = tmp_path / "workspace.jsonl"
    path.write_bytes(b'{"kind":"a"}\n\x00\xff{\n{"kind":"b"}\n')

    records = list(Journal(path).replay())

    assert [record["kind"] for record in records] == ["a", "b"]


async def test_timestamps_rise_when_the_clock_goes_back(place):
    first = (await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="een"))["ts"]

    place.clock.moment -= timedelta(days=2)
    second = (await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="twee"))["ts"]

    assert second > first


async def test_without_a_path_nothing_is_written(place, tmp_path):
    await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="een")

    assert list(tmp_path.iterdir()) == []


WRITER = """
import sys
from pathlib import Path
from bot.local_workspace.journal import Journal
journal = Journal(Path(sys.argv[1]))
number = 0
while True:
    journal.append({"kind": "message_posted", "number": number})
    print(number, flush=True)
    number += 1
"""


async def test_what_was_answered_survives_a_killed_process(tmp_path):
    path = tmp_path / "workspace.jsonl"
    writer = await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, str(path), stdout=asyncio.subprocess.PIPE, cwd=Path.cwd()
    )
    answered = [int(await writer.stdout.readline()) for _ in range(200)]

    writer.kill()
    await writer.communicate()

    kept = [record["number"] for record in Journal(path).replay()]
    assert kept[: len(answered)] == answered
