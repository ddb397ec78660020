"""DATABASE_URL, as people write it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cases.errors import SettingMissing
from storage.address import async_address, database_url, sync_address
from storage.database import Database


@pytest.mark.parametrize(
    ("written", "sync", "asynchronous"),
    [
        ("sqlite:////srv/desk.db", "sqlite+pysqlite:////srv/desk.db", "sqlite+aiosqlite:////srv/desk.db"),
        ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d", "postgresql+psycopg://u:p@h/d"),
        ("postgres://u@h:5433/d", "postgresql+psycopg://u@h:5433/d", "postgresql+psycopg://u@h:5433/d"),
        (
            " postgresql+asyncpg://h/d?sslmode=require\n",
            "postgresql+psycopg://h/d?sslmode=require",
            "postgresql+psycopg://h/d?sslmode=require",
        ),
    ],
)
def test_the_drivers_are_chosen_for_the_user(written: str, sync: str, asynchronous: str) -> None:
    url = database_url(written)

    assert sync_address(url).render_as_string(hide_password=False) == sync
    assert async_address(url).render_as_string(hide_password=False) == asynchronous


def test_a_relative_file_is_found_from_every_folder() -> None:
    assert database_url("sqlite:///var/rightsdesk.db").database == str(Path("var/rightsdesk.db").absolute())


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "rightsdesk.db",
        "mysql://root:s3cret@host/desk",
        "postgresql://root:s3cret@host:port/desk",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite://var/rightsdesk.db",
    ],
)
def test_a_wrong_address_says_what_to_write_and_repeats_no_password(wrong: str) -> None:
    with pytest.raises(
        SettingMissing, match=r"^DATABASE_URL is .*write sqlite:///var/rightsdesk\.db"
    ) as told:
        database_url(wrong)

    assert "s3cret" not in str(told.value)
    assert told.value.__suppress_context__


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(SettingMissing, match="folder"):
        Database(f"sqlite:///{tmp_path}/file/rightsdesk.db").sync_engine()
