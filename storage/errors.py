"""What only memory can get wrong, in the same plain words as the trade's errors."""

from __future__ import annotations

from cases.errors import RightsDeskError, StoreAway

__all__ = ["DeskBusy", "RecordRefused", "RoleTaken", "SchemaBehind", "StoreAway"]


class DeskBusy(RightsDeskError):
    """Too much mail waits to be written down; try again in a moment."""


class RecordRefused(RightsDeskError):
    """The database refused a record ({error}); nothing of this transaction was kept."""


class SchemaBehind(RightsDeskError):
    """The database has no tables yet, or older ones.  Run `rightsdesk migrate`."""


class RoleTaken(RightsDeskError):
    """The role {role} already runs on this data folder; SQLite takes one of each.  Stop that one first."""
