"""who cannot eat something, without reading everybody."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_NAME = "ix_customers_allergens"
_SOME = sa.text("CAST(allergens AS TEXT) <> '[]'")


def upgrade() -> None:
    """Bring the schema up."""
    op.create_index(
        _NAME, "customers", ["restaurant_id"], sqlite_where=_SOME, postgresql_where=_SOME
    )


def downgrade() -> None:
    """Take the schema back."""
    op.drop_index(_NAME, "customers")
