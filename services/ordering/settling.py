"""The bill is settled: what was served is done, and a table with nothing open is free."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OPEN_ORDER_STATUSES, REFUSED_ORDER_STATUSES, OrderStatus
from models.ordering import Order
from models.seating import Sitting
from services import journal, live
from services.accounts.types import Actor
from services.ordering import board
from services.ordering.errors import BillChangedError, OrderMovedOnError
from services.ordering.types import OrderChange
from services.restaurants.types import RestaurantInfo
from services.seating import calls, party, reopening, sittings
from services.seating.errors import SittingOverError, TableChangedError

PAID = "sitting_paid"


@dataclass(frozen=True, slots=True)
class Settled:
    """A bill was settled, or that was taken back. `entry_id` is what `take_back` takes back."""

    restaurant_id: UUID
    table_id: UUID
    is_released: bool
    entry_id: UUID
    sitting_ids: tuple[UUID, ...]
    orders: tuple[OrderChange, ...]

    @property
    def topics(self) -> tuple[str, ...]:
        """Live topics to publish to after the commit."""
        return tuple(
            {
                live.floor_topic(self.restaurant_id),
                live.orders_topic(self.restaurant_id),
                *(live.sitting_topic(one) for one in self.sitting_ids),
                *(topic for order in self.orders for topic in order.topics),
            }
        )


async def bill_minor(session: AsyncSession, *, restaurant_id: UUID, table_id: UUID) -> int:
    """What a party owes at all of its tables, in minor units: what `settle` counts as paid.

    Orders that were paid are no part of it, wherever their guests sit by now.

    Raises:
        SittingOverError: nobody sits there.
    """
    sitting_id = await sittings.find_open(session, restaurant_id=restaurant_id, table_id=table_id)
    if sitting_id is None:
        raise SittingOverError
    owed = await session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(col(Order.total_minor)), 0)).where(
            col(Order.restaurant_id) == restaurant_id,
            col(Order.sitting_id).in_(party.sitting_ids(restaurant_id, sitting_id)),
            _is_owed(),
        )
    )
    return int(owed or 0)


async def settle(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    table_id: UUID,
    expected_minor: int,
    by: Actor,
    now: datetime,
) -> Settled:
    """Note that a party has paid, at all of its tables.

    Orders on the table are completed. When nothing else is open the tables are released; food that
    is still in the kitchen keeps them.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: whose table.
        table_id: a table of the party.
        expected_minor: the sum that was shown and paid, in minor units.
        by: who took the money.
        now: aware UTC.

    Raises:
        SittingOverError: nobody sits there.
        BillChangedError: they owe another sum by now; nothing was written.
    """
    sitting_id = await sittings.find_open(session, restaurant_id=restaurant.id, table_id=table_id)
    if sitting_id is None:
        raise SittingOverError
    await _lock_orders(session, restaurant.id, sitting_id)
    held = await party.lock_members(session, restaurant_id=restaurant.id, sitting_id=sitting_id)
    owed_minor = await bill_minor(session, restaurant_id=restaurant.id, table_id=table_id)
    if owed_minor != expected_minor:
        raise BillChangedError(owed_minor=owed_minor)
    ids = tuple(one.id for one in held)
    paid_before = {str(one.id): one.paid_at for one in held}
    paid = await _pay_orders(session, restaurant.id, ids, now=now)
    done = await _complete_served(session, restaurant, ids, by=by, now=now)
    await _note_paid(session, restaurant.id, dict.fromkeys(ids, now))
    await calls.answer_bills(session, restaurant_id=restaurant.id, sitting_ids=ids, by=by, now=now)
    is_released = await _release_unless_open(session, restaurant, sitting_id, by=by, now=now)
    return await _noted(
        session,
        PAID,
        table_id=table_id,
        sitting_ids=ids,
        orders=done,
        is_released=is_released,
        by=by,
        now=now,
        paid_before={one: at.isoformat() if at else None for one, at in paid_before.items()},
        paid_order_ids=[str(one) for one in paid],
    )


async def take_back(
    session: AsyncSession, *, restaurant: RestaurantInfo, entry_id: UUID, by: Actor, now: datetime
) -> Settled:
    """The wrong table was tapped: it has not paid, its guests still sit there.

    Raises:
        TableChangedError: there was no such step, or it was taken back.
        TableTakenError: the next party sits there already.
        TableChangedError: it sat there and has left.
        NothingToUndoError: one of its orders has moved on since.
    """
    entry = await journal.find_entry(
        session, restaurant_id=restaurant.id, entry_id=entry_id, actions=(PAID,)
    )
    if entry is None or entry.subject_id is None:
        raise TableChangedError
    ids = tuple(UUID(one) for one in entry.data["sitting_ids"])
    still_paid = await session.scalar(
        sa.select(sa.func.count()).where(
            col(Sitting.restaurant_id) == restaurant.id,
            col(Sitting.id).in_(ids),
            col(Sitting.paid_at) == entry.happened_at,
        )
    )
    if still_paid != len(ids):
        raise TableChangedError
    orders = [
        await board.undo(session, restaurant=restaurant, order_id=UUID(one), by=by, now=now)
        for one in entry.data["order_ids"]
    ]
    await session.execute(
        sa.update(Order)
        .where(
            col(Order.restaurant_id) == restaurant.id,
            col(Order.id).in_([UUID(one) for one in entry.data.get("paid_order_ids", ())]),
            col(Order.paid_at) == entry.happened_at,
        )
        .values(paid_at=None)
        .execution_options(synchronize_session=False)
    )
    for one in ids:
        await reopening.sit_again(session, restaurant_id=restaurant.id, sitting_id=one, now=now)
    # Of two payments the first still counts.
    paid_before: dict[str, str | None] = entry.data.get("paid_before", {})
    await _note_paid(
        session,
        restaurant.id,
        {
            one: datetime.fromisoformat(at) if (at := paid_before.get(str(one))) else None
            for one in ids
        },
    )
    return await _noted(
        session,
        f"{PAID}_undone",
        table_id=entry.subject_id,
        sitting_ids=ids,
        orders=orders,
        is_released=False,
        by=by,
        now=now,
    )


def _is_owed() -> sa.ColumnElement[bool]:
    return sa.and_(
        col(Order.paid_at).is_(None), col(Order.order_status).not_in(REFUSED_ORDER_STATUSES)
    )


async def _pay_orders(
    session: AsyncSession, restaurant_id: UUID, sitting_ids: Iterable[UUID], *, now: datetime
) -> list[UUID]:
    """Each order knows that it is paid: its guest may move, and another may arrive late."""
    paid = await session.scalars(
        sa.update(Order)
        .where(
            col(Order.restaurant_id) == restaurant_id,
            col(Order.sitting_id).in_(sitting_ids),
            _is_owed(),
        )
        .values(paid_at=now)
        .returning(col(Order.id))
        .execution_options(synchronize_session=False)
    )
    return sorted(paid.all())


async def _complete_served(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    sitting_ids: Iterable[UUID],
    *,
    by: Actor,
    now: datetime,
) -> list[OrderChange]:
    found = await session.scalars(
        sa.select(col(Order.id))
        .where(
            col(Order.restaurant_id) == restaurant.id,
            col(Order.sitting_id).in_(sitting_ids),
            col(Order.order_status) == str(OrderStatus.SERVED),
        )
        .order_by(col(Order.id))
    )
    done: list[OrderChange] = []
    for order_id in found.all():
        try:
            done.append(
                await board.complete(
                    session, restaurant=restaurant, order_id=order_id, by=by, now=now
                )
            )
        except OrderMovedOnError:
            # Somebody at the board was faster.
            continue
    return done


async def _lock_orders(session: AsyncSession, restaurant_id: UUID, sitting_id: UUID) -> None:
    """Hold a party's orders before its tables, as the board does: nobody waits in a circle."""
    await session.execute(
        sa.select(col(Order.id))
        .where(
            col(Order.restaurant_id) == restaurant_id,
            col(Order.sitting_id).in_(party.sitting_ids(restaurant_id, sitting_id)),
            sa.or_(col(Order.order_status).in_(OPEN_ORDER_STATUSES), _is_owed()),
        )
        .order_by(col(Order.id))
        .with_for_update(key_share=True)
    )


async def _note_paid(
    session: AsyncSession, restaurant_id: UUID, paid_at: Mapping[UUID, datetime | None]
) -> None:
    for one in sorted(paid_at):
        await session.execute(
            sa.update(Sitting)
            .where(col(Sitting.restaurant_id) == restaurant_id, col(Sitting.id) == one)
            .values(paid_at=paid_at[one])
            .execution_options(synchronize_session=False)
        )


async def _release_unless_open(
    session: AsyncSession,
    restaurant: RestaurantInfo,
    sitting_id: UUID,
    *,
    by: Actor,
    now: datetime,
) -> bool:
    if await sittings.count_open_orders(
        session, restaurant_id=restaurant.id, sitting_id=sitting_id
    ):
        return False
    try:
        await sittings.release(
            session,
            restaurant=restaurant,
            sitting_id=sitting_id,
            now=now,
            by=by,
            reason=reopening.ORDERS_COMPLETED,
        )
    except SittingOverError:
        # Its last order has released it a moment ago.
        return True
    return True


async def _noted(
    session: AsyncSession,
    action: str,
    *,
    table_id: UUID,
    sitting_ids: tuple[UUID, ...],
    orders: Iterable[OrderChange],
    is_released: bool,
    by: Actor,
    now: datetime,
    **more: object,
) -> Settled:
    changes = tuple(orders)
    entry = journal.record(
        session,
        restaurant_id=by.restaurant_id,
        by=by,
        action=action,
        subject_type="table",
        subject_id=table_id,
        now=now,
        data={
            "sitting_ids": [str(one) for one in sitting_ids],
            "order_ids": [str(one.order_id) for one in changes],
            **more,
        },
    )
    await session.flush()
    return Settled(by.restaurant_id, table_id, is_released, entry.id, sitting_ids, changes)
