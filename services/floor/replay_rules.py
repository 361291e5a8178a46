"""From sittings, orders and set states to what can be scrubbed; no session, clock or I/O."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from models.enums import OrderStatus, TableStatus
from models.ordering import Order
from services.analytics.room_days import Stay
from services.floor.rules import phase_of
from services.floor.types import Phase

# An evening is shown from a little before its first guest to a little after its last.
AIR = timedelta(minutes=10)


class Kind(StrEnum):
    """What can happen in an evening."""

    SEATED = "seated"
    ORDERED = "ordered"
    READY = "ready"
    SERVED = "served"
    COMPLETED = "completed"
    CALLED_OFF = "called_off"
    MOVED = "moved"
    LEFT = "left"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Happening:
    """One sitting with all that belongs to it."""

    guest_count: int
    opened_at: datetime
    released_at: datetime | None
    stays: tuple[Stay, ...]
    orders: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """What a table is from a moment on, until its next frame."""

    at: datetime
    state: TableStatus | Phase
    since: datetime | None
    guest_count: int
    order_count: int


@dataclass(frozen=True, slots=True)
class Tally:
    """The room as a whole from a moment on."""

    at: datetime
    guest_count: int
    order_count: int
    revenue_minor: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a table; `table_id` is where it is seen."""

    at: datetime
    kind: Kind
    table_id: UUID
    number: str
    guest_count: int = 0
    order_number: int = 0
    total_minor: int = 0
    from_number: str = ""
    status: TableStatus | None = None


@dataclass(frozen=True, slots=True)
class Played:
    """An evening: from when to when, frames by table, tallies, and what happened in order."""

    start: datetime
    end: datetime
    frames: dict[UUID, tuple[Frame, ...]]
    tallies: tuple[Tally, ...]
    events: tuple[Event, ...]


def play(
    happenings: Sequence[Happening],
    *,
    statuses: Mapping[UUID, Sequence[tuple[datetime, TableStatus]]],
    numbers: Mapping[UUID, str],
    start: datetime,
    end: datetime,
) -> Played:
    """Lay an evening out in time.

    Args:
        happenings: every sitting that touches it.
        statuses: what staff had set, by table and in order.
        numbers: what every table is called.
        start: of the business day.
        end: of what is known.
    """
    at_tables: dict[UUID, list[tuple[Stay, Happening]]] = defaultdict(list)
    for one in happenings:
        for stay in one.stays:
            at_tables[stay.table_id].append((stay, one))
    frames = {
        table_id: _frames(at_tables.get(table_id, ()), statuses.get(table_id, ()), start, end)
        for table_id in {*at_tables, *statuses}
    }
    events = _events(happenings, statuses, numbers, start, end)
    first, last = (events[0].at - AIR, events[-1].at + AIR) if events else (start, end)
    # Whoever is still there is seen until the end of what is known.
    still = any(one.released_at is None or one.released_at > end for one in happenings)
    shown = max(start, min(first, _first_use(frames, first))), end if still else min(end, last)
    return Played(*shown, frames, _tallies(happenings, start, end), events)


def status_at(order: Order, moment: datetime) -> OrderStatus | None:
    """How far an order was at a moment; None before it was placed."""
    if moment < order.placed_at:
        return None
    final = OrderStatus(order.order_status)
    if final.is_refused and order.closed_at is not None and order.closed_at <= moment:
        return final
    for stamp, status in (
        (order.completed_at, OrderStatus.COMPLETED),
        (order.served_at, OrderStatus.SERVED),
        (order.ready_at, OrderStatus.READY),
        (order.accepted_at, OrderStatus.PREPARING),
    ):
        if stamp is not None and stamp <= moment:
            return status
    return OrderStatus.PENDING


def _moments(order: Order) -> list[datetime]:
    stamps = (
        order.placed_at,
        order.accepted_at,
        order.ready_at,
        order.served_at,
        order.completed_at,
        order.closed_at,
    )
    return [stamp for stamp in stamps if stamp is not None]


def _frames(
    stays: Sequence[tuple[Stay, Happening]],
    statuses: Sequence[tuple[datetime, TableStatus]],
    start: datetime,
    end: datetime,
) -> tuple[Frame, ...]:
    moments = {start, *(at for at, _ in statuses)}
    for stay, one in stays:
        moments |= {stay.start_at, stay.end_at, *(m for o in one.orders for m in _moments(o))}
    found: list[Frame] = []
    for moment in sorted(at for at in moments if start <= at <= end):
        frame = _frame(moment, stays, statuses)
        last = found[-1] if found else None
        if last is None or (last.state, last.since, last.guest_count, last.order_count) != (
            frame.state,
            frame.since,
            frame.guest_count,
            frame.order_count,
        ):
            found.append(frame)
    return tuple(found)


def _frame(
    moment: datetime,
    stays: Sequence[tuple[Stay, Happening]],
    statuses: Sequence[tuple[datetime, TableStatus]],
) -> Frame:
    for stay, one in stays:
        still = one.released_at is None and stay is one.stays[-1]
        if stay.start_at <= moment < stay.end_at or (still and moment == stay.end_at):
            placed = [(order, status_at(order, moment)) for order in one.orders]
            known = [(order, status) for order, status in placed if status is not None]
            open_ones = [(order, status) for order, status in known if status.is_open]
            waiting = [o.placed_at for o, status in open_ones if status is not OrderStatus.SERVED]
            return Frame(
                moment,
                phase_of([status for _, status in known]),
                min(waiting, default=one.opened_at),
                one.guest_count,
                len(open_ones),
            )
    status = TableStatus.AVAILABLE
    for at, set_status in statuses:
        if at <= moment:
            status = set_status
    return Frame(moment, status, None, 0, 0)


def _first_use(frames: Mapping[UUID, Sequence[Frame]], default: datetime) -> datetime:
    """The first moment at which somebody sits: a party of the evening before may still be there."""
    return min(
        (one.at for row in frames.values() for one in row if one.guest_count), default=default
    )


def _tallies(happenings: Sequence[Happening], start: datetime, end: datetime) -> tuple[Tally, ...]:
    changes: dict[datetime, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in happenings:
        changes[max(start, one.opened_at)][0] += one.guest_count
        if one.released_at is not None:
            changes[one.released_at][0] -= one.guest_count
        for order in one.orders:
            closed = order.closed_at or order.completed_at
            changes[max(start, order.placed_at)][1] += 1
            if closed is not None:
                changes[max(start, closed)][1] -= 1
            is_done = order.order_status == OrderStatus.COMPLETED
            if is_done and order.completed_at is not None and order.placed_at >= start:
                changes[order.completed_at][2] += order.total_minor
    found = [Tally(start, 0, 0, 0)]
    for at in sorted(changes):
        if at > end:
            break
        guests, orders, revenue = changes[at]
        last = found[-1]
        found.append(
            Tally(
                at,
                last.guest_count + guests,
                last.order_count + orders,
                last.revenue_minor + revenue,
            )
        )
    return tuple(found)


def _events(
    happenings: Sequence[Happening],
    statuses: Mapping[UUID, Sequence[tuple[datetime, TableStatus]]],
    numbers: Mapping[UUID, str],
    start: datetime,
    end: datetime,
) -> tuple[Event, ...]:
    found: list[Event] = []
    for one in happenings:
        first, last = one.stays[0].table_id, one.stays[-1].table_id
        guests = one.guest_count
        found.append(Event(one.opened_at, Kind.SEATED, first, numbers[first], guests))
        if one.released_at is not None:
            found.append(Event(one.released_at, Kind.LEFT, last, numbers[last], guests))
        for before, after in zip(one.stays, one.stays[1:], strict=False):
            found.append(
                Event(
                    after.start_at,
                    Kind.MOVED,
                    after.table_id,
                    numbers[after.table_id],
                    guests,
                    from_number=numbers[before.table_id],
                )
            )
        for order in one.orders:
            found += _order_events(order, numbers, last)
    for table_id, steps in statuses.items():
        found += [
            Event(at, Kind.SET, table_id, numbers[table_id], status=status)
            for at, status in steps
            if at > start and status is not TableStatus.AVAILABLE and table_id in numbers
        ]
    within = [event for event in found if start <= event.at <= end]
    return tuple(sorted(within, key=lambda event: (event.at, list(Kind).index(event.kind))))


def _order_events(order: Order, numbers: Mapping[UUID, str], at_table: UUID) -> list[Event]:
    known = order.table_id if order.table_id in numbers else None
    table_id = known or at_table
    is_refused = OrderStatus(order.order_status).is_refused
    steps = (
        (Kind.ORDERED, order.placed_at),
        (Kind.READY, order.ready_at),
        (Kind.SERVED, order.served_at),
        (Kind.COMPLETED, order.completed_at),
        (Kind.CALLED_OFF, order.closed_at if is_refused else None),
    )
    return [
        Event(
            at,
            kind,
            table_id,
            numbers[table_id],
            order_number=order.number,
            total_minor=order.total_minor,
        )
        for kind, at in steps
        if at is not None
    ]
