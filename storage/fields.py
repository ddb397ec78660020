"""What rows are made of: their kinds of column, their names for constraints, their predicates.

A partial index and the query that should use it share one predicate, written once and without parameters.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    TextClause,
    false,
    text,
)
from sqlmodel import Field, SQLModel

from storage.columns import Instant, Json, Words

UNREAD: Final = text("state = 'unread'")
SET_ASIDE: Final = text("state = 'set_aside'")
LIVE: Final = text("status <> 'closed'")
PENDING: Final = text("state IN ('owed', 'in_flight')")
#: Mail without a case whose content is still there.
UNFORGOTTEN: Final = text("reference IS NULL AND forgotten_at IS NULL")
TROUBLED: Final = text("state IN ('failed', 'unclear')")

#: SQLite counts by itself only in a column of this very type.
_NUMBER: Final = BigInteger().with_variant(Integer(), "sqlite")
#: A number that was given away is never given again, not even after its row was deleted.
NEVER_AGAIN: Final = {"sqlite_autoincrement": True}

_NAMES: Final = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
}


class Row(SQLModel):
    """A row of this house; no other library's tables share its metadata."""

    metadata = MetaData(naming_convention=_NAMES)


def number(**options: Any) -> Any:
    return Field(sa_type=_NUMBER, **options)


def words(**options: Any) -> Any:
    return Field(sa_type=Words, **options)


def instant(**options: Any) -> Any:
    return Field(sa_type=Instant, **options)


def json_value(**options: Any) -> Any:
    return Field(sa_type=Json, **options)


def day() -> Any:
    return Field(sa_type=Date)


def false_at_first() -> Any:
    """A column that came later: the rows of before have no."""
    return Field(default=False, sa_column_kwargs={"server_default": false()})


def of_a_case() -> ForeignKeyConstraint:
    """Checked at commit: a message may be filed a statement before its case is recorded."""
    return ForeignKeyConstraint(
        ["reference"], ["rights_case.reference"], deferrable=True, initially="DEFERRED"
    )


def index_where(name: str, *columns: str, predicate: TextClause) -> Index:
    return Index(name, *columns, sqlite_where=predicate, postgresql_where=predicate)
