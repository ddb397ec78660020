"""The database's shape: which revision it has, which is the newest, and how it gets there."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from storage import dialects
from storage.database import Database
from storage.faults import told_plainly

_MIGRATIONS: Final = Path(__file__).with_name("migrations")


def migrate(url: str, revision: str = "head") -> None:
    """Bring the database to a revision; harmless when it is there already, or when two do it at once.

    Blocks: call it before the event loop starts, or in a thread.  All of it is one transaction.
    """
    engine = Database(url).sync_engine()
    try:
        with told_plainly(), engine.begin() as connection:
            alone = dialects.one_at_a_time(connection.dialect, "rightsdesk migrations")
            if alone is not None:
                connection.execute(alone)
            command.upgrade(_config(connection), revision)
    finally:
        engine.dispose()


def current(url: str) -> str | None:
    """The revision that the database has; None before its first migration."""
    engine = Database(url).sync_engine()
    try:
        with told_plainly(), engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def head() -> str:
    """The newest revision."""
    newest = ScriptDirectory(str(_MIGRATIONS)).get_current_head()
    if newest is None:
        raise FileNotFoundError(_MIGRATIONS)
    return newest


def _config(connection: Connection) -> Config:
    """In code, since an installed package has no pyproject.toml beside it."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
