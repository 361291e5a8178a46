"""Making printed codes: in bulk where one is missing, by hand, and taking them out of use."""

from dataclasses import dataclass
from datetime import datetime
from random import Random
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import CodeKind
from models.menu import MenuCategory
from models.seating import Area, Table, TableCode
from services import journal
from services.accounts.types import Actor
from services.base import fields
from services.base.errors import ConflictError, InvalidInputError
from services.base.locks import one_at_a_time
from services.base.texts import N_
from services.codes.codes import made_of, store_codes
from services.codes.errors import UnknownCodeError
from services.codes.types import MadeCode

MAX_LABEL = 80
# A restaurant that makes more by hand has made a mistake, or somebody plays.
MAX_BY_HAND = 300


@dataclass(frozen=True, slots=True)
class CodeForm:
    """A code made by hand: of the whole restaurant, of an area, or of a campaign.

    `category_id` is the section of the menu that a campaign opens; None is its beginning.
    """

    kind: CodeKind
    label: str
    area_id: UUID | None = None
    category_id: UUID | None = None


async def ensure_codes(
    session: AsyncSession, *, restaurant_id: UUID, now: datetime, rng: Random
) -> list[MadeCode]:
    """A code for every table and area in use that has none. Calling it again makes nothing.

    Args:
        session: open transaction; flushed, not committed.
        restaurant_id: whose tables.
        now: aware UTC.
        rng: makes the codes; edges pass `random.SystemRandom()`.

    Returns:
        The new codes: those of areas, then those of tables.
    """
    await one_at_a_time(session, f"codes:{restaurant_id}")
    areas = await session.scalars(
        sa.select(col(Area.id)).where(
            col(Area.restaurant_id) == restaurant_id,
            col(Area.is_active).is_(True),
            ~_current(CodeKind.AREA).where(col(TableCode.area_id) == col(Area.id)).exists(),
        )
    )
    tables = await session.execute(
        sa.select(col(Table.id), col(Table.area_id)).where(
            col(Table.restaurant_id) == restaurant_id,
            col(Table.is_active).is_(True),
            ~_current(CodeKind.TABLE).where(col(TableCode.table_id) == col(Table.id)).exists(),
        )
    )
    places = [(CodeKind.AREA, None, area_id) for area_id in areas]
    places += [(CodeKind.TABLE, table_id, area_id) for table_id, area_id in tables]
    rows = [
        TableCode(
            restaurant_id=restaurant_id,
            kind=kind,
            code="",
            table_id=table_id,
            area_id=area_id,
            created_at=now,
        )
        for kind, table_id, area_id in places
    ]
    await store_codes(session, rows, rng)
    return [made_of(row) for row in rows]


async def create_code(
    session: AsyncSession, *, by: Actor, form: CodeForm, now: datetime, rng: Random
) -> MadeCode:
    """Make a code by hand; tables have theirs from `ensure_codes`.

    Raises:
        InvalidInputError: names the field that cannot be.
        ConflictError: a code in use has that name, or there are too many.
    """
    label = fields.line(form.label, field="label", most=MAX_LABEL, required=True)
    area_id, category_id = await _checked_target(session, by.restaurant_id, form)
    await one_at_a_time(session, f"codes:{by.restaurant_id}")
    await _check_label(session, by.restaurant_id, form.kind, label)
    row = TableCode(
        restaurant_id=by.restaurant_id,
        kind=form.kind,
        code="",
        area_id=area_id,
        label=label,
        category_id=category_id,
        created_at=now,
    )
    await store_codes(session, [row], rng)
    _record(session, by, "code_created", row.id, now, kind=str(form.kind), label=label)
    await session.flush()
    return made_of(row)


async def retire_code(session: AsyncSession, *, by: Actor, code_id: UUID, now: datetime) -> None:
    """Take a code out of use without a new one: it opens the menu and says that it is old.

    Raises:
        UnknownCodeError: it is a table's, another restaurant's, or out of use already.
    """
    await _switch(session, by, code_id, was=None, becomes=now)
    _record(session, by, "code_retired", code_id, now)
    await session.flush()


async def restore_code(session: AsyncSession, *, by: Actor, code_id: UUID, now: datetime) -> None:
    """Take a retired code into use again; what was printed counts as before.

    Raises:
        UnknownCodeError: it is not retired, was replaced, or is another restaurant's.
    """
    await _switch(session, by, code_id, was=now, becomes=None)
    _record(session, by, "code_restored", code_id, now)
    await session.flush()


def _current(kind: CodeKind) -> sa.Select[UUID]:
    return sa.select(col(TableCode.id)).where(
        col(TableCode.kind) == kind, col(TableCode.revoked_at).is_(None)
    )


async def _switch(
    session: AsyncSession,
    by: Actor,
    code_id: UUID,
    *,
    was: datetime | None,
    becomes: datetime | None,
) -> None:
    revoked = col(TableCode.revoked_at)
    changed = await session.scalar(
        sa.update(TableCode)
        .where(
            col(TableCode.restaurant_id) == by.restaurant_id,
            col(TableCode.id) == code_id,
            col(TableCode.kind) != CodeKind.TABLE,
            col(TableCode.replaced_by_id).is_(None),
            revoked.is_(None) if was is None else revoked.is_not(None),
        )
        .values(revoked_at=becomes)
        .returning(col(TableCode.id))
        .execution_options(synchronize_session=False)
    )
    if changed is None:
        raise UnknownCodeError


async def _checked_target(
    session: AsyncSession, restaurant_id: UUID, form: CodeForm
) -> tuple[UUID | None, UUID | None]:
    if form.kind is CodeKind.AREA:
        area_id = await session.scalar(
            sa.select(col(Area.id)).where(
                col(Area.restaurant_id) == restaurant_id,
                col(Area.id) == form.area_id,
                col(Area.is_active).is_(True),
            )
        )
        if area_id is None:
            msg = N_("Please choose an area.")
            raise InvalidInputError(msg, field="area_id")
        return area_id, None
    if form.kind is CodeKind.CAMPAIGN and form.category_id is not None:
        category_id = await session.scalar(
            sa.select(col(MenuCategory.id)).where(
                col(MenuCategory.restaurant_id) == restaurant_id,
                col(MenuCategory.id) == form.category_id,
                col(MenuCategory.is_active).is_(True),
            )
        )
        if category_id is None:
            msg = N_("This section is no longer on the menu.")
            raise InvalidInputError(msg, field="category_id")
        return None, category_id
    if form.kind is CodeKind.TABLE:
        msg = N_("Codes of tables are made with the tables.")
        raise InvalidInputError(msg, field="kind")
    return None, None


async def _check_label(
    session: AsyncSession, restaurant_id: UUID, kind: CodeKind, label: str
) -> None:
    labels = (
        await session.scalars(
            sa.select(col(TableCode.label)).where(
                col(TableCode.restaurant_id) == restaurant_id,
                col(TableCode.kind) == kind,
                col(TableCode.revoked_at).is_(None),
            )
        )
    ).all()
    if label.casefold() in {other.casefold() for other in labels}:
        msg = N_("There is already a code of that name.")
        raise InvalidInputError(msg, field="label")
    if len(labels) >= MAX_BY_HAND:
        msg = N_("There are {count} codes of this kind already. Retire some first.")
        raise ConflictError(msg, count=len(labels))


def _record(
    session: AsyncSession,
    by: Actor,
    action: str,
    code_id: UUID,
    now: datetime,
    **data: object,
) -> None:
    journal.record(
        session,
        restaurant_id=by.restaurant_id,
        by=by,
        action=action,
        subject_type="table_code",
        subject_id=code_id,
        now=now,
        data=data,
    )
