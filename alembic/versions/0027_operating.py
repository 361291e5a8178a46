"""operators; templates, unknown shapes and signs of WhatsApp."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the schema up."""
    op.add_column(
        "users", sa.Column("is_operator", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "whatsapp_messages",
        sa.Column("template_encrypted", sa.Text(), nullable=False, server_default=""),
    )
    _create(
        "whatsapp_templates",
        ("name", "language"),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=15), nullable=False),
        sa.Column("category", sa.String(length=20), nullable=False),
        sa.Column("template_status", sa.String(length=20), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("is_fillable", sa.Boolean(), nullable=False),
        sa.Column("updated_at", _MOMENT, nullable=False),
    )
    _create(
        "whatsapp_shapes",
        ("shape_hash",),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("shape_hash", sa.String(length=64), nullable=False),
        sa.Column("shape", sa.Text(), nullable=False),
        sa.Column("seen_count", sa.Integer(), nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
    )
    _create(
        "whatsapp_signs",
        ("name",),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("seen_count", sa.Integer(), nullable=False),
        sa.Column("last_at", _MOMENT, nullable=False),
    )


def _create(name: str, unique: tuple[str, ...], *columns: sa.Column) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", _MOMENT, nullable=False),
        *columns,
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint(*unique, name=op.f(f"uq_{name}_{'_'.join(unique)}")),
    )


def downgrade() -> None:
    """Take the schema back."""
    for name in ("whatsapp_signs", "whatsapp_shapes", "whatsapp_templates"):
        op.drop_table(name)
    with op.batch_alter_table("whatsapp_messages") as table:
        table.drop_column("template_encrypted")
    with op.batch_alter_table("users") as table:
        table.drop_column("is_operator")
