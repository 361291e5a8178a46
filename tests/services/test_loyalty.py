"""Orders earn once, spending is never more than there is, taking back is exact."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from models.customers import Customer
from models.enums import OrderStatus
from models.loyalty import LoyaltyMember, LoyaltyPoint
from models.ordering import Order
from services.base.database import engine, reading, transaction
from services.guests import consent
from services.identity.types import Guest
from services.loyalty import (
    earning,
    ledger,
    members,
)
from services.loyalty.errors import (
    NotAMemberError,
    NotEnoughPointsError,
)
from tests.builders import NOW, make_customer
from tests.builders.arrivals import RNG
from tests.builders.loyalty import make_lot, make_programme
from tests.services.loyalty_place import (
    DAY,
    balance_of,
    complete_order,
    loyal_place,
    served_order,
    spend_points,
    undo_order,
)
from tests.services.ordering_room import Room, make_room

pytestmark = pytest.mark.usefixtures("database")


async def test_completing_an_order_earns_its_points_once() -> None:
    place = await loyal_place()
    order = await served_order(place)
    await complete_order(place, order)
    async with transaction() as session:
        stored = await session.get_one(Order, order.id)
        again = await earning.award(session, restaurant=place.info, order=stored, now=NOW)
        member = await members.find(
            session, restaurant_id=place.info.id, customer_id=stored.customer_id or order.id
        )
    assert (again.points, stored.points_earned) == (0, 28)
    assert await balance_of(place, order.customer_id) == (28, 0)
    assert member is not None
    assert (member.lifetime_points, member.tier_key) == (28, "bronze")


async def test_an_order_of_a_guest_who_collects_earns_in_five_statements() -> None:
    place = await loyal_place(dishes=[])
    order = await served_order(place)
    await complete_order(place, order)
    async with reading() as session:
        customer = await session.get_one(Customer, order.customer_id)
    second = await served_order(place, customer)
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement.split(maxsplit=1)[0])

    async with transaction() as session:
        stored = await session.get_one(Order, second.id, with_for_update=True)
        guest = await session.get_one(Customer, customer.id)
        stored.order_status, guest.visit_days = OrderStatus.COMPLETED, 3
        await session.flush()
        event.listen(engine().sync_engine, "before_cursor_execute", note)
        try:
            awarded = await earning.award(session, restaurant=place.info, order=stored, now=NOW)
        finally:
            event.remove(engine().sync_engine, "before_cursor_execute", note)
    # Hold, look, note, write the points, keep the member.
    assert sent == ["SELECT", "SELECT", "UPDATE", "INSERT", "INSERT"]
    assert (awarded.points, awarded.balance, awarded.tier_key) == (28, 56, "bronze")


async def test_of_two_that_complete_at_once_one_awards() -> None:
    place = await loyal_place()
    order = await served_order(place)
    done = await asyncio.gather(
        *(complete_order(place, order) for _ in range(4)), return_exceptions=True
    )
    assert sum(one is None for one in done) == 1
    assert await balance_of(place, order.customer_id) == (28, 0)


@pytest.mark.parametrize("state", ["draft", "paused", "retired"])
async def test_nothing_is_earned_unless_a_programme_runs(state: str) -> None:
    place = await make_room()
    async with transaction() as session:
        await make_programme(session, restaurant_id=place.info.id, state=state)
    order = await served_order(place)
    await complete_order(place, order)
    assert await balance_of(place, order.customer_id) == (0, 0)


async def test_who_does_not_want_to_be_remembered_collects_nothing() -> None:
    place = await loyal_place()
    async with transaction() as session:
        careful = await make_customer(session, restaurant=place.row, consent_level="essential")
        with pytest.raises(NotAMemberError):
            await ledger.hold(session, restaurant_id=place.info.id, customer_id=careful.id)
    order = await served_order(place, careful)
    await complete_order(place, order)
    assert await balance_of(place, careful.id) == (0, 0)


async def test_choosing_to_be_remembered_collects_the_evenings_orders() -> None:
    place = await loyal_place(first_visit_points=10)
    guest = await place.guest()
    placed = await place.order(guest)
    async with transaction() as session:
        row = await session.get_one(Order, placed.order_id)
        row.order_status = OrderStatus.SERVED
    await complete_order(place, row)
    async with transaction() as session:
        row = await session.get_one(Order, placed.order_id)
        missed = await earning.would_earn(session, restaurant=place.info, order=row)
        given = await consent.give_consent(
            session,
            restaurant=place.info,
            guest=guest,
            level=consent.ConsentLevel.REMEMBER,
            allows_fingerprint=False,
            language="en",
            source="order",
            now=NOW,
            rng=RNG,
        )
    # 9.50 and the first visit.
    assert missed == 19
    assert await balance_of(place, given.guest.customer_id) == (19, 0)


async def test_leaving_and_coming_back_does_not_earn_the_same_order_again() -> None:
    place = await loyal_place()
    guest = await place.guest()
    placed = await place.order(guest)
    async with transaction() as session:
        row = await session.get_one(Order, placed.order_id)
        row.order_status = OrderStatus.SERVED
    await complete_order(place, row)
    for level in ("remember", "essential", "remember"):
        guest = await _choose(place, guest, level)
    assert await balance_of(place, guest.customer_id) == (0, 0)


async def _choose(place: Room, guest: Guest, level: str) -> Guest:
    async with transaction() as session:
        given = await consent.give_consent(
            session,
            restaurant=place.info,
            guest=guest,
            level=consent.ConsentLevel(level),
            allows_fingerprint=False,
            language="en",
            source="menu",
            now=NOW,
            rng=RNG,
        )
    return given.guest


async def test_undoing_takes_back_and_completing_again_earns_again() -> None:
    place = await loyal_place(first_visit_points=50)
    order = await served_order(place)
    for _ in range(2):
        await complete_order(place, order)
        assert await balance_of(place, order.customer_id) == (78, 0)
        await undo_order(place, order)
        assert await balance_of(place, order.customer_id) == (0, 0)
    async with reading() as session:
        member = (await session.scalars(sa.select(LoyaltyMember))).one()
    assert (member.lifetime_points, member.tier_points) == (0, 0)


async def test_what_was_spent_before_a_refund_is_owed_and_taken_from_the_next_points() -> None:
    place = await loyal_place()
    first = await served_order(place, total_minor=10_000, subtotal_minor=10_000)
    await complete_order(place, first)
    customer_id = first.customer_id or first.id
    await spend_points(place, customer_id, 80)
    await undo_order(place, first)
    assert await balance_of(place, customer_id) == (0, 80)
    async with reading() as session:
        customer = await session.get_one(Customer, customer_id)
    second = await served_order(place, customer)
    await complete_order(place, second)
    # 28 more, all of them owed.
    assert await balance_of(place, customer_id) == (0, 52)
    third = await served_order(place, customer, total_minor=6000, subtotal_minor=6000)
    await complete_order(place, third)
    assert await balance_of(place, customer_id) == (8, 0)
    # Completed again after all: what it earned the first time is earned again.
    await complete_order(place, first)
    assert await balance_of(place, customer_id) == (108, 0)


async def test_a_refund_takes_other_points_before_it_leaves_a_debt() -> None:
    place = await loyal_place()
    order = await served_order(place)
    async with transaction() as session:
        customer = await session.get_one(Customer, order.customer_id)
        await make_lot(session, customer=customer, points=10, expires_at=NOW + DAY)
        await make_lot(session, customer=customer, points=20)
    await complete_order(place, order)
    await spend_points(place, customer.id, 38)
    await undo_order(place, order)
    # 58 - 38 = 20, and 28 go back.
    assert await balance_of(place, customer.id) == (0, 8)


async def test_what_has_expired_is_not_taken_back_once_more() -> None:
    place = await loyal_place()
    order = await served_order(place)
    await complete_order(place, order)
    async with transaction() as session:
        lot = (await session.scalars(sa.select(LoyaltyPoint))).one()
        await make_lot(
            session,
            customer=await session.get_one(Customer, order.customer_id),
            points=-28,
            lot_id=lot.id,
            transaction_type="expired",
        )
        await make_lot(
            session, customer=await session.get_one(Customer, order.customer_id), points=40
        )
    await undo_order(place, order)
    assert await balance_of(place, order.customer_id) == (40, 0)


async def test_points_are_spent_first_in_first_out_by_expiry() -> None:
    place = await loyal_place()
    async with transaction() as session:
        customer = await make_customer(session, restaurant=place.row)
        never = await make_lot(session, customer=customer, points=10)
        late = await make_lot(session, customer=customer, points=10, expires_at=NOW + 9 * DAY)
        soon = await make_lot(session, customer=customer, points=10, expires_at=NOW + DAY)
        over = await make_lot(session, customer=customer, points=99, expires_at=NOW)
    await spend_points(place, customer.id, 15)
    async with reading() as session:
        lots = await ledger.open_lots(
            session, restaurant_id=place.info.id, customer_id=customer.id, due_until=NOW
        )
    assert [(lot.id, lot.left) for lot in lots] == [(late.id, 5), (never.id, 10)]
    assert over.id not in {lot.id for lot in lots}
    assert soon.id not in {lot.id for lot in lots}


async def test_nobody_spends_more_than_there_is_and_nothing_is_taken() -> None:
    place = await loyal_place()
    async with transaction() as session:
        customer = await make_customer(session, restaurant=place.row)
        await make_lot(session, customer=customer, points=30)
        await make_lot(session, customer=customer, points=99, expires_at=NOW - DAY)
    with pytest.raises(NotEnoughPointsError) as refused:
        await spend_points(place, customer.id, 31)
    assert refused.value.facts == {"needed": 31, "there": 30}
    assert await balance_of(place, customer.id) == (129, 0)


async def test_two_phones_that_spend_the_same_points_get_them_once() -> None:
    place = await loyal_place()
    async with transaction() as session:
        customer = await make_customer(session, restaurant=place.row)
        await make_lot(session, customer=customer, points=100)
    done = await asyncio.gather(
        *(spend_points(place, customer.id, 60, f"phone {one}") for one in range(4)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in done) == ["NoneType"] + ["NotEnoughPointsError"] * 3
    assert await balance_of(place, customer.id) == (40, 0)


async def test_the_database_refuses_a_row_that_was_written_before() -> None:
    place = await loyal_place()
    async with transaction() as session:
        customer = await make_customer(session, restaurant=place.row)
        await make_lot(session, customer=customer, points=100)
    await spend_points(place, customer.id, 10, "once")
    with pytest.raises(IntegrityError):
        await spend_points(place, customer.id, 10, "once")
    assert await balance_of(place, customer.id) == (90, 0)
