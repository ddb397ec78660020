from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.local_workspace import NotOnScreen
from bot.local_workspace.population import ANNA, BRAM, CARLA, ELKE, GIJS, LEADS_CHANNEL, STAFF_CHANNEL
from tests.bot.local_workspace.stage import asked, button, card, eventually, modal


def option(value: str) -> dict[str, Any]:
    return {"text": {"type": "plain_text", "text": value.title()}, "value": value}


async def posted(place: Any, blocks: list[dict[str, Any]] | None = None) -> str:
    reply = await place.client.chat_postMessage(channel=STAFF_CHANNEL, text="kaart", blocks=blocks or card())
    return str(reply["ts"])


@pytest.fixture
async def clicked(place, listen):
    """Let someone click the card; gives the body of the click as the app got it."""
    app, bodies = place.app(), []

    @app.action("confirm")
    async def confirm(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        bodies.append(body)

    await listen(app)

    async def click(user: str = ANNA) -> dict[str, Any]:
        ts, count = await posted(place), len(bodies)
        await place.workspace.press(user=user, channel=STAFF_CHANNEL, ts=ts, action_id="confirm")
        await eventually(lambda: len(bodies) > count)
        return bodies[-1]

    return click


async def error_of(calling: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await calling
    return str(refused.value.response["error"])


async def test_a_trigger_opens_one_modal_within_three_seconds(place, clicked):
    early, late = (await clicked())["trigger_id"], (await clicked())["trigger_id"]
    place.clock.seconds += 2.9

    opened = await place.client.views_open(trigger_id=early, view=modal())
    again = await error_of(place.client.views_open(trigger_id=early, view=modal()))
    place.clock.seconds += 0.4
    too_late = await error_of(place.client.views_open(trigger_id=late, view=modal()))
    unknown = await error_of(place.client.views_open(trigger_id="1.2.3", view=modal()))

    assert place.workspace.modal(ANNA)["id"] == opened["view"]["id"]
    assert (again, too_late, unknown) == ("exchanged_trigger_id", "expired_trigger_id", "invalid_trigger_id")


async def test_a_stale_hash_changes_nothing(place, clicked):
    first = (await place.client.views_open(trigger_id=(await clicked())["trigger_id"], view=modal()))["view"]

    second = (await place.client.views_update(view_id=first["id"], hash=first["hash"], view=modal()))["view"]
    stale = place.client.views_update(
        view_id=first["id"], hash=first["hash"], view=modal(callback_id="other")
    )

    assert second["id"] == first["id"]
    assert second["hash"] != first["hash"]
    assert await error_of(stale) == "hash_conflict"
    assert place.workspace.modal(ANNA)["callback_id"] == "rights"
    assert await error_of(place.client.views_update(view_id="V0GONE", view=modal())) == "not_found"


async def test_a_stack_holds_three_modals(place, listen):
    app, triggers = place.app(), []

    @app.action("more")
    async def more(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        triggers.append(body["trigger_id"])

    await listen(app)
    deep = modal(asked(), {"type": "actions", "elements": [button("more")]})
    ts = await posted(place, card(button("more")))
    await place.workspace.press(user=ANNA, channel=STAFF_CHANNEL, ts=ts, action_id="more")
    await eventually(lambda: triggers)
    root = (await place.client.views_open(trigger_id=triggers[-1], view=deep))["view"]
    views = [root]

    for count in (2, 3, 4):
        await place.workspace.press_in_view(user=ANNA, view_id=views[-1]["id"], action_id="more")
        await eventually(lambda count=count: len(triggers) == count)
        if count < 4:
            views.append((await place.client.views_push(trigger_id=triggers[-1], view=deep))["view"])

    assert await error_of(place.client.views_push(trigger_id=triggers[-1], view=deep)) == "push_limit_reached"
    assert [view["root_view_id"] for view in views] == [root["id"]] * 3
    assert views[2]["previous_view_id"] == views[1]["id"]
    await place.workspace.close_modal(ANNA, views[2]["id"])
    assert place.workspace.modal(ANNA)["id"] == views[1]["id"]


async def test_a_required_field_left_empty_never_leaves_the_screen(place, clicked):
    trigger = (await clicked())["trigger_id"]
    view = (await place.client.views_open(trigger_id=trigger, view=modal()))["view"]

    outcome = await place.workspace.submit(ANNA, view["id"], {})

    assert not outcome.acked
    assert outcome.fault == "invalid"
    assert list(outcome.errors) == ["why"]


async def test_what_is_left_untouched_is_submitted_with_its_initial_value(place, listen, clicked):
    seen: list[dict[str, Any]] = []
    app = place.app()

    @app.action("confirm")
    async def confirm(ack: Any) -> None:
        await ack()

    @app.view("rights")
    async def save(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        seen.append(body)

    trigger = (await clicked())["trigger_id"]
    select = {"type": "static_select", "action_id": "pick", "options": [option("access"), option("erasure")]}
    date = {"type": "datepicker", "action_id": "day", "initial_date": "2026-03-02"}
    view = modal(
        asked("right", element={**select, "initial_option": option("erasure")}),
        asked("day", element=date),
        asked(),
    )
    opened = (await place.client.views_open(trigger_id=trigger, view=view))["view"]
    for handler in place.workspace.office.line._connections:
        handler.leaving = True
    await listen(app)

    await place.workspace.submit(ANNA, opened["id"], {"why": {"text": "x"}})

    body = await eventually(lambda: seen and seen[0])
    values = body["view"]["state"]["values"]
    assert values["right"]["pick"]["selected_option"]["value"] == "erasure"
    assert values["day"]["day"]["selected_date"] == "2026-03-02"
    assert body.keys() >= {
        "api_app_id",
        "response_urls",
        "team",
        "token",
        "trigger_id",
        "type",
        "user",
        "view",
    }


@pytest.fixture
async def submitted(place, listen):
    """Submit a modal to an app that answers with these words; gives the outcome."""

    async def submit(**answer: Any) -> Any:
        app, triggers = place.app(), []

        @app.action("confirm")
        async def confirm(ack: Any, body: dict[str, Any]) -> None:
            await ack()
            triggers.append(body["trigger_id"])

        @app.view("rights")
        async def save(ack: Any) -> None:
            await ack(**answer)

        await listen(app)
        ts = await posted(place)
        await place.workspace.press(user=ANNA, channel=STAFF_CHANNEL, ts=ts, action_id="confirm")
        await eventually(lambda: triggers)
        opened = (await place.client.views_open(trigger_id=triggers[0], view=modal()))["view"]
        return opened, await place.workspace.submit(ANNA, opened["id"], {"why": {"text": "x"}})

    return submit


async def test_errors_stand_beside_their_fields_and_the_modal_stays(place, submitted):
    opened, outcome = await submitted(response_action="errors", errors={"why": "Te kort."})

    assert outcome.errors == {"why": "Te kort."}
    assert place.workspace.modal(ANNA)["id"] == opened["id"]


async def test_errors_for_a_field_that_is_not_there_are_shown_as_a_failure(place, submitted):
    opened, outcome = await submitted(response_action="errors", errors={"elsewhere": "Te kort."})

    assert outcome.fault == "bad_answer"
    assert place.workspace.modal(ANNA)["id"] == opened["id"]


async def test_a_submission_can_be_answered_with_another_view(place, submitted):
    changed = modal(callback_id="working")

    opened, _ = await submitted(response_action="update", view=changed)

    assert place.workspace.modal(ANNA)["id"] == opened["id"]
    assert place.workspace.modal(ANNA)["callback_id"] == "working"


async def test_a_submission_can_push_a_view_and_clear_all(place, submitted):
    opened, _ = await submitted(response_action="push", view=modal(callback_id="second"))

    assert place.workspace.modal(ANNA)["previous_view_id"] == opened["id"]
    await place.workspace.close_modal(ANNA, place.workspace.modal(ANNA)["id"], cleared=True)
    assert place.workspace.modal(ANNA) is None


async def test_a_faulty_view_in_an_answer_is_shown_as_a_failure(place, submitted):
    broken = modal(title={"type": "plain_text", "text": "x" * 25})

    _, outcome = await submitted(response_action="update", view=broken)

    assert outcome.fault == "bad_answer"
    assert "less than 25" in outcome.error


async def test_closing_a_modal_is_told_only_where_the_view_asks_for_it(place, listen):
    app, triggers, closed = place.app(), [], []

    @app.action("confirm")
    async def confirm(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        triggers.append(body["trigger_id"])

    @app.view_closed("told")
    async def note(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        closed.append(body["is_cleared"])

    await listen(app)
    for callback in ("told", "quiet"):
        ts = await posted(place)
        await place.workspace.press(user=ANNA, channel=STAFF_CHANNEL, ts=ts, action_id="confirm")
        await eventually(lambda: triggers)
        view = modal(callback_id=callback, notify_on_close=callback == "told")
        opened = (await place.client.views_open(trigger_id=triggers.pop(), view=view))["view"]
        await place.workspace.close_modal(ANNA, opened["id"])

    await eventually(lambda: closed == [False])
    assert place.workspace.modal(ANNA) is None


async def test_a_response_url_works_five_times_in_half_an_hour(place, clicked):
    url = (await clicked())["response_url"]
    statuses = []
    for _ in range(6):
        async with place.session.post(url, json={"text": "alleen voor u"}) as reply:
            statuses.append(reply.status)
    late = (await clicked())["response_url"]

    place.clock.seconds += 1801
    async with place.session.post(late, json={"text": "te laat"}) as reply:
        expired = (reply.status, (await reply.json())["error"])

    assert statuses == [200] * 5 + [404]
    assert len(place.workspace.ephemerals(ANNA)) == 5
    assert expired == (404, "expired_url")


async def test_a_response_url_can_replace_or_delete_the_message_it_came_from(place, clicked):
    url = (await clicked())["response_url"]

    await place.session.post(url, json={"text": "klaar", "replace_original": True})
    replaced = place.workspace.messages(STAFF_CHANNEL)[0]
    await place.session.post(url, json={"delete_original": True})

    assert (replaced["text"], replaced["blocks"]) == ("klaar", [])
    assert place.workspace.messages(STAFF_CHANNEL) == []


async def test_a_person_can_only_touch_what_is_on_their_screen(place):
    ts = await posted(place)
    lead = (await place.client.chat_postMessage(channel=LEADS_CHANNEL, text="overzicht", blocks=card()))["ts"]
    await place.client.chat_postEphemeral(channel=STAFF_CHANNEL, user=GIJS, text="psst", blocks=card())
    whisper = place.workspace.ephemerals(GIJS)[0]["ts"]
    press = place.workspace.press

    for touch in (
        {"user": ANNA, "channel": STAFF_CHANNEL, "ts": ts, "action_id": "dismiss"},
        {"user": ANNA, "channel": STAFF_CHANNEL, "ts": "1.000001", "action_id": "confirm"},
        {"user": ANNA, "channel": LEADS_CHANNEL, "ts": lead, "action_id": "confirm"},
        {"user": ANNA, "channel": STAFF_CHANNEL, "ts": whisper, "action_id": "confirm"},
    ):
        with pytest.raises(NotOnScreen):
            await press(**touch)
    with pytest.raises(NotOnScreen):
        await place.workspace.submit(ANNA, "V0NOTHING")
    with pytest.raises(NotOnScreen):
        await place.workspace.message(ELKE, STAFF_CHANNEL, "mag ik?")


async def test_an_option_that_is_not_offered_cannot_be_chosen(place):
    select = {"type": "static_select", "action_id": "pick", "options": [option("access")]}
    ts = await posted(place, card(select))

    with pytest.raises(NotOnScreen):
        await place.workspace.press(
            user=ANNA, channel=STAFF_CHANNEL, ts=ts, action_id="pick", value="erasure"
        )


async def test_an_outsider_who_clicks_can_be_answered(place, clicked):
    body = await clicked(ELKE)

    await place.client.chat_postEphemeral(channel=STAFF_CHANNEL, user=ELKE, text="alleen voor agenten")

    assert body["user"]["team_id"] == "T0PARTNER1"
    assert [message["text"] for message in place.workspace.ephemerals(ELKE)] == ["alleen voor agenten"]
    assert ELKE not in (await place.client.conversations_members(channel=STAFF_CHANNEL))["members"]


async def test_a_channel_becomes_shared_when_an_outsider_joins(place, listen):
    app, heard = place.app(), []

    @app.event("channel_shared")
    async def shared(event: dict[str, Any]) -> None:
        heard.append(event["channel"])

    @app.event("member_joined_channel")
    async def joined(event: dict[str, Any]) -> None:
        heard.append(event["user"])

    await listen(app)

    await place.workspace.invite(ELKE, STAFF_CHANNEL)

    await eventually(lambda: sorted(heard) == [STAFF_CHANNEL, ELKE])
    info = await place.client.conversations_info(channel=STAFF_CHANNEL)
    assert info["channel"]["is_ext_shared"]


async def test_a_command_a_shortcut_and_the_home_reach_the_app(place, listen):
    app, seen = place.app(), {}

    @app.command("/avg")
    async def command(ack: Any, command: dict[str, Any]) -> None:
        await ack("Geen verzoeken.")
        seen["command"] = command["text"]

    @app.shortcut("file_request")
    async def shortcut(ack: Any, shortcut: dict[str, Any]) -> None:
        await ack()
        seen["shortcut"] = shortcut["message"]["text"]

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: Any) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": card()})

    @app.event("message")
    async def message() -> None:
        pass

    await listen(app)
    ts = await place.workspace.message(BRAM, STAFF_CHANNEL, "Kan ik <alles> inzien & wissen?")

    await place.workspace.slash(ANNA, STAFF_CHANNEL, "/avg", "mine")
    await place.workspace.shortcut(ANNA, STAFF_CHANNEL, ts, "file_request")
    await place.workspace.open_home(CARLA)

    await eventually(lambda: place.workspace.home(CARLA))
    await eventually(lambda: "shortcut" in seen)
    assert seen == {"command": "mine", "shortcut": "Kan ik &lt;alles&gt; inzien &amp; wissen?"}
    assert [message["text"] for message in place.workspace.ephemerals(ANNA)] == ["Geen verzoeken."]


async def test_an_external_select_offers_what_the_app_suggests(place, listen, clicked):
    trigger = (await clicked())["trigger_id"]
    select = {"type": "external_select", "action_id": "case", "min_query_length": 1}
    view = (await place.client.views_open(trigger_id=trigger, view=modal(asked("case", element=select))))[
        "view"
    ]
    for connection in place.workspace.office.line._connections:
        connection.leaving = True
    app = place.app()

    @app.options("case")
    async def cases(ack: Any, payload: dict[str, Any]) -> None:
        await ack(options=[option(payload["value"])])

    await listen(app)

    with pytest.raises(NotOnScreen):
        await place.workspace.submit(ANNA, view["id"], {"case": {"case": "avg"}})
    outcome = await place.workspace.suggest(user=ANNA, view_id=view["id"], action_id="case", typed="avg")

    assert [found["value"] for found in outcome.payload["options"]] == ["avg"]


async def test_an_edited_and_a_deleted_message_are_told(place, listen):
    app, heard = place.app(), []

    @app.event("message")
    async def message(event: dict[str, Any]) -> None:
        heard.append(event.get("subtype"))

    await listen(app)
    ts = await place.workspace.message(ANNA, STAFF_CHANNEL, "eerst zo")

    await place.workspace.edit(ANNA, STAFF_CHANNEL, ts, "toch zo")
    await place.workspace.delete(ANNA, STAFF_CHANNEL, ts)

    await eventually(lambda: set(heard) == {None, "message_changed", "message_deleted"})
    assert place.workspace.messages(STAFF_CHANNEL) == []
