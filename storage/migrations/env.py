"""Alembic's entrance.  `storage.schema.migrate` brings its own connection; for alembic's own command line
write `alembic -x url=sqlite:///var/rightsdesk.db revision --autogenerate -m "..."`.
"""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from storage.database import Database
from storage.tables import CaseRow


def _run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=CaseRow.metadata)
    with context.begin_transaction():
        context.run_migrations()


def _run_from_command_line() -> None:
    url = context.get_x_argument(as_dictionary=True).get("url", "sqlite:///var/rightsdesk.db")
    engine = Database(str(url)).sync_engine()
    with engine.begin() as connection:
        _run(connection)
    engine.dispose()


if "connection" in context.config.attributes:
    _run(context.config.attributes["connection"])
else:
    _run_from_command_line()
