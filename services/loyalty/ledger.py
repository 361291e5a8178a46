"""Rows of the ledger: sums, lots, and the only statements that write points.

Every function that takes or gives wants the guest's record held (`hold`): whoever spends the same
points at the same moment waits, and finds less.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.columns import new_id
from models.customers import Customer
from models.enums import ConsentLevel, PointsKind
from models.loyalty import LoyaltyPoint
from services.loyalty.errors import NotAMemberError, NotEnoughPointsError
from services.loyalty.types import Balance, Lot

OWED = "owed"
_rows = LoyaltyPoint.metadata.tables[LoyaltyPoint.__tablename__]


@dataclass(frozen=True, slots=True)
class Occasion:
    """What rows are written for: everything that they have in common."""

    restaurant_id: UUID
    customer_id: UUID
    kind: PointsKind
    reason: str
    # Rows of one occasion get this and a number of their own: twice is refused by the database.
    key: str
    group_id: UUID
    programme_version: int
    business_day: date
    now: datetime
    order_id: UUID | None = None
    customer_reward_id: UUID | None = None
    by_user_id: UUID | None = None
    note: str = ""

    def row(
        self,
        *,
        key: str,
        points: int,
        lot_id: UUID | None = None,
        owed: int = 0,
        expires_at: datetime | None = None,
        **other: Any,  # noqa: ANN401 - columns
    ) -> dict[str, Any]:
        """One row; `key` is what distinguishes it from the others of the occasion."""
        return {
            "id": new_id(),
            "created_at": self.now,
            "restaurant_id": self.restaurant_id,
            "customer_id": self.customer_id,
            "transaction_type": self.kind,
            "points": points,
            "owed": owed,
            "reason": self.reason,
            "note": self.note,
            "order_id": self.order_id,
            "customer_reward_id": self.customer_reward_id,
            "lot_id": lot_id,
            "group_id": self.group_id,
            "idempotency_key": f"{self.key}:{key}",
            "programme_version": self.programme_version,
            "by_user_id": self.by_user_id,
            "business_day": self.business_day,
            "expires_at": expires_at,
        } | other


async def hold(session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID) -> Customer:
    """Hold a guest's record until the transaction ends: their points change one by one.

    Raises:
        NotAMemberError: not this restaurant's, merged, forgotten, or not to be remembered.
    """
    customer = await session.scalar(
        sa.select(Customer)
        .where(col(Customer.restaurant_id) == restaurant_id, col(Customer.id) == customer_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    if customer is None or not may_collect(customer):
        raise NotAMemberError
    return customer


async def hold_owners(
    session: AsyncSession, *, restaurant_id: UUID, which: sa.ColumnElement[bool]
) -> None:
    """Hold the records of all whose rows these are, whatever they have chosen since.

    Rows go with their guest: a merge beside us, or its being taken back, may have given them to
    somebody else while we waited. So it is asked again until all owners are held; read the rows
    after that.
    """
    owners = (
        sa.select(col(LoyaltyPoint.customer_id))
        .where(col(LoyaltyPoint.restaurant_id) == restaurant_id, which)
        .distinct()
    )
    held: set[UUID] = set()
    while missing := set(await session.scalars(owners)) - held:
        await session.execute(
            sa.select(col(Customer.id))
            .where(col(Customer.restaurant_id) == restaurant_id, col(Customer.id).in_(missing))
            .order_by(col(Customer.id))
            .with_for_update(key_share=True)
        )
        held |= missing


def may_collect(customer: Customer) -> bool:
    """Only who wants to be remembered collects."""
    return (
        customer.merged_into_id is None
        and customer.erased_at is None
        and customer.consent_level != ConsentLevel.ESSENTIAL
    )


async def balance(session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID) -> Balance:
    """The sum of a guest's rows, from the index alone."""
    found = await session.execute(
        sa.select(
            sa.func.coalesce(sa.func.sum(col(LoyaltyPoint.points)), 0),
            sa.func.coalesce(sa.func.sum(col(LoyaltyPoint.owed)), 0),
        ).where(_theirs(restaurant_id, customer_id))
    )
    points, owed = found.one()
    return Balance(int(points), int(owed))


async def open_lots(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, due_until: datetime
) -> list[Lot]:
    """What is left, first what expires first; without what is over by then."""
    lot_id = sa.func.coalesce(col(LoyaltyPoint.lot_id), col(LoyaltyPoint.id))
    left = sa.func.sum(col(LoyaltyPoint.points))
    expires_at = sa.func.max(col(LoyaltyPoint.expires_at))
    found = await session.execute(
        sa.select(lot_id, left, expires_at)
        .where(_theirs(restaurant_id, customer_id))
        .group_by(lot_id)
        .having(left > 0)
    )
    lots = [Lot(one, int(points), until) for one, points, until in found.all()]
    return sorted(
        (lot for lot in lots if lot.expires_at is None or lot.expires_at > due_until),
        key=lambda lot: (lot.expires_at is None, lot.expires_at or due_until, lot.id),
    )


def expiring(lots: Iterable[Lot], *, until: datetime) -> list[Lot]:
    """Those of open lots that expire until a moment, in the same order."""
    return [lot for lot in lots if lot.expires_at is not None and lot.expires_at <= until]


async def left_of(
    session: AsyncSession, *, restaurant_id: UUID, lot_ids: Collection[UUID]
) -> dict[UUID, int]:
    """What is left of lots, whoever holds them by now."""
    lot_id = sa.func.coalesce(col(LoyaltyPoint.lot_id), col(LoyaltyPoint.id))
    rows = await session.execute(
        sa.select(lot_id, sa.func.sum(col(LoyaltyPoint.points)))
        .where(
            col(LoyaltyPoint.restaurant_id) == restaurant_id,
            sa.or_(col(LoyaltyPoint.id).in_(lot_ids), col(LoyaltyPoint.lot_id).in_(lot_ids)),
        )
        .group_by(lot_id)
    )
    return {one: int(points) for one, points in rows.all()}


def give(
    occasion: Occasion, parts: Iterable[tuple[str, int]], *, expires_at: datetime | None
) -> list[dict[str, Any]]:
    """New lots, one a reason."""
    return [
        occasion.row(key=reason, points=points, reason=reason, expires_at=expires_at)
        for reason, points in parts
    ]


def take(
    occasion: Occasion, lots: Sequence[Lot], points: int, *, owed_too: bool = False
) -> tuple[list[dict[str, Any]], int]:
    """Rows that take points out of lots in their order, and how many there were.

    Args:
        occasion: what for.
        lots: as `open_lots` gives them.
        points: how many, at most.
        owed_too: what is taken pays what is owed.
    """
    rows: list[dict[str, Any]] = []
    missing = points
    for lot in lots:
        part = min(lot.left, missing)
        if part <= 0:
            continue
        rows.append(
            occasion.row(key=lot.id.hex, points=-part, lot_id=lot.id, owed=-part if owed_too else 0)
        )
        missing -= part
    return rows, points - missing


async def spend(
    session: AsyncSession, occasion: Occasion, points: int, *, due_until: datetime
) -> None:
    """Take exactly so many points, first what expires first. The guest's record is held.

    What is owed is paid before.

    Raises:
        NotEnoughPointsError: there are fewer; nothing was taken.
    """
    who = {"restaurant_id": occasion.restaurant_id, "customer_id": occasion.customer_id}
    await pay_owed(session, occasion, due_until=due_until)
    lots = await open_lots(session, **who, due_until=due_until)
    there = sum(lot.left for lot in lots)
    if there < points:
        raise NotEnoughPointsError(needed=points, there=there)
    rows, _ = take(occasion, lots, points)
    await write(session, rows)


async def pay_owed(session: AsyncSession, occasion: Occasion, *, due_until: datetime) -> Balance:
    """Take what is owed out of what there is; returns what there is and is owed then."""
    who = {"restaurant_id": occasion.restaurant_id, "customer_id": occasion.customer_id}
    now = await balance(session, **who)
    if now.owed <= 0 or now.points <= 0:
        return now
    lots = await open_lots(session, **who, due_until=due_until)
    paying = Occasion(
        restaurant_id=occasion.restaurant_id,
        customer_id=occasion.customer_id,
        kind=PointsKind.REVERSED,
        reason=OWED,
        key=f"paid:{new_id().hex}",
        group_id=new_id(),
        programme_version=occasion.programme_version,
        business_day=occasion.business_day,
        now=occasion.now,
    )
    rows, paid = take(paying, lots, now.owed, owed_too=True)
    await write(session, rows)
    return Balance(now.points - paid, now.owed - paid)


async def write(session: AsyncSession, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows in one statement; one that was written before fails the transaction."""
    if rows:
        # With a result SQLAlchemy writes all of them in one statement.
        await session.execute(sa.insert(_rows).returning(_rows.c.id), [dict(row) for row in rows])


def _theirs(restaurant_id: UUID, customer_id: UUID) -> sa.ColumnElement[bool]:
    return sa.and_(
        col(LoyaltyPoint.restaurant_id) == restaurant_id,
        col(LoyaltyPoint.customer_id) == customer_id,
    )
