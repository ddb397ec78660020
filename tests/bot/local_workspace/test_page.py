"""The page in a real browser. Each test waits on what it wants to see, never for a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Page, Route, expect

from bot.local_workspace.population import ANNA, DEADLINES_CHANNEL, GIJS, STAFF_CHANNEL
from tests.bot.local_workspace.stage import asked, button, card, eventually, modal
from tests.chromium import IN_A_BROWSER, page_at


def browser(test: Any) -> Any:
    for mark in IN_A_BROWSER:
        test = mark(test)
    return test


@pytest.fixture
async def page(place) -> AsyncIterator[Page]:
    async with page_at(place.address, height=800) as page:
        await expect(page.get_by_test_id("title")).to_have_text("#avg-verzoeken")
        yield page


@dataclass
class Held:
    """What the page asks for under one address, kept waiting until it may go on."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    let_through: asyncio.Event = field(default_factory=asyncio.Event)

    async def hold(self, route: Route) -> None:
        self.asked.set()
        await self.let_through.wait()
        await route.continue_()


async def held(page: Page, address: str) -> Held:
    waiting = Held()
    await page.route(address, waiting.hold)
    return waiting


async def post(place: Any, **message: Any) -> str:
    return str(
        (await place.client.chat_postMessage(**{"channel": STAFF_CHANNEL, "text": "kaart", **message}))["ts"]
    )


def letter(**facts: Any) -> dict[str, Any]:
    return {
        "id": "1",
        "reference": "AVG-2026-0001",
        "kind": "acknowledgement",
        "to": "sanne@example.org",
        "subject_line": "Uw verzoek",
        "body": "Wij ontvingen uw verzoek.",
        "state": "sent",
        "sent_at": "2026-03-02T09:00:00+00:00",
        "leaves_at": None,
        "message_id": "<brief@smartfms.example>",
        **facts,
    }


@browser
async def test_hostile_text_runs_nothing_and_rings_nobody(place, page):
    hostile = '<img src=x onerror="document.title=1"> <!channel> <script>document.title=2</script>'
    escaped = hostile.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    sneaky = "<javascript:alert(1)|klik> <data:text/html,x|hier> <https://example.org/|goed>"
    place.town.kept = [letter(to=hostile, subject_line=hostile, body=hostile)]

    await post(
        place, blocks=[{"type": "section", "text": {"type": "mrkdwn", "text": f"{escaped}\n{sneaky}"}}]
    )
    await post(place, blocks=[{"type": "header", "text": {"type": "plain_text", "text": hostile}}])
    await place.workspace.message(ANNA, STAFF_CHANNEL, hostile)
    await expect(page.get_by_test_id("message")).to_have_count(3)
    drawn = await page.get_by_test_id("messages").inner_html()
    links = await page.get_by_test_id("messages").locator("a").evaluate_all("all => all.map(a => a.href)")
    shown = await page.get_by_test_id("message").nth(1).inner_text()
    await page.get_by_test_id("go-letters").click()
    await page.get_by_test_id("letter").locator("summary").click()
    await expect(page.get_by_test_id("letter-body")).to_have_text(hostile)

    assert "<img" not in drawn
    assert "<script" not in drawn
    assert hostile in shown
    assert links == ["https://example.org/"]
    assert await page.get_by_test_id("ring").count() == 0
    assert place.workspace.rung(STAFF_CHANNEL) == []
    assert await page.title() not in {"1", "2"}


@browser
async def test_a_real_mention_is_shown_to_ring(place, page):
    await post(place, text="<!channel> nog een dag", channel=DEADLINES_CHANNEL)

    await page.get_by_test_id(f"channel-{DEADLINES_CHANNEL}").click()

    await expect(page.get_by_test_id("ring")).to_contain_text("@channel")


@browser
async def test_news_does_not_take_a_button_away_from_under_a_press(place, page):
    ts = await post(place)
    await post(place, text="een antwoord", thread_ts=ts)
    await page.get_by_test_id("open-thread").hover()
    news = await held(page, "**/page/channel**")
    await post(place, text="nog een antwoord", thread_ts=ts)
    await news.asked.wait()
    await page.mouse.down()
    async with page.expect_response("**/page/channel**") as reply:
        news.let_through.set()
    await (await reply.value).finished()
    await page.evaluate("() => new Promise(requestAnimationFrame)")
    await page.mouse.up()

    await expect(page.get_by_test_id("thread").get_by_test_id("message")).to_have_count(3)
    await expect(page.get_by_test_id("open-thread")).to_contain_text("2")


@browser
async def test_what_was_drawn_for_one_person_is_never_pressed_by_another(place, page, listen):
    app, pressed = place.app(), []

    @app.action("confirm")
    async def confirm(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        pressed.append(body["user"]["id"])

    await listen(app)
    await post(place, blocks=[{"type": "actions", "elements": [button()]}])
    await expect(page.get_by_test_id("element-confirm")).to_have_count(1)
    world = await held(page, "**/page/world**")
    await page.get_by_test_id(f"me-{GIJS}").click()
    await expect(page.get_by_test_id("element-confirm")).to_have_count(0)
    world.let_through.set()
    await page.get_by_test_id("element-confirm").click()

    await eventually(lambda: pressed)
    assert pressed == [GIJS]


@browser
async def test_an_answer_meant_for_whoever_was_chosen_before_is_dropped(place, page):
    await post(place, text="een kaart")
    await expect(page.get_by_test_id("message")).to_have_count(1)
    answer = await held(page, "**/page/channel**")
    await post(place, text="nog een kaart")
    await answer.asked.wait()
    await page.get_by_test_id(f"me-{GIJS}").click()
    answer.let_through.set()

    await expect(page.get_by_test_id("message")).to_have_count(2)
    assert await page.get_by_test_id("notice").count() == 0


@browser
async def test_an_agent_fills_in_a_modal_and_reads_what_is_wrong_with_it(place, page, listen):
    app, saved = place.app(), []

    @app.action("confirm")
    async def confirm(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal())

    @app.view("rights")
    async def save(ack: Any, view: dict[str, Any], client: Any) -> None:
        text = view["state"]["values"]["why"]["text"]["value"]
        if text == "kort":
            await ack(response_action="errors", errors={"why": "Schrijf een zin."})
            return
        await ack()
        saved.append(text)
        await client.chat_postMessage(channel=STAFF_CHANNEL, text="Vastgelegd.", thread_ts=ts)

    await listen(app)
    question = {
        "title": {"type": "plain_text", "text": "Zeker?"},
        "text": {"type": "mrkdwn", "text": "Echt?"},
        "confirm": {"type": "plain_text", "text": "Ja"},
        "deny": {"type": "plain_text", "text": "Nee"},
    }
    ts = await post(place, blocks=card(button(style="primary", confirm=question)))

    await page.get_by_role("button", name="Bevestigen").click()
    await page.get_by_test_id("confirm-agree").click()
    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("input-why").get_by_role("alert")).to_contain_text("verplichte veld")
    await page.get_by_label("Waarom").fill("kort")
    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("input-why").get_by_role("alert")).to_have_text("Schrijf een zin.")
    await page.get_by_label("Waarom").fill("Omdat zij het vroeg.")
    await page.get_by_test_id("modal-submit").click()
    await expect(page.get_by_test_id("modal")).to_have_count(0)
    await page.get_by_test_id("open-thread").click()

    await expect(page.get_by_test_id("thread").get_by_text("Vastgelegd.")).to_be_visible()
    assert saved == ["Omdat zij het vroeg."]


@browser
async def test_a_guest_reads_a_refusal_that_nobody_else_sees(place, page, listen):
    app = place.app()

    @app.action("confirm")
    async def confirm(ack: Any, body: dict[str, Any], client: Any) -> None:
        await ack()
        await client.chat_postEphemeral(
            channel=STAFF_CHANNEL, user=body["user"]["id"], text="Alleen voor agenten."
        )

    await listen(app)
    await post(place, blocks=card())

    await page.get_by_test_id(f"me-{GIJS}").click()
    await expect(page.get_by_test_id(f"me-{GIJS}")).to_have_attribute("aria-pressed", "true")
    await page.get_by_test_id("element-confirm").click()

    await expect(page.get_by_test_id("ephemeral")).to_contain_text("Alleen zichtbaar voor u")
    await page.get_by_test_id(f"me-{ANNA}").click()
    await expect(page.get_by_test_id("ephemeral")).to_have_count(0)


@browser
async def test_a_click_that_nobody_takes_shows_the_failure(place, page):
    await post(place, blocks=card())

    await page.get_by_test_id("element-confirm").click()

    await expect(page.get_by_test_id("failure")).to_have_text(
        "Rights Desk is niet verbonden. Probeer het straks opnieuw."
    )
    await page.get_by_test_id("language-en").click()
    await expect(page.get_by_test_id("standin")).to_contain_text("This is a stand-in for Slack")


@browser
async def test_a_customer_writes_and_answers_and_the_day_moves_on(place, page):
    place.town.kept = [letter()]

    await page.get_by_test_id("go-letters").click()
    await page.get_by_test_id("letter").locator("summary").click()
    await page.get_by_test_id("letter-reply").click()
    await page.get_by_test_id("mail-text").fill("Dank u wel.")
    await page.get_by_test_id("mail-send").click()
    await expect(page.get_by_test_id("mail-answer")).to_contain_text("Aangenomen")
    await page.get_by_test_id("next-week").click()

    await expect(page.get_by_test_id("today")).to_contain_text("9 maart 2026")
    assert place.town.mails[0]["in_reply_to"] == "<brief@smartfms.example>"
    assert place.town.mails[0]["sender_address"] == "sanne@example.org"
    assert place.town.mails[0]["subject_line"] == "Re: Uw verzoek"


@browser
async def test_a_file_shows_as_a_picture_with_its_alt_text(place, page):
    dot = bytes.fromhex(
        "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c636060606000"
        "0000050001a5f645400000000049454e44ae426082"
    )
    await place.client.files_upload_v2(
        channel=STAFF_CHANNEL,
        filename="termijnen.png",
        content=dot,
        title="Termijnen",
        alt_txt="Niets te laat",
    )

    await expect(page.get_by_role("img", name="Niets te laat")).to_be_visible()


@browser
async def test_the_page_fits_a_phone(place, page):
    await post(
        place, blocks=[*card(), {"type": "section", "text": {"type": "plain_text", "text": "lang" * 300}}]
    )
    await page.set_viewport_size({"width": 390, "height": 800})

    await page.get_by_test_id("menu").click()
    await page.get_by_test_id("go-mail").click()
    await expect(page.get_by_test_id("mail-form")).to_be_visible()
    await page.get_by_test_id("menu").click()
    await page.get_by_test_id(f"channel-{STAFF_CHANNEL}").click()
    await expect(page.get_by_test_id("message")).to_be_visible()

    wide = await page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


async def test_another_site_cannot_click_here(place):
    given = {"user": ANNA, "channel": STAFF_CHANNEL, "text": "van elders"}
    url = f"{place.address}/page/message"
    statuses = []

    for sent in (
        {"json": given, "headers": {"Origin": "https://evil.example"}},
        {"json": given, "headers": {"Host": "evil.example"}},
        {"data": given},
    ):
        async with place.session.post(url, **sent) as reply:
            statuses.append(reply.status)

    assert statuses == [403, 403, 415]
    assert place.workspace.messages(STAFF_CHANNEL) == []


async def test_the_page_may_load_nothing_from_elsewhere(place):
    async with place.session.get(place.address) as reply:
        policy = reply.headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy


async def test_the_workspace_closes_while_a_page_is_open(place):
    async with aiohttp.ClientSession() as session, session.get(f"{place.address}/page/news") as news:
        await news.content.readline()

        await place.workspace.close()

        rest = await news.content.read()
    assert b"hello" not in rest
    await eventually(lambda: place.workspace.connections == 0)


async def test_a_modal_is_seen_only_by_whose_it_is(place):
    view = modal(asked())
    trigger = place.workspace.office.triggers.issue(ANNA)
    await place.client.views_open(trigger_id=trigger, view=view)

    async def views(user: str) -> int:
        async with place.session.get(f"{place.address}/page/modals", params={"user": user}) as reply:
            return len((await reply.json())["views"])

    assert (await views(ANNA), await views(GIJS)) == (1, 0)
