"""Adds what people teach the classifier, doubt on a case, and the day a mail's content was deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)
UNFORGOTTEN = "reference IS NULL AND forgotten_at IS NULL"


def upgrade() -> None:
    doubtful: sa.Column[bool] = sa.Column("doubtful", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("rights_case", doubtful)
    op.add_column("message", sa.Column("forgotten_at", INSTANT, nullable=True))
    op.create_index(
        "ix_message_unforgotten",
        "message",
        ["received_at"],
        sqlite_where=sa.text(UNFORGOTTEN),
        postgresql_where=sa.text(UNFORGOTTEN),
    )
    _example()
    _second_look()


def downgrade() -> None:
    for table in ("looked_at", "second_look", "example"):
        op.drop_table(table)
    op.drop_index("ix_message_unforgotten", "message")
    op.drop_column("message", "forgotten_at")
    op.drop_column("rights_case", "doubtful")


def _example() -> None:
    op.create_table(
        "example",
        sa.Column("arrival_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("read", sa.JSON(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("subject_line", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrival.id"], name="fk_example_arrival_id"),
        sa.PrimaryKeyConstraint("arrival_id", name="pk_example"),
    )


def _second_look() -> None:
    op.create_table(
        "second_look",
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("week", name="pk_second_look"),
    )
    op.create_table(
        "looked_at",
        sa.Column("arrival_id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("was_request", sa.Boolean(), nullable=True),
        sa.Column("by", sa.Text(), nullable=True),
        sa.Column("at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrival.id"], name="fk_looked_at_arrival_id"),
        sa.ForeignKeyConstraint(["week"], ["second_look.week"], name="fk_looked_at_week"),
        sa.PrimaryKeyConstraint("arrival_id", name="pk_looked_at"),
    )
    op.create_index("ix_looked_at_week", "looked_at", ["week"])
