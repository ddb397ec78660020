"""A database's errors as sentences.  Its own texts may quote rows, and rows are about people."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from cases.errors import RightsDeskError, StoreAway
from storage.errors import RecordRefused, SchemaBehind

#: PostgreSQL's names for a table or column that is not there.
_UNDEFINED: Final = frozenset({"42P01", "42703"})
#: Its classes of trouble that ends: connection, rollback, resources, state of an object, operator, system.
_PASSING: Final = frozenset({"08", "40", "53", "55", "57", "58"})


@contextmanager
def told_plainly() -> Iterator[None]:
    """Translate what the driver raises; everything else passes as it is."""
    try:
        yield
    except (DBAPIError, PoolExhausted) as error:
        raise in_our_words(error) from None


def in_our_words(error: Exception) -> RightsDeskError:
    name = type(getattr(error, "orig", None) or error).__name__
    if _lacks_tables(error):
        return SchemaBehind(error=name)
    if passes(error):
        return StoreAway(error=name)
    return RecordRefused(error=name)


def passes(error: Exception) -> bool:
    """Whether the same may succeed later: locked, full, gone, or a deadlock that somebody else won."""
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    code = getattr(getattr(error, "orig", None), "sqlstate", None)
    if code is not None:
        return str(code)[:2] in _PASSING
    return isinstance(error, OperationalError | InterfaceError | PoolExhausted)


def _lacks_tables(error: Exception) -> bool:
    orig = getattr(error, "orig", None)
    return getattr(orig, "sqlstate", None) in _UNDEFINED or str(orig).startswith("no such ")
