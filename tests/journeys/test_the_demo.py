"""What a newcomer does first: `rightsdesk demo`, and the page as customer, guest, agent and lead."""

import json
import re
import signal
from asyncio import create_subprocess_exec
from asyncio.subprocess import PIPE
from contextlib import asynccontextmanager
from datetime import date, timedelta

from playwright.async_api import expect

from cases.holidays import is_ordinary_working_day
from cases.messages import Language
from cases.model import Right
from cases.wording import long_date
from tests.chromium import IN_A_BROWSER, page_at
from tests.journeys.product import environment, eventually, running
from tests.journeys.records import records_of

pytestmark = list(IN_A_BROWSER)

STAFF, DEADLINES, LEADS = "channel-C0VERZOEKEN", "channel-C0TERMIJNEN", "channel-C0TEAMLEIDING"
ANNA, CARLA, GIJS = "me-U0ANNA", "me-U0CARLA", "me-U0GIJS"
PATIENT = 30_000  #: milliseconds; Slack's limit of a message a second holds here too
STORY = """Hallo,

De printer op de tweede doet het weer niet, daar belt een collega over.
Ik wil zelf graag weten welke persoonsgegevens jullie van mij hebben, en daar een kopie van.

Groet, Sanne <!channel> *x*
"""


@asynccontextmanager
async def at_the_page(product):
    [address] = re.findall(r"the page +(\S+)", product.everything)
    async with page_at(address, height=900) as page:
        page.set_default_timeout(PATIENT)
        yield page


async def listing(env, *command):
    """What a command prints as JSON."""
    asked = await create_subprocess_exec("rightsdesk", *command, "--json", env=env, stdout=PIPE, stderr=PIPE)
    out, err = await asked.communicate()
    assert asked.returncode == 0, err.decode()
    return json.loads(out)


async def as_a_customer(page, text=STORY, subject_line="Vraagje"):
    await page.get_by_test_id("go-mail").click()
    await page.get_by_test_id("mail-sender_name").fill("Sanne Bakker")
    await page.get_by_test_id("mail-sender_address").fill("sanne.bakker@example.org")
    await page.get_by_test_id("mail-subject_line").fill(subject_line)
    await page.get_by_test_id("mail-text").fill(text)
    await page.get_by_test_id("mail-send").click()


async def test_a_newcomer_plays_all_three_people(tmp_path, trained_model):
    env = environment(tmp_path, RIGHTSDESK_MODEL=trained_model, RIGHTSDESK_UNDO_MINUTES="0.05")

    async with running(env, "demo") as product, at_the_page(product) as page:
        await the_samples_become_eight_cases(env, product)
        await as_a_customer(page)
        reference = await the_card_quotes_the_one_sentence_that_asks(page)
        await a_guest_is_refused_and_an_agent_confirms(page)
        await the_customer_reads_the_letter_and_answers(page, reference)
        await a_day_behind_the_promise_the_lead_reads_that_everything_is_late(page, env)
        assert await product.stop(signal.SIGINT) == 0

    assert "Traceback" not in product.everything


async def the_samples_become_eight_cases(env, product):
    await eventually(lambda: "sample mails sent" in product.everything, "the samples are sent")
    rights = {right["right"] for case in await _eight(env) for right in case["rights"]}
    assert rights >= {right.value for right in Right}


async def the_card_quotes_the_one_sentence_that_asks(page):
    await page.get_by_test_id(STAFF).click()
    newest = page.get_by_test_id("message").last
    await expect(newest).to_contain_text("Sanne Bakker", timeout=PATIENT)
    await expect(newest).to_contain_text("AVG-verzoek: inzage")
    await expect(newest).to_contain_text("welke persoonsgegevens jullie van mij hebben")
    await expect(newest).not_to_contain_text("sanne.bakker@example.org")
    [reference] = set(re.findall(r"AVG-\d{4}-\d{4}", await newest.inner_text()))
    return reference


async def a_guest_is_refused_and_an_agent_confirms(page):
    card = page.get_by_test_id("message").filter(has_text="Sanne Bakker").first
    await page.get_by_test_id(GIJS).click()
    await card.get_by_test_id("element-case-confirm").click()
    await expect(page.get_by_test_id("ephemeral").last).to_contain_text("mogen dit doen", timeout=PATIENT)
    await page.get_by_test_id(ANNA).click()
    await card.get_by_test_id("element-case-confirm").click()
    await expect(card).to_contain_text("in behandeling", timeout=PATIENT)
    await expect(card.get_by_test_id("element-case-confirm")).to_have_count(0)


async def the_customer_reads_the_letter_and_answers(page, reference):
    see = page.get_by_test_id
    await see("go-letters").click()
    letter = see("letter").filter(has_text=reference)
    await expect(letter).to_contain_text("verstuurd", timeout=PATIENT)
    await letter.locator("summary, button").first.click()
    await expect(see("letter-body").first).to_contain_text("Beste Sanne Bakker,")
    await expect(see("letter-body").first).to_contain_text("inzage in uw persoonsgegevens")
    await see("letter-reply").first.click()
    await see("mail-text").fill("Dank u wel, ik wacht het af.")
    await see("mail-send").click()
    await see(STAFF).click()
    card = see("message").filter(has_text="Sanne Bakker").first
    await card.get_by_test_id("open-thread").click()
    await expect(see("thread")).to_contain_text("ik wacht het af", timeout=PATIENT)
    await see("thread-close").click()


async def a_day_behind_the_promise_the_lead_reads_that_everything_is_late(page, env):
    see = page.get_by_test_id
    [day] = {case["received_on"] for case in await listing(env, "cases")}
    today = date.fromisoformat(day)
    behind = today + timedelta(days=29)
    while not is_ordinary_working_day(behind):  # no digest comes on the others
        behind += timedelta(days=1)
    days_on = (behind - today).days - 28
    for step, days in (("next-week", 7),) * 4 + (("next-day", 1),) * days_on:
        today += timedelta(days=days)
        await see(step).click()
        await expect(see("today")).to_contain_text(
            long_date(today, Language.NL, weekday=True), timeout=2 * PATIENT
        )
    late = await listing(env, "cases", "--overdue")
    await see(CARLA).click()
    await see(LEADS).click()
    await expect(see("message").last).to_contain_text(f"{len(late)} te laat", timeout=2 * PATIENT)
    await see(DEADLINES).click()
    await expect(see("message").first).to_contain_text("binnen tien werkdagen", timeout=2 * PATIENT)
    assert len(late) == 9


async def _eight(env):
    """What the command tells once the samples have become cases."""
    async with records_of(f"sqlite:///{env['RIGHTSDESK_DATA_DIR']}/rightsdesk.db") as records:

        async def are_there():
            return len(await records.files()) == 8

        await eventually(are_there, "eight cases")
    cases = await listing(env, "cases")
    assert len(cases) == 8
    return cases


async def test_a_second_demo_keeps_what_was_there_and_sends_nothing_again(tmp_path, trained_model):
    env = environment(tmp_path, RIGHTSDESK_MODEL=trained_model)
    async with running(env, "demo") as product:
        await _eight(env)
        await product.stop(signal.SIGINT)

    async with running(env, "demo") as product, at_the_page(product) as page:
        await expect(page.get_by_test_id("message").nth(7)).to_be_visible(timeout=PATIENT)
        assert "sample mails sent" not in product.everything
        assert len(await listing(env, "cases")) == 8
        await the_next_week_begins_with_a_second_look(page, env, tmp_path)


async def the_next_week_begins_with_a_second_look(page, env, folder):
    """The customer's mail is no request; staff is asked on the first working day of the week that follows."""
    see = page.get_by_test_id
    [day] = {case["received_on"] for case in await listing(env, "cases")}
    today = await _a_day_on(
        page, date.fromisoformat(day)
    )  # a week that began without mail is not asked about
    async with records_of(f"sqlite:///{folder / 'rightsdesk.db'}") as records:
        read = (await records.read()).total()
        await as_a_customer(page, "De printer op de tweede verdieping geeft strepen.", "Printer")
        await eventually(lambda: _more_than(read, records), "the mail is filed")
    begins = today + timedelta(days=7 - today.weekday())
    while today < begins or not is_ordinary_working_day(today):
        today = await _a_day_on(page, today)
    await see(ANNA).click()
    await see(STAFF).click()
    asked = see("message").filter(has=see("element-look-was-none")).last
    await expect(asked).to_contain_text("Steekproef", timeout=PATIENT)
    await asked.get_by_test_id("element-look-was-none").last.click()
    answered = see("message").filter(has_text="Geen verzoek volgens").last
    await expect(answered).to_contain_text("0 gemist van 1 bekeken", timeout=PATIENT)
    assert (await listing(env, "second-look"))["answered"] == 1


async def _more_than(read, records):
    return (await records.read()).total() > read


async def _a_day_on(page, today):
    await page.get_by_test_id("next-day").click()
    tomorrow = today + timedelta(days=1)
    await expect(page.get_by_test_id("today")).to_contain_text(
        long_date(tomorrow, Language.NL, weekday=True), timeout=2 * PATIENT
    )
    return tomorrow
