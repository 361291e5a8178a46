"""targets and successors of codes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the schema up."""
    # Added in place: SQLite would otherwise write the table anew, under rows that name it.
    for name, to in (("category_id", "menu_categories"), ("replaced_by_id", "table_codes")):
        key = sa.ForeignKey(f"{to}.id", name=op.f(f"fk_table_codes_{name}"))
        column = sa.Column(name, sa.Uuid(), key, nullable=True)
        op.add_column("table_codes", column, inline_references=True)


def downgrade() -> None:
    """Take it back."""
    with op.batch_alter_table("table_codes", schema=None) as batch_op:
        batch_op.drop_column("replaced_by_id")
        batch_op.drop_column("category_id")
