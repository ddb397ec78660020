"""The register can be added to, and nothing else goes unnoticed."""

from __future__ import annotations

import typing
from hashlib import sha256

import pytest
from sqlalchemy import text

from cases import lifecycle
from cases.effects import (
    Effect,
    RecallLetters,
    SendDigest,
    SendLetter,
    SendReminder,
    ShowCard,
    ShowSecondLook,
    StaffLine,
    TellStaff,
    TellThread,
)
from cases.lifecycle import propose
from cases.model import EventKind, LetterKind, Nudge
from cases.records import CaseQuery
from storage.chain import GENESIS, seal
from storage.database import Database
from storage.effects_json import NotKept, effect_of, payload_of
from storage.finding import cases_query
from storage.outbox import _due
from storage.sql import SqlStore
from tests.builders import NOW, TODAY, FrozenClock, a_case, an_event

ONE = "AVG-2026-0001"


async def _three_events(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.record(propose(a_case(), at=NOW))
        await tx.record(lifecycle.confirm(await tx.case(ONE), by="U1", at=NOW, letter_at=NOW))
        facts = {"words": "\u00e9\x00", "score": 0.1, "none": None, "list": ["a"]}
        await tx.note(an_event(kind=EventKind.MESSAGE_JOINED, facts=facts))


async def _broken(database: Database) -> int | None:
    async with SqlStore(database, FrozenClock()).look() as tx:
        return await tx.first_broken_event(ONE)


async def test_an_untouched_register_is_whole(database: Database) -> None:
    await _three_events(SqlStore(database, FrozenClock()))

    assert await _broken(database) is None


@pytest.mark.parametrize(
    ("tampering", "broken"),
    [
        ("UPDATE event SET by = 'U2' WHERE seq = 2", 2),
        ("UPDATE event SET facts = '{}' WHERE seq = 3", 3),
        ("UPDATE event SET kind = 'case:dismissed' WHERE seq = 1", 1),
        ("DELETE FROM event WHERE seq = 2", 2),
        ("DELETE FROM event WHERE seq = 1", 1),
    ],
)
async def test_whatever_is_changed_or_taken_out_is_seen(
    database: Database, tampering: str, broken: int
) -> None:
    await _three_events(SqlStore(database, FrozenClock()))

    async with database.writing() as session:
        await session.execute(text(tampering))

    assert await _broken(database) == broken


def test_the_seal_is_the_same_in_years_to_come() -> None:
    said = (
        '{"at":"2026-03-05T08:10:30.123456+00:00","by":"rights-desk","facts":{"rights":["access"]},'
        f'"kind":"case:proposed","prev_hash":"{GENESIS}","reference":"AVG-2026-0001","seq":1}}'
    )

    assert GENESIS == "32d1f63d07993997ff8c268de24d4df01790f7bc09d3027ab663862fd2ad0f05"
    assert seal(an_event(), 1, GENESIS) == sha256(said.encode()).hexdigest()


_EFFECTS: list[Effect] = [
    ShowCard(reference=ONE),
    TellThread(reference=ONE, event=an_event(facts={"n": 1, "f": 0.5, "none": None, "b": True, "l": ["x"]})),
    SendLetter(kind=LetterKind.ACKNOWLEDGEMENT, reference=ONE, not_before=NOW),
    SendReminder(reference=ONE, nudge=Nudge.PAST_STATUTE, day=TODAY),
    SendDigest(day=TODAY),
    ShowSecondLook(week=TODAY),
    TellStaff(line=StaffLine.TROUBLE_LASTS, facts={"part": "slack"}),
]


@pytest.mark.parametrize("effect", _EFFECTS, ids=lambda effect: type(effect).__name__)
def test_an_effect_survives_json(effect: Effect) -> None:
    kind, payload = payload_of(effect)

    assert effect_of(kind, payload) == effect


def test_every_effect_is_either_kept_or_carried_out_at_once() -> None:
    kept = {type(effect) for effect in _EFFECTS}

    assert kept | {RecallLetters} == set(typing.get_args(Effect))
    with pytest.raises(NotKept):
        payload_of(RecallLetters(reference=ONE))


async def _plan(database: Database, query: object) -> str:
    async with database.looking() as session:
        dialect = session.get_bind().dialect
        statement = query.compile(dialect=dialect, compile_kwargs={"literal_binds": True})  # type: ignore[attr-defined]  # any SELECT
        is_sqlite = dialect.name == "sqlite"
        if not is_sqlite:  # so small a table is quicker read whole; what matters is what can be used
            await session.execute(text("SET LOCAL enable_seqscan = off"))
            await session.execute(text("SET LOCAL enable_sort = off"))
        explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
        rows = await session.execute(text(f"{explain} {str(statement).replace(':', chr(92) + ':')}"))
        return "\n".join(str(row[-1]) for row in rows)


async def test_live_cases_are_found_through_their_partial_index(database: Database) -> None:
    assert "ix_rights_case_live_next_due" in await _plan(database, cases_query(CaseQuery(live_only=True)))
    assert "ix_rights_case_live_next_due" not in await _plan(database, cases_query(CaseQuery()))


async def test_what_is_owed_is_found_through_its_partial_indexes(database: Database) -> None:
    plan = await _plan(database, _due(NOW, NOW, None).limit(10))

    assert "ix_outbox_pending_lane" in plan
    assert "ix_outbox_pending " in plan.replace("\n", " ") + " "
