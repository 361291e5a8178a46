"""Carts, orders and their lines."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import TenantRow, json_field
from models.enums import OrderChannel, OrderKind, OrderStatus


class Cart(TenantRow, table=True):
    """What one guest has picked and not yet sent.

    The submit key is made with it and travels with the order.
    """

    __tablename__ = "carts"
    __table_args__ = (
        sa.Index(
            "uq_carts_open_visit",
            "visit_id",
            unique=True,
            sqlite_where=sa.text("submitted_at IS NULL"),
            postgresql_where=sa.text("submitted_at IS NULL"),
        ),
        # Sent carts, too, hold notes that are forgotten with their visit.
        sa.Index(None, "visit_id"),
    )

    visit_id: UUID = Field(foreign_key="customer_visits.id")
    submit_key: str = Field(unique=True, max_length=64)
    note: str = Field(default="", max_length=300)
    updated_at: datetime
    submitted_at: datetime | None = None


class CartLine(TenantRow, table=True):
    """One dish in a cart, with the price the guest saw when it was added."""

    __tablename__ = "cart_lines"
    __table_args__ = (
        sa.Index(None, "cart_id"),
        sa.CheckConstraint("quantity BETWEEN 1 AND 99", name="quantity"),
    )

    cart_id: UUID = Field(foreign_key="carts.id")
    dish_id: UUID = Field(foreign_key="dishes.id")
    variant_id: UUID | None = Field(default=None, foreign_key="dish_variants.id")
    modifier_ids: list[str] = json_field(list)
    quantity: int
    note: str = Field(default="", max_length=200)
    # How many of them came from a suggestion.
    suggested_quantity: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    seen_unit_price_minor: int


class Order(TenantRow, table=True):
    """What one guest submitted once. Prices are copied; nothing here follows the menu."""

    __tablename__ = "customer_orders"
    __table_args__ = (
        sa.UniqueConstraint("restaurant_id", "submit_key"),
        sa.UniqueConstraint("restaurant_id", "business_day", "number"),
        sa.Index(None, "restaurant_id", "placed_at"),
        sa.Index(None, "restaurant_id", "customer_id", "placed_at"),
        sa.Index(None, "sitting_id"),
        sa.Index(None, "visit_id"),
        # The board reads open orders only, however long the history is. The status stands in it so
        # that SQLite prefers it to the index above without statistics.
        sa.Index(
            "ix_customer_orders_open",
            "restaurant_id",
            "order_status",
            "placed_at",
            sqlite_where=sa.text("order_status IN ('pending', 'preparing', 'ready', 'served')"),
            postgresql_where=sa.text("order_status IN ('pending', 'preparing', 'ready', 'served')"),
        ),
    )

    customer_id: UUID | None = Field(default=None, foreign_key="customers.id")
    visit_id: UUID = Field(foreign_key="customer_visits.id")
    sitting_id: UUID | None = Field(default=None, foreign_key="sittings.id")
    table_id: UUID | None = Field(default=None, foreign_key="tables.id")
    area_id: UUID | None = Field(default=None, foreign_key="areas.id")
    number: int
    business_day: date
    submit_key: str = Field(max_length=64)
    # SHA-256 of what was asked for: the same key with another cart is refused, not answered with
    # the old order.
    request_hash: str = Field(max_length=64)
    order_kind: str = Field(default=OrderKind.DINE_IN, max_length=10)
    channel: str = Field(default=OrderChannel.MENU, max_length=10)
    order_status: str = Field(default=OrderStatus.PENDING, max_length=10)
    guest_alias: str = Field(max_length=40)
    allergens: list[str] = json_field(list)
    note: str = Field(default="", max_length=300)
    currency: str = Field(max_length=3)
    subtotal_minor: int
    discount_minor: int = Field(default=0)
    # Contained in the total, not added to it.
    tax_minor: int = Field(default=0)
    total_minor: int
    payment_method: str | None = Field(default=None, max_length=20)
    placed_at: datetime
    accepted_at: datetime | None = None
    ready_at: datetime | None = None
    served_at: datetime | None = None
    completed_at: datetime | None = None
    closed_at: datetime | None = None
    # With which payment it was paid. It stays with the order when its guest moves to another table.
    paid_at: datetime | None = None
    reason: str | None = Field(default=None, max_length=200)
    # What its completion earned; none until then. It stays when its guest is forgotten: an order
    # earns once, whoever they are by then.
    points_earned: int | None = None


class OrderDelivery(TenantRow, table=True):
    """Where one order is brought; empty until the guest has said so."""

    __tablename__ = "order_deliveries"
    __table_args__ = (sa.Index(None, "restaurant_id", "created_at"),)

    order_id: UUID = Field(unique=True, foreign_key="customer_orders.id")
    address_encrypted: str | None = Field(default=None, sa_type=sa.Text)
    given_at: datetime | None = None


class OrderLine(TenantRow, table=True):
    """One line of an order: names and prices as they were when it was sent."""

    __tablename__ = "order_lines"
    __table_args__ = (
        sa.Index(None, "order_id", "position"),
        sa.Index(None, "restaurant_id", "dish_id"),
        sa.CheckConstraint("quantity BETWEEN 1 AND 99", name="quantity"),
    )

    order_id: UUID = Field(foreign_key="customer_orders.id")
    position: int
    dish_id: UUID = Field(foreign_key="dishes.id")
    category_id: UUID = Field(foreign_key="menu_categories.id")
    variant_id: UUID | None = Field(default=None, foreign_key="dish_variants.id")
    dish_name: str = Field(max_length=120)
    variant_name: str = Field(default="", max_length=80)
    # [{"id", "name", "price_delta_minor"}] as chosen.
    modifiers: list[Any] = json_field(list)
    quantity: int
    unit_price_minor: int
    line_total_minor: int
    unit_cost_minor: int | None = None
    note: str = Field(default="", max_length=200)
    suggested_quantity: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
