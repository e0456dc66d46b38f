"""The tables of 0.1.0.

Written by tools/make_first_migration.py; frozen when 0.1.0 is released.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:  # noqa: PLR0915 - a statement a table
    op.create_table(
        "addresses",
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("role", sa.String(length=3), nullable=False),
        sa.Column("gln", sa.String(length=13), nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("city", sa.String(length=100), nullable=False),
        sa.Column("region", sa.String(length=50), nullable=False),
        sa.Column("postal_code", sa.String(length=20), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "role", "gln", "ordinal", name=op.f("pk_addresses")),
    )
    op.create_table(
        "alert_tellings",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sink", sa.String(length=40), nullable=False),
        sa.Column("alert_id", sa.BigInteger(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert_tellings")),
    )
    op.create_index(op.f("ix_alert_tellings_alert_id"), "alert_tellings", ["alert_id"], unique=False)
    op.create_index(
        "ix_alert_tellings_open",
        "alert_tellings",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("told_at IS NULL"),
        postgresql_where=sa.text("told_at IS NULL"),
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=50), nullable=False),
        sa.Column("subject", sa.String(length=200), nullable=False),
        sa.Column("partner", sa.String(length=20), nullable=True),
        sa.Column("message", sa.String(length=1000), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("last_seen_at", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_by", sa.String(length=100), nullable=True),
        sa.Column("close_reason", sa.String(length=500), nullable=True),
        sa.Column("news", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(
        "ix_alerts_news",
        "alerts",
        ["id"],
        unique=False,
        sqlite_where=sa.text("news <> ''"),
        postgresql_where=sa.text("news <> ''"),
    )
    op.create_index(
        "ix_alerts_open",
        "alerts",
        ["kind", "subject"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "api_keys",
        sa.Column("prefix", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=True),
        sa.Column("roles", sa.Text(), nullable=True),
        sa.Column("units", sa.Text(), nullable=True),
        sa.Column("user_name", sa.String(length=100), nullable=True),
        sa.Column("rate", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("prefix", name=op.f("pk_api_keys")),
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hold_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("slot", sa.Integer(), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=50), nullable=False),
        sa.Column("assignee", sa.String(length=100), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("asked_by", sa.String(length=100), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("rule_version", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("on_behalf_of", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    op.create_index("ix_approvals_hold_id", "approvals", ["hold_id"], unique=False)
    op.create_index(op.f("ix_approvals_order_id"), "approvals", ["order_id"], unique=False)
    op.create_index("ix_approvals_state", "approvals", ["state"], unique=False)
    op.create_table(
        "arrivals",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shipment_id", sa.BigInteger(), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_arrivals")),
    )
    op.create_index(op.f("ix_arrivals_shipment_id"), "arrivals", ["shipment_id"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("transmission_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("detail", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("transmission_id", "number", name=op.f("pk_attempts")),
    )
    op.create_table(
        "company",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("gln", sa.String(length=13), nullable=False),
        sa.Column("gs1_prefix", sa.String(length=12), nullable=False),
        sa.Column("tax_id", sa.String(length=35), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("bank", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_company")),
    )
    op.create_table(
        "counters",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=4), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("year", "channel", name=op.f("pk_counters")),
    )
    op.create_table(
        "credit_accounts",
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("committed", sa.BigInteger(), nullable=False),
        sa.Column("prepaid", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("first_month", sa.String(length=7), nullable=True),
        sa.PrimaryKeyConstraint("partner_id", name=op.f("pk_credit_accounts")),
    )
    op.create_table(
        "credit_adjustments",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("release_role", sa.String(length=50), nullable=False),
        sa.Column("rule_version", sa.String(length=20), nullable=False),
        sa.Column("requested_by", sa.String(length=100), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decision_reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_adjustments")),
    )
    op.create_index(op.f("ix_credit_adjustments_partner_id"), "credit_adjustments", ["partner_id"], unique=False)
    op.create_table(
        "credit_grades",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("grade", sa.String(length=1), nullable=False),
        sa.Column("before", sa.String(length=1), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_grades")),
    )
    op.create_index(op.f("ix_credit_grades_partner_id"), "credit_grades", ["partner_id"], unique=False)
    op.create_table(
        "credit_notes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("approved_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_notes")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_credit_notes_draft_id")),
        sa.UniqueConstraint("number", name=op.f("uq_credit_notes_number")),
    )
    op.create_index(op.f("ix_credit_notes_order_id"), "credit_notes", ["order_id"], unique=False)
    op.create_table(
        "credit_reports",
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_credit_reports")),
    )
    op.create_table(
        "delegations",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("from_user", sa.String(length=100), nullable=False),
        sa.Column("to_user", sa.String(length=100), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    op.create_index(op.f("ix_delegations_to_user"), "delegations", ["to_user"], unique=False)
    op.create_table(
        "discrepancies",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("field", sa.String(length=40), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=35), nullable=False),
        sa.Column("order_value", sa.String(length=256), nullable=False),
        sa.Column("master_value", sa.String(length=256), nullable=False),
        sa.Column("found_at", sa.BigInteger(), nullable=False),
        sa.Column("decision", sa.String(length=15), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancies")),
    )
    op.create_index("ix_discrepancies_decision_id", "discrepancies", ["decision", "id"], unique=False)
    op.create_index("ix_discrepancies_order_id", "discrepancies", ["order_id"], unique=False)
    op.create_table(
        "documents",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("interchange_id", sa.BigInteger(), nullable=True),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("version", sa.String(length=10), nullable=False),
        sa.Column("association", sa.String(length=6), nullable=False),
        sa.Column("reference", sa.String(length=35), nullable=False),
        sa.Column("control_reference", sa.String(length=35), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("violations", sa.Text(), nullable=True),
        sa.Column("guide", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
    )
    op.create_index("ix_documents_order_id", "documents", ["order_id"], unique=False)
    op.create_index("ix_documents_source_id_ordinal", "documents", ["source_id", "ordinal"], unique=True)
    op.create_table(
        "drafts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("partner", sa.String(length=20), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("origins", sa.Text(), nullable=False),
        sa.Column("entered_by", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("order_number", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
    )
    op.create_index("ix_drafts_order_number", "drafts", ["order_number"], unique=False)
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("seal", sa.BigInteger(), nullable=True),
        sa.Column("seal_hash", sa.LargeBinary(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_order_id_seq", "events", ["order_id", "seq"], unique=True)
    op.create_index(
        "ix_events_seal",
        "events",
        ["seal"],
        unique=True,
        sqlite_where=sa.text("seal IS NOT NULL"),
        postgresql_where=sa.text("seal IS NOT NULL"),
    )
    op.create_index(
        "ix_events_unsealed",
        "events",
        ["id"],
        unique=False,
        sqlite_where=sa.text("seal IS NULL"),
        postgresql_where=sa.text("seal IS NULL"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feedback")),
    )
    op.create_index(op.f("ix_feedback_order_id"), "feedback", ["order_id"], unique=False)
    op.create_index("ix_feedback_partner_id_id", "feedback", ["partner_id", "id"], unique=False)
    op.create_table(
        "guides",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_guides")),
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("stage", sa.String(length=10), nullable=False),
        sa.Column("line", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("rule", sa.String(length=50), nullable=False),
        sa.Column("rule_version", sa.String(length=20), nullable=False),
        sa.Column("release_role", sa.String(length=50), nullable=False),
        sa.Column("release_when", sa.String(length=500), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.Column("released_at", sa.BigInteger(), nullable=True),
        sa.Column("released_by", sa.String(length=100), nullable=True),
        sa.Column("release_reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(op.f("ix_holds_order_id"), "holds", ["order_id"], unique=False)
    op.create_table(
        "hook_attempts",
        sa.Column("delivery_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", "number", name=op.f("pk_hook_attempts")),
    )
    op.create_table(
        "hook_deliveries",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subscription_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("seal", sa.BigInteger(), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("replayed_by", sa.String(length=100), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("last_status", sa.Integer(), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hook_deliveries")),
    )
    op.create_index(
        "ix_hook_deliveries_dead",
        "hook_deliveries",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'dead'"),
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_index(
        "ix_hook_deliveries_due_at",
        "hook_deliveries",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state = 'queued'"),
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_hook_deliveries_open",
        "hook_deliveries",
        ["subscription_id", "order_id", "position"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'attempting')"),
        postgresql_where=sa.text("state IN ('queued', 'attempting')"),
    )
    op.create_index(
        "ix_hook_deliveries_subscription_id_position", "hook_deliveries", ["subscription_id", "position"], unique=True
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("owner", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("owner", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "import_maps",
        sa.Column("partner", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=70), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("map", sa.Text(), nullable=True),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("partner", "name", "version", name=op.f("pk_import_maps")),
    )
    op.create_table(
        "import_orders",
        sa.Column("import_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reference_hash", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=True),
        sa.Column("order_state", sa.String(length=20), nullable=True),
        sa.Column("holds", sa.Text(), nullable=False),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "ordinal", name=op.f("pk_import_orders")),
    )
    op.create_index("ix_import_orders_state", "import_orders", ["import_id", "state", "ordinal"], unique=False)
    op.create_index("ux_import_orders_reference", "import_orders", ["import_id", "reference_hash"], unique=True)
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("row", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("import_id", "row", name=op.f("pk_import_rows")),
    )
    op.create_index("ix_import_rows_ordinal", "import_rows", ["import_id", "ordinal"], unique=False)
    op.create_table(
        "imports",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("map", sa.Text(), nullable=False),
        sa.Column("map_name", sa.String(length=70), nullable=True),
        sa.Column("map_version", sa.Integer(), nullable=True),
        sa.Column("partner", sa.String(length=20), nullable=False),
        sa.Column("bound", sa.Boolean(), nullable=False),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("owner", sa.String(length=16), nullable=False),
        sa.Column("units", sa.Text(), nullable=True),
        sa.Column("order_types", sa.Text(), nullable=True),
        sa.Column("layout", sa.Text(), nullable=True),
        sa.Column("last_row", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("rows_placed", sa.Integer(), nullable=False),
        sa.Column("rows_held", sa.Integer(), nullable=False),
        sa.Column("rows_refused", sa.Integer(), nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("placed", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("refused", sa.Integer(), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("moved_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index("ix_imports_sha256", "imports", ["sha256"], unique=False)
    op.create_index("ix_imports_state", "imports", ["state", "moved_at"], unique=False)
    op.create_table(
        "interchanges",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("sender", sa.String(length=35), nullable=False),
        sa.Column("sender_qualifier", sa.String(length=4), nullable=False),
        sa.Column("recipient", sa.String(length=35), nullable=False),
        sa.Column("recipient_qualifier", sa.String(length=4), nullable=False),
        sa.Column("control_reference", sa.String(length=35), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("syntax", sa.String(length=10), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=True),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=50), nullable=True),
        sa.Column("repeats_id", sa.BigInteger(), nullable=True),
        sa.Column("violations", sa.Text(), nullable=True),
        sa.Column("guide", sa.String(length=64), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interchanges")),
    )
    op.create_index("ix_interchanges_reference", "interchanges", ["sender", "control_reference"], unique=False)
    op.create_index("ix_interchanges_sha256", "interchanges", ["sha256"], unique=False)
    op.create_index("ix_interchanges_source_id_ordinal", "interchanges", ["source_id", "ordinal"], unique=True)
    op.create_table(
        "invoice_charges",
        sa.Column("invoice_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=256), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("code", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("tax_rate", sa.BigInteger(), nullable=False),
        sa.Column("tax_category", sa.String(length=3), nullable=False),
        sa.PrimaryKeyConstraint("invoice_id", "place", name=op.f("pk_invoice_charges")),
    )
    op.create_table(
        "invoice_drafts",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("shipment_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("role", sa.String(length=50), nullable=False),
        sa.Column("rule_version", sa.String(length=20), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.Column("invoice_id", sa.BigInteger(), nullable=True),
        sa.Column("corrects_id", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.String(length=100), server_default="", nullable=False),
        sa.Column("parts", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_drafts")),
    )
    op.create_index(op.f("ix_invoice_drafts_corrects_id"), "invoice_drafts", ["corrects_id"], unique=False)
    op.create_index(op.f("ix_invoice_drafts_order_id"), "invoice_drafts", ["order_id"], unique=False)
    op.create_index(
        "ix_invoice_drafts_shipment_id",
        "invoice_drafts",
        ["shipment_id"],
        unique=True,
        sqlite_where=sa.text("state = 'draft' AND corrects_id IS NULL"),
        postgresql_where=sa.text("state = 'draft' AND corrects_id IS NULL"),
    )
    op.create_table(
        "invoice_lines",
        sa.Column("invoice_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax_rate", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("invoice_id", "line", name=op.f("pk_invoice_lines")),
    )
    op.create_table(
        "invoiced_months",
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "month", name=op.f("pk_invoiced_months")),
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("shipment_id", sa.BigInteger(), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("net", sa.BigInteger(), nullable=False),
        sa.Column("tax", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("approved_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("number", name=op.f("uq_invoices_number")),
        sa.UniqueConstraint("shipment_id", name=op.f("uq_invoices_shipment_id")),
    )
    op.create_index("ix_invoices_order_id", "invoices", ["order_id"], unique=False)
    op.create_table(
        "item_codes",
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=35), nullable=False),
        sa.Column("sku", sa.String(length=35), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "code", name=op.f("pk_item_codes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "items",
        sa.Column("sku", sa.String(length=35), nullable=False),
        sa.Column("gtin", sa.String(length=14), nullable=True),
        sa.Column("description", sa.String(length=256), nullable=False),
        sa.Column("descriptions", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=3), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("cost", sa.BigInteger(), nullable=True),
        sa.Column("tax_class", sa.String(length=20), nullable=False),
        sa.Column("weight_kg", sa.BigInteger(), nullable=True),
        sa.Column("substitutes", sa.Text(), nullable=False),
        sa.Column("target_margin", sa.BigInteger(), nullable=True),
        sa.Column("safety_stock", sa.BigInteger(), nullable=True),
        sa.Column("reorder_point", sa.BigInteger(), nullable=True),
        sa.Column("max_stock", sa.BigInteger(), nullable=True),
        sa.Column("looks", sa.String(length=35), nullable=False),
        sa.PrimaryKeyConstraint("sku", name=op.f("pk_items")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_items_gtin"), "items", ["gtin"], unique=False)
    op.create_index(op.f("ix_items_looks"), "items", ["looks"], unique=False)
    op.create_table(
        "links",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_links")),
    )
    op.create_index("ix_links_expires_at", "links", ["expires_at"], unique=False)
    op.create_index("ix_links_order_id", "links", ["order_id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("notice", sa.String(length=30), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("cc", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("template", sa.String(length=100), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("seen_by", sa.String(length=20), nullable=True),
        sa.Column("resends", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
    )
    op.create_index("ix_notices_order_id", "notices", ["order_id"], unique=False)
    op.create_table(
        "open_invoices",
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=35), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("paid", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("invoice_id", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.PrimaryKeyConstraint("partner_id", "number", name=op.f("pk_open_invoices")),
    )
    op.create_table(
        "order_assignments",
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("warehouse", sa.String(length=20), nullable=False),
        sa.Column("team", sa.String(length=100), nullable=False),
        sa.Column("rule", sa.String(length=100), nullable=False),
        sa.Column("rule_version", sa.String(length=20), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_assignments")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "order_attachments",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_attachments")),
    )
    op.create_index(op.f("ix_order_attachments_order_id"), "order_attachments", ["order_id"], unique=False)
    op.create_index(op.f("ix_order_attachments_sha256"), "order_attachments", ["sha256"], unique=False)
    op.create_table(
        "order_changes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=70), nullable=False),
        sa.Column("function", sa.String(length=2), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("dated", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("differences", sa.Text(), nullable=False),
        sa.Column("stood", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_changes")),
    )
    op.create_index("ix_order_changes_order_id", "order_changes", ["order_id", "id"], unique=False)
    op.create_table(
        "order_lines",
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sku", sa.String(length=35), nullable=True),
        sa.Column("gtin", sa.String(length=35), nullable=False),
        sa.Column("buyer_code", sa.String(length=35), nullable=False),
        sa.Column("description", sa.String(length=256), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.String(length=3), nullable=False),
        sa.Column("price", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("promised_date", sa.String(length=10), nullable=True),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "line", name=op.f("pk_order_lines")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "order_notes",
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "revision", name=op.f("pk_order_notes")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "order_priorities",
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_order_priorities")),
    )
    op.create_index("ix_order_priorities_score", "order_priorities", ["score"], unique=False)
    op.create_table(
        "order_revisions",
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "revision", name=op.f("pk_order_revisions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "order_templates",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=70), nullable=False),
        sa.Column("partner", sa.String(length=20), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("changed_by", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_templates")),
    )
    op.create_index("ux_order_templates_partner_name", "order_templates", ["partner", "name"], unique=True)
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=4), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("buyer_reference", sa.String(length=70), nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("billing", sa.String(length=10), nullable=False),
        sa.Column("payment", sa.String(length=10), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("requested_date", sa.String(length=10), nullable=True),
        sa.Column("promised_date", sa.String(length=10), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("credit_rate", sa.String(length=30), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
        sa.UniqueConstraint("number", name=op.f("uq_orders_number")),
    )
    op.create_index(
        "ix_orders_partner_id_buyer_reference", "orders", ["partner_id", "buyer_reference", "test"], unique=True
    )
    op.create_index("ix_orders_state_received_at", "orders", ["state", "received_at"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=True),
        sa.Column("interchange_id", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("transmission_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
    )
    op.create_index("ix_outbox_order_id", "outbox", ["order_id"], unique=False)
    op.create_index("ix_outbox_transmission_id", "outbox", ["transmission_id"], unique=False)
    op.create_index(
        "ix_outbox_unrendered",
        "outbox",
        ["id"],
        unique=False,
        sqlite_where=sa.text("transmission_id IS NULL"),
        postgresql_where=sa.text("transmission_id IS NULL"),
    )
    op.create_table(
        "packages",
        sa.Column("sscc", sa.String(length=18), nullable=False),
        sa.Column("shipment_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("weight_kg", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("label_type", sa.String(length=50), nullable=True),
        sa.Column("label", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("sscc", name=op.f("pk_packages")),
    )
    op.create_index(op.f("ix_packages_shipment_id"), "packages", ["shipment_id"], unique=False)
    op.create_table(
        "paper_answers",
        sa.Column("source_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("question_id", sa.BigInteger(), nullable=False),
        sa.Column("sender", sa.String(length=250), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_paper_answers")),
    )
    op.create_index(op.f("ix_paper_answers_question_id"), "paper_answers", ["question_id"], unique=False)
    op.create_table(
        "paper_doubts",
        sa.Column("source_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("path", sa.String(length=60), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.String(length=50), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "ordinal", "path", name=op.f("pk_paper_doubts")),
    )
    op.create_table(
        "paper_memory",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=250), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("refused", sa.Text(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=True),
        sa.Column("learned_by", sa.String(length=100), nullable=False),
        sa.Column("learned_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_by", sa.String(length=100), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_because", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_memory")),
    )
    op.create_index("ix_paper_memory_kind_value", "paper_memory", ["kind", "value"], unique=False)
    op.create_index("ux_paper_memory_partner_version", "paper_memory", ["partner", "version"], unique=True)
    op.create_table(
        "paper_parts",
        sa.Column("source_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.String(length=50), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("fate", sa.String(length=12), nullable=False),
        sa.Column("became", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=50), nullable=True),
        sa.Column("partner", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("class", sa.String(length=5), nullable=False),
        sa.Column("accepted", sa.Integer(), nullable=False),
        sa.Column("doubtful", sa.Integer(), nullable=False),
        sa.Column("slipped", sa.Integer(), nullable=True),
        sa.Column("layout", sa.String(length=64), nullable=False),
        sa.Column("guessed", sa.Boolean(), nullable=False),
        sa.Column("quality", sa.Float(), nullable=False),
        sa.Column("judgement", sa.Text(), nullable=True),
        sa.Column("violation", sa.Text(), nullable=True),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("draft_id", sa.BigInteger(), nullable=True),
        sa.Column("handed_source_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("source_id", "ordinal", name=op.f("pk_paper_parts")),
    )
    op.create_index("ix_paper_parts_document_id", "paper_parts", ["document_id"], unique=False)
    op.create_index("ix_paper_parts_draft_id", "paper_parts", ["draft_id"], unique=False)
    op.create_index("ix_paper_parts_order_id", "paper_parts", ["order_id"], unique=False)
    op.create_index("ix_paper_parts_partner_class", "paper_parts", ["partner", "class"], unique=False)
    op.create_index("ix_paper_parts_partner_source_id", "paper_parts", ["partner", "source_id"], unique=False)
    op.create_index("ix_paper_parts_sha256", "paper_parts", ["sha256"], unique=False)
    op.create_table(
        "paper_questions",
        sa.Column("source_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("partner", sa.String(length=20), nullable=False),
        sa.Column("to", sa.String(length=250), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("asked_by", sa.String(length=100), nullable=True),
        sa.Column("asked", sa.Text(), nullable=True),
        sa.Column("notice_id", sa.BigInteger(), nullable=True),
        sa.Column("token", sa.String(length=43), nullable=True),
        sa.PrimaryKeyConstraint("source_id", name=op.f("pk_paper_questions")),
    )
    op.create_index("ix_paper_questions_to", "paper_questions", ["to", "asked_at"], unique=False)
    op.create_index("ux_paper_questions_token", "paper_questions", ["token"], unique=True)
    op.create_table(
        "paper_samples",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("partner", sa.String(length=20), nullable=False),
        sa.Column("class", sa.String(length=5), nullable=False),
        sa.Column("drawn", sa.String(length=5), nullable=False),
        sa.Column("share", sa.Float(), nullable=False),
        sa.Column("rule_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drawn_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(length=100), nullable=True),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.Column("compared", sa.Integer(), nullable=False),
        sa.Column("differ", sa.Integer(), nullable=False),
        sa.Column("findings", sa.Text(), nullable=False),
        sa.Column("wrong", sa.Integer(), nullable=False),
        sa.Column("settled_by", sa.String(length=100), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_samples")),
    )
    op.create_index("ix_paper_samples_partner_class", "paper_samples", ["partner", "class"], unique=False)
    op.create_index("ix_paper_samples_state", "paper_samples", ["state", "id"], unique=False)
    op.create_index("ux_paper_samples_part", "paper_samples", ["source_id", "ordinal"], unique=True)
    op.create_table(
        "paper_sources",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("lane", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("letter", sa.Text(), nullable=True),
        sa.Column("message_id", sa.String(length=250), nullable=False),
        sa.Column("sender", sa.String(length=250), nullable=False),
        sa.Column("forwarded_from", sa.String(length=250), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("kept_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_sources")),
    )
    op.create_index(
        "ix_paper_sources_failed",
        "paper_sources",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'failed'"),
        postgresql_where=sa.text("state = 'failed'"),
    )
    op.create_index("ix_paper_sources_forwarded_from", "paper_sources", ["forwarded_from"], unique=False)
    op.create_index("ix_paper_sources_kept_at", "paper_sources", ["kept_at"], unique=False)
    op.create_index("ix_paper_sources_message_id", "paper_sources", ["message_id"], unique=False)
    op.create_index(
        "ix_paper_sources_open",
        "paper_sources",
        ["lane", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('received', 'reading')"),
        postgresql_where=sa.text("state IN ('received', 'reading')"),
    )
    op.create_index("ix_paper_sources_sender", "paper_sources", ["sender"], unique=False)
    op.create_table(
        "paper_studies",
        sa.Column("source_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("partner", sa.String(length=20), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("draft_id", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "ordinal", name=op.f("pk_paper_studies")),
    )
    op.create_table(
        "paper_words",
        sa.Column("source_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("source_id", "ordinal", name=op.f("pk_paper_words")),
    )
    op.create_table(
        "partner_changes",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_changes")),
    )
    op.create_index("ix_partner_changes_partner_id_id", "partner_changes", ["partner_id", "id"], unique=False)
    op.create_table(
        "partner_edi",
        sa.Column("edi_id", sa.String(length=35), nullable=False),
        sa.Column("qualifier", sa.String(length=4), nullable=False),
        sa.Column("our_id", sa.String(length=35), nullable=False),
        sa.Column("our_qualifier", sa.String(length=4), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("acknowledge", sa.String(length=10), nullable=False),
        sa.Column("respond", sa.String(length=10), nullable=False),
        sa.Column("guide", sa.String(length=200), nullable=True),
        sa.Column("charset", sa.String(length=4), nullable=True),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("exchange", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("edi_id", "qualifier", "our_id", name=op.f("pk_partner_edi")),
    )
    op.create_index(op.f("ix_partner_edi_partner_id"), "partner_edi", ["partner_id"], unique=False)
    op.create_table(
        "partner_notices",
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("event", sa.String(length=30), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("to", sa.Text(), nullable=False),
        sa.Column("cc", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("template", sa.String(length=35), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "ordinal", name=op.f("pk_partner_notices")),
    )
    op.create_table(
        "partners",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("gln", sa.String(length=13), nullable=True),
        sa.Column("account", sa.String(length=35), nullable=True),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("country", sa.String(length=2), nullable=True),
        sa.Column("tax_id", sa.String(length=35), nullable=True),
        sa.Column("grade", sa.String(length=1), nullable=True),
        sa.Column("credit_limit", sa.BigInteger(), nullable=True),
        sa.Column("payment_terms_days", sa.Integer(), nullable=True),
        sa.Column("payment_method", sa.String(length=35), nullable=True),
        sa.Column("delivery_terms", sa.String(length=35), nullable=True),
        sa.Column("transport_mode", sa.String(length=35), nullable=True),
        sa.Column("business_unit", sa.String(length=35), nullable=True),
        sa.Column("vip", sa.Boolean(), nullable=False),
        sa.Column("blocked", sa.String(length=200), nullable=True),
        sa.Column("group_code", sa.String(length=35), nullable=True),
        sa.Column("reservation_days", sa.Integer(), nullable=True),
        sa.Column("carrier", sa.String(length=35), nullable=True),
        sa.Column("fulfilment", sa.String(length=10), nullable=False),
        sa.Column("allow_auto", sa.Boolean(), nullable=False),
        sa.Column("tolerances", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("account_manager", sa.String(length=100), nullable=True),
        sa.Column("target_margin", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partners")),
        sa.UniqueConstraint("code", name=op.f("uq_partners_code")),
    )
    op.create_index("ix_partners_gln", "partners", ["gln"], unique=False)
    op.create_table(
        "payment_parts",
        sa.Column("payment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("invoice", sa.String(length=35), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("payment_id", "invoice", name=op.f("pk_payment_parts")),
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("reference", sa.String(length=70), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("unapplied", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("paid_on", sa.String(length=10), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("reversed_at", sa.BigInteger(), nullable=True),
        sa.Column("credit_rate", sa.String(length=30), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
    )
    op.create_index(op.f("ix_payments_order_id"), "payments", ["order_id"], unique=False)
    op.create_index("ix_payments_partner_id_reference", "payments", ["partner_id", "reference"], unique=True)
    op.create_table(
        "price_history",
        sa.Column("sku", sa.String(length=35), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("partner", sa.String(length=20), nullable=False),
        sa.Column("group_code", sa.String(length=35), nullable=False),
        sa.Column("contract", sa.String(length=35), nullable=False),
        sa.Column("reference", sa.String(length=35), nullable=False),
        sa.Column("min_quantity", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "sku",
            "level",
            "currency",
            "partner",
            "group_code",
            "contract",
            "reference",
            "min_quantity",
            "valid_from",
            "version",
            name=op.f("pk_price_history"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_price_history_until", "price_history", ["sku", "until"], unique=False)
    op.create_table(
        "price_requests",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("partner", sa.String(length=20), nullable=False),
        sa.Column("sku", sa.String(length=35), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("min_quantity", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("competition", sa.String(length=500), nullable=False),
        sa.Column("expected_volume", sa.BigInteger(), nullable=False),
        sa.Column("approver", sa.String(length=100), nullable=False),
        sa.Column("standard", sa.BigInteger(), nullable=False),
        sa.Column("deviation_percent", sa.BigInteger(), nullable=False),
        sa.Column("release_role", sa.String(length=50), nullable=False),
        sa.Column("rule_version", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("requested_by", sa.String(length=100), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("decision", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_price_requests")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_price_requests_partner_sku", "price_requests", ["partner", "sku"], unique=False)
    op.create_table(
        "prices",
        sa.Column("sku", sa.String(length=35), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("partner", sa.String(length=20), nullable=False),
        sa.Column("group_code", sa.String(length=35), nullable=False),
        sa.Column("contract", sa.String(length=35), nullable=False),
        sa.Column("reference", sa.String(length=35), nullable=False),
        sa.Column("min_quantity", sa.BigInteger(), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=True),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=True),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint(
            "sku",
            "level",
            "currency",
            "partner",
            "group_code",
            "contract",
            "reference",
            "min_quantity",
            "valid_from",
            name=op.f("pk_prices"),
        ),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rates",
        sa.Column("source", sa.String(length=3), nullable=False),
        sa.Column("target", sa.String(length=3), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("rate", sa.String(length=30), nullable=False),
        sa.PrimaryKeyConstraint("source", "target", "valid_from", name=op.f("pk_rates")),
    )
    op.create_table(
        "rebates",
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("contract", sa.String(length=35), nullable=False),
        sa.Column("steps", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "year", "kind", name=op.f("pk_rebates")),
    )
    op.create_table(
        "references_used",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("interchange_id", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_references_used")),
    )
    op.create_index(
        "ix_references_used_reference", "references_used", ["partner_id", "reference", "level"], unique=False
    )
    op.create_table(
        "refused_calls",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("hour", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("address", sa.String(length=64), nullable=False),
        sa.Column("method", sa.String(length=16), nullable=False),
        sa.Column("path", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("last_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refused_calls")),
    )
    op.create_index("ix_refused_calls_hour_id", "refused_calls", ["hour", "id"], unique=False)
    op.create_table(
        "reservations",
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("warehouse", sa.String(length=20), nullable=False),
        sa.Column("sku", sa.String(length=35), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("order_id", "line", "warehouse", name=op.f("pk_reservations")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rma_lines",
        sa.Column("rma_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("rma_id", "line", name=op.f("pk_rma_lines")),
    )
    op.create_table(
        "rmas",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("requested_by", sa.String(length=100), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=False),
        sa.Column("because", sa.String(length=500), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("rule_version", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rmas")),
        sa.UniqueConstraint("number", name=op.f("uq_rmas_number")),
    )
    op.create_index(op.f("ix_rmas_order_id"), "rmas", ["order_id"], unique=False)
    op.create_index(op.f("ix_rmas_partner_id"), "rmas", ["partner_id"], unique=False)
    op.create_table(
        "rulebooks",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_rulebooks")),
    )
    op.create_table(
        "sales_history",
        sa.Column("partner_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("partner_id", "month", name=op.f("pk_sales_history")),
    )
    op.create_table(
        "sequences",
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sequences")),
    )
    op.create_table(
        "settings",
        sa.Column("key", sa.String(length=50), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )
    op.create_table(
        "shipments",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("carrier", sa.String(length=35), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("booking_reference", sa.String(length=35), nullable=False),
        sa.Column("tracking_number", sa.String(length=50), nullable=True),
        sa.Column("packed_at", sa.BigInteger(), nullable=False),
        sa.Column("shipped_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("signed_by", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipments")),
        sa.UniqueConstraint("booking_reference", name=op.f("uq_shipments_booking_reference")),
        sa.UniqueConstraint("number", name=op.f("uq_shipments_number")),
    )
    op.create_index(op.f("ix_shipments_order_id"), "shipments", ["order_id"], unique=False)
    op.create_table(
        "shop_deliveries",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("platform", sa.String(length=30), nullable=False),
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("delivery_id", sa.String(length=200), nullable=False),
        sa.Column("topic", sa.String(length=100), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("shop_id", sa.String(length=100), nullable=True),
        sa.Column("fetched", sa.LargeBinary(), nullable=True),
        sa.Column("source_id", sa.BigInteger(), nullable=True),
        sa.Column("document_id", sa.BigInteger(), nullable=True),
        sa.Column("effect", sa.String(length=300), nullable=True),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_deliveries")),
    )
    op.create_index(
        "ix_shop_deliveries_due_at",
        "shop_deliveries",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'fetching')"),
        postgresql_where=sa.text("state IN ('queued', 'fetching')"),
    )
    op.create_index(
        "ix_shop_deliveries_failed",
        "shop_deliveries",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'failed'"),
        postgresql_where=sa.text("state = 'failed'"),
    )
    op.create_index(
        "ix_shop_deliveries_platform_store_delivery_id",
        "shop_deliveries",
        ["platform", "store", "delivery_id"],
        unique=True,
    )
    op.create_table(
        "shop_news",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("platform", sa.String(length=30), nullable=False),
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("shop_id", sa.String(length=100), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.BigInteger(), nullable=False),
        sa.Column("seal", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.String(length=300), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop_news")),
    )
    op.create_index(
        "ix_shop_news_dead",
        "shop_news",
        ["id"],
        unique=False,
        sqlite_where=sa.text("state = 'dead'"),
        postgresql_where=sa.text("state = 'dead'"),
    )
    op.create_index(
        "ix_shop_news_due_at",
        "shop_news",
        ["due_at"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'attempting')"),
        postgresql_where=sa.text("state IN ('queued', 'attempting')"),
    )
    op.create_index("ix_shop_news_order_id_event_id_kind", "shop_news", ["order_id", "event_id", "kind"], unique=True)
    op.create_table(
        "shop_orders",
        sa.Column("platform", sa.String(length=30), nullable=False),
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("shop_id", sa.String(length=100), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("snapshot", sa.Text(), nullable=True),
        sa.Column("updated_at", sa.BigInteger(), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("line_ids", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "store", "shop_id", name=op.f("pk_shop_orders")),
    )
    op.create_index("ix_shop_orders_order_id", "shop_orders", ["order_id"], unique=True)
    op.create_table(
        "sources",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=4), nullable=False),
        sa.Column("transport", sa.String(length=10), nullable=False),
        sa.Column("origin", sa.String(length=300), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=True),
        sa.Column("claim_id", sa.String(length=80), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("decoder", sa.String(length=50), nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("claim_id", name=op.f("uq_sources_claim_id")),
    )
    op.create_index("ix_sources_sha256", "sources", ["sha256"], unique=False)
    op.create_index(
        "ix_sources_unsettled",
        "sources",
        ["id"],
        unique=False,
        sqlite_where=sa.text("settled = 0"),
        postgresql_where=sa.text("NOT settled"),
    )
    op.create_table(
        "stock",
        sa.Column("sku", sa.String(length=35), nullable=False),
        sa.Column("warehouse", sa.String(length=20), nullable=False),
        sa.Column("on_hand", sa.BigInteger(), nullable=False),
        sa.Column("reserved", sa.BigInteger(), nullable=False),
        sa.Column("inbound", sa.Text(), nullable=False),
        sa.Column("planned", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sku", "warehouse", name=op.f("pk_stock")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stock_moves",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sku", sa.String(length=35), nullable=False),
        sa.Column("warehouse", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("shipment_id", sa.BigInteger(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("actor", sa.String(length=100), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_moves")),
    )
    op.create_index("ix_stock_moves_sku_at", "stock_moves", ["sku", "at"], unique=False)
    op.create_table(
        "stores",
        sa.Column("platform", sa.String(length=35), nullable=False),
        sa.Column("store", sa.String(length=100), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("secret_env", sa.String(length=100), nullable=False),
        sa.Column("previous_secret_env", sa.String(length=100), nullable=False),
        sa.Column("token_env", sa.String(length=100), nullable=False),
        sa.Column("base_url", sa.String(length=500), nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("write_back", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("platform", "store", name=op.f("pk_stores")),
    )
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("url", sa.String(length=2000), nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=True),
        sa.Column("events", sa.Text(), nullable=False),
        sa.Column("channels", sa.Text(), nullable=False),
        sa.Column("order_types", sa.Text(), nullable=False),
        sa.Column("tests", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_reason", sa.String(length=300), nullable=False),
        sa.Column("secret_generation", sa.Integer(), nullable=False),
        sa.Column("previous_secret_until", sa.BigInteger(), nullable=True),
        sa.Column("secret_check", sa.LargeBinary(length=8), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("made", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    op.create_table(
        "supply_promises",
        sa.Column("sku", sa.String(length=35), nullable=False),
        sa.Column("warehouse", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("order_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("line", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sku", "warehouse", "kind", "day", "order_id", "line", name=op.f("pk_supply_promises")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_supply_promises_order_id", "supply_promises", ["order_id"], unique=False)
    op.create_table(
        "tasks",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("role", sa.String(length=50), nullable=False),
        sa.Column("assignee", sa.String(length=100), nullable=True),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("inputs", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("reminded_at", sa.BigInteger(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("done_by", sa.String(length=100), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(
        "ix_tasks_kind_subject",
        "tasks",
        ["kind", "subject"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_index(op.f("ix_tasks_order_id"), "tasks", ["order_id"], unique=False)
    op.create_table(
        "taxes",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("tax_class", sa.String(length=20), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("rate_percent", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("country", "tax_class", "valid_from", name=op.f("pk_taxes")),
    )
    op.create_table(
        "template_rules",
        sa.Column("notice", sa.String(length=30), nullable=False),
        sa.Column("partner", sa.String(length=20), nullable=False),
        sa.Column("group_code", sa.String(length=35), nullable=False),
        sa.Column("order_type", sa.String(length=10), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.PrimaryKeyConstraint("notice", "partner", "group_code", "order_type", name=op.f("pk_template_rules")),
    )
    op.create_table(
        "template_versions",
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_template_versions")),
    )
    op.create_table(
        "timers",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timers")),
    )
    op.create_index("ix_timers_due_at", "timers", ["due_at"], unique=False)
    op.create_index("ix_timers_subject_id", "timers", ["subject_id"], unique=False)
    op.create_table(
        "told_exceptions",
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("notice_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_told_exceptions")),
    )
    op.create_table(
        "tracking_events",
        sa.Column("shipment_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("event_id", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("detail", sa.String(length=300), nullable=False),
        sa.Column("document_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("shipment_id", "event_id", name=op.f("pk_tracking_events")),
    )
    op.create_table(
        "transmission_bytes",
        sa.Column("transmission_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("transmission_id", name=op.f("pk_transmission_bytes")),
    )
    op.create_table(
        "transmissions",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("partner_id", sa.BigInteger(), nullable=False),
        sa.Column("endpoint", sa.String(length=100), nullable=False),
        sa.Column("type", sa.String(length=10), nullable=False),
        sa.Column("control_reference", sa.String(length=35), nullable=False),
        sa.Column("filename", sa.String(length=120), nullable=False),
        sa.Column("source_id", sa.BigInteger(), nullable=True),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("worker_id", sa.Integer(), nullable=True),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("last_error", sa.String(length=500), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transmissions")),
    )
    op.create_index(
        "ix_transmissions_open",
        "transmissions",
        ["partner_id", "endpoint", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'attempting')"),
        postgresql_where=sa.text("state IN ('queued', 'attempting')"),
    )
    op.create_index(
        "ix_transmissions_partner_reference", "transmissions", ["partner_id", "control_reference"], unique=False
    )
    op.create_index("ix_transmissions_source_id", "transmissions", ["source_id"], unique=False)
    op.create_table(
        "users",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("units", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
    )
    op.create_table(
        "voided_serials",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(length=4), nullable=False),
        sa.Column("serial", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("actor", sa.String(length=100), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("year", "channel", "serial", name=op.f("pk_voided_serials")),
    )
    op.create_table(
        "warehouses",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("transfer_hours", sa.Integer(), nullable=True),
        sa.Column("transfer_cost", sa.BigInteger(), nullable=True),
        sa.Column("shipping_cost", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_warehouses")),
    )
    op.create_table(
        "workers",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("host", sa.String(length=200), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("started", sa.String(length=40), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("heartbeat_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workers")),
    )


def downgrade() -> None:  # noqa: PLR0915 - a statement a table
    op.drop_table("workers")
    op.drop_table("warehouses")
    op.drop_table("voided_serials")
    op.drop_table("users")
    op.drop_table("transmissions")
    op.drop_table("transmission_bytes")
    op.drop_table("tracking_events")
    op.drop_table("told_exceptions")
    op.drop_table("timers")
    op.drop_table("template_versions")
    op.drop_table("template_rules")
    op.drop_table("taxes")
    op.drop_table("tasks")
    op.drop_table("supply_promises")
    op.drop_table("subscriptions")
    op.drop_table("stores")
    op.drop_table("stock_moves")
    op.drop_table("stock")
    op.drop_table("sources")
    op.drop_table("shop_orders")
    op.drop_table("shop_news")
    op.drop_table("shop_deliveries")
    op.drop_table("shipments")
    op.drop_table("settings")
    op.drop_table("sequences")
    op.drop_table("sales_history")
    op.drop_table("rulebooks")
    op.drop_table("rmas")
    op.drop_table("rma_lines")
    op.drop_table("reservations")
    op.drop_table("refused_calls")
    op.drop_table("references_used")
    op.drop_table("rebates")
    op.drop_table("rates")
    op.drop_table("prices")
    op.drop_table("price_requests")
    op.drop_table("price_history")
    op.drop_table("payments")
    op.drop_table("payment_parts")
    op.drop_table("partners")
    op.drop_table("partner_notices")
    op.drop_table("partner_edi")
    op.drop_table("partner_changes")
    op.drop_table("paper_words")
    op.drop_table("paper_studies")
    op.drop_table("paper_sources")
    op.drop_table("paper_samples")
    op.drop_table("paper_questions")
    op.drop_table("paper_parts")
    op.drop_table("paper_memory")
    op.drop_table("paper_doubts")
    op.drop_table("paper_answers")
    op.drop_table("packages")
    op.drop_table("outbox")
    op.drop_table("orders")
    op.drop_table("order_templates")
    op.drop_table("order_revisions")
    op.drop_table("order_priorities")
    op.drop_table("order_notes")
    op.drop_table("order_lines")
    op.drop_table("order_changes")
    op.drop_table("order_attachments")
    op.drop_table("order_assignments")
    op.drop_table("open_invoices")
    op.drop_table("notices")
    op.drop_table("links")
    op.drop_table("items")
    op.drop_table("item_codes")
    op.drop_table("invoices")
    op.drop_table("invoiced_months")
    op.drop_table("invoice_lines")
    op.drop_table("invoice_drafts")
    op.drop_table("invoice_charges")
    op.drop_table("interchanges")
    op.drop_table("imports")
    op.drop_table("import_rows")
    op.drop_table("import_orders")
    op.drop_table("import_maps")
    op.drop_table("idempotency_keys")
    op.drop_table("hook_deliveries")
    op.drop_table("hook_attempts")
    op.drop_table("holds")
    op.drop_table("guides")
    op.drop_table("feedback")
    op.drop_table("events")
    op.drop_table("drafts")
    op.drop_table("documents")
    op.drop_table("discrepancies")
    op.drop_table("delegations")
    op.drop_table("credit_reports")
    op.drop_table("credit_notes")
    op.drop_table("credit_grades")
    op.drop_table("credit_adjustments")
    op.drop_table("credit_accounts")
    op.drop_table("counters")
    op.drop_table("company")
    op.drop_table("attempts")
    op.drop_table("arrivals")
    op.drop_table("approvals")
    op.drop_table("api_keys")
    op.drop_table("alerts")
    op.drop_table("alert_tellings")
    op.drop_table("addresses")
