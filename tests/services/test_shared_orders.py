"""Guests at one table: what they see of each other's orders, and what they may do with them."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import ConsentLevel
from models.ordering import CartLine, Order
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.guests import visits
from services.identity.types import Guest
from services.ordering import again, carts, checkout, rating, taking_back
from services.ordering.cart_page import MOST_OTHERS, cart_page
from services.ordering.errors import UnknownOrderError
from services.ordering.order_page import my_orders, order_page
from services.ordering.types import WantedLine
from services.restaurants.types import RestaurantInfo
from tests import builders
from tests.builders.arrivals import agree, arrive
from tests.builders.moments import NOW
from tests.services.identity.rooms import room

pytestmark = pytest.mark.usefixtures("database")
SECRET = "I am allergic to nuts"


@dataclass(frozen=True, slots=True)
class Table:
    info: RestaurantInfo
    ana: Guest
    ben: Guest
    # Of Ana.
    order_id: object


async def _table() -> Table:
    async with transaction() as session:
        info, _, code = await room(session)
        row = await session.get_one(Restaurant, info.id)
        dish = await builders.make_dish(session, restaurant=row)
        ana = (await arrive(session, info, "ana", table_code=code)).guest
        ana = (await agree(session, info, ana, level=ConsentLevel.PERSONALISE)).guest
        ben = (await arrive(session, info, "ben", table_code=code)).guest
        placed = await checkout.place_order(
            session,
            restaurant=info,
            guest=ana,
            submit_key="of-ana-1",
            lines=[WantedLine(dish.id, 2, note=SECRET)],
            note=SECRET,
            now=NOW,
        )
        await carts.add_line(
            session,
            restaurant=info,
            guest=ana,
            wanted=WantedLine(dish.id, 1, note=SECRET),
            now=NOW,
        )
    return Table(info, ana, ben, placed.order_id)


async def test_a_table_mate_sees_the_dishes_and_nothing_that_was_written_to_the_kitchen() -> None:
    table = await _table()
    who = {"restaurant": table.info, "language": "en", "now": NOW}
    async with reading() as session:
        mine = await order_page(session, guest=table.ana, order_id=table.order_id, **who)  # type: ignore[arg-type]
        theirs = await order_page(session, guest=table.ben, order_id=table.order_id, **who)  # type: ignore[arg-type]
        cart = await cart_page(session, guest=table.ben, **who)  # type: ignore[arg-type]
        rows = await my_orders(session, restaurant=table.info, guest=table.ben, language="en")
    assert SECRET in repr(mine)
    assert mine.can_change
    assert theirs.lines[0].text == mine.lines[0].text
    for seen in (theirs, cart):
        assert SECRET not in repr(seen)
    assert not theirs.can_change
    assert (theirs.stars, theirs.points_text) == ([], "")
    # Orders, not carts.
    assert [one.alias for one in cart.others] == [table.ana.alias]
    assert (cart.lines, cart.count, rows) == ([], 0, [])


async def test_a_table_mate_changes_cancels_and_rates_nothing_that_is_not_theirs() -> None:
    table = await _table()
    who = {"restaurant": table.info, "guest": table.ben, "order_id": table.order_id, "now": NOW}
    for do in (taking_back.cancel_by_guest, taking_back.take_back_into_cart):
        with pytest.raises(UnknownOrderError):
            async with transaction() as session:
                await do(session, **who)  # type: ignore[arg-type]
    with pytest.raises(UnknownOrderError):
        async with transaction() as session:
            await rating.rate(session, stars=1, **who)  # type: ignore[arg-type]
    async with reading() as session:
        assert list(await session.scalars(sa.select(col(Order.order_status)))) == ["pending"]


async def test_the_same_again_of_a_table_mate_brings_dishes_and_no_words() -> None:
    table = await _table()
    who = {"restaurant": table.info, "order_id": table.order_id, "now": NOW}
    async with transaction() as session:
        assert await again.put_into_cart(session, guest=table.ben, **who) == 0  # type: ignore[arg-type]
    async with reading() as session:
        notes = list(
            await session.scalars(sa.select(col(CartLine.note)).order_by(col(CartLine.id)))
        )
    assert notes == [SECRET, ""]


async def test_of_a_long_evening_the_latest_orders_are_listed_and_all_of_them_counted() -> None:
    table = await _table()
    async with transaction() as session:
        first = await session.get_one(Order, table.order_id)
        dish = (await session.scalars(sa.select(CartLine))).one().dish_id
        placed = [
            await checkout.place_order(
                session,
                restaurant=table.info,
                guest=table.ana,
                submit_key=f"of-ana-2{number:02}",
                lines=[WantedLine(dish, 1)],
                now=NOW + timedelta(minutes=1 + number),
            )
            for number in range(MOST_OTHERS)
        ]
        who = {"restaurant": table.info, "guest": table.ben, "now": NOW}
        await carts.add_line(session, wanted=WantedLine(dish, 1), **who)  # type: ignore[arg-type]
        all_of_them = await cart_page(session, language="en", **who)  # type: ignore[arg-type]
        # Called off: neither listed nor counted, and there is room for the first again.
        await taking_back.cancel_by_guest(
            session,
            restaurant=table.info,
            guest=table.ana,
            order_id=placed[-1].order_id,
            now=NOW + timedelta(minutes=1 + MOST_OTHERS),
        )
        others = await cart_page(session, language="en", **who)  # type: ignore[arg-type]
    assert len(all_of_them.others) == len(others.others) == MOST_OTHERS
    assert all_of_them.earlier == "Only the latest orders of your table are listed here."
    assert str(first.id) not in {one.id for one in all_of_them.others}
    assert all_of_them.others[-1].id == str(placed[-1].order_id)
    assert others.others[0].id == str(first.id)
    assert others.earlier == ""
    each = first.total_minor // 2
    assert all_of_them.table_total == f"€{each * (2 + MOST_OTHERS + 1) / 100:.2f}"
    assert others.table_total == f"€{each * (2 + MOST_OTHERS) / 100:.2f}"


async def test_who_has_left_the_table_sees_its_orders_no_more() -> None:
    table = await _table()
    async with transaction() as session:
        row = await session.get_one(Restaurant, table.info.id)
        other = await builders.make_table(session, restaurant=row)
        moved = await visits.move_visit(
            session, restaurant=table.info, guest=table.ben, table_id=other.id, now=NOW
        )
    async with reading() as session:
        with pytest.raises(UnknownOrderError):
            await order_page(
                session,
                restaurant=table.info,
                guest=moved.guest,
                order_id=table.order_id,  # type: ignore[arg-type]
                language="en",
                now=NOW,
            )
        cart = await cart_page(
            session, restaurant=table.info, guest=moved.guest, language="en", now=NOW
        )
    assert cart.others == []
