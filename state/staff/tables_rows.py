"""How the tables' screen shows areas and tables: rows made from what the services read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.accounts.types import Actor
from services.base.database import reading
from services.base.owner_texts import TABLES
from services.base.texts import N_, page_texts, plural, translate
from services.seating.room_queries import load_room
from services.seating.room_types import RoomArea, RoomTable
from state.staff.access import LANGUAGE


@dataclass(frozen=True, slots=True)
class Room:
    """What the screen reads at once."""

    areas: Sequence[RoomArea]

    def find_area(self, area_id: UUID) -> RoomArea | None:
        """An area in use."""
        return next((area for area in self.areas if area.area_id == area_id), None)

    def find_table(self, table_id: UUID) -> RoomTable | None:
        """A table in use."""
        tables = (table for area in self.areas for table in area.tables)
        return next((table for table in tables if table.table_id == table_id), None)


@dataclass(frozen=True, slots=True)
class TableRow:
    """A table in the list."""

    id: str
    number: str
    name: str
    seats: str
    kind: str
    code: str
    scan_count: str


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area with the tables that stand there."""

    id: str
    name: str
    summary: str
    tables: list[TableRow]


async def load(actor: Actor) -> Room:
    """The room of whoever acts."""
    async with reading() as session:
        return Room(await load_room(session, restaurant_id=actor.restaurant_id))


def area_rows(room: Room) -> list[AreaRow]:
    """The areas in use."""
    texts = page_texts(LANGUAGE, TABLES)
    return [
        AreaRow(
            id=str(area.area_id),
            name=area.name,
            summary=_summary(area, texts),
            tables=[_table_row(table, texts) for table in area.tables],
        )
        for area in room.areas
    ]


def _table_row(table: RoomTable, texts: Mapping[str, str]) -> TableRow:
    return TableRow(
        id=str(table.table_id),
        number=table.number,
        name=table.name,
        seats=str(table.seats),
        kind=_kind(texts[f"kind_{table.table_type}"], texts[f"shape_{table.shape}"]),
        code=table.code,
        scan_count=str(table.scan_count),
    )


def _kind(kind: str, shape: str) -> str:
    """ "For two, round"; a booth is said once."""
    return kind if kind == shape else f"{kind}, {shape.lower()}"


def _summary(area: RoomArea, texts: Mapping[str, str]) -> str:
    return translate(
        LANGUAGE,
        N_("{kind} · {tables} · {seats}"),
        kind=texts[f"type_{area.area_type}"],
        tables=plural(LANGUAGE, "{count} table", "{count} tables", len(area.tables)),
        seats=plural(LANGUAGE, "{count} seat", "{count} seats", area.seats),
    )
