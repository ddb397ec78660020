from __future__ import annotations

import asyncio
from typing import Any

from bot.local_workspace import APP_TOKEN
from bot.local_workspace.population import ANNA, BOT_USER, BRAM, GENERAL_CHANNEL, STAFF_CHANNEL
from tests.bot.local_workspace.stage import HURRIED, card, eventually, modal


async def test_a_click_reaches_an_unmodified_bolt_app_with_every_key_that_slack_sends(place, listen):
    app, bodies = place.app(), []

    @app.action("confirm")
    async def confirm(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        bodies.append(body)

    await listen(app)
    posted = await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="AVG-2026-0001", blocks=card())

    outcome = await place.workspace.press(
        user=ANNA, channel=STAFF_CHANNEL, ts=posted["ts"], action_id="confirm"
    )

    body = await eventually(lambda: bodies and bodies[0])
    assert outcome.acked
    assert outcome.error is None
    assert body.keys() >= {
        "actions", "api_app_id", "channel", "container", "message", "response_url", "state", "team", "token",
        "trigger_id", "type", "user",
    }  # fmt: skip
    assert body["actions"][0]["value"] == "AVG-2026-0001"
    assert body["message"]["ts"] == posted["ts"]


async def test_a_click_that_nobody_listens_for_shows_the_person_a_failure(open_place):
    place = await open_place(patience=HURRIED)
    handler = await place.connect(place.app())
    posted = await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="kaart", blocks=card())

    outcome = await place.workspace.press(
        user=ANNA, channel=STAFF_CHANNEL, ts=posted["ts"], action_id="confirm"
    )

    assert not outcome.acked
    assert outcome.fault == "timeout"
    assert "reageerde niet op tijd" in outcome.error
    await handler.close_async()


async def test_a_click_without_any_connection_fails_at_once(place):
    posted = await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="kaart", blocks=card())

    outcome = await place.workspace.press(
        user=ANNA, channel=STAFF_CHANNEL, ts=posted["ts"], action_id="confirm"
    )

    assert outcome.fault == "no_connection"


async def test_each_envelope_goes_to_exactly_one_connection_in_turn(place, listen):
    heard: list[str] = []
    for name in ("first", "second"):
        app = place.app()
        app.event("message")(_noting(heard, name))
        await listen(app)

    for number in range(4):
        await place.workspace.message(ANNA, STAFF_CHANNEL, f"bericht {number}")
    await place.workspace.settle()

    await eventually(lambda: len(heard) == 4)
    assert sorted(heard) == ["first", "first", "second", "second"]


def _noting(heard: list[str], name: str) -> Any:
    async def listening() -> None:
        heard.append(name)

    return listening


async def test_an_event_that_was_not_acknowledged_comes_again_and_says_so(open_place):
    place = await open_place(patience=HURRIED)
    app, tries = place.app(), []

    @app.middleware
    async def note(req: Any, next: Any) -> None:  # noqa: A002 - Bolt's own name for it
        tries.append((req.headers["x-slack-retry-num"][0], req.headers.get("x-slack-retry-reason", [""])[0]))
        await next()

    handler = await place.connect(app)
    await place.workspace.message(ANNA, STAFF_CHANNEL, "hoort iemand mij?")
    await place.workspace.settle()

    assert tries == [("0", ""), ("1", "timeout"), ("2", "timeout")]
    assert place.workspace.office.ledger.state.owed == {}
    await handler.close_async()


async def test_an_event_waits_for_a_connection_also_across_a_restart(open_place, tmp_path):
    first = await open_place(tmp_path / "workspace.jsonl")
    await first.workspace.message(ANNA, STAFF_CHANNEL, "voor later")
    await first.workspace.close()
    second = await open_place(tmp_path / "workspace.jsonl")
    app, heard = second.app(), []

    @app.event("message")
    async def listening(event: dict[str, Any], req: Any) -> None:
        heard.append((event["text"], req.headers["x-slack-retry-num"][0]))

    handler = await second.connect(app)

    await eventually(lambda: heard == [("voor later", "1")])
    await second.workspace.settle()
    assert second.workspace.office.ledger.state.owed == {}
    await handler.close_async()


async def test_the_app_comes_back_after_it_was_asked_to_reconnect(place, listen):
    app, heard = place.app(), []

    @app.event("message")
    async def listening(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    await listen(app)

    await place.workspace.disconnect_all("refresh_requested")
    await place.workspace.message(ANNA, STAFF_CHANNEL, "nog daar?")

    await eventually(lambda: heard == ["nog daar?"])


async def test_the_app_hears_nothing_of_a_channel_that_it_is_not_in(place, listen):
    app, heard = place.app(), []

    @app.event("message")
    async def listening(event: dict[str, Any]) -> None:
        heard.append(event["text"])

    await listen(app)

    await place.workspace.message(ANNA, GENERAL_CHANNEL, "onder ons")
    await place.client.conversations_join(channel=GENERAL_CHANNEL)
    await place.workspace.message(ANNA, GENERAL_CHANNEL, "nu met de app")

    await eventually(lambda: heard == ["nu met de app"])


async def test_a_websocket_ticket_opens_one_connection_only(place):
    opened = await place.client.apps_connections_open(app_token=APP_TOKEN)
    async with place.session.ws_connect(opened["url"]) as socket:
        hello = await socket.receive_json()

        async with place.session.get(opened["url"].replace("ws", "http", 1)) as again:
            refused = again.status

    assert hello["type"] == "hello"
    assert refused == 401


async def test_a_connection_that_breaks_during_a_click_fails_that_click(place):
    opened = await place.client.apps_connections_open(app_token=APP_TOKEN)
    posted = await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="kaart", blocks=card())
    async with place.session.ws_connect(opened["url"]) as socket:
        await socket.receive_json()

        clicking = asyncio.create_task(
            place.workspace.press(user=ANNA, channel=STAFF_CHANNEL, ts=posted["ts"], action_id="confirm")
        )
        await socket.receive_json()

    assert (await clicking).fault == "connection_lost"


async def test_two_people_click_and_both_clicks_arrive(place, listen):
    app, clicks = place.app(), []

    @app.action("confirm")
    async def confirm(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        clicks.append(body["user"]["id"])

    await listen(app)
    posted = await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="kaart", blocks=card())

    outcomes = await asyncio.gather(
        *(
            place.workspace.press(user=user, channel=STAFF_CHANNEL, ts=posted["ts"], action_id="confirm")
            for user in (ANNA, BRAM)
        )
    )

    assert [outcome.acked for outcome in outcomes] == [True, True]
    await eventually(lambda: sorted(clicks) == [ANNA, BRAM])


async def test_a_click_opens_a_modal_and_its_submission_closes_it(place, listen):
    app, submitted = place.app(), []

    @app.action("confirm")
    async def confirm(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal())

    @app.view("rights")
    async def save(ack: Any, view: dict[str, Any]) -> None:
        await ack()
        submitted.append(view["state"]["values"]["why"]["text"]["value"])

    await listen(app)
    posted = await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="kaart", blocks=card())
    await place.workspace.press(user=ANNA, channel=STAFF_CHANNEL, ts=posted["ts"], action_id="confirm")
    view = await eventually(lambda: place.workspace.modal(ANNA))

    outcome = await place.workspace.submit(ANNA, view["id"], {"why": {"text": "omdat"}})

    assert outcome.acked
    await eventually(lambda: submitted == ["omdat"])
    assert place.workspace.modal(ANNA) is None


async def test_the_bot_knows_itself(place):
    me = await place.client.auth_test()

    assert me["user_id"] == BOT_USER
    assert me["url"] == f"{place.address}/"
    assert "chat:write" in me.headers["x-oauth-scopes"]


async def test_an_app_hears_only_the_events_that_it_subscribed_to(open_place):
    place = await open_place(events=frozenset({"app_home_opened"}))

    await place.workspace.message(ANNA, STAFF_CHANNEL, "dit hoort niemand")
    await place.workspace.open_home(ANNA)

    owed = [body["event"]["type"] for body in place.workspace.office.ledger.state.owed.values()]
    assert owed == ["app_home_opened"]
