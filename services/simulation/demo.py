"""Loads the demo restaurant: what `smartmenu demo` calls."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col

from models.journal import AuditEntry
from models.restaurants import Restaurant
from models.seating import Table, TableCode
from services.base.clock import business_day
from services.base.database import reading, transaction
from services.base.errors import ConflictError
from services.base.texts import N_
from services.journal import record
from services.simulation.calendar import Calendar
from services.simulation.demo_file import write_demo_file
from services.simulation.evening import LONGEST_MINUTES, STATUSES, Evening
from services.simulation.material import read_material
from services.simulation.removal import remove_restaurant
from services.simulation.restaurant import create_restaurant
from services.simulation.rows import MINUTE_MS, as_ms, as_uuid
from services.simulation.stage import Stage
from services.simulation.team import hire
from services.simulation.totals import UPDATE
from services.simulation.truth import write_truth
from services.simulation.writer import BulkRow, BulkWriter, bulk_writer
from services.simulation.year import Year

# Rows held at a time; a day is never split.
CHUNK_EVENTS = 40_000
LOADED = "demo_loaded"
VISITS_PER_CUSTOMER_AND_YEAR = 12
SITTINGS_PER_TABLE_AND_DAY = 3

Progress = Callable[[float, str], None]


class DemoExists(ConflictError):
    """The database already has the demo restaurant."""


@dataclass(frozen=True, slots=True)
class DemoLoaded:
    """What was written."""

    stage: Stage
    customer_count: int
    visit_count: int
    first_day: date
    last_day: date


async def has_demo() -> bool:
    """Whether the demo restaurant is there, complete."""
    slug = read_material().restaurant["slug"]
    async with reading() as session:
        return bool(await session.scalar(_loaded_marker(slug)))


async def load_demo(
    *,
    customers: int,
    seed: int,
    months: int,
    now: datetime,
    replace: bool = False,
    on_progress: Progress | None = None,
) -> DemoLoaded:
    """Create the demo restaurant with a simulated past up to now, and a room full of guests.

    What a load left behind that was broken off is replaced without asking.

    Args:
        customers: how many remembered guests it has; guests who declined come on top.
        seed: the same seed, size, months and now give the same rows, passwords apart.
        months: length of the past.
        now: aware UTC.
        replace: take away the demo restaurant that is there, with all its rows.
        on_progress: called with the share done (0 to 1) and what is being done.

    Raises:
        DemoExists: it is there and `replace` is false, or a real restaurant has its address.
    """
    tell = on_progress or _say_nothing
    material = read_material()
    zone = material.restaurant["time_zone"]
    await _make_room(material.restaurant["slug"], replace=replace)
    now_ms = as_ms(now)
    hours = {day[:3]: [shift] for day, shift in material.opening_hours.items()}
    last_day = business_day(
        now, time_zone=zone, cutoff=Restaurant.model_fields["day_cutoff"].default
    )
    first_day = last_day - timedelta(days=round(months * 30.4375))
    calendar = Calendar(first_day=first_day, last_day=last_day, time_zone=zone, hours=hours)
    tell(0.0, "restaurant")
    team = await hire(material)
    async with transaction() as session:
        stage = await create_restaurant(
            session,
            material=material,
            team=team,
            seed=seed,
            at_ms=calendar.midnights_ms[0],
            room_copies=_room_copies(
                customers, months, sum(len(a["tables"]) for a in material.areas)
            ),
        )
    year = Year(
        stage=stage,
        calendar=calendar,
        customers=customers,
        seed=seed,
        until_ms=now_ms - (LONGEST_MINUTES + 5) * MINUTE_MS,
    )
    async with bulk_writer() as writer:
        await _write_days(writer, year, tell)
        Evening(year, now_ms=now_ms).play()
        await writer.write(year.batch.take())
        tell(0.95, "totals")
        await _write_totals(writer, year)
    write_truth(stage, year.guests, seed=seed, first_day=str(first_day), last_day=str(last_day))
    await _finish(stage, year, now)
    write_demo_file(stage)
    tell(1.0, "done")
    return DemoLoaded(stage, len(year.totals), year.visit_count, first_day, last_day)


async def _make_room(slug: str, *, replace: bool) -> None:
    """Take away what is in the way, or refuse."""
    async with transaction() as session:
        row = (
            await session.execute(
                sa.select(col(Restaurant.id), col(Restaurant.is_demo)).where(
                    col(Restaurant.slug) == slug
                )
            )
        ).first()
        if row is None:
            return
        restaurant_id, is_demo = row
        if not is_demo:
            msg = N_("A restaurant of your own has the demo's address. It is left alone.")
            raise DemoExists(msg)
        is_broken_off = not await session.scalar(_loaded_marker(slug))
        if not (is_broken_off or replace):
            msg = N_("The demo restaurant is already there. It can be replaced.")
            raise DemoExists(msg)
        await remove_restaurant(session, restaurant_id=restaurant_id)


def _loaded_marker(slug: str) -> sa.Select[int]:
    return (
        sa.select(sa.func.count())
        .select_from(AuditEntry)
        .join(Restaurant, col(Restaurant.id) == col(AuditEntry.restaurant_id))
        .where(col(Restaurant.slug) == slug, col(AuditEntry.action) == LOADED)
    )


async def _write_days(writer: BulkWriter, year: Year, tell: Progress) -> None:
    # A thread that simulates while this one writes was tried: one interpreter, no gain.
    for day in year.days():
        if len(year.batch.events) >= CHUNK_EVENTS:
            await writer.write(year.batch.take())
            tell((day + 1) / year.calendar.day_count * 0.95, str(year.calendar.days[day]))


async def _write_totals(writer: BulkWriter, year: Year) -> None:
    rows: list[BulkRow] = []
    for guest in year.guests:
        totals = year.totals.get(guest.number)
        if totals is not None and guest.customer_id is not None:
            rows.append(totals.row(guest.customer_id, totals.status(year.calendar)))
    for start in range(0, len(rows), 5000):
        await writer.update(UPDATE, rows[start : start + 5000])


async def _finish(stage: Stage, year: Year, now: datetime) -> None:
    """Change what is changed once: counts of scans, tables set by hand, the mark of the end."""
    restaurant_id = as_uuid(stage.restaurant_id)
    async with transaction() as session:
        for code_id, count in year.scan_counts.items():
            await session.execute(
                sa.update(TableCode)
                .where(col(TableCode.restaurant_id) == restaurant_id)
                .where(col(TableCode.id) == as_uuid(code_id))
                .values(scan_count=count)
            )
        for label, status in STATUSES.items():
            await session.execute(
                sa.update(Table)
                .where(col(Table.restaurant_id) == restaurant_id)
                .where(col(Table.table_number) == label)
                .values(status=status)
            )
        record(
            session,
            restaurant_id=restaurant_id,
            by=None,
            action=LOADED,
            subject_type="restaurant",
            subject_id=restaurant_id,
            now=now,
            data={"customers": len(year.totals), "visits": year.visit_count},
        )


def _room_copies(customers: int, months: int, table_count: int) -> int:
    """How many rooms the visits need; one holds about 7,000 customers a year."""
    visits_a_day = customers * VISITS_PER_CUSTOMER_AND_YEAR / 365 * 12 / max(months, 1)
    return max(1, math.ceil(visits_a_day / (SITTINGS_PER_TABLE_AND_DAY * table_count)))


def _say_nothing(_share: float, _what: str) -> None:
    return
