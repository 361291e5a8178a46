"""The customer: the record of a guest at one restaurant."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import TenantRow, json_field, new_id
from models.enums import ConsentLevel, CustomerStatus


class Customer(TenantRow, table=True):
    """A guest who agreed to be remembered by one restaurant. Totals are kept as orders complete."""

    __tablename__ = "customers"
    __table_args__ = (
        sa.UniqueConstraint("restaurant_id", "anonymous_id"),
        sa.UniqueConstraint("restaurant_id", "alias"),
        sa.Index(None, "restaurant_id", "last_seen_at", "id"),
        sa.Index(None, "restaurant_id", "total_spent_minor", "id"),
        sa.Index(None, "restaurant_id", "total_visits", "id"),
        sa.Index(None, "restaurant_id", "phone_hash"),
        sa.Index(None, "restaurant_id", "email_hash"),
        sa.Index(None, "restaurant_id", "name_hash"),
        # Erasing asks who was merged into whom, however many customers there are.
        sa.Index(
            "ix_customers_merged",
            "merged_into_id",
            sqlite_where=sa.text("merged_into_id IS NOT NULL"),
            postgresql_where=sa.text("merged_into_id IS NOT NULL"),
        ),
        # Few have any: who cannot eat nuts is asked of those only.
        sa.Index(
            "ix_customers_allergens",
            "restaurant_id",
            sqlite_where=sa.text("CAST(allergens AS TEXT) <> '[]'"),
            postgresql_where=sa.text("CAST(allergens AS TEXT) <> '[]'"),
        ),
    )

    anonymous_id: UUID = Field(default_factory=new_id)
    # A herb or spice and a number that staff can say aloud: "Basil 4821".
    alias: str = Field(max_length=40)
    consent_level: str = Field(default=ConsentLevel.REMEMBER, max_length=12)

    # Given by the guest, encrypted at rest; the hash finds an exact value again.
    name_encrypted: str | None = Field(default=None, max_length=400)
    name_hash: str | None = Field(default=None, max_length=64)
    email_encrypted: str | None = Field(default=None, max_length=600)
    email_hash: str | None = Field(default=None, max_length=64)
    phone_number_encrypted: str | None = Field(default=None, max_length=300)
    phone_hash: str | None = Field(default=None, max_length=64)
    phone_shared_with_restaurant: bool = Field(default=False)
    birthday_month: int | None = None
    birthday_day: int | None = None
    address_encrypted: str | None = Field(default=None, max_length=1200)

    # Set by the guest; shown to the kitchen with every order.
    allergens: list[str] = json_field(list)

    first_seen_at: datetime
    last_seen_at: datetime
    first_table_id: UUID | None = Field(default=None, foreign_key="tables.id")
    first_area_id: UUID | None = Field(default=None, foreign_key="areas.id")
    total_visits: int = Field(default=0)
    visit_days: int = Field(default=0)
    total_orders: int = Field(default=0)
    # Net spend of completed orders; lifetime_value is the same number, kept for the plan's name in
    # exports.
    total_spent_minor: int = Field(default=0)
    highest_order_minor: int = Field(default=0)
    preferred_category_id: UUID | None = Field(default=None, foreign_key="menu_categories.id")
    preferred_area_id: UUID | None = Field(default=None, foreign_key="areas.id")
    preferred_table_id: UUID | None = Field(default=None, foreign_key="tables.id")
    status: str = Field(default=CustomerStatus.NEW, max_length=10)

    # After a merge the row stays, empty, so that unmerge can give everything back.
    merged_into_id: UUID | None = Field(default=None, foreign_key="customers.id")
    erased_at: datetime | None = None
