"""What an order that earns holds, reads and writes, in as few statements as it needs.

It stands inside the transaction that completes the order, while others wait for the guest's record.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import set_committed_value

from models.customers import Customer
from models.enums import ConsentLevel, ProgrammeState
from models.loyalty import LoyaltyMember, LoyaltyPoint, LoyaltyProgramme, LoyaltyReferral
from models.ordering import Order, OrderLine
from services.base.upserts import BuiltOnce
from services.loyalty import programme, rules
from services.loyalty.members import UNDONE
from services.loyalty.types import Balance, Programme


@dataclass(frozen=True, slots=True)
class HeldGuest:
    """A guest whose record is held, and the programme by which they collect."""

    customer_id: UUID
    visit_days: int
    # Month and day.
    birthday: tuple[int, int] | None
    programme: Programme


@dataclass(frozen=True, slots=True)
class Known:
    """What is known before an order earns."""

    # None before they have earned anything. Belongs to no session: `keep_member` stores it.
    member: LoyaltyMember | None
    balance: Balance
    # What grew with bills of the order's business day, and of how many orders.
    points_today: int
    orders_today: int
    # How often this order has earned before, taken back each time.
    earlier_count: int
    # The invitation by which the guest came, unless one was paid for them.
    referral_id: UUID | None


async def hold(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> HeldGuest | None:
    """Hold a guest's record until the transaction ends, as `ledger.hold` does.

    Returns:
        None when they may not collect, or no programme runs.
    """
    # What the caller has changed in rows, the totals among them, must be in the database.
    await session.flush()
    found = await session.execute(_HOLD, {"whose": restaurant_id, "who": customer_id})
    row: Any = found.first()
    if row is None:
        return None
    of = Programme(
        id=row.programme_id,
        restaurant_id=restaurant_id,
        version=row.version,
        state=ProgrammeState.PUBLISHED,
        rules=await programme.rules_of_version(
            session,
            restaurant_id=restaurant_id,
            programme_id=row.programme_id,
            updated_at=row.updated_at,
        ),
        updated_at=row.updated_at,
        published_at=row.published_at,
        paused_at=row.paused_at,
        grace_until_at=row.grace_until_at,
        retired_at=None,
    )
    birthday = (row.birthday_month, row.birthday_day)
    return HeldGuest(
        customer_id=customer_id,
        visit_days=row.visit_days,
        birthday=None if None in birthday else birthday,
        programme=of,
    )


async def look(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID, order_id: UUID, day: date
) -> Known:
    """Read all of it at once. In a statement after `hold`: whoever waited there sees it as it is.

    Args:
        session: open.
        restaurant_id: of guest and order.
        customer_id: whose record is held.
        order_id: that is about to earn.
        day: its business day.
    """
    found = await session.execute(
        _LOOK, {"whose": restaurant_id, "who": customer_id, "which": order_id, "day": day}
    )
    row: Any = found.one()
    member = None
    if row.member_customer_id is not None:
        member = LoyaltyMember(**{name: getattr(row, f"member_{name}") for name in _MEMBER})
    return Known(
        member=member,
        balance=Balance(int(row.points), int(row.owed)),
        points_today=int(row.points_today),
        orders_today=row.orders_today,
        earlier_count=row.earlier_count,
        referral_id=row.referral_id,
    )


async def spent_on_dishes(
    session: AsyncSession, *, restaurant_id: UUID, order_id: UUID
) -> dict[UUID, int]:
    """What each dish of an order came to, in minor units and before a discount."""
    rows = await session.execute(_SPENT_ON, {"whose": restaurant_id, "which": order_id})
    return {dish_id: int(total) for dish_id, total in rows.all() if dish_id is not None}


async def bonuses_had(
    session: AsyncSession, *, restaurant_id: UUID, customer_id: UUID
) -> frozenset[str]:
    """Which bonuses a guest has, not counting what was taken back."""
    rows = await session.execute(_HAD, {"whose": restaurant_id, "who": customer_id})
    return frozenset(rows.scalars())


async def note_earned(session: AsyncSession, order: Order, points: int) -> bool:
    """Whether nobody was faster: of two that complete an order the second finds it noted."""
    noted = await session.scalar(
        _NOTE_EARNED, {"whose": order.restaurant_id, "which": order.id, "earned": points}
    )
    if noted is not None:
        set_committed_value(order, "points_earned", points)
    return noted is not None


async def keep_member(session: AsyncSession, member: LoyaltyMember) -> None:
    """Store where a guest stands now, for the first time or again. Their record is held."""
    await session.execute(
        _KEEP_MEMBER.on(session), {name: getattr(member, name) for name in _MEMBER}
    )


# Tables themselves, and statements built once: building them for each order cost as much as
# sending them.
_tables = Order.metadata.tables
_orders, _lines, _customers, _points, _members, _programmes, _referrals = (
    _tables[model.__tablename__]
    for model in (
        Order,
        OrderLine,
        Customer,
        LoyaltyPoint,
        LoyaltyMember,
        LoyaltyProgramme,
        LoyaltyReferral,
    )
)
_WHOSE, _WHO, _WHICH = (sa.bindparam(name, type_=sa.Uuid()) for name in ("whose", "who", "which"))
_MEMBER = tuple(column.name for column in _members.c)
# The programme is read in the same statement as the record is held: it is nobody's to wait for.
_HOLD = (
    sa.select(
        _customers.c.visit_days,
        _customers.c.birthday_month,
        _customers.c.birthday_day,
        _programmes.c.id.label("programme_id"),
        _programmes.c.version,
        _programmes.c.updated_at,
        _programmes.c.published_at,
        _programmes.c.paused_at,
        _programmes.c.grace_until_at,
    )
    .join_from(
        _customers,
        _programmes,
        sa.and_(
            _programmes.c.restaurant_id == _customers.c.restaurant_id,
            _programmes.c.state == sa.literal_column(f"'{ProgrammeState.PUBLISHED.value}'"),
        ),
    )
    .where(
        _customers.c.restaurant_id == _WHOSE,
        _customers.c.id == _WHO,
        # As `ledger.may_collect`.
        _customers.c.merged_into_id.is_(None),
        _customers.c.erased_at.is_(None),
        _customers.c.consent_level != ConsentLevel.ESSENTIAL.value,
    )
    .with_for_update(key_share=True, of=_customers)
)


def _not_undone(lot: Any) -> sa.ColumnElement[bool]:  # noqa: ANN401 - an alias of the ledger
    """What was taken back has a row of its own group that says so, even if nothing was left."""
    undo = _points.alias(f"undo_of_{lot.name}")
    return ~sa.exists().where(
        undo.c.restaurant_id == lot.c.restaurant_id,
        undo.c.lot_id == lot.c.id,
        undo.c.group_id == lot.c.group_id,
        undo.c.reason == UNDONE,
    )


def _look() -> sa.Select[Any]:
    all_rows, lot, of_order = (_points.alias(name) for name in ("all_rows", "lot", "of_order"))
    sums = (
        sa.select(
            sa.func.coalesce(sa.func.sum(all_rows.c.points), 0).label("points"),
            sa.func.coalesce(sa.func.sum(all_rows.c.owed), 0).label("owed"),
        )
        .where(all_rows.c.restaurant_id == _WHOSE, all_rows.c.customer_id == _WHO)
        .subquery("sums")
    )
    today = (
        sa.select(
            sa.func.coalesce(sa.func.sum(lot.c.points), 0).label("points_today"),
            sa.func.count(sa.distinct(lot.c.order_id)).label("orders_today"),
        )
        .where(
            lot.c.restaurant_id == _WHOSE,
            lot.c.customer_id == _WHO,
            lot.c.business_day == sa.bindparam("day", type_=sa.Date()),
            lot.c.points > 0,
            lot.c.reason.in_(rules.BY_BILL),
            _not_undone(lot),
        )
        .subquery("today")
    )
    earlier = (
        sa.select(sa.func.count(sa.distinct(of_order.c.group_id)))
        .where(of_order.c.restaurant_id == _WHOSE, of_order.c.order_id == _WHICH)
        .scalar_subquery()
    )
    # Two records that were merged may have been invited twice: it is one friend.
    paid = _referrals.alias("paid")
    referral = (
        sa.select(_referrals.c.id)
        .where(
            _referrals.c.restaurant_id == _WHOSE,
            _referrals.c.customer_id == _WHO,
            ~sa.exists().where(
                paid.c.restaurant_id == _WHOSE,
                paid.c.customer_id == _WHO,
                paid.c.paid_at.is_not(None),
            ),
        )
        .order_by(_referrals.c.created_at, _referrals.c.id)
        .limit(1)
        .scalar_subquery()
    )
    return (
        sa.select(
            sums.c.points,
            sums.c.owed,
            today.c.points_today,
            today.c.orders_today,
            earlier.label("earlier_count"),
            referral.label("referral_id"),
            *(column.label(f"member_{column.name}") for column in _members.c),
        )
        .select_from(sums)
        .join(today, sa.true())
        .outerjoin(
            _members, sa.and_(_members.c.restaurant_id == _WHOSE, _members.c.customer_id == _WHO)
        )
    )


def _had() -> sa.Select[Any]:
    lot = _points.alias("lot")
    return sa.select(lot.c.reason).where(
        lot.c.restaurant_id == _WHOSE,
        lot.c.customer_id == _WHO,
        lot.c.reason.not_in(rules.BY_BILL),
        lot.c.lot_id.is_(None),
        _not_undone(lot),
    )


_LOOK, _HAD = _look(), _had()
_SPENT_ON = (
    sa.select(_lines.c.dish_id, sa.func.sum(_lines.c.line_total_minor))
    .where(_lines.c.restaurant_id == _WHOSE, _lines.c.order_id == _WHICH)
    .group_by(_lines.c.dish_id)
)
_NOTE_EARNED = (
    sa.update(_orders)
    .where(
        _orders.c.restaurant_id == _WHOSE,
        _orders.c.id == _WHICH,
        _orders.c.points_earned.is_(None),
    )
    .values(points_earned=sa.bindparam("earned", type_=sa.Integer()))
    .returning(_orders.c.id)
)
_EARNING = ("lifetime_points", "tier_points", "tier_key", "last_earned_at")
_KEEP_MEMBER = BuiltOnce(
    lambda insert: (
        statement := insert(_members).values({name: sa.bindparam(name) for name in _MEMBER})
    ).on_conflict_do_update(
        index_elements=["customer_id"],
        set_={name: statement.excluded[name] for name in _EARNING},
    )
)
