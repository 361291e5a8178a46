"""Areas and tables by a plain form: make, change, archive. Every change is in the journal."""

from datetime import datetime
from random import Random
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from models.seating import Area, Table
from services import journal
from services.accounts.types import Actor
from services.base.errors import ConflictError, NotFoundError
from services.base.texts import N_
from services.codes import codes
from services.seating import sittings
from services.seating.errors import UnknownTableError
from services.seating.plan import Plan, lock_plan
from services.seating.room_rules import checked_area, checked_table
from services.seating.room_types import AreaForm, RoomChange, TableForm

_NUMBER_TAKEN = N_("There is already a table {number}.")


async def create_area(
    session: AsyncSession, *, by: Actor, form: AreaForm, now: datetime, rng: Random
) -> RoomChange:
    """Make an area with a code of its own and a free place on the plan.

    Raises:
        InvalidInputError: a field cannot be.
        ConflictError: an area of that name exists.
    """
    form = checked_area(form)
    plan = await lock_plan(session, restaurant_id=by.restaurant_id)
    _check_area_name(plan, form.name, but=None)
    area = Area(
        restaurant_id=by.restaurant_id,
        name=form.name,
        description=form.description,
        area_type=form.area_type,
        service_type=form.service_type,
        position=max((other.position for other in plan.areas), default=0) + 1,
        created_at=now,
    )
    plan.place_area(area)
    session.add(area)
    await session.flush()
    await codes.make_code(
        session, restaurant_id=by.restaurant_id, now=now, rng=rng, area_id=area.id
    )
    return await _done(session, by, "area_created", area, now, name=area.name)


async def update_area(
    session: AsyncSession, *, by: Actor, area_id: UUID, form: AreaForm, now: datetime
) -> RoomChange:
    """Change an area's name, description and kind.

    Raises:
        NotFoundError: the restaurant has no such area.
        InvalidInputError: a field cannot be.
        ConflictError: another area has that name.
    """
    form = checked_area(form)
    plan = await lock_plan(session, restaurant_id=by.restaurant_id)
    area = _area_of(plan, area_id)
    _check_area_name(plan, form.name, but=area_id)
    changes = _apply(
        area,
        name=form.name,
        description=form.description,
        area_type=form.area_type,
        service_type=form.service_type,
    )
    return await _done(session, by, "area_updated", area, now, **changes)


async def archive_area(
    session: AsyncSession, *, by: Actor, area_id: UUID, now: datetime
) -> RoomChange:
    """Put an empty area away; its orders and numbers of the past stay.

    Raises:
        NotFoundError: the restaurant has no such area.
        ConflictError: tables still stand in it.
    """
    plan = await lock_plan(session, restaurant_id=by.restaurant_id)
    area = _area_of(plan, area_id)
    count = sum(table.area_id == area_id for table in plan.tables)
    if count:
        msg = N_("Tables still stand in {area}: {count}. Move or archive them first.")
        raise ConflictError(msg, area=area.name, count=count)
    area.is_active = False
    return await _done(session, by, "area_archived", area, now, name=area.name)


async def create_table(
    session: AsyncSession, *, by: Actor, form: TableForm, now: datetime, rng: Random
) -> RoomChange:
    """Make a table with a code and a free spot on the plan: it never lies on another.

    Args:
        session: open transaction; flushed, not committed.
        by: who makes it.
        form: as filled in; the number is unique among the tables in use.
        now: aware UTC.
        rng: makes the code; edges pass `random.SystemRandom()`.

    Raises:
        NotFoundError: the restaurant has no such area.
        InvalidInputError: a field cannot be.
        ConflictError: a table in use has that number.
    """
    form = checked_table(form)
    plan = await lock_plan(session, restaurant_id=by.restaurant_id)
    area = _area_of(plan, form.area_id)
    _check_number(plan, form.number, but=None)
    table = Table(
        restaurant_id=by.restaurant_id,
        area_id=area.id,
        table_number=form.number,
        table_name=form.name or None,
        capacity=form.seats,
        table_type=form.table_type,
        shape=form.shape,
        notes=form.notes,
        created_at=now,
    )
    plan.place_table(table, area)
    session.add(table)
    await _flush_number(session, form.number)
    await codes.make_code(
        session, restaurant_id=by.restaurant_id, now=now, rng=rng, table_id=table.id
    )
    return await _done(session, by, "table_created", table, now, number=form.number)


async def update_table(
    session: AsyncSession, *, by: Actor, table_id: UUID, form: TableForm, now: datetime
) -> RoomChange:
    """Change a table; its code stays. In another area or shape it gets a new spot on the plan.

    Raises:
        UnknownTableError: the restaurant has no such table.
        NotFoundError: the restaurant has no such area.
        InvalidInputError: a field cannot be.
        ConflictError: another table in use has that number.
    """
    form = checked_table(form)
    plan = await lock_plan(session, restaurant_id=by.restaurant_id)
    table = _table_of(plan, table_id)
    area = _area_of(plan, form.area_id)
    _check_number(plan, form.number, but=table_id)
    changes = _apply(
        table,
        area_id=area.id,
        table_number=form.number,
        table_name=form.name or None,
        capacity=form.seats,
        table_type=form.table_type,
        shape=form.shape,
        notes=form.notes,
    )
    if changes.keys() & {"area_id", "shape"}:
        plan.place_table(table, area)
    await _flush_number(session, form.number)
    return await _done(session, by, "table_updated", table, now, **changes)


async def archive_table(
    session: AsyncSession, *, by: Actor, table_id: UUID, now: datetime
) -> RoomChange:
    """Put a table away: its code opens the menu and seats nobody, its number is free again.

    Raises:
        UnknownTableError: the restaurant has no such table.
        ConflictError: somebody sits there.
    """
    plan = await lock_plan(session, restaurant_id=by.restaurant_id)
    table = _table_of(plan, table_id)
    sitting = await sittings.find_open(session, restaurant_id=by.restaurant_id, table_id=table_id)
    if sitting is not None:
        msg = N_("Somebody sits at table {number}. Release the table first.")
        raise ConflictError(msg, number=table.table_number)
    table.is_active = False
    return await _done(session, by, "table_archived", table, now, number=table.table_number)


def _area_of(plan: Plan, area_id: UUID) -> Area:
    for area in plan.areas:
        if area.id == area_id:
            return area
    msg = N_("There is no such area here.")
    raise NotFoundError(msg)


def _table_of(plan: Plan, table_id: UUID) -> Table:
    for table in plan.tables:
        if table.id == table_id:
            return table
    raise UnknownTableError


def _check_number(plan: Plan, number: str, *, but: UUID | None) -> None:
    # "b1" beside "B1" would be called the same across the room.
    same = number.casefold()
    if any(t.table_number.casefold() == same and t.id != but for t in plan.tables):
        raise ConflictError(_NUMBER_TAKEN, number=number)


def _check_area_name(plan: Plan, name: str, *, but: UUID | None) -> None:
    same = name.casefold()
    if any(area.name.casefold() == same and area.id != but for area in plan.areas):
        msg = N_("There is already an area {name}.")
        raise ConflictError(msg, name=name)


async def _flush_number(session: AsyncSession, number: str) -> None:
    try:
        await session.flush()
    except IntegrityError as error:
        # A table made at the same moment, which the locked rows cannot show.
        raise ConflictError(_NUMBER_TAKEN, number=number) from error


def _apply(row: Area | Table, **values: object) -> dict[str, object]:
    """Set what is different; returns {"column": [before, after]} for the journal."""
    changes: dict[str, object] = {}
    for name, value in values.items():
        before = getattr(row, name)
        if before != value:
            setattr(row, name, value)
            changes[name] = [_plain(before), _plain(value)]
    return changes


def _plain(value: object) -> object:
    return str(value) if isinstance(value, UUID) else value


async def _done(
    session: AsyncSession, by: Actor, action: str, row: Area | Table, now: datetime, **data: object
) -> RoomChange:
    if data:
        journal.record(
            session,
            restaurant_id=by.restaurant_id,
            by=by,
            action=action,
            subject_type="area" if isinstance(row, Area) else "table",
            subject_id=row.id,
            now=now,
            data=data,
        )
    await session.flush()
    return RoomChange(by.restaurant_id, row.id)
