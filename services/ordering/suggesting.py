"""What goes well with a dish, offered from rows that the night has computed.

Nothing is computed here: a lookup and a few comparisons. → docs/algorithms/recommendation.md
"""

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import EventType
from models.events import CustomerEvent
from models.ordering import Cart, CartLine
from models.visits import Visit
from services.analytics import results
from services.analytics.results import Kind
from services.identity.types import Guest
from services.menu import rules
from services.menu.types import Menu, MenuDish

OFFERED = 2
# A night's rows hold until the next: a process asks for them once in so long.
KEPT = timedelta(minutes=10)
RESTAURANTS = 512

Beside = Mapping[str, Sequence[Sequence[object]]]
_kept: OrderedDict[UUID, tuple[datetime, Beside]] = OrderedDict()


async def cached_beside(session: AsyncSession, *, restaurant_id: UUID, now: datetime) -> Beside:
    """Dishes beside dishes, the best first, by their ids; empty before the first night."""
    known = _kept.get(restaurant_id)
    if known is None or not timedelta() <= now - known[0] < KEPT:
        found = await results.find(session, restaurant_id=restaurant_id, kind=Kind.SUGGESTIONS)
        beside: Beside = found.result["beside"] if found else {}
        known = (now, beside)
        _kept[restaurant_id] = known
        while len(_kept) > RESTAURANTS:
            _kept.popitem(last=False)
    _kept.move_to_end(restaurant_id)
    return known[1]


async def goes_with(
    session: AsyncSession, *, menu: Menu, guest: Guest, dish_id: UUID, time_zone: str, now: datetime
) -> list[MenuDish]:
    """The best dishes to offer beside one, for this guest and now.

    Left out: what is sold out or not served at this hour, what is in the guest's cart, what holds
    (even in traces) an allergen they told, and what the filters they have set on the menu hide.

    Args:
        session: open session.
        menu: in the guest's language.
        guest: of a running visit.
        dish_id: the dish they look at.
        time_zone: of the restaurant.
        now: aware UTC.
    """
    beside = (await cached_beside(session, restaurant_id=guest.restaurant_id, now=now)).get(
        str(dish_id), ()
    )
    if not beside:
        return []
    in_cart = set(
        await session.scalars(
            sa.select(col(CartLine.dish_id))
            .join(Cart, col(Cart.id) == col(CartLine.cart_id))
            .where(
                col(Cart.restaurant_id) == guest.restaurant_id,
                col(Cart.visit_id) == guest.visit_id,
                col(Cart.submitted_at).is_(None),
            )
        )
    )
    allergens = await session.scalar(
        sa.select(col(Visit.allergens)).where(
            col(Visit.restaurant_id) == guest.restaurant_id, col(Visit.id) == guest.visit_id
        )
    )
    filters = await session.scalars(
        sa.select(col(CustomerEvent.event_data))
        .where(
            col(CustomerEvent.restaurant_id) == guest.restaurant_id,
            col(CustomerEvent.visit_id) == guest.visit_id,
            col(CustomerEvent.event_type) == EventType.FILTER,
        )
        .order_by(col(CustomerEvent.happened_at), col(CustomerEvent.id))
    )
    dishes = {str(dish.id): dish for dish in menu.dishes}
    return offered(
        [dishes[str(item)] for item, _ in beside if str(item) in dishes],
        in_cart=in_cart,
        allergens=allergens or (),
        filters=filters_on(list(filters)),
        time_zone=time_zone,
        now=now,
    )


def filters_on(events: Sequence[Mapping[str, object]]) -> set[str]:
    """The filters that are on after a guest's steps: "diet:vegan", "without:milk"."""
    on: set[str] = set()
    for one in events:
        name = str(one.get("filter") or "")
        if one.get("is_on"):
            on.add(name)
        else:
            on.discard(name)
    return on - {""}


def offered(
    candidates: Sequence[MenuDish],
    *,
    in_cart: Collection[UUID],
    allergens: Collection[str],
    filters: Collection[str],
    time_zone: str,
    now: datetime,
) -> list[MenuDish]:
    """The first few that this guest can be offered; no session, clock or I/O."""
    kinds = [one.partition(":")[::2] for one in filters]
    diets = {value or kind for kind, value in kinds if kind != "without"}
    avoided = set(allergens) | {value for kind, value in kinds if kind == "without"}
    found: list[MenuDish] = []
    for dish in candidates:
        if (
            dish.id not in in_cart
            and rules.is_available(dish, now=now, time_zone=time_zone)
            and not avoided & {*dish.allergens, *dish.traces}
            and diets <= set(dish.diets)
        ):
            found.append(dish)
            if len(found) == OFFERED:
                break
    return found
