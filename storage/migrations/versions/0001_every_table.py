"""Makes every table: arrivals, messages, cases, the register, the outbox, letters and the ledger."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _arrival()
    _ledger()
    _outbox()
    _pulse()
    _reference_counter()
    _rights_case()
    _card()
    _case_right()
    _event()
    _letter()
    _message()


def downgrade() -> None:
    for table in (
        "message",
        "letter",
        "event",
        "case_right",
        "card",
        "rights_case",
        "reference_counter",
        "pulse",
        "outbox",
        "ledger",
        "arrival",
    ):
        op.drop_table(table)


def _of_a_case(name: str) -> sa.ForeignKeyConstraint:
    """Checked at commit."""
    return sa.ForeignKeyConstraint(
        ["reference"], ["rights_case.reference"], name=name, deferrable=True, initially="DEFERRED"
    )


def _where(predicate: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(predicate), "postgresql_where": sa.text(predicate)}


def _arrival() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("recipients", sa.JSON(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_until", INSTANT, nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_arrival"),
        sa.UniqueConstraint("fingerprint", name="uq_arrival_fingerprint"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_arrival_set_aside", "arrival", ["id"], **_where("state = 'set_aside'"))
    op.create_index("ix_arrival_unread", "arrival", ["id"], **_where("state = 'unread'"))


def _ledger() -> None:
    op.create_table(
        "ledger",
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("about", "kind", "day", name="pk_ledger"),
    )


def _outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("lane", sa.Text(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("due_at", INSTANT, nullable=False),
        sa.Column("not_before", INSTANT, nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("claimed_by", sa.Text(), nullable=True),
        sa.Column("claimed_until", INSTANT, nullable=True),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("settled_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_pending", "outbox", ["id"], **_where("state IN ('owed', 'in_flight')"))
    op.create_index(
        "ix_outbox_pending_lane",
        "outbox",
        ["reference", "lane", "id"],
        **_where("state IN ('owed', 'in_flight')"),
    )
    op.create_index("ix_outbox_reference", "outbox", ["reference"])
    op.create_index("ix_outbox_troubled", "outbox", ["id"], **_where("state IN ('failed', 'unclear')"))


def _pulse() -> None:
    op.create_table(
        "pulse",
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("instance", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("role", "instance", name="pk_pulse"),
    )


def _reference_counter() -> None:
    op.create_table(
        "reference_counter",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("year", name="pk_reference_counter"),
    )


def _rights_case() -> None:
    op.create_table(
        "rights_case",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("requester_name", sa.Text(), nullable=False),
        sa.Column("requester_address", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("promise_due", sa.Date(), nullable=False),
        sa.Column("statutory_due", sa.Date(), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=False),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("pauses", sa.JSON(), nullable=False),
        sa.Column("assignee", sa.Text(), nullable=True),
        sa.Column("unanswerable", sa.Text(), nullable=True),
        sa.Column("last_kind", sa.Text(), nullable=True),
        sa.Column("last_by", sa.Text(), nullable=True),
        sa.Column("last_at", INSTANT, nullable=True),
        sa.Column("subject_line", sa.Text(), nullable=False),
        sa.Column("thread", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_rights_case"),
    )
    op.create_index(
        "ix_rights_case_live_next_due",
        "rights_case",
        ["next_due", "reference"],
        **_where("status <> 'closed'"),
    )
    op.create_index("ix_rights_case_status", "rights_case", ["status"])


def _card() -> None:
    op.create_table(
        "card",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        _of_a_case("fk_card_reference"),
        sa.PrimaryKeyConstraint("reference", name="pk_card"),
    )


def _case_right() -> None:
    op.create_table(
        "case_right",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("right", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("stopped_at", INSTANT, nullable=True),
        _of_a_case("fk_case_right_reference"),
        sa.PrimaryKeyConstraint("reference", "right", name="pk_case_right"),
    )


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        _of_a_case("fk_event_reference"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.UniqueConstraint("reference", "seq", name="uq_event_reference_seq"),
        sqlite_autoincrement=True,
    )


def _letter() -> None:
    op.create_table(
        "letter",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("subject_line", sa.Text(), nullable=False),
        sa.Column("in_reply_to", sa.Text(), nullable=False),
        sa.Column("references", sa.JSON(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        _of_a_case("fk_letter_reference"),
        sa.PrimaryKeyConstraint("id", name="pk_letter"),
        sa.UniqueConstraint("message_id", name="uq_letter_message_id"),
    )
    op.create_index("ix_letter_reference", "letter", ["reference"])


def _message() -> None:
    op.create_table(
        "message",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("arrival_id", NUMBER, nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("filed_as", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        sa.Column("sender_name", sa.Text(), nullable=False),
        sa.Column("sender_address", sa.Text(), nullable=False),
        sa.Column("automatic", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=True),
        sa.Column("reading", sa.JSON(), nullable=True),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("subject_line", sa.Text(), nullable=False),
        sa.Column("new_text", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrival.id"], name="fk_message_arrival_id"),
        _of_a_case("fk_message_reference"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("arrival_id", name="uq_message_arrival_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_message_fingerprint", "message", ["fingerprint"])
    op.create_index("ix_message_message_id", "message", ["message_id"], postgresql_using="hash")
    op.create_index("ix_message_reference", "message", ["reference"])
