"""DATABASE_URL, as people write it, made into addresses for both kinds of driver."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Never

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from cases.errors import SettingMissing

_ADVICE: Final = (
    "write sqlite:///var/rightsdesk.db for a file, or postgresql://name:password@host/database for a server."
)
_SQLITE: Final = "sqlite"
_POSTGRESQL: Final = {"postgresql": "postgresql", "postgres": "postgresql"}


def database_url(text: str) -> URL:
    """The address without a driver; a file's path is made absolute, so that nobody's chdir moves it.

    SettingMissing says what to write, and never repeats what was written: there may be a password in it.
    """
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError):
        _wrong()
    kind = url.drivername.split("+")[0]
    if kind == _SQLITE:
        return _file_address(url)
    if kind not in _POSTGRESQL:
        _wrong()
    return url.set(drivername=_POSTGRESQL[kind])


def sync_address(url: URL) -> URL:
    return url.set(drivername="sqlite+pysqlite" if is_file(url) else "postgresql+psycopg")


def async_address(url: URL) -> URL:
    return url.set(drivername="sqlite+aiosqlite" if is_file(url) else "postgresql+psycopg")


def is_file(url: URL) -> bool:
    return url.get_backend_name() == _SQLITE


def make_folder(url: URL) -> None:
    """The folder of a database file; SettingMissing when it cannot be made."""
    try:
        Path(str(url.database)).parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        _wrong("the folder of the database file cannot be made; name one that you may write to.")


def _file_address(url: URL) -> URL:
    """A database in memory is refused: the listener and the worker could not share it."""
    if not url.database or ":memory:" in url.database or url.host:
        _wrong()
    return url.set(drivername=_SQLITE, database=str(Path(url.database).absolute()), query={})


def _wrong(advice: str = _ADVICE) -> Never:
    raise SettingMissing(setting="DATABASE_URL", advice=advice) from None
