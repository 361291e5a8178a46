"""parties calls and waiters."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    op.create_table(
        "table_calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("sitting_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(
            ["answered_by_id"], ["users.id"], name=op.f("fk_table_calls_answered_by_id")
        ),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_table_calls_restaurant_id")
        ),
        sa.ForeignKeyConstraint(
            ["sitting_id"], ["sittings.id"], name=op.f("fk_table_calls_sitting_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_table_calls")),
    )
    with op.batch_alter_table("table_calls", schema=None) as batch_op:
        batch_op.create_index(
            "ix_table_calls_open",
            ["restaurant_id"],
            unique=False,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_table_calls_sitting_id"), ["sitting_id"], unique=False)
        batch_op.create_index(
            "uq_table_calls_open",
            ["sitting_id", "kind"],
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    # Added in place: SQLite would otherwise write these tables anew, under rows that name them.
    for table in ("areas", "tables"):
        _add_reference(table, "waiter_id", "users")
    _add_reference("sittings", "joined_to_id", "sittings")
    op.add_column("sittings", sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(op.f("ix_sittings_joined_to_id"), "sittings", ["joined_to_id"])


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("tables", schema=None) as batch_op:
        batch_op.drop_column("waiter_id")

    with op.batch_alter_table("sittings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sittings_joined_to_id"))
        batch_op.drop_column("paid_at")
        batch_op.drop_column("joined_to_id")

    with op.batch_alter_table("areas", schema=None) as batch_op:
        batch_op.drop_column("waiter_id")

    with op.batch_alter_table("table_calls", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_table_calls_open",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_table_calls_sitting_id"))
        batch_op.drop_index(
            "ix_table_calls_open",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        )

    op.drop_table("table_calls")


def _add_reference(table: str, name: str, to: str) -> None:
    key = sa.ForeignKey(f"{to}.id", name=op.f(f"fk_{table}_{name}"))
    column = sa.Column(name, sa.Uuid(), key, nullable=True)
    op.add_column(table, column, inline_references=True)
