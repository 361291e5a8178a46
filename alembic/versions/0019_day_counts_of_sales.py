"""day counts of sales, visits and returns; reports by mail."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)
TABLES = (
    "report_mails",
    "sales_marks",
    "dish_pairs",
    "segment_dishes",
    "segment_days",
    "return_days",
    "dish_days",
    "sales_hours",
    "sales_days",
)


def upgrade() -> None:
    """Bring the schema up."""
    _counts(
        "sales_days",
        [_day()],
        "order_count refused_count placed_count item_count revenue_minor known_order_count "
        "known_revenue_minor visit_count known_visit_count customer_count new_count menu_seconds "
        "product_views abandoned_count",
    )
    _counts(
        "sales_hours",
        [_day(), sa.Column("hour", sa.SmallInteger(), nullable=False)],
        "visit_count order_count revenue_minor",
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
    )
    _counts(
        "dish_days",
        [_day(), _id("dish_id")],
        "quantity order_count revenue_minor",
        _id("category_id"),
        refers={"dish_id": "dishes", "category_id": "menu_categories"},
    )
    _counts(
        "return_days",
        [_day(), sa.Column("previous_day", sa.Date(), nullable=False)],
        "gap_days customer_count second_count",
    )
    _counts(
        "segment_days",
        [_day(), _id("segment_id")],
        "order_count revenue_minor",
        refers={"segment_id": "customer_segments"},
    )
    _counts(
        "segment_dishes",
        [_id("segment_id"), _id("dish_id")],
        "quantity",
        refers={"segment_id": "customer_segments", "dish_id": "dishes"},
    )
    _counts(
        "dish_pairs",
        [_id("dish_id"), _id("other_dish_id")],
        "order_count",
        refers={"dish_id": "dishes", "other_dish_id": "dishes"},
    )
    _counts(
        "sales_marks",
        [],
        "nightly_order_count",
        sa.Column("followed_until_at", _MOMENT, nullable=False),
        sa.Column("counted_until", sa.Date(), nullable=False),
        sa.Column("rules_hash", sa.String(length=64), nullable=False),
        sa.Column("nightly_until", sa.Date(), nullable=True),
    )
    op.create_table(
        "report_mails",
        _id("id"),
        sa.Column("created_at", _MOMENT, nullable=False),
        _id("restaurant_id"),
        _id("user_id"),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("rhythm", sa.String(length=5), nullable=False),
        sa.Column("sent_until", sa.Date(), nullable=False),
        *_refers("report_mails", {"restaurant_id": "restaurants", "user_id": "users"}),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_mails")),
        sa.UniqueConstraint(
            "restaurant_id",
            "user_id",
            "kind",
            name=op.f("uq_report_mails_restaurant_id_user_id_kind"),
        ),
    )


def downgrade() -> None:
    """Take it back."""
    for name in TABLES:
        op.drop_table(name)


def _day() -> Any:
    return sa.Column("business_day", sa.Date(), nullable=False)


def _id(name: str) -> Any:
    return sa.Column(name, sa.Uuid(), nullable=False)


def _refers(table: str, columns: dict[str, str]) -> list[Any]:
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in columns.items()
    ]


def _counts(
    table: str, keys: list[Any], sums: str, *more: Any, refers: dict[str, str] | None = None
) -> None:
    """A table of a restaurant's counts, with a key of its own columns."""
    op.create_table(
        table,
        _id("restaurant_id"),
        *keys,
        *more,
        *(sa.Column(name, sa.Integer(), nullable=False) for name in sums.split()),
        *_refers(table, {"restaurant_id": "restaurants"} | (refers or {})),
        sa.PrimaryKeyConstraint(
            "restaurant_id", *(key.name for key in keys), name=op.f(f"pk_{table}")
        ),
    )
