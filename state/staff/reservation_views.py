"""What the reservations' screen shows, made from what the services know: frozen and flat."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from models.enums import ReservationStatus, WaitStatus
from services.base.texts import N_, clock_text, plural, translate
from services.floor.types import Floor
from services.reservations.changes import EARLIEST_ARRIVAL
from services.reservations.queries import Day
from services.reservations.rules import floor_quarter
from services.reservations.types import Reservation, Wait
from services.restaurants.hours import Period
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.time_words import duration_text, minutes_since

# State: class, icon, word.
LOOKS: dict[ReservationStatus, tuple[str, str, str]] = {
    ReservationStatus.CONFIRMED: ("r-exp", "calendar-clock", N_("Expected")),
    ReservationStatus.SEATED: ("r-here", "utensils", N_("Here")),
    ReservationStatus.COMPLETED: ("r-done", "check", N_("Left")),
    ReservationStatus.CANCELLED: ("r-off", "x", N_("Cancelled")),
    ReservationStatus.NO_SHOW: ("r-off", "ban", N_("Not come")),
}
QUARTER_MINUTES = 15


@dataclass(frozen=True)
class ReservationView:
    """One reservation in the list and on the timeline."""

    id: str = ""
    status: str = ""
    look: str = ""
    icon: str = ""
    word: str = ""
    time: str = ""
    span: str = ""
    name: str = ""
    people: str = ""
    tables: str = ""
    area: str = ""
    note: str = ""
    phone: str = ""
    email: str = ""
    label: str = ""
    is_late: bool = False
    # "Table 12 is out of service" and the like.
    problem: str = ""
    can_arrive: bool = False
    can_miss: bool = False
    can_change: bool = False
    can_take_back: bool = False


@dataclass(frozen=True)
class BarView:
    """A reservation on the row of one of its tables."""

    key: str
    id: str
    status: str
    look: str
    text: str
    label: str
    style: dict[str, str]


@dataclass(frozen=True)
class RowView:
    """One table's row on the timeline; `area` is filled on the first row of an area."""

    id: str
    area: str
    number: str
    seats: str
    bars: list[BarView] = field(default_factory=list)


@dataclass(frozen=True)
class HourView:
    """One hour's label over the timeline."""

    key: str
    text: str
    style: dict[str, str]


@dataclass(frozen=True)
class SpotView:
    """A table that a waiting party could have now."""

    id: str
    text: str


@dataclass(frozen=True)
class WaitView:
    """A party in the queue."""

    id: str
    position: str
    alias: str
    people: str
    waited: str
    quoted: str
    contact: str
    is_called: bool
    spots: list[SpotView] = field(default_factory=list)


def reservation_view(
    one: Reservation, *, restaurant: RestaurantInfo, grace_minutes: int, now: datetime
) -> ReservationView:
    """One reservation in words."""
    look, icon, word = LOOKS[one.status]
    is_open = one.status is ReservationStatus.CONFIRMED
    is_late = one.is_late(now, grace_minutes)
    time = _clock(one.starts_at, restaurant)
    people = plural(LANGUAGE, "{count} person", "{count} people", one.party_size)
    name = one.contact.name or translate(LANGUAGE, N_("No name"))
    state = translate(LANGUAGE, N_("Late")) if is_late else translate(LANGUAGE, word)
    closed = one.status in {ReservationStatus.CANCELLED, ReservationStatus.NO_SHOW}
    return ReservationView(
        id=str(one.id),
        status=str(one.status),
        look=f"{look} late" if is_late else look,
        icon="triangle-alert" if is_late else icon,
        word=state,
        time=time,
        span=f"{time}-{_clock(one.ends_at, restaurant)}".replace("-", "\N{EN DASH}"),
        name=name,
        people=people,
        tables=one.tables,
        area=one.area,
        note=one.contact.wishes,
        phone=one.contact.phone,
        email=one.contact.email,
        label=f"{time}, {name}, {people}, {one.tables}, {state}",
        is_late=is_late,
        problem=translate(LANGUAGE, N_("The table cannot be used: give them another."))
        if one.needs_table
        else "",
        can_arrive=is_open and one.starts_at - now <= EARLIEST_ARRIVAL,
        can_miss=is_open and now >= one.starts_at,
        can_change=is_open,
        can_take_back=closed and one.ends_at > now,
    )


def row_views(
    floor: Floor, day: Day, views: Sequence[ReservationView], window: Period
) -> list[RowView]:
    """Every table with the reservations that have it, in the order of areas and numbers."""
    rows: list[RowView] = []
    for area in floor.areas:
        for index, table in enumerate(t for t in floor.tables if t.area_id == area.id):
            bars = [
                _bar(one, view, window, table.number)
                for one, view in zip(day.reservations, views, strict=True)
                if table.id in one.table_ids
                and one.status not in {ReservationStatus.CANCELLED, ReservationStatus.NO_SHOW}
            ]
            rows.append(
                RowView(
                    id=str(table.id),
                    area=area.name if index == 0 else "",
                    number=table.number,
                    seats=str(table.seats),
                    bars=bars,
                )
            )
    return rows


def window_of(day: Day, now: datetime) -> Period:
    """What the timeline shows: from opening to closing, and whoever is booked beside it."""
    starts = [one.starts_at for one in (*day.periods, *day.reservations)]
    ends = [one.ends_at for one in (*day.periods, *day.reservations)]
    if not starts:
        start = floor_quarter(now)
        return Period(start, start + timedelta(hours=8))
    start = min(starts)
    return Period(start - timedelta(minutes=start.minute), max(ends))


def hour_views(window: Period, restaurant: RestaurantInfo) -> list[HourView]:
    """The hours over the timeline; on nights when clocks change it has one more or fewer."""
    found: list[HourView] = []
    moment = window.starts_at
    while moment < window.ends_at:
        found.append(
            HourView(
                key=moment.isoformat(),
                text=_clock(moment, restaurant),
                style={"--s": str(_quarters(window.starts_at, moment))},
            )
        )
        moment += timedelta(hours=1)
    return found


def grid_style(window: Period, now: datetime) -> dict[str, str]:
    """Width of the timeline in quarter hours, and where the line of now stands on it."""
    share = (now - window.starts_at) / timedelta(minutes=QUARTER_MINUTES)
    length = _quarters(window.starts_at, window.ends_at)
    return {
        "--n": str(length),
        "--now": f"{min(max(share, -1), length + 1):.2f}",
        # Before and after these hours the line is only where the sheet scrolls to.
        "--now-seen": "visible" if 0 <= share <= length else "hidden",
    }


def wait_view(wait: Wait, *, position: int, spots: Sequence[SpotView], now: datetime) -> WaitView:
    """A party in the queue in words."""
    quoted = ""
    if wait.quoted is not None:
        low, high = wait.quoted
        quoted = translate(LANGUAGE, N_("told {low}\N{EN DASH}{high} min"), low=low, high=high)
    return WaitView(
        id=str(wait.id),
        position=str(position),
        alias=wait.contact.name or wait.alias,
        people=plural(LANGUAGE, "{count} person", "{count} people", wait.party_size),
        waited=duration_text(minutes_since(wait.joined_at, now)),
        quoted=quoted,
        contact=wait.contact.phone,
        is_called=wait.status is WaitStatus.NOTIFIED,
        spots=list(spots),
    )


def _bar(one: Reservation, view: ReservationView, window: Period, number: str) -> BarView:
    return BarView(
        key=f"{one.id}:{number}",
        id=view.id,
        status=view.status,
        look=view.look,
        text=f"{view.name} · {one.party_size}",
        label=view.label,
        style={
            "--s": str(_quarters(window.starts_at, one.starts_at)),
            "--l": str(_quarters(one.starts_at, one.ends_at)),
        },
    )


def _quarters(first: datetime, last: datetime) -> int:
    return round((last - first) / timedelta(minutes=QUARTER_MINUTES))


def _clock(moment: datetime, restaurant: RestaurantInfo) -> str:
    return clock_text(moment, time_zone=restaurant.time_zone, language=LANGUAGE)
