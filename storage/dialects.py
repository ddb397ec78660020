"""What SQLite and PostgreSQL do differently; nothing outside this module asks which one it is."""

from __future__ import annotations

import time
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

from storage.address import is_file

BUSY_SECONDS: Final = 15  #: how long SQLite waits for another process's transaction
_BEGIN: Final = "rightsdesk_begin"


def engine_options(url: URL, busy_seconds: float = BUSY_SECONDS) -> dict[str, Any]:
    """For create_engine and create_async_engine alike; no statement's parameters in any error."""
    if is_file(url):
        # isolation_level None: the driver begins nothing by itself, see `prepare`
        connect_args = {"isolation_level": None, "timeout": busy_seconds}
        return {"hide_parameters": True, "connect_args": connect_args}
    return {"hide_parameters": True, "pool_pre_ping": True, "connect_args": {"connect_timeout": 10}}


def prepare(engine: Engine) -> None:
    """Teach SQLite durable commits and honest transactions, as SQLAlchemy's manual advises for pysqlite."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)


def for_writing(dialect: Dialect) -> dict[str, Any]:
    """Execution options: SQLite takes its write lock at once, so no transaction fails halfway."""
    return {_BEGIN: "BEGIN IMMEDIATE"} if dialect.name == "sqlite" else {}


def for_looking(dialect: Dialect) -> dict[str, Any]:
    """Execution options: one snapshot from the first statement to the last."""
    if dialect.name == "sqlite":
        return {}
    return {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}


def insert(dialect: Dialect, row: type[Any]) -> Any:
    """An INSERT that knows ON CONFLICT, which both spell alike and SQLAlchemy types apart."""
    table = row.__table__
    return sqlite.insert(table) if dialect.name == "sqlite" else postgresql.insert(table)


def one_at_a_time(dialect: Dialect, about: str) -> Any | None:
    """A statement that makes transactions about one thing wait for each other.

    SQLite has one writer, so it needs none; PostgreSQL holds an advisory lock until the transaction ends.
    """
    if dialect.name == "sqlite":
        return None
    return text("SELECT pg_advisory_xact_lock(hashtextextended(:about, 0))").bindparams(about=about)


def _set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA synchronous = FULL")
    _use_write_ahead_log(cursor, time.monotonic() + BUSY_SECONDS)
    cursor.close()


def _use_write_ahead_log(cursor: Any, until: float) -> None:
    """The file remembers this mode.  The first to set it needs the file alone, and SQLite does not wait."""
    while True:
        try:
            cursor.execute("PRAGMA journal_mode")
            if cursor.fetchone()[0] != "wal":
                cursor.execute("PRAGMA journal_mode = WAL")
        except Exception as error:
            if "locked" not in str(error) or time.monotonic() > until:
                raise
            time.sleep(0.02)
        else:
            return


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))
