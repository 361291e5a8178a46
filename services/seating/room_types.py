"""The room as the tables page shows and edits it."""

from dataclasses import dataclass
from uuid import UUID

from services import live

AREA_TYPES = ("indoor", "outdoor", "bar", "garden", "private", "vip", "takeout")
AREA_FEATURES = ("outdoor", "smoking", "private", "quiet", "accessible", "pets", "heated", "view")
SERVICE_TYPES = ("full_service", "bar_service", "counter")
TABLE_TYPES = ("2_top", "4_top", "6_top", "booth", "bar_stool", "large_party")
SHAPES = ("square", "round", "rectangle", "oval", "booth", "bar")


@dataclass(frozen=True, slots=True)
class AreaForm:
    """What the form of an area holds."""

    name: str
    description: str = ""
    area_type: str = "indoor"
    service_type: str = "full_service"


@dataclass(frozen=True, slots=True)
class TableForm:
    """What the form of a table holds."""

    area_id: UUID
    number: str
    seats: int
    table_type: str = "4_top"
    shape: str = "square"
    name: str = ""
    notes: str = ""


@dataclass(frozen=True, slots=True)
class RoomTable:
    """One active table with its current code; without one the code is empty."""

    table_id: UUID
    area_id: UUID
    number: str
    name: str
    seats: int
    table_type: str
    shape: str
    notes: str
    code_id: UUID | None
    code: str
    scan_count: int


@dataclass(frozen=True, slots=True)
class RoomArea:
    """One active area and its tables, as people count."""

    area_id: UUID
    name: str
    description: str
    area_type: str
    service_type: str
    tables: tuple[RoomTable, ...]

    @property
    def seats(self) -> int:
        """How many people sit there."""
        return sum(table.seats for table in self.tables)


@dataclass(frozen=True, slots=True)
class RoomChange:
    """An area or table was made, changed or archived."""

    restaurant_id: UUID
    subject_id: UUID

    @property
    def topics(self) -> tuple[str, ...]:
        """Live topics to publish "room" on after the commit."""
        return (live.floor_topic(self.restaurant_id),)
