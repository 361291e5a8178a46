"""Profiles and preferences as rows, for one customer after a visit and for many in a recompute."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.enums import CustomerStatus
from models.menu import Dish, MenuCategory
from models.profiles import CustomerPreference, CustomerProfile
from models.seating import Table
from services.base.upserts import insert
from services.profiles import reading, rules
from services.profiles.bulk import insert_preferences
from services.profiles.preferences import preferences
from services.profiles.types import History, Preference, PreferenceRow, RawId, Settings, Traits
from services.restaurants.types import RestaurantInfo

# Who needs attention comes first when sorted upwards.
STATUS_RANKS = {
    CustomerStatus.AT_RISK: 0,
    CustomerStatus.LOST: 1,
    CustomerStatus.NEW: 2,
    CustomerStatus.ACTIVE: 3,
}
_COPIED = (
    "alias",
    "consent_level",
    "status",
    "first_seen_at",
    "last_seen_at",
    "total_visits",
    "visit_days",
    "total_orders",
    "total_spent_minor",
    "highest_order_minor",
    "preferred_category_id",
    "preferred_area_id",
    "preferred_table_id",
)
_NO_HISTORY = History(visits=(), orders=(), sent_count=0)


@dataclass(frozen=True, slots=True)
class Frame:
    """What all profiles of a restaurant are counted with."""

    restaurant: RestaurantInfo
    settings: Settings
    traits: Traits
    table_types: dict[UUID, str]
    # Dishes and categories as JSON and preferences hold their ids.
    texts: dict[RawId, str]
    local: Callable[[datetime], datetime]


@dataclass(frozen=True, slots=True)
class Counted:
    """One customer's rows, not yet written."""

    customer_id: UUID
    profile: dict[str, Any]
    preferences: list[PreferenceRow]


async def frame_of(session: AsyncSession, *, restaurant: RestaurantInfo) -> Frame:
    """Read once what many profiles need."""
    zone = ZoneInfo(restaurant.time_zone)
    texts: dict[RawId, str] = {}
    for model in (Dish, MenuCategory):
        ids = await session.scalars(
            sa.select(reading.raw(col(model.id))).where(col(model.restaurant_id) == restaurant.id)
        )
        texts |= {one: str(reading.as_id(one)) for one in ids}
    tables = await session.execute(
        sa.select(col(Table.id), col(Table.table_type)).where(
            col(Table.restaurant_id) == restaurant.id
        )
    )
    return Frame(
        restaurant=restaurant,
        settings=await reading.settings_of(session, restaurant_id=restaurant.id),
        traits=await reading.traits_of(session, restaurant_id=restaurant.id),
        table_types=dict(tables.all()),
        texts=texts,
        local=lambda moment: moment.astimezone(zone),
    )


async def refresh(
    session: AsyncSession, *, restaurant: RestaurantInfo, customer_id: UUID, now: datetime
) -> None:
    """Bring one customer's profile and preferences up to date; the row is locked by the caller.

    A customer that was merged or forgotten has none.
    """
    frame = await frame_of(session, restaurant=restaurant)
    counted = await count(session, frame=frame, customer_ids=[customer_id], now=now)
    await write(session, restaurant_id=restaurant.id, ids=[customer_id], counted=counted)


async def count(
    session: AsyncSession, *, frame: Frame, customer_ids: Sequence[UUID], now: datetime
) -> list[Counted]:
    """Count the rows of some customers; those who are merged or forgotten are left out."""
    restaurant_id = frame.restaurant.id
    rows = await session.execute(
        sa.select(
            reading.raw(col(Customer.id)),
            col(Customer.allergens),
            *(sa.inspect(Customer).columns[name] for name in _COPIED),
        ).where(
            col(Customer.restaurant_id) == restaurant_id,
            col(Customer.id).in_(customer_ids),
            col(Customer.merged_into_id).is_(None),
            col(Customer.erased_at).is_(None),
        )
    )
    found = rows.all()
    histories = await reading.histories_of(
        session, restaurant_id=restaurant_id, customer_ids=customer_ids
    )
    return [
        _counted(row, histories.get(row[0], _NO_HISTORY), frame=frame, now=now) for row in found
    ]


async def write(
    session: AsyncSession, *, restaurant_id: UUID, ids: Sequence[UUID], counted: Sequence[Counted]
) -> None:
    """Replace the rows of these customers by what was counted; flushed, not committed."""
    living = {one.customer_id for one in counted}
    gone = [one for one in ids if one not in living]
    for table, which in ((CustomerPreference, ids), (CustomerProfile, gone)):
        if which:
            await session.execute(
                sa.delete(table)
                .where(col(table.restaurant_id) == restaurant_id, col(table.customer_id).in_(which))
                .execution_options(synchronize_session=False)
            )
    if not counted:
        return
    table = sa.inspect(CustomerProfile).local_table
    statement = insert(session, CustomerProfile)
    connection = await session.connection()
    await connection.execute(
        statement.on_conflict_do_update(
            index_elements=["customer_id"],
            set_={
                column.name: statement.excluded[column.name]
                for column in table.columns
                if column.name not in {"customer_id", "restaurant_id"}
            },
        ),
        [one.profile for one in counted],
    )
    await insert_preferences(session, [row for one in counted for row in one.preferences])


def _counted(row: Any, history: History, *, frame: Frame, now: datetime) -> Counted:  # noqa: ANN401
    customer_id = reading.as_id(row[0])
    values = dict(zip(_COPIED, row[2:], strict=True))
    facts = rules.facts(
        history,
        traits=frame.traits,
        settings=frame.settings,
        local=frame.local,
        cutoff=frame.restaurant.day_cutoff,
    )
    favourite = facts["favourite_dish_id"]
    borders = (frame.settings.borders or {}).get("mean_item_price")
    profile = {
        "customer_id": customer_id,
        "restaurant_id": frame.restaurant.id,
        **values,
        **facts,
        "status_rank": STATUS_RANKS[CustomerStatus(values["status"])],
        "average_order_minor": rules.average_order_minor(
            total_spent_minor=values["total_spent_minor"], total_orders=values["total_orders"]
        ),
        "preferred_table_type": frame.table_types.get(values["preferred_table_id"], ""),
        "price_level": rules.price_level(facts["mean_item_price_minor"], borders),
        "favourite_dish_id": reading.as_id(favourite) if favourite is not None else None,
        "seasons": [
            {"orders": one["orders"], "category_id": frame.texts.get(one["category_id"])}
            for one in facts["seasons"]
        ],
        "calculated_at": now,
    }
    liked = preferences(
        history.orders,
        traits=frame.traits,
        allergens=row[1],
        known_since=values["first_seen_at"],
    )
    return Counted(customer_id, profile, [_row(customer_id, frame, one) for one in liked])


def _row(customer_id: UUID, frame: Frame, one: Preference) -> PreferenceRow:
    return PreferenceRow(
        customer_id,
        one.kind,
        frame.texts.get(one.value) or str(one.value),
        frame.restaurant.id,
        one.strength,
        one.is_stated,
        one.count,
        one.first_at,
        one.last_at,
    )
