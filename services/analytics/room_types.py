"""What is known of tables and areas over a time. Amounts are minor units, None is "cannot tell"."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

# Below this many sittings a number is shown and nothing is concluded from it.
ENOUGH_SITTINGS = 10
# Below this many answers no mean is shown: it would be somebody's own answer.
ENOUGH_RATINGS = 5


@dataclass(frozen=True, slots=True)
class Period:
    """Business days, both ends included."""

    first_day: date
    last_day: date

    @property
    def day_count(self) -> int:
        """How many business days."""
        return (self.last_day - self.first_day).days + 1

    @property
    def before(self) -> "Period":
        """The period of equal length that ends the day before."""
        last = self.first_day - timedelta(days=1)
        return Period(last - timedelta(days=self.day_count - 1), last)


@dataclass(frozen=True, slots=True)
class Figures:
    """Numbers of a table, an area or the whole room over a period.

    Attributes:
        seats: of the tables meant.
        sitting_count: parties seated.
        order_count: completed orders.
        revenue_minor: net spend of completed orders, tax included.
        average_order_minor: revenue over orders.
        turn_minutes: median from seating to release; mean_turn_minutes stands beside it.
        utilisation: occupied over open table minutes, 0 to 1.
        seat_occupancy: guest minutes over open seat minutes.
        revpash_minor: revenue per seat and open hour.
        party_size: mean.
        forgotten_count: sittings left open for over six hours, without a length.
        rating_count: guests who said how their evening was.
        satisfaction: mean of their stars, 1 to 5; None below five answers.
    """

    seats: int
    sitting_count: int
    order_count: int
    revenue_minor: int
    average_order_minor: int | None
    turn_minutes: float | None
    mean_turn_minutes: float | None
    utilisation: float | None
    seat_occupancy: float | None
    revpash_minor: float | None
    party_size: float | None
    forgotten_count: int
    rating_count: int
    satisfaction: float | None

    @property
    def is_enough(self) -> bool:
        """Whether there is enough to conclude something."""
        return self.sitting_count >= ENOUGH_SITTINGS


@dataclass(frozen=True, slots=True)
class TableFigures:
    """One table: its figures now and in the period before."""

    id: UUID
    number: str
    area_id: UUID
    area_name: str
    is_active: bool
    now: Figures
    before: Figures
    # People in each party, as often as they came.
    parties: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class ServiceHour:
    """Mean seconds of the steps of orders placed in one hour; None where none was timed."""

    hour: int
    order_count: int
    accept_seconds: float | None
    cook_seconds: float | None
    carry_seconds: float | None
    service_seconds: float | None


@dataclass(frozen=True, slots=True)
class Slot:
    """One hour of one weekday (0 is Monday), per day on which the house was open then.

    Attributes:
        open_days: days in the period on which it was open in this hour.
        guests: mean number of people seated.
        parties: mean number of parties that were seated in this hour.
        utilisation: occupied over open table time, 0 to 1.
        revpash_minor: revenue per seat and open hour.
    """

    weekday: int
    hour: int
    open_days: int
    guests: float
    parties: float
    utilisation: float
    revpash_minor: float | None


@dataclass(frozen=True, slots=True)
class AreaFigures:
    """One area: its figures, its service by hour and its week."""

    id: UUID
    name: str
    table_count: int
    now: Figures
    before: Figures
    service: tuple[ServiceHour, ...]
    whole_service: ServiceHour
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class DayFigures:
    """The whole room on one business day."""

    day: date
    revenue_minor: int
    order_count: int
    sitting_count: int


@dataclass(frozen=True, slots=True)
class BestTable:
    """How often the best guests sat at a table, beside how often everybody did."""

    table_id: UUID
    number: str
    visit_count: int
    visit_share: float
    sitting_share: float


@dataclass(frozen=True, slots=True)
class BestGuests:
    """Where the guests with the highest net spend sit. Empty tables: not enough visits to tell."""

    guest_count: int
    visit_count: int
    tables: tuple[BestTable, ...]


@dataclass(frozen=True, slots=True)
class PartyFit:
    """Parties of one size by the seats of the table they sat at."""

    party_size: int
    by_seats: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class RoomReport:
    """Everything the analytics of the room show.

    `has_hours` is false while no opening hours are set: then nothing can be said of use.
    """

    period: Period
    before: Period
    has_hours: bool
    open_hours: float
    whole: Figures
    whole_before: Figures
    tables: tuple[TableFigures, ...]
    areas: tuple[AreaFigures, ...]
    slots: tuple[Slot, ...]
    days: tuple[DayFigures, ...]
    days_before: tuple[DayFigures, ...]
    party_fit: tuple[PartyFit, ...]
    best_guests: BestGuests
    counted_until_at: datetime | None
