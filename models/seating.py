"""The room: areas, tables, printed codes, scans, sittings."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import TenantRow, json_field
from models.enums import TableStatus


class Area(TenantRow, table=True):
    """A part of the restaurant: terrace, bar, private room."""

    __tablename__ = "areas"
    __table_args__ = (sa.Index(None, "restaurant_id", "position"),)

    name: str = Field(max_length=80)
    description: str = Field(default="", max_length=200)
    translations: dict[str, Any] = json_field(dict)
    area_type: str = Field(default="indoor", max_length=20)
    service_type: str = Field(default="full_service", max_length=20)
    position: int
    # How many people may be there; None when that is as many as its tables have seats.
    capacity: int | None = None
    # {"mon": [["17:00", "23:00"]], ...} where they differ from the restaurant's.
    operating_hours: dict[str, Any] = json_field(dict)
    # Words of `room_types.AREA_FEATURES`.
    features: list[str] = json_field(list)
    # {"x", "y", "width", "height"} in centimetres of the room; a drawn area has "outline" too, its
    # corners as [x, y] from the top left of that rectangle.
    floor_plan_coordinates: dict[str, Any] = json_field(dict)
    waiter_id: UUID | None = Field(default=None, foreign_key="users.id")
    is_active: bool = Field(default=True)


class Table(TenantRow, table=True):
    """A table.

    `status` is what staff set by hand; an open sitting makes it occupied whatever it says.
    """

    __tablename__ = "tables"
    __table_args__ = (
        sa.Index(
            "uq_tables_number_when_active",
            "restaurant_id",
            "table_number",
            unique=True,
            sqlite_where=sa.text("is_active"),
            postgresql_where=sa.text("is_active"),
        ),
        sa.Index(None, "restaurant_id", "area_id"),
        sa.CheckConstraint("capacity >= 1", name="capacity"),
    )

    area_id: UUID = Field(foreign_key="areas.id")
    table_number: str = Field(max_length=12)
    table_name: str | None = Field(default=None, max_length=60)
    capacity: int
    table_type: str = Field(default="4_top", max_length=20)
    shape: str = Field(default="square", max_length=12)
    status: str = Field(default=TableStatus.AVAILABLE, max_length=16)
    # Centre in centimetres from the top left corner of the room; size and turn of the table top.
    floor_plan_x: float = Field(default=0)
    floor_plan_y: float = Field(default=0)
    floor_plan_width: float = Field(default=90)
    floor_plan_height: float = Field(default=90)
    floor_plan_rotation: float = Field(default=0)
    # Whose table it is; None leaves it to the area's waiter.
    waiter_id: UUID | None = Field(default=None, foreign_key="users.id")
    notes: str = Field(default="", max_length=500)
    is_active: bool = Field(default=True)


class TableCode(TenantRow, table=True):
    """A printed code.

    Replacing makes a new row; the old one still opens the menu and seats nobody.
    """

    __tablename__ = "table_codes"
    __table_args__ = (
        sa.UniqueConstraint("restaurant_id", "code"),
        sa.Index(None, "table_id"),
    )

    kind: str = Field(max_length=10)
    code: str = Field(max_length=16)
    table_id: UUID | None = Field(default=None, foreign_key="tables.id")
    area_id: UUID | None = Field(default=None, foreign_key="areas.id")
    label: str = Field(default="", max_length=80)
    # The section of the menu that a campaign's code opens; None opens its beginning.
    category_id: UUID | None = Field(default=None, foreign_key="menu_categories.id")
    scan_count: int = Field(default=0)
    revoked_at: datetime | None = None
    # The code that took over; a revoked one without it was retired.
    replaced_by_id: UUID | None = Field(default=None, foreign_key="table_codes.id")


class CodeScan(TenantRow, table=True):
    """One scan of one code by a live browser."""

    __tablename__ = "code_scans"
    __table_args__ = (sa.Index(None, "restaurant_id", "table_code_id", "scanned_at"),)

    table_code_id: UUID = Field(foreign_key="table_codes.id")
    visit_id: UUID | None = Field(default=None, foreign_key="customer_visits.id")
    scanned_at: datetime


class Sitting(TenantRow, table=True):
    """One party's use of one table, from seating or first scan to release."""

    __tablename__ = "sittings"
    __table_args__ = (
        # One open sitting a table, whatever runs at the same moment.
        sa.Index(
            "uq_sittings_open_table",
            "table_id",
            unique=True,
            sqlite_where=sa.text("released_at IS NULL"),
            postgresql_where=sa.text("released_at IS NULL"),
        ),
        sa.Index(None, "restaurant_id", "opened_at"),
        # A table's card shows its last sittings.
        sa.Index(None, "restaurant_id", "table_id", "released_at"),
        sa.Index(None, "restaurant_id", "table_id", "opened_at"),
        sa.Index(
            "ix_sittings_open",
            "restaurant_id",
            sqlite_where=sa.text("released_at IS NULL"),
            postgresql_where=sa.text("released_at IS NULL"),
        ),
    )

    table_id: UUID = Field(foreign_key="tables.id")
    area_id: UUID = Field(foreign_key="areas.id")
    opened_at: datetime
    opened_by: str = Field(max_length=10)
    party_size: int | None = None
    # The last scan, order or touch by staff: an empty sitting releases itself some time after it.
    last_activity_at: datetime
    first_order_at: datetime | None = None
    released_at: datetime | None = None
    release_reason: str | None = Field(default=None, max_length=20)
    # The sitting that leads the party, where one sits at several tables.
    joined_to_id: UUID | None = Field(default=None, foreign_key="sittings.id", index=True)
    # When staff noted that the bill was settled.
    paid_at: datetime | None = None
    note: str = Field(default="", max_length=500)


class TableCall(TenantRow, table=True):
    """A guest asks staff to come to the table."""

    __tablename__ = "table_calls"
    __table_args__ = (
        # One open call of a kind a sitting, however often somebody taps.
        sa.Index(
            "uq_table_calls_open",
            "sitting_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        ),
        sa.Index(
            "ix_table_calls_open",
            "restaurant_id",
            sqlite_where=sa.text("answered_at IS NULL"),
            postgresql_where=sa.text("answered_at IS NULL"),
        ),
    )

    sitting_id: UUID = Field(foreign_key="sittings.id", index=True)
    kind: str = Field(max_length=10)
    called_at: datetime
    answered_at: datetime | None = None
    answered_by_id: UUID | None = Field(default=None, foreign_key="users.id")


class SittingMove(TenantRow, table=True):
    """A party went from one table to another and took its sitting along.

    The sitting names only the table it is at now; these rows say where it was before.
    """

    __tablename__ = "sitting_moves"
    __table_args__ = (
        sa.Index(None, "restaurant_id", "moved_at"),
        sa.Index(None, "sitting_id", "moved_at"),
    )

    sitting_id: UUID = Field(foreign_key="sittings.id")
    from_table_id: UUID = Field(foreign_key="tables.id")
    from_area_id: UUID = Field(foreign_key="areas.id")
    to_table_id: UUID = Field(foreign_key="tables.id")
    to_area_id: UUID = Field(foreign_key="areas.id")
    moved_at: datetime
