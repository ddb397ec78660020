"""Health names the part that is not well; metrics count what others want to draw."""

from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.health import Health
from bot.roles.web import mount_health
from bot.troubles import Troubles
from cases import lifecycle
from cases.desk import Desk
from cases.effects import SendDigest
from cases.errors import StoreAway
from tests.builders import NOW, TODAY, FrozenClock, a_case
from tests.fakes import InMemoryStore


class House:
    """The people's side with everything well, until a test breaks a part."""

    def __init__(self):
        self.clock = FrozenClock()
        self.store = InMemoryStore(self.clock)
        self.connected = True
        self.troubles = Troubles(now=self.clock.now, tell=self._tell)
        self.pulses = self.store.pulses
        self.desk = Desk(self.store, self.clock)

    async def _tell(self, *_):
        pass

    async def all_alive(self, *, silent=""):
        clock, self.store.clock = self.store.clock, FrozenClock(datetime.now(UTC))
        for role in {"smtp", "worker", "clock"} - {silent}:
            await self.store.pulses.beat(role, "one", {"port": 8025} if role == "smtp" else {})
        self.store.clock = clock


@pytest.fixture
def house():
    return House()


@pytest.fixture
async def http(house):
    app = web.Application()
    mount_health(app, Health(house.desk, house.pulses, house.troubles, lambda: house.connected))
    async with TestClient(TestServer(app)) as client:
        yield client


async def health(http):
    answer = await http.get("/health")
    told = await answer.json()
    assert told["ok"] is (answer.status == 200)
    return answer.status, {name for name, part in told["parts"].items() if not part["ok"]}


async def test_all_is_well(house, http):
    await house.all_alive()

    assert await health(http) == (200, set())


@pytest.mark.parametrize("role", ["smtp", "worker", "clock"])
async def test_a_role_that_never_reported_is_named(house, http, role):
    await house.all_alive(silent=role)

    assert await health(http) == (503, {role})


async def test_a_role_that_fell_silent_is_named(house, http):
    await house.all_alive(silent="smtp")
    await house.store.pulses.beat("smtp", "one", {})  # by the store's clock: long ago

    assert await health(http) == (503, {"smtp"})


async def test_a_line_to_slack_that_is_down_is_named(house, http):
    await house.all_alive()
    house.connected = False

    assert await health(http) == (503, {"slack"})


@pytest.mark.parametrize(("lane", "part"), [("slack", "slack"), ("mail", "outbox"), ("database", "database")])
async def test_trouble_of_a_courier_is_named_until_it_is_over(house, http, lane, part):
    await house.all_alive()

    await house.troubles.failed(lane, "timeout")
    during = await health(http)
    await house.troubles.worked(lane)

    assert during == (503, {part})
    assert await health(http) == (200, set())


async def test_a_database_that_is_away_is_all_there_is_to_tell(house, http):
    class Away:
        async def pulses(self):
            raise StoreAway(error="locked")

    app = web.Application()
    mount_health(app, Health(house.desk, Away(), house.troubles, lambda: True))
    async with TestClient(TestServer(app)) as client:
        answer = await client.get("/health")
        metrics = await client.get("/metrics")

        assert answer.status == 503
        assert set((await answer.json())["parts"]) == {"database"}
        assert metrics.status == 200


async def test_metrics_count_cases_and_what_is_late(house, http):
    await house.all_alive()
    async with house.store.begin() as tx:
        await tx.record(lifecycle.propose(a_case(), at=NOW))
        await tx.owe(SendDigest(day=TODAY))
    house.clock.move(timedelta(days=29))

    text = await (await http.get("/metrics")).text()

    assert 'rightsdesk_cases{status="proposed"} 1.0' in text
    assert "rightsdesk_overdue_promise 1.0" in text
    assert "rightsdesk_overdue_statute 0.0" in text
    assert "rightsdesk_owed 2.0" in text
    assert 'rightsdesk_part_ok{part="smtp"} 1.0' in text
