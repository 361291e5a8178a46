"""Named layouts of the room: what the floor plan's editor draws before it is published."""

from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import TenantRow, json_field


class FloorLayout(TenantRow, table=True):
    """One layout: a document of items, and what was last known of the room it describes."""

    __tablename__ = "floor_layouts"
    __table_args__ = (
        # One layout is the room as it stands; the others wait.
        sa.Index(
            "uq_floor_layouts_live",
            "restaurant_id",
            unique=True,
            sqlite_where=sa.text("is_live"),
            postgresql_where=sa.text("is_live"),
        ),
        sa.Index(None, "restaurant_id", "is_active"),
    )

    name: str = Field(max_length=60)
    # Goes up with every operation; an item notes the revision it was last changed at.
    revision: int = Field(default=1)
    # The revision at which items were last added, removed or put in another order.
    order_revision: int = Field(default=1)
    # From the lowest layer to the highest; places in centimetres from the top left of the room.
    items: list[dict[str, Any]] = json_field(list)
    settings: dict[str, Any] = json_field(dict)
    # {row id: item as published or last read from the room}: what the draft is compared with.
    base: dict[str, Any] = json_field(dict)
    # What is drawn on the live floor beside areas and tables: walls, plants, words, pictures.
    decor: list[dict[str, Any]] = json_field(list)
    # {item id: [revision, name of who removed it]}, the newest only.
    gone: dict[str, Any] = json_field(dict)
    # Keys of the newest operations: one that is sent again is answered, not done twice.
    recent_keys: list[str] = json_field(list)
    is_live: bool = Field(default=False)
    is_active: bool = Field(default=True)
    changed_at: datetime
    changed_by_user_id: UUID | None = Field(default=None, foreign_key="users.id")
    published_at: datetime | None = None
    published_revision: int = Field(default=0)
