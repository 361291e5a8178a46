"""What the floor shows of areas, tables and the people at them. Amounts are minor units."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from models.enums import CallKind, OrderStatus, TableStatus
from services.floor.layout import Plan


class Phase(StrEnum):
    """How far the party at an occupied table has come."""

    BROWSING = "browsing"
    ORDERED = "ordered"
    READY = "ready"
    EATING = "eating"
    BILL = "bill"
    PAID = "paid"


@dataclass(frozen=True, slots=True)
class Waiter:
    """Somebody of the team who looks after tables."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class FloorArea:
    """A part of the room, in the order of its tabs, and whose tables it has."""

    id: UUID
    name: str
    area_type: str
    table_count: int
    seat_count: int
    waiter: Waiter | None = None
    # Corners of an area that was drawn, in centimetres from its top left; a rectangle has none.
    outline: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class FloorCall:
    """Somebody at the table waits for staff."""

    id: UUID
    kind: CallKind
    called_at: datetime


@dataclass(frozen=True, slots=True)
class FloorOrder:
    """An order of an open sitting that is still somebody's work."""

    id: UUID
    number: int
    status: OrderStatus
    placed_at: datetime
    ready_at: datetime | None


@dataclass(frozen=True, slots=True)
class OpenSitting:
    """The party at a table now: the phones that scanned, by alias, and the open orders."""

    id: UUID
    opened_at: datetime
    party_size: int | None
    aliases: tuple[str, ...]
    orders: tuple[FloorOrder, ...]
    phase: Phase
    # Of the sitting that leads the party; its own where the party sits at one table.
    lead_id: UUID | None = None
    calls: tuple[FloorCall, ...] = ()
    paid_at: datetime | None = None

    @property
    def guest_count(self) -> int:
        """How many people sit there, as far as anybody knows: at least one."""
        return self.party_size or max(1, len(self.aliases))


@dataclass(frozen=True, slots=True)
class FloorTable:
    """A table and what goes on there. An open sitting makes it occupied, whatever staff had set."""

    id: UUID
    area_id: UUID
    number: str
    name: str
    seats: int
    status: TableStatus
    sitting: OpenSitting | None
    # When the next party with a reservation comes, if that is soon.
    reserved_at: datetime | None = None
    reservation_id: UUID | None = None
    reserved_for: int | None = None
    # By the table or else by its area.
    waiter: Waiter | None = None
    # The other tables of the party, by number.
    together: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Floor:
    """The whole room at one moment."""

    plan: Plan
    areas: tuple[FloorArea, ...]
    tables: tuple[FloorTable, ...]


@dataclass(frozen=True, slots=True)
class CardLine:
    """One line of an order as the panel shows it."""

    id: UUID
    quantity: int
    name: str
    details: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class CardOrder:
    """One order of the sitting, newest first; also those that are over."""

    id: UUID
    number: int
    alias: str
    status: OrderStatus
    total_minor: int
    lines: tuple[CardLine, ...]


@dataclass(frozen=True, slots=True)
class CardGuest:
    """Somebody at the table. Without consent only the alias of this visit is known."""

    visit_id: UUID
    customer_id: UUID | None
    alias: str
    visit_count: int
    favourites: tuple[str, ...]
    allergens: tuple[str, ...]
    # Number of the table they like; only of those who agreed to suggestions.
    likes: str = ""
    # Of the loyalty programme, above its first one; and whether it is served first.
    tier: str = ""
    has_priority: bool = False


@dataclass(frozen=True, slots=True)
class PastSitting:
    """An earlier party at this table."""

    id: UUID
    opened_at: datetime
    released_at: datetime
    guest_count: int
    order_count: int
    total_minor: int


@dataclass(frozen=True, slots=True)
class TableCard:
    """Everything about one table. The total leaves out what was declined or cancelled."""

    table: FloorTable
    area_name: str
    note: str
    orders: tuple[CardOrder, ...]
    guests: tuple[CardGuest, ...]
    recent: tuple[PastSitting, ...]
    total_minor: int
