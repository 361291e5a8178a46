"""Loads the demo restaurant: what `smartmenu demo` calls."""

import gc
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from models.journal import AuditEntry
from models.restaurants import Restaurant
from models.seating import Table, TableCode
from services.base.clock import business_day
from services.base.database import reading, transaction
from services.base.errors import ConflictError
from services.base.statistics import ANALYZE
from services.base.texts import N_
from services.journal import record
from services.segments.recompute import recompute_all
from services.simulation.branches import Branch, branches, is_branch, team_of
from services.simulation.calendar import Calendar
from services.simulation.demo_file import write_demo_file
from services.simulation.evening import LONGEST_MINUTES, STATUSES, Evening
from services.simulation.loyalty import write_loyalty
from services.simulation.material import Material, read_material
from services.simulation.removal import remove_restaurant
from services.simulation.reservations import write_reservations
from services.simulation.restaurant import create_restaurant
from services.simulation.rows import MINUTE_MS, as_ms, as_uuid
from services.simulation.setting_aside import SetAside, is_alone, set_aside
from services.simulation.stage import Stage
from services.simulation.team import Hired, hire
from services.simulation.totals import UPDATE, UPDATE_ID_PLACES
from services.simulation.truth import write_truth
from services.simulation.weather import draw_weather
from services.simulation.writer import BulkRow, BulkWriter, bulk_writer
from services.simulation.year import Year

# Rows held at a time; a day is never split.
CHUNK_EVENTS = 40_000
LOADED = "demo_loaded"

Progress = Callable[[float, str], None]


class DemoExists(ConflictError):
    """The database already has the demo restaurant."""


@dataclass(frozen=True, slots=True)
class DemoLoaded:
    """What was written; the stage is the first restaurant's, the counts are of all."""

    stage: Stage
    customer_count: int
    visit_count: int
    first_day: date
    last_day: date
    restaurant_count: int


class _Past(NamedTuple):
    """What all branches share."""

    material: Material
    calendar: Calendar
    now: datetime
    team: list[Hired]


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
    restaurants: int | None = None,
    on_progress: Progress | None = None,
) -> DemoLoaded:
    """Create the demo restaurant with a simulated past up to now, and a room full of guests.

    More customers than one room holds become a chain. What a load left behind that was broken off
    is replaced without asking.

    Args:
        customers: how many remembered guests there are; guests who declined come on top.
        seed: the same seed, size, months and now give the same rows, passwords apart.
        months: length of the past.
        now: aware UTC.
        replace: take away the demo restaurants that are there, with all their rows.
        restaurants: how many share the customers; as many as the visits need when not given.
        on_progress: called with the share done (0 to 1) and what is being done.

    Raises:
        DemoExists: it is there and `replace` is false, or a real restaurant has its address.
    """
    tell = on_progress or _say_nothing
    material = read_material()
    wanted = branches(material, customers=customers, seed=seed, months=months, count=restaurants)
    in_the_way = await _what_is_in_the_way(wanted[0].slug, replace=replace)
    calendar = _calendar(material, seed, months, now)
    past = _Past(material, calendar, now, await hire(material))
    stages: list[Stage] = []
    customer_count = visit_count = 0
    async with bulk_writer() as writer:
        for restaurant_id in in_the_way:
            tell(0.0, "old demo")
            await remove_restaurant(writer, restaurant_id=restaurant_id)
        drops, makes = await set_aside() if await is_alone() else SetAside([], [])
        await writer.run(drops)
        for branch in wanted:
            with _nothing_collected():
                stage, year = await _load_branch(
                    writer, branch, past, _part_of(tell, branch, wanted)
                )
            stages.append(stage)
            customer_count += len(year.totals)
            visit_count += year.visit_count
        for number, statement in enumerate(makes):
            tell(0.8 + 0.19 * number / len(makes), "indexes")
            await writer.run([statement])
        await writer.run(ANALYZE)
    async with transaction() as session:
        await write_reservations(
            session, restaurant_id=as_uuid(stages[0].restaurant_id), now=now, seed=seed
        )
        await write_loyalty(
            session, restaurant_id=as_uuid(stages[0].restaurant_id), now=now, seed=seed
        )
    tell(0.99, "profiles")
    await recompute_all(restaurant_ids=[as_uuid(stage.restaurant_id) for stage in stages], now=now)
    write_demo_file(stages)
    await _mark_the_end(stages[0], now, customer_count, visit_count)
    tell(1.0, "done")
    days = calendar.days
    return DemoLoaded(stages[0], customer_count, visit_count, days[0], days[-1], len(wanted))


def _calendar(material: Material, seed: int, months: int, now: datetime) -> Calendar:
    zone = material.restaurant["time_zone"]
    last_day = business_day(
        now, time_zone=zone, cutoff=Restaurant.model_fields["day_cutoff"].default
    )
    day_count = round(months * 30.4375) + 1
    days = [last_day - timedelta(days=back) for back in reversed(range(day_count))]
    return Calendar(
        days=days,
        time_zone=zone,
        hours={day[:3]: [shift] for day, shift in material.opening_hours.items()},
        # One city, one weather.
        weather=draw_weather(Random(f"weather:{seed}"), days),
    )


async def _load_branch(
    writer: BulkWriter, branch: Branch, past: _Past, tell: Progress
) -> tuple[Stage, Year]:
    calendar, now_ms = past.calendar, as_ms(past.now)
    # Nobody else writes now: on SQLite there is one writer.
    await writer.sync()
    async with transaction() as session:
        stage = await create_restaurant(
            session,
            material=past.material,
            team=team_of(branch, past.team),
            branch=branch,
            at_ms=calendar.midnights_ms[0],
        )
    year = Year(
        stage=stage,
        calendar=calendar,
        customers=branch.customers,
        seed=branch.seed,
        until_ms=now_ms - (LONGEST_MINUTES + 5) * MINUTE_MS,
    )
    await _write_days(writer, year, tell)
    Evening(year, now_ms=now_ms).play()
    await writer.write(year.batch.take())
    await _write_totals(writer, year)
    write_truth(stage, year.guests, calendar=calendar, branch=branch)
    await writer.sync()
    await _set_the_room(stage, year)
    return stage, year


@contextmanager
def _nothing_collected() -> Generator[None]:
    """Rows are tuples of text, none refers to another: looking for circles is a tenth of it all."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


async def _what_is_in_the_way(slug: str, *, replace: bool) -> list[UUID]:
    """The demo restaurants to take away first, or a refusal."""
    async with reading() as session:
        rows = (
            await session.execute(
                sa.select(col(Restaurant.id), col(Restaurant.slug), col(Restaurant.is_demo)).where(
                    col(Restaurant.slug).startswith(slug, autoescape=True)
                )
            )
        ).all()
        found = [row for row in rows if is_branch(row.slug, of=slug)]
        if not all(row.is_demo for row in found):
            msg = N_("A restaurant of your own has the demo's address. It is left alone.")
            raise DemoExists(msg)
        is_complete = await session.scalar(_loaded_marker(slug))
        if is_complete and not replace:
            msg = N_("The demo restaurant is already there. It can be replaced.")
            raise DemoExists(msg)
    return [row.id for row in found]


def _loaded_marker(slug: str) -> sa.Select[int]:
    return (
        sa.select(sa.func.count())
        .select_from(AuditEntry)
        .join(Restaurant, col(Restaurant.id) == col(AuditEntry.restaurant_id))
        .where(col(Restaurant.slug) == slug, col(AuditEntry.action) == LOADED)
    )


async def _write_days(writer: BulkWriter, year: Year, tell: Progress) -> None:
    for day in year.days():
        if len(year.batch.events) >= CHUNK_EVENTS:
            await writer.write(year.batch.take())
            tell((day + 1) / year.calendar.day_count, str(year.calendar.days[day]))


async def _write_totals(writer: BulkWriter, year: Year) -> None:
    rows: list[BulkRow] = []
    for guest in year.guests:
        totals = year.totals.get(guest.number)
        if totals is not None and guest.customer_id is not None:
            rows.append(totals.row(guest.customer_id, totals.status(year.calendar)))
    for start in range(0, len(rows), 5000):
        await writer.update(UPDATE, rows[start : start + 5000], id_places=UPDATE_ID_PLACES)


async def _set_the_room(stage: Stage, year: Year) -> None:
    """Change what is changed once: counts of scans, tables set by hand."""
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


async def _mark_the_end(stage: Stage, now: datetime, customers: int, visits: int) -> None:
    restaurant_id = as_uuid(stage.restaurant_id)
    async with transaction() as session:
        record(
            session,
            restaurant_id=restaurant_id,
            by=None,
            action=LOADED,
            subject_type="restaurant",
            subject_id=restaurant_id,
            now=now,
            data={"customers": customers, "visits": visits},
        )


def _part_of(tell: Progress, branch: Branch, wanted: list[Branch]) -> Progress:
    """Progress of one branch as progress of all."""
    name = f"{branch.name}, " if len(wanted) > 1 else ""

    def tell_part(share: float, what: str) -> None:
        tell((branch.number - 1 + share) / len(wanted) * 0.8, name + what)

    return tell_part


def _say_nothing(_share: float, _what: str) -> None:
    return
