"""Makes every table: arrivals, messages, cases, the register, the outbox, letters and the ledger."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

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


def _texts(*names: str, nullable: bool = False) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text(), nullable=nullable) for name in names]


def _instants(*names: str) -> list[sa.Column[datetime]]:
    return [sa.Column(name, INSTANT, nullable=False) for name in names]


def _days(*names: str) -> list[sa.Column[date]]:
    return [sa.Column(name, sa.Date(), nullable=False) for name in names]


def _where(predicate: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(predicate), "postgresql_where": sa.text(predicate)}


def _arrival() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", NUMBER, nullable=False),
        *_texts("fingerprint", "sender"),
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
        *_texts("about", "kind"),
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
        *_instants("due_at", "not_before"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        *_texts("error", "claimed_by", nullable=True),
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
        *_texts("role", "instance"),
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
        *_texts("requester_name", "requester_address", "language", "channel"),
        sa.Column("received_at", INSTANT, nullable=False),
        *_days("received_on", "promise_due", "statutory_due", "next_due"),
        sa.Column("extended", sa.Boolean(), nullable=False),
        sa.Column("pauses", sa.JSON(), nullable=False),
        *_texts("assignee", "unanswerable", "last_kind", "last_by", nullable=True),
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
        *_texts("reference", "channel", "ts"),
        _of_a_case("fk_card_reference"),
        sa.PrimaryKeyConstraint("reference", name="pk_card"),
    )


def _case_right() -> None:
    op.create_table(
        "case_right",
        *_texts("reference", "right"),
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
        *_texts("prev_hash", "hash"),
        _of_a_case("fk_event_reference"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
        sa.UniqueConstraint("reference", "seq", name="uq_event_reference_seq"),
        sqlite_autoincrement=True,
    )


def _letter() -> None:
    op.create_table(
        "letter",
        sa.Column("id", NUMBER, autoincrement=False, nullable=False),
        *_texts("reference", "kind", "language", "message_id", "to_address", "subject_line", "in_reply_to"),
        sa.Column("references", sa.JSON(), nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        *_texts("sha256", "body"),
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
        *_texts("filed_as", "channel", "message_id", "fingerprint"),
        sa.Column("received_at", INSTANT, nullable=False),
        sa.Column("sent_at", INSTANT, nullable=True),
        *_texts("sender_name", "sender_address"),
        *_texts("automatic", "language", nullable=True),
        sa.Column("reading", sa.JSON(), nullable=True),
        sa.Column("faults", sa.JSON(), nullable=False),
        *_texts("subject_line", "new_text", "text"),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrival.id"], name="fk_message_arrival_id"),
        _of_a_case("fk_message_reference"),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("arrival_id", name="uq_message_arrival_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_message_fingerprint", "message", ["fingerprint"])
    op.create_index("ix_message_message_id", "message", ["message_id"], postgresql_using="hash")
    op.create_index("ix_message_reference", "message", ["reference"])
