"""privacy: rules, versions of the policy, proofs of erasure, tombstones, who looked at whom."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
# Keyed hashes of numbers and addresses that parties leave. Rows from before have none, and lose
# what they know of their guest within the days that the restaurant keeps it.
_HASHES = (
    ("table_reservations", "phone_hash"),
    ("table_reservations", "email_hash"),
    ("waitlist_entries", "phone_hash"),
)


def upgrade() -> None:
    """Bring the schema up."""
    _tenant_table(
        "privacy_settings",
        sa.Column("profile_months", sa.Integer(), nullable=False),
        sa.Column("event_months", sa.Integer(), nullable=False),
        sa.Column("device_days", sa.Integer(), nullable=False),
        sa.Column("access_months", sa.Integer(), nullable=False),
        sa.Column("controller_name", sa.String(length=120), nullable=False),
        sa.Column("postal_address", sa.String(length=300), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("events_done_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("devices_done_until_at", sa.DateTime(timezone=True), nullable=True),
        sa.UniqueConstraint("restaurant_id", name=op.f("uq_privacy_settings_restaurant_id")),
    )
    _tenant_table(
        "retention_runs",
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_because", sa.String(length=10), nullable=False),
        sa.Column("counts", _JSON, nullable=False),
        sa.Column("asked_by_user_id", sa.Uuid(), nullable=True),
        _key("retention_runs", "asked_by_user_id", "users"),
        indexes=[("restaurant_id", "started_at")],
    )
    _tenant_table(
        "policy_versions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("facts", _JSON, nullable=False),
        sa.Column("facts_hash", sa.String(length=64), nullable=False),
        sa.Column("valid_from_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "restaurant_id", "number", name=op.f("uq_policy_versions_restaurant_id_number")
        ),
        sa.UniqueConstraint(
            "restaurant_id",
            "text_version",
            name=op.f("uq_policy_versions_restaurant_id_text_version"),
        ),
    )
    _tenant_table(
        "erasures",
        sa.Column("asked_by", sa.String(length=10), nullable=False),
        sa.Column("actor_user_id", sa.Uuid(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visit_count", sa.Integer(), nullable=False),
        sa.Column("order_count", sa.Integer(), nullable=False),
        sa.Column("counts", _JSON, nullable=False),
        _key("erasures", "actor_user_id", "users"),
        indexes=[("restaurant_id", "erased_at")],
    )
    _tenant_table(
        "tombstones",
        sa.Column("subject_hash", sa.String(length=64), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "restaurant_id", "subject_hash", name=op.f("uq_tombstones_restaurant_id_subject_hash")
        ),
    )
    _tenant_table(
        "customer_accesses",
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(length=20), nullable=False),
        sa.Column("screen", sa.String(length=40), nullable=False),
        sa.Column("guest_count", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        _key("customer_accesses", "customer_id", "customers"),
        _key("customer_accesses", "user_id", "users"),
        indexes=[("restaurant_id", "opened_at"), ("restaurant_id", "customer_id", "opened_at")],
    )
    _tenant_table(
        "contact_choices",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("is_allowed", sa.Boolean(), nullable=False),
        sa.Column("text_version", sa.String(length=20), nullable=False),
        sa.Column("source", sa.String(length=20), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        _key("contact_choices", "customer_id", "customers"),
        indexes=[("restaurant_id", "customer_id", "given_at")],
    )
    for table, column in _HASHES:
        op.add_column(table, sa.Column(column, sa.String(length=64), nullable=True))
        op.create_index(
            op.f(f"ix_{table}_restaurant_id_{column}"), table, ["restaurant_id", column]
        )
    op.create_index(op.f("ix_carts_visit_id"), "carts", ["visit_id"])
    op.create_index(
        op.f("ix_merge_journal_restaurant_id_merged_customer_id"),
        "merge_journal",
        ["restaurant_id", "merged_customer_id"],
    )
    is_merged = sa.text("merged_into_id IS NOT NULL")
    op.create_index(
        "ix_customers_merged",
        "customers",
        ["merged_into_id"],
        sqlite_where=is_merged,
        postgresql_where=is_merged,
    )


def downgrade() -> None:
    """Take it back."""
    op.drop_index("ix_customers_merged", table_name="customers")
    op.drop_index(
        op.f("ix_merge_journal_restaurant_id_merged_customer_id"), table_name="merge_journal"
    )
    op.drop_index(op.f("ix_carts_visit_id"), table_name="carts")
    for table, column in reversed(_HASHES):
        op.drop_index(op.f(f"ix_{table}_restaurant_id_{column}"), table_name=table)
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.drop_column(column)
    for table in (
        "contact_choices",
        "customer_accesses",
        "tombstones",
        "erasures",
        "policy_versions",
        "retention_runs",
        "privacy_settings",
    ):
        op.drop_table(table)


def _tenant_table(
    name: str, *parts: sa.schema.SchemaItem, indexes: list[tuple[str, ...]] | None = None
) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        *parts,
        _key(name, "restaurant_id", "restaurants"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    for columns in indexes or []:
        op.create_index(op.f(f"ix_{name}_{'_'.join(columns)}"), name, list(columns))


def _key(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}"))
