"""What must be true of the orders in a database, whatever was killed while they were written."""

from collections import Counter

import sqlalchemy as sa
from sqlmodel import col

from models.events import CustomerEvent
from models.ordering import Cart, Order, OrderLine
from models.seating import Sitting
from models.visits import Visit
from services.base.database import reading
from tests.faults.phones import Told


async def check(told: Told, *, prices: dict[str, int]) -> int:
    """Every acknowledged order is there once and whole. Returns how many orders there are."""
    async with reading() as session:
        orders = list(await session.scalars(sa.select(Order)))
        lines = list(await session.scalars(sa.select(OrderLine).order_by(col(OrderLine.position))))
        carts = list(await session.scalars(sa.select(Cart)))
        visits = {visit.id: visit for visit in await session.scalars(sa.select(Visit))}
        sittings = {one.id: one for one in await session.scalars(sa.select(Sitting))}
        events = await session.scalars(
            sa.select(CustomerEvent).where(col(CustomerEvent.event_type) == "order_placed")
        )
        announced = Counter(event.event_data["order_id"] for event in events)
    assert told.unexpected == []
    by_key = {order.submit_key: order for order in orders}
    assert len(by_key) == len(orders)

    # No acknowledged order is lost, none is another one, none was made twice.
    for key, ids in told.by_key.items():
        assert ids == {str(by_key[key].id)}, key
    ids = {str(order.id) for order in orders}
    for visit, seen in told.by_visit.items():
        assert len(seen) == 1, visit
        assert seen <= ids, visit
    assert {key for key in by_key if key not in told.asked} <= {cart.submit_key for cart in carts}

    # None is half.
    of_order: dict[object, list[OrderLine]] = {}
    for line in lines:
        of_order.setdefault(line.order_id, []).append(line)
    assert set(of_order) == {order.id for order in orders}
    for order in orders:
        mine = of_order[order.id]
        assert [line.position for line in mine] == list(range(1, len(mine) + 1))
        for line in mine:
            assert line.unit_price_minor == prices[str(line.dish_id)]
            assert line.line_total_minor == line.unit_price_minor * line.quantity
        assert order.total_minor == order.subtotal_minor == sum(x.line_total_minor for x in mine)
        if order.submit_key in told.asked:
            got = [(str(line.dish_id), line.quantity) for line in mine]
            assert got == told.asked[order.submit_key]
        assert visits[order.visit_id].order_placed
        assert order.sitting_id is not None
        assert sittings[order.sitting_id].first_order_at is not None
    assert announced == Counter(dict.fromkeys(ids, 1))

    # A cart is sent if and only if its order is there.
    for cart in carts:
        assert (cart.submitted_at is not None) == (cart.submit_key in by_key)

    # The day's numbers have no gap and no double.
    by_day: dict[object, list[int]] = {}
    for order in orders:
        by_day.setdefault(order.business_day, []).append(order.number)
    for numbers in by_day.values():
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
    return len(orders)
