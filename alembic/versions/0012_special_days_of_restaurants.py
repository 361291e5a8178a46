"""days that differ belong to a restaurant's hours."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
DAYS = sa.table(
    "special_days",
    sa.column("id", sa.Uuid()),
    sa.column("created_at", sa.DateTime(timezone=True)),
    sa.column("restaurant_id", sa.Uuid()),
    sa.column("day", sa.Date()),
    sa.column("name", sa.String()),
    sa.column("hours", JSON),
)
RESTAURANTS = sa.table("restaurants", sa.column("id", sa.Uuid()), sa.column("special_days", JSON))


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column(
        "restaurants", sa.Column("special_days", JSON, nullable=False, server_default="{}")
    )
    found: dict[uuid.UUID, dict[str, Any]] = {}
    for row in op.get_bind().execute(sa.select(DAYS).order_by(DAYS.c.day)):
        one = {"name": row.name, "hours": row.hours}
        found.setdefault(row.restaurant_id, {})[row.day.isoformat()] = one
    for restaurant_id, days in found.items():
        op.execute(
            sa.update(RESTAURANTS)
            .where(RESTAURANTS.c.id == restaurant_id)
            .values(special_days=days)
        )
    op.drop_table("special_days")


def downgrade() -> None:
    """Take it back."""
    op.create_table(
        "special_days",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restaurant_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("hours", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["restaurant_id"], ["restaurants.id"], name=op.f("fk_special_days_restaurant_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_special_days")),
        sa.UniqueConstraint("restaurant_id", "day", name=op.f("uq_special_days_restaurant_id_day")),
    )
    rows = [
        {
            "id": uuid.uuid4(),
            "created_at": datetime.now(UTC),
            "restaurant_id": row.id,
            "day": date.fromisoformat(day),
            **one,
        }
        for row in op.get_bind().execute(sa.select(RESTAURANTS))
        for day, one in row.special_days.items()
    ]
    if rows:
        op.get_bind().execute(sa.insert(DAYS), rows)
    with op.batch_alter_table("restaurants", schema=None) as batch_op:
        batch_op.drop_column("special_days")
