"""The badge of every customer as it is today: it changes with time, without anybody's visit."""

from datetime import date, datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import CustomerStatus
from models.predictions import CustomerPrediction
from models.profiles import CustomerProfile
from models.visits import Visit
from services.base.clock import business_day
from services.profiles.keeping import STATUS_RANKS
from services.restaurants.types import RestaurantInfo
from services.totals.rules import (
    AT_RISK_AFTER_DAYS,
    LOST_AFTER_DAYS,
    status_by_gaps,
    status_by_model,
)

BATCH = 500


async def refresh_statuses(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    now: datetime,
    after: UUID | None = None,
    limit: int = BATCH,
) -> UUID | None:
    """Bring the badges of some customers up to date.

    Args:
        session: open transaction; flushed, not committed.
        restaurant: whose customers.
        now: aware UTC; decides the business day that is today.
        after: the last customer of the batch before.
        limit: how many customers to look at, at most.

    Returns:
        The last customer of this batch; None when there were none left.
    """
    today = business_day(now, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
    batch = (
        sa.select(col(Customer.id))
        .where(
            col(Customer.restaurant_id) == restaurant.id, *_may_change(restaurant.id, now, today)
        )
        .order_by(col(Customer.id))
        .limit(limit)
    )
    if after is not None:
        batch = batch.where(col(Customer.id) > after)
    customer_ids = list(await session.scalars(batch))
    if not customer_ids:
        return None
    day = col(Visit.business_day)
    days = await session.execute(
        sa.select(
            col(Visit.customer_id),
            sa.func.min(day),
            sa.func.max(day),
            sa.func.count(sa.distinct(day)),
        )
        .where(col(Visit.restaurant_id) == restaurant.id, col(Visit.customer_id).in_(customer_ids))
        .group_by(col(Visit.customer_id))
    )
    expected = await _expected(session, restaurant_id=restaurant.id, customer_ids=customer_ids)
    wanted: dict[CustomerStatus, list[UUID | None]] = {}
    for customer_id, first_day, last_day, visit_days in days.all():
        status = _status(
            expected.get(customer_id) if customer_id else None,
            first_day=first_day,
            last_day=last_day,
            visit_days=visit_days,
            today=today,
        )
        wanted.setdefault(status, []).append(customer_id)
    for status, ids in wanted.items():
        await session.execute(
            sa.update(Customer)
            .where(
                col(Customer.restaurant_id) == restaurant.id,
                col(Customer.id).in_(ids),
                col(Customer.status) != status,
                # Somebody who came in since was counted anew with their visit.
                col(Customer.last_seen_at) <= now,
            )
            .values(status=status)
        )
        await session.execute(
            sa.update(CustomerProfile)
            .where(
                col(CustomerProfile.restaurant_id) == restaurant.id,
                col(CustomerProfile.customer_id).in_(ids),
                col(CustomerProfile.status) != status,
                col(CustomerProfile.last_seen_at) <= now,
            )
            .values(status=status, status_rank=STATUS_RANKS[status])
        )
    await session.flush()
    return customer_ids[-1]


async def _expected(
    session: AsyncSession, *, restaurant_id: UUID, customer_ids: list[UUID]
) -> dict[UUID, CustomerPrediction]:
    rows = await session.scalars(
        sa.select(CustomerPrediction).where(
            col(CustomerPrediction.restaurant_id) == restaurant_id,
            col(CustomerPrediction.customer_id).in_(customer_ids),
        )
    )
    return {row.customer_id: row for row in rows}


def _status(
    known: CustomerPrediction | None,
    *,
    first_day: date,
    last_day: date,
    visit_days: int,
    today: date,
) -> CustomerStatus:
    """By the model where it knows this history and is old enough, else by gaps."""
    if (
        known is None
        or (known.visit_days, known.last_visit_day) != (visit_days, last_day)
        or known.at_risk_on is None
        or known.lost_on is None
    ):
        return status_by_gaps(
            first_day=first_day, last_day=last_day, visit_days=visit_days, today=today
        )
    return status_by_model(
        visit_days=visit_days,
        today=today,
        at_risk_on=known.at_risk_on,
        lost_on=known.lost_on,
    )


def _may_change(restaurant_id: UUID, now: datetime, today: date) -> list[sa.ColumnElement[bool]]:
    """Whom time alone can move to another badge; a day is left for the business day's start."""
    status, seen = col(Customer.status), col(Customer.last_seen_at)
    day = timedelta(days=1)
    return [
        col(Customer.merged_into_id).is_(None),
        col(Customer.erased_at).is_(None),
        sa.or_(
            status == CustomerStatus.ACTIVE,
            sa.and_(status == CustomerStatus.NEW, seen < now - AT_RISK_AFTER_DAYS * day + day),
            sa.and_(status == CustomerStatus.AT_RISK, seen < now - LOST_AFTER_DAYS * day + day),
            col(Customer.id).in_(_expected_otherwise(restaurant_id, today)),
        ),
    ]


def _expected_otherwise(restaurant_id: UUID, today: date) -> sa.Select[UUID]:
    """Whose badge is another than that of the model."""
    risk, lost = col(CustomerPrediction.at_risk_on), col(CustomerPrediction.lost_on)
    status = col(Customer.status)
    return (
        sa.select(col(CustomerPrediction.customer_id))
        .join(Customer, col(Customer.id) == col(CustomerPrediction.customer_id))
        .where(
            col(CustomerPrediction.restaurant_id) == restaurant_id,
            col(Customer.restaurant_id) == restaurant_id,
            # After another visit day the model has not heard of the guest yet.
            col(CustomerPrediction.visit_days) == col(Customer.visit_days),
            sa.or_(
                sa.and_(lost <= today, status != CustomerStatus.LOST),
                sa.and_(lost > today, risk <= today, status != CustomerStatus.AT_RISK),
                sa.and_(
                    lost > today,
                    risk > today,
                    status.in_((CustomerStatus.LOST, CustomerStatus.AT_RISK)),
                ),
            ),
        )
    )
