"""Only full colleagues of the right circle may act; whenever Slack cannot say so, nobody may."""

from dataclasses import dataclass

import pytest
from structlog.testing import capture_logs

from bot.people import REMEMBERED, People, Places
from bot.places import ChannelClosed, ChannelMissing, ChannelShared, GroupMissing, NotInvited
from bot.settings import load
from bot.socket_mode import SlackRefuses
from tests.bot import fake_slack as world
from tests.bot.fake_slack import ANNA, BOT, BRAM, CARLA, DIRK, ELKE, GIJS, FakeSlack, slack_served


@dataclass
class Watch:
    """A monotonic clock that moves when it is told to."""

    seconds: float = 100.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def slack():
    return FakeSlack()


@pytest.fixture
async def client(slack):
    async with slack_served(slack) as client:
        yield client


@pytest.fixture
def watch():
    return Watch()


async def people(client, watch, **told):
    made = People(client, load(_env_file=None, **told), watch)
    await made.check_channels()
    return made


@pytest.mark.parametrize(
    ("user", "may"),
    [(ANNA, True), (BRAM, True), (GIJS, False), (ELKE, False), (DIRK, False), (BOT, False), (CARLA, False)],
)
async def test_without_a_group_the_colleagues_in_the_staff_channel_may_act(client, watch, user, may):
    everybody = await people(client, watch)

    assert await everybody.may_act(user) is may


@pytest.mark.parametrize(("user", "may"), [(ANNA, True), (BRAM, False), (GIJS, False)])
async def test_with_a_group_only_its_full_colleagues_may_act(client, watch, user, may):
    everybody = await people(client, watch, agents_group="@avg-agenten")

    assert await everybody.may_act(user) is may


async def test_who_authorised_the_app_is_no_bot_for_that(client, slack, watch):
    slack.users[ANNA]["is_app_user"] = True

    assert await (await people(client, watch)).may_act(ANNA)


@pytest.mark.parametrize("flag", ["is_ultra_restricted", "is_stranger", "is_bot", "deleted", "is_restricted"])
async def test_any_one_flag_bars_a_person(client, slack, watch, flag):
    slack.users[ANNA][flag] = True

    assert not await (await people(client, watch)).may_act(ANNA)


async def test_a_lead_is_in_the_leads_channel(client, watch):
    everybody = await people(client, watch)

    assert await everybody.is_lead(CARLA)
    assert not await everybody.is_lead(ANNA)


async def test_slack_is_asked_once_a_minute_and_then_hears_of_a_leaver(client, slack, watch):
    everybody = await people(client, watch)
    assert await everybody.may_act(ANNA)
    asked = len(slack.calls)

    slack.members[world.STAFF].remove(ANNA)
    within = await everybody.may_act(ANNA)
    unasked = len(slack.calls) == asked
    watch.seconds += REMEMBERED
    after = await everybody.may_act(ANNA)

    assert (within, unasked, after) == (True, True, False)


@pytest.mark.parametrize("method", ["users.info", "conversations.members"])
async def test_when_slack_fails_nobody_may_act_and_the_log_names_no_one(client, slack, watch, method):
    everybody = await people(client, watch)
    slack.failing[method] = "internal_error"

    with capture_logs() as logged:
        may = await everybody.may_act(ANNA)

    assert not may
    assert logged[0]["error"] == "internal_error"
    assert ANNA not in str(logged)


async def test_when_slack_is_away_nobody_may_act(watch):
    slack = FakeSlack()
    async with slack_served(slack) as client:
        everybody = await people(client, watch)

    assert not await everybody.may_act(ANNA)


async def test_a_failure_is_not_remembered(client, slack, watch):
    everybody = await people(client, watch)
    slack.failing["users.info"] = "internal_error"
    assert not await everybody.may_act(ANNA)

    slack.failing.clear()

    assert await everybody.may_act(ANNA)


async def test_before_the_channels_are_known_nobody_may_act(client, watch):
    assert not await People(client, load(_env_file=None), watch).may_act(ANNA)


async def test_names_are_resolved_however_many_pages_that_takes(client, watch):
    found = await People(client, load(_env_file=None, agents_group="@avg-agenten"), watch).check_channels()

    assert found == Places(
        team=world.TEAM,
        staff=world.STAFF,
        deadlines=world.DEADLINES,
        leads=world.LEADS,
        agents_group=world.AGENTS,
    )


async def test_ids_are_taken_as_they_are(client, watch):
    settings = load(_env_file=None, staff_channel=world.STAFF, agents_group=world.AGENTS)

    found = await People(client, settings, watch).check_channels()

    assert (found.staff, found.agents_group) == (world.STAFF, world.AGENTS)


@pytest.mark.parametrize(
    ("told", "error", "setting"),
    [
        ({"staff_channel": "#met-partner"}, ChannelShared, "RIGHTSDESK_STAFF_CHANNEL"),
        ({"deadlines_channel": world.SHARED}, ChannelShared, "RIGHTSDESK_DEADLINES_CHANNEL"),
        ({"leads_channel": "#nergens"}, ChannelMissing, "RIGHTSDESK_LEADS_CHANNEL"),
        ({"leads_channel": "C0NOWHERE"}, ChannelMissing, "RIGHTSDESK_LEADS_CHANNEL"),
        ({"staff_channel": "#oud"}, ChannelClosed, "RIGHTSDESK_STAFF_CHANNEL"),
        ({"staff_channel": "#algemeen"}, NotInvited, "RIGHTSDESK_STAFF_CHANNEL"),
        ({"agents_group": "@niemand"}, GroupMissing, "RIGHTSDESK_AGENTS_GROUP"),
    ],
)
async def test_an_unfit_place_is_refused_with_the_name_of_its_setting(client, watch, told, error, setting):
    with pytest.raises(error, match=setting):
        await people(client, watch, **told)


async def test_a_channel_about_to_be_shared_is_refused_too(client, slack, watch):
    slack.channels[world.STAFF]["is_pending_ext_shared"] = True

    with pytest.raises(ChannelShared):
        await people(client, watch)


async def test_a_refusal_of_slacks_names_the_method(client, slack, watch):
    slack.failing["conversations.list"] = "missing_scope"

    with pytest.raises(SlackRefuses, match=r"conversations\.list: missing_scope"):
        await people(client, watch)
