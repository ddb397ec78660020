"""What is well and what is not, told to machines at /health and /metrics."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from aiohttp import web
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from bot.troubles import Troubles
from cases.agenda import is_overdue, is_past_statute
from cases.desk import Desk
from cases.errors import RightsDeskError
from cases.ports import Pulses
from cases.records import CaseQuery, Lane, Tally

BEAT_EVERY: Final = 5.0  #: seconds
_FRESH: Final = timedelta(seconds=30)
_STUCK: Final = timedelta(minutes=5)  #: something due has waited this long in the outbox, or unread

#: The roles whose signs of life make a part well.
_ROLES: Final = {"smtp": "smtp", "worker": "worker", "clock": "clock"}


@dataclass(frozen=True, slots=True)
class Health:
    """Reads the signs of life of all roles, wherever they run, and looks at what waits too long."""

    desk: Desk
    pulses: Pulses
    troubles: Troubles
    slack_connected: Callable[[], bool]

    async def parts(self) -> dict[str, dict[str, Any]]:
        """Per part {"ok": bool, "why": sentence when not}."""
        try:
            beats = await self.pulses.pulses()
            async with self.desk.store.look() as tx:
                tally = await tx.tally()
        except RightsDeskError as fault:
            return {"database": _ill(str(fault))}
        error = self.troubles.of("database")
        told = {"database": _ill(f"it does not take what we write ({error})") if error else _well()}
        for part, role in _ROLES.items():
            told[part] = self._alive(role, beats)
        told["slack"] = self._slack()
        told["outbox"] = self._outbox(tally)
        return told

    def _alive(self, role: str, beats: Mapping[str, tuple[datetime, Mapping[str, Any]]]) -> dict[str, Any]:
        last = beats.get(role)
        if last is None:
            return _ill(f"no {role} process has reported; start `rightsdesk {role}`")
        if datetime.now(UTC) - last[0] > _FRESH:
            return _ill(f"the {role} process has been silent since {last[0]:%Y-%m-%d %H:%M:%S} UTC")
        return _well(**dict(last[1]))

    def _slack(self) -> dict[str, Any]:
        error = self.troubles.of(Lane.SLACK)
        if error:
            return _ill(f"Slack does not take our posts ({error})")
        return _well() if self.slack_connected() else _ill("the Socket Mode connection is down")

    def _outbox(self, tally: Tally) -> dict[str, Any]:
        error = self.troubles.of(Lane.MAIL)
        if error:
            return _ill(f"the mail relay does not take our letters ({error})", owed=tally.owed)
        waiting = tally.oldest_owed
        if waiting and self.desk.clock.now() - waiting > _STUCK:
            return _ill("something has been due for more than five minutes", owed=tally.owed)
        return _well(
            owed=tally.owed, unclear_letters=tally.unclear_letters, failed_letters=tally.failed_letters
        )

    async def report(self, _request: web.Request) -> web.Response:
        parts = await self.parts()
        ok = all(part["ok"] for part in parts.values())
        return web.json_response({"ok": ok, "parts": parts}, status=200 if ok else 503)

    async def metrics(self, _request: web.Request) -> web.Response:
        registry = CollectorRegistry()
        parts = await self.parts()
        well = Gauge("rightsdesk_part_ok", "1 when a part is well", ["part"], registry=registry)
        for name, part in parts.items():
            well.labels(name).set(part["ok"])
        if parts["database"]["ok"]:
            await self._count(registry)
        return web.Response(body=generate_latest(registry), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def _count(self, registry: CollectorRegistry) -> None:
        async with self.desk.store.look() as tx:
            tally = await tx.tally()
            live = await tx.cases(CaseQuery(live_only=True))
            looks = await tx.look_tally()
        today = self.desk.clock.day(self.desk.clock.now())
        cases = Gauge("rightsdesk_cases", "Cases by status", ["status"], registry=registry)
        for status, count in tally.cases.items():
            cases.labels(status.value).set(count)
        counts = {
            "overdue_promise": ("Live cases past their promise", sum(is_overdue(c, today) for c in live)),
            "overdue_statute": (
                "Live cases past the law's month",
                sum(is_past_statute(c, today) for c in live),
            ),
            "unread_mails": ("Mails accepted and not yet read", tally.unread),
            "set_aside_mails": ("Mails that could not be read", tally.set_aside),
            "owed": ("Posts and letters in the outbox", tally.owed),
            "failed_letters": ("Letters refused for good", tally.failed_letters),
            "unclear_letters": ("Letters that may or may not have left", tally.unclear_letters),
            "second_looks_answered": ("Passed-over mails that a person looked at again", looks.answered),
            "second_looks_missed": ("Those of them that were requests", looks.missed),
        }
        for name, (meaning, count) in counts.items():
            Gauge(f"rightsdesk_{name}", meaning, registry=registry).set(count)


def _well(**facts: Any) -> dict[str, Any]:
    return {"ok": True, **facts}


def _ill(why: str, **facts: Any) -> dict[str, Any]:
    return {"ok": False, "why": why, **facts}
