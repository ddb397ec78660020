from __future__ import annotations

import json
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.local_workspace import APP_TOKEN, BOT_TOKEN
from bot.local_workspace.population import (
    AGENTS_GROUP,
    ANNA,
    BRAM,
    CARLA,
    DIRK,
    ELKE,
    GENERAL_CHANNEL,
    GIJS,
    LEADS_CHANNEL,
    PARTNER_CHANNEL,
    STAFF_CHANNEL,
)
from tests.bot.local_workspace.stage import card


async def error_of(calling: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await calling
    return str(refused.value.response["error"])


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        (None, "auth.test", "not_authed"),
        ("xoxb-wrong", "auth.test", "invalid_auth"),
        (APP_TOKEN, "auth.test", "not_allowed_token_type"),
        (BOT_TOKEN, "apps.connections.open", "not_allowed_token_type"),
        ("xapp-wrong", "apps.connections.open", "invalid_auth"),
        (BOT_TOKEN, "chat.sing", "unknown_method"),
    ],
)
async def test_only_the_right_token_opens_a_method(place, token, method, error):
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}

    async with place.session.post(f"{place.address}/api/{method}", headers=headers) as reply:
        told = await reply.json()

    assert (reply.status, told["ok"], told["error"]) == (200, False, error)


@pytest.mark.parametrize("way", ["query", "form", "json", "json with a string"])
async def test_arguments_come_as_query_form_or_json(place, way):
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    given = {"channel": STAFF_CHANNEL, "text": "kaart", "blocks": json.dumps(card())}
    sent = {
        "query": {"params": given},
        "form": {"data": given},
        "json": {"json": {**given, "blocks": card()}},
        "json with a string": {"json": given},
    }[way]

    async with place.session.post(f"{place.address}/api/chat.postMessage", headers=headers, **sent) as reply:
        told = await reply.json()

    assert told["ok"], told
    assert told["message"]["blocks"][1]["elements"][0]["action_id"] == "confirm"


async def test_misread_json_is_named(place):
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    url = f"{place.address}/api/chat.postMessage"
    errors = []

    for sent in (
        {"data": {"channel": STAFF_CHANNEL, "blocks": "[{"}},
        {"data": b"{", "headers": {**headers, "Content-Type": "application/json"}},
        {"json": ["channel"]},
    ):
        async with place.session.post(url, **{"headers": headers, **sent}) as reply:
            errors.append((await reply.json())["error"])

    assert errors == ["invalid_blocks_format", "invalid_json", "json_not_object"]


async def test_faulty_blocks_are_refused_with_their_messages(place):
    with pytest.raises(SlackApiError) as refused:
        await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="x", blocks=[{"type": "section"}])

    assert refused.value.response["error"] == "invalid_blocks"
    assert "text or fields" in refused.value.response["response_metadata"]["messages"][0]
    assert place.workspace.messages(STAFF_CHANNEL) == []


async def test_posting_knows_where_the_bot_may_be(place):
    post = place.client.chat_postMessage

    assert await error_of(post(channel="C0NOWHERE", text="x")) == "channel_not_found"
    assert await error_of(post(channel=GENERAL_CHANNEL, text="x")) == "not_in_channel"
    empty = place.client.api_call("chat.postMessage", json={"channel": STAFF_CHANNEL, "text": " "})
    assert await error_of(empty) == "no_text"
    assert await error_of(post(channel=STAFF_CHANNEL, text="x" * 40_001)) == "msg_too_long"
    assert await error_of(post(channel=STAFF_CHANNEL, text="x", thread_ts="1.000001")) == "thread_not_found"
    assert await error_of(post(channel=DIRK, text="x")) == "user_disabled"
    assert (await post(channel="#avg-verzoeken", text="x"))["channel"] == STAFF_CHANNEL
    await place.client.conversations_join(channel=GENERAL_CHANNEL)
    assert (await post(channel=GENERAL_CHANNEL, text="x"))["ok"]


async def test_a_burst_is_let_through_and_then_told_to_wait(open_place):
    place = await open_place(burst=4)
    for _ in range(4):
        await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="x")

    with pytest.raises(SlackApiError) as refused:
        await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="x")
    await place.client.chat_postMessage(channel=LEADS_CHANNEL, text="another channel has its own limit")
    place.clock.seconds += 1
    await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="x")

    assert refused.value.response.status_code == 429
    assert refused.value.response["error"] == "ratelimited"
    assert refused.value.response.headers["Retry-After"] == "1"
    assert len(place.workspace.messages(STAFF_CHANNEL)) == 5


async def test_only_its_own_messages_can_be_changed_or_deleted(place):
    theirs = await place.workspace.message(ANNA, STAFF_CHANNEL, "van mij")
    ours = (await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="kaart", blocks=card()))["ts"]

    assert (
        await error_of(place.client.chat_update(channel=STAFF_CHANNEL, ts=theirs, text="x"))
        == "cant_update_message"
    )
    assert await error_of(place.client.chat_delete(channel=STAFF_CHANNEL, ts=theirs)) == "cant_delete_message"
    assert (
        await error_of(place.client.chat_update(channel=STAFF_CHANNEL, ts="1.000001", text="x"))
        == "message_not_found"
    )
    assert (
        await error_of(place.client.chat_update(channel=STAFF_CHANNEL, ts=ours, text="x" * 4001))
        == "msg_too_long"
    )
    await place.client.chat_update(channel=STAFF_CHANNEL, ts=ours, text="klaar", blocks=[])
    changed = place.workspace.messages(STAFF_CHANNEL)[1]
    assert (changed["ts"], changed["text"], changed["blocks"]) == (ours, "klaar", [])
    assert "edited" in changed
    await place.client.chat_delete(channel=STAFF_CHANNEL, ts=ours)
    assert [message["ts"] for message in place.workspace.messages(STAFF_CHANNEL)] == [theirs]


async def test_a_thread_counts_its_replies_and_history_leaves_them_out(place):
    first = (await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="kaart"))["ts"]
    await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="een regel", thread_ts=first)
    await place.workspace.message(BRAM, STAFF_CHANNEL, "nog een", thread_ts=first)

    history = await place.client.conversations_history(channel=STAFF_CHANNEL)
    thread = await place.client.conversations_replies(channel=STAFF_CHANNEL, ts=first)

    assert [message["reply_count"] for message in history["messages"]] == [2]
    assert [message["text"] for message in thread["messages"]] == ["kaart", "een regel", "nog een"]


async def test_a_deleted_parent_leaves_its_thread_standing(place):
    first = (await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="kaart"))["ts"]
    await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="een regel", thread_ts=first)

    await place.client.chat_delete(channel=STAFF_CHANNEL, ts=first)

    assert [message.get("subtype") for message in place.workspace.thread(STAFF_CHANNEL, first)] == [
        "tombstone",
        None,
    ]
    assert (
        await error_of(place.client.chat_update(channel=STAFF_CHANNEL, ts=first, text="x"))
        == "message_not_found"
    )


async def test_metadata_is_found_again_by_who_asks_for_it(place):
    metadata = {"event_type": "case_card", "event_payload": {"reference": "AVG-2026-0001"}}
    posted = await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="kaart", metadata=metadata)

    without = await place.client.conversations_history(channel=STAFF_CHANNEL)
    asked = await place.client.conversations_history(channel=STAFF_CHANNEL, include_all_metadata=True)

    assert "metadata" not in without["messages"][0]
    assert asked["messages"][0]["metadata"] == metadata
    assert asked["messages"][0]["ts"] == posted["ts"]
    misshapen = place.client.chat_postMessage(channel=STAFF_CHANNEL, text="x", metadata={"event_type": "x"})
    assert await error_of(misshapen) == "invalid_metadata_format"


async def test_history_is_paged_and_bounded(place):
    posted = [
        (await place.client.chat_postMessage(channel=STAFF_CHANNEL, text=str(number)))["ts"]
        for number in range(5)
    ]

    first = await place.client.conversations_history(channel=STAFF_CHANNEL, limit=2)
    cursor = first["response_metadata"]["next_cursor"]
    second = await place.client.conversations_history(channel=STAFF_CHANNEL, limit=2, cursor=cursor)
    between = await place.client.conversations_history(
        channel=STAFF_CHANNEL, oldest=posted[1], latest=posted[3]
    )
    inclusive = await place.client.conversations_history(
        channel=STAFF_CHANNEL, oldest=posted[1], latest=posted[3], inclusive=True
    )

    assert [m["text"] for m in first["messages"]] == ["4", "3"]
    assert first["has_more"]
    assert [m["text"] for m in second["messages"]] == ["2", "1"]
    assert [m["text"] for m in between["messages"]] == ["2"]
    assert [m["text"] for m in inclusive["messages"]] == ["3", "2", "1"]
    wrong = place.client.conversations_history(channel=STAFF_CHANNEL, cursor="nonsense")
    assert await error_of(wrong) == "invalid_cursor"


async def test_people_have_their_roles(place):
    async def facts(user: str) -> tuple[bool, bool, str]:
        told = (await place.client.users_info(user=user))["user"]
        return told["is_restricted"], told["deleted"], told["team_id"]

    assert await facts(ANNA) == (False, False, "T0SMARTFMS")
    assert await facts(GIJS) == (True, False, "T0SMARTFMS")
    assert await facts(ELKE) == (False, False, "T0PARTNER1")
    assert await facts(DIRK) == (False, True, "T0SMARTFMS")
    assert await error_of(place.client.users_info(user="U0NOBODY")) == "user_not_found"
    assert (await place.client.usergroups_users_list(usergroup=AGENTS_GROUP))["users"] == [ANNA, BRAM, CARLA]
    groups = (await place.client.usergroups_list(include_users=True))["usergroups"]
    assert {group["handle"]: group["users"] for group in groups}["avg-teamleiders"] == [CARLA]
    assert (await place.client.users_lookupByEmail(email="anna@smartfms.example"))["user"]["id"] == ANNA
    assert (
        await error_of(place.client.users_lookupByEmail(email="dirk@smartfms.example")) == "users_not_found"
    )


async def test_a_private_channel_is_listed_only_when_asked_for(place):
    public = await place.client.conversations_list()
    both = await place.client.conversations_list(types="public_channel,private_channel")

    assert LEADS_CHANNEL not in [channel["id"] for channel in public["channels"]]
    assert LEADS_CHANNEL in [channel["id"] for channel in both["channels"]]
    shared = await place.client.conversations_info(channel=PARTNER_CHANNEL)
    assert shared["channel"]["is_ext_shared"]


async def test_a_direct_message_opens_the_conversation(place):
    opened = await place.client.conversations_open(users=ANNA)
    posted = await place.client.chat_postMessage(channel=ANNA, text="alleen voor u")

    assert posted["channel"] == opened["channel"]["id"]
    assert [message["text"] for message in place.workspace.direct(ANNA)] == ["alleen voor u"]
    assert await error_of(place.client.conversations_open(users=DIRK)) == "user_disabled"


async def test_an_ephemeral_message_is_for_one_member_only(place):
    await place.client.chat_postEphemeral(channel=STAFF_CHANNEL, user=GIJS, text="alleen voor agenten")

    assert [message["text"] for message in place.workspace.ephemerals(GIJS)] == ["alleen voor agenten"]
    assert place.workspace.ephemerals(ANNA) == []
    assert place.workspace.messages(STAFF_CHANNEL) == []
    outside = place.client.chat_postEphemeral(channel=STAFF_CHANNEL, user=ELKE, text="x")
    assert await error_of(outside) == "user_not_in_channel"


async def test_a_permalink_opens_the_page_at_the_message(place):
    posted = await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="kaart")

    link = (await place.client.chat_getPermalink(channel=STAFF_CHANNEL, message_ts=posted["ts"]))["permalink"]
    async with place.session.get(link) as page:
        html = await page.text()

    assert link.endswith(f"/archives/{STAFF_CHANNEL}/p{posted['ts'].replace('.', '')}")
    assert "/static/page.js" in html


async def test_a_reaction_counts_once(place):
    posted = await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="kaart")
    again = {"channel": STAFF_CHANNEL, "timestamp": posted["ts"], "name": "eyes"}

    await place.client.reactions_add(**again)

    assert place.workspace.messages(STAFF_CHANNEL)[0]["reactions"][0]["count"] == 1
    assert await error_of(place.client.reactions_add(**again)) == "already_reacted"


async def test_files_arrive_in_three_steps_and_only_as_announced(place):
    parent = (await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="kaart"))["ts"]
    html = b"<script>alert(1)</script>"

    sent = await place.client.files_upload_v2(
        channel=STAFF_CHANNEL, thread_ts=parent, filename="brief.html", content=html, title="Brief"
    )
    started = await place.client.files_getUploadURLExternal(filename="a.txt", length=5)
    async with place.session.post(started["upload_url"], data=b"too long") as reply:
        wrong = reply.status
    unfinished = place.client.files_completeUploadExternal(files=[{"id": started["file_id"], "title": "a"}])

    message = place.workspace.thread(STAFF_CHANNEL, parent)[1]
    assert message["files"][0]["title"] == "Brief"
    async with place.session.get(sent["file"]["url_private"]) as reply:
        assert await reply.read() == html
        assert reply.headers["Content-Disposition"] == "attachment"
        assert reply.content_type == "application/octet-stream"
    assert wrong == 400
    assert await error_of(unfinished) == "file_not_found"


async def test_a_mention_in_escaped_text_rings_nobody(place):
    post = place.client.chat_postMessage

    await post(
        channel=STAFF_CHANNEL,
        text="x",
        blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": "&lt;!channel&gt;"}}],
    )
    await post(
        channel=STAFF_CHANNEL,
        text="x",
        blocks=[{"type": "header", "text": {"type": "plain_text", "text": "<!channel>"}}],
    )

    assert place.workspace.rung(STAFF_CHANNEL) == []
    await post(channel=STAFF_CHANNEL, text="<!channel> wakker worden")
    assert place.workspace.rung(STAFF_CHANNEL) == ["!channel"]
