"""Preferences and ordered items are counted anew without a look at whom they point to."""

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

_COUNTED = ("customer_preferences", "customer_items")
_TARGETS = {"customer_id": "customers", "restaurant_id": "restaurants"}


def upgrade() -> None:
    """Bring the schema up."""
    for name in _COUNTED:
        with op.batch_alter_table(name) as table:
            for column in _TARGETS:
                table.drop_constraint(op.f(f"fk_{name}_{column}"), type_="foreignkey")


def downgrade() -> None:
    """Take the schema back."""
    for name in _COUNTED:
        with op.batch_alter_table(name) as table:
            for column, target in _TARGETS.items():
                table.create_foreign_key(op.f(f"fk_{name}_{column}"), target, [column], ["id"])
