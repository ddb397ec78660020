"""Models and migrations are one thing, on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Column, Date, DateTime, Engine, Integer, LargeBinary, MetaData, text

from cases.errors import StoreAway
from cases.lifecycle import propose
from storage import schema
from storage.database import Database
from storage.errors import SchemaBehind
from storage.keeping import GroupKeeper
from storage.sql import SqlStore
from storage.tables import CaseRow
from tests.builders import NOW, FrozenClock, a_case, a_filing, a_message, an_arrival
from tests.conftest import PostgresServer

ROOT = Path(__file__).parents[2]
REVISIONS = ScriptDirectory(str(ROOT / "storage" / "migrations"))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """DATABASE_URL of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/of its own/empty.db"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_database("template0")


def engine_of(url: str) -> Engine:
    return Database(url).sync_engine()


async def test_the_models_are_what_the_migrations_make(database_url: str) -> None:
    engine = engine_of(database_url)

    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        differences = compare_metadata(context, CaseRow.metadata)
    engine.dispose()

    assert differences == []


async def test_the_comparison_sees_a_missing_column_and_a_missing_index(database_url: str) -> None:
    engine = engine_of(database_url)
    with engine.begin() as connection:
        connection.execute(text("DROP INDEX ix_outbox_pending_lane"))
        connection.execute(text("ALTER TABLE rights_case ADD COLUMN left_behind TEXT"))

    with engine.connect() as connection:
        found = compare_metadata(MigrationContext.configure(connection), CaseRow.metadata)
    engine.dispose()

    assert sorted(each[0] for each in found) == ["add_index", "remove_column"]


async def test_every_revision_can_be_walked_with_data_in_it(empty_url: str) -> None:
    steps = [script.revision for script in REVISIONS.walk_revisions()][::-1]

    schema.migrate(empty_url, steps[0])
    _live_at_first(empty_url)
    for step in steps[1:]:
        schema.migrate(empty_url, step)

    assert schema.current(empty_url) == schema.head() == steps[-1]
    store = SqlStore(database := Database(empty_url), FrozenClock())
    async with store.look() as tx:
        assert (await tx.case_file("AVG-2026-0001")).messages[0].text == a_message().text
    await database.close()


def _live_at_first(url: str) -> None:
    """A mail and its case as the first revision kept them; today's rows have columns that it lacks."""
    engine = engine_of(url)
    tables = MetaData()
    tables.reflect(engine)
    as_it_was = {"state": "read", "attempts": 1, "version": 1, "extended": False, "filed_as": "request"}
    with engine.begin() as connection:
        for name in ("arrival", "rights_case", "message"):
            table = tables.tables[name]
            values = {column.name: as_it_was.get(column.name, _any(column)) for column in table.c}
            connection.execute(table.insert().values(values))
    engine.dispose()


def _any(column: Column[Any]) -> Any:  # noqa: PLR0911 - a type of column a return
    """Something that fits; references and ids point at each other."""
    if column.nullable:
        return None if column.name != "reference" else "AVG-2026-0001"
    match column.type:
        case Integer():
            return 1
        case DateTime():
            return NOW.replace(tzinfo=None) if not column.type.timezone else NOW
        case Date():
            return NOW.date()
        case JSON():
            return []
        case LargeBinary():
            return b"Subject: 1\r\n"
    known = {"reference": "AVG-2026-0001", "text": a_message().text, "status": "proposed", "channel": "mail"}
    return known.get(column.name, "nl" if column.name == "language" else "")


async def _live(url: str) -> None:
    """A mail, a case, an event and a letter owed."""
    database = Database(url)
    keeper = GroupKeeper(database.sync_engine())
    keeper.start()
    await keeper.keep(an_arrival())
    await keeper.close()
    async with SqlStore(database, FrozenClock()).begin() as tx:
        await tx.file(1, a_message(), a_filing())
        await tx.record(propose(a_case(), at=NOW))
    await database.close()


async def test_migrating_again_changes_nothing(database_url: str) -> None:
    await _live(database_url)

    schema.migrate(database_url)

    database = Database(database_url)
    async with SqlStore(database, FrozenClock()).look() as tx:
        assert (await tx.case("AVG-2026-0001")).version == 1
    await database.close()


def test_four_that_migrate_at_once_all_succeed(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(schema.migrate, [empty_url] * 4))

    assert schema.current(empty_url) == schema.head()


def test_a_new_database_has_no_revision(empty_url: str) -> None:
    assert schema.current(empty_url) is None


async def test_a_database_without_tables_says_what_to_do(empty_url: str) -> None:
    database = Database(empty_url)

    with pytest.raises(SchemaBehind, match="rightsdesk migrate"):
        async with SqlStore(database, FrozenClock()).look() as tx:
            await tx.case("AVG-2026-0001")

    await database.close()


def test_migrations_work_from_any_folder(tmp_path: Path) -> None:
    migrate = "from storage.schema import migrate; migrate('sqlite:///here/rightsdesk.db')"

    subprocess.run(
        [sys.executable, "-c", migrate],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=True,
        capture_output=True,
    )

    assert schema.current(f"sqlite:///{tmp_path}/here/rightsdesk.db") == schema.head()


def test_revisions_are_numbered_and_each_says_one_sentence() -> None:
    for script in REVISIONS.walk_revisions():
        assert Path(script.path).name.startswith(f"{int(script.revision):04d}_")
        assert script.doc.count("\n") == 0
        assert script.doc.endswith(".")


async def test_sqlite_commits_durably(sqlite_url: str) -> None:
    engine = engine_of(sqlite_url)

    with engine.connect() as connection:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        pragmas = {name: connection.scalar(text(f"PRAGMA {name}")) for name in names}
    engine.dispose()

    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 15000}


@pytest.mark.postgres
async def test_a_server_that_is_not_there_is_said_to_be_away() -> None:
    url = "postgresql://postgres:not-to-be-told@127.0.0.1:1/nothing"

    with pytest.raises(StoreAway) as away:
        schema.current(url)

    assert "not-to-be-told" not in str(away.value)
