"""Forget me: not one word of the guest is left in the database, and no euro is lost."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel

from models.customers import Customer
from models.identity import Consent, IdentityLink, MergeEntry
from models.ordering import Cart, CartLine, Order
from models.reservations import TableReservation
from models.restaurants import Restaurant
from models.visits import Visit
from services.base.database import reading, transaction
from services.base.errors import NotFoundError
from services.guests import forgetting, recovery, visits
from services.guests.merging import merge, unmerge
from services.identity import details
from services.identity.errors import UnmergeRefusedError
from services.identity.types import GivenDetails, Signals
from services.privacy import erasing
from services.privacy.errors import AlreadyErasedError
from services.privacy.types import AskedBy
from tests import builders
from tests.builders.arrivals import RNG, agree, arrive
from tests.builders.moments import NOW
from tests.builders.past_orders import make_past_order
from tests.services.identity.rooms import count, room

pytestmark = pytest.mark.usefixtures("database")
GIVEN = GivenDetails(
    name="Ana Kowalska",
    email="ana@example.org",
    phone="+4930901820",
    birthday_month=2,
    birthday_day=29,
)


async def _every_text(session: AsyncSession) -> str:
    """The text of every column of every table."""
    found: list[str] = []
    for table in SQLModel.metadata.sorted_tables:
        for row in await session.execute(sa.select(table)):
            found.extend(str(value) for value in row if value is not None)
    return "\n".join(found)


async def test_nothing_of_the_guest_is_left_and_the_sums_stay() -> None:
    tomorrow = NOW + timedelta(days=1)
    async with transaction() as session:
        info, _, _ = await room(session)
        restaurant = await session.get_one(Restaurant, info.id)
        dish = await builders.make_dish(session, restaurant=restaurant)
        first = await agree(session, info, (await arrive(session, info, "phone-1")).guest)
        await details.give_details(session, restaurant=info, guest=first.guest, details=GIVEN)
        visit = await session.get_one(Visit, first.guest.visit_id)
        await make_past_order(
            session,
            visit=visit,
            dish=dish,
            quantity=3,
            note="for Kowalska",
            line_note="Anas plate",
            allergens=["sesame"],
        )
        customer = await session.get_one(Customer, first.guest.customer_id)
        await builders.make_note(session, customer=customer, text="the Kowalska party")
        await builders.make_tag(session, customer=customer, tag="Kowalska-family")
        customer.allergens = ["sesame"]
        await recovery.create_code(session, restaurant_id=info.id, customer_id=customer.id, now=NOW)
        again = await arrive(
            session, info, "phone-1b", client_id=first.client_id or "", now=tomorrow
        )
        before = (again.guest.alias, str(customer.anonymous_id))
        hashes = [
            *await session.scalars(sa.select(Visit.session_hash).order_by(Visit.visited_at)),
            customer.email_hash,
            customer.phone_hash,
        ]
        encrypted = [customer.name_encrypted, customer.email_encrypted]
        done = await erasing.forget(session, guest=again.guest, now=tomorrow, rng=RNG)

    async with reading() as session:
        text = await _every_text(session)
        tombstone = (await session.scalars(sa.select(Customer))).one()
        order = (await session.scalars(sa.select(Order))).one()
        assert await count(session, IdentityLink) == 0
        found = await visits.find_guest(
            session,
            restaurant=info,
            signals=Signals("phone-1b", first.client_id or "", first.client_token or ""),
            now=tomorrow,
        )
        visit_owners = set(await session.scalars(sa.select(Visit.customer_id)))
        old = await session.get_one(Visit, first.guest.visit_id)
        linked = list(
            await session.scalars(
                sa.select(Consent.visit_id).where(Consent.customer_id.is_not(None))
            )
        )
    assert (done.visit_count, done.order_count) == (2, 1)
    running_hash = hashes[1]
    for gone in (*before, *encrypted, *(set(hashes) - {running_hash})):
        assert gone
        assert gone not in text
    for word in ("Kowalska", "Ana", "sesame", "ana@", "901820"):
        assert word not in text
    # The restaurant's sums: 3 x 9.50, one visit day each.
    assert (order.total_minor, order.order_status, order.customer_id) == (2850, "completed", None)
    assert order.guest_alias == old.guest_alias == "Guest"
    assert visit_owners == {None}
    assert linked == [None]
    assert tombstone.erased_at == tomorrow
    assert (tombstone.total_spent_minor, tombstone.birthday_day) == (0, None)
    assert found is not None
    assert (found.customer_id, found.consent_level) == (None, "essential")


async def test_a_forgotten_guest_cannot_be_forgotten_or_recovered_again() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        given = await agree(session, info, (await arrive(session, info, "phone-1")).guest)
        await erasing.forget(session, guest=given.guest, now=NOW, rng=RNG)
        with pytest.raises(AlreadyErasedError):
            await erasing.forget(session, guest=given.guest, now=NOW, rng=RNG)
        with pytest.raises(NotFoundError):
            await recovery.create_code(
                session, restaurant_id=info.id, customer_id=given.guest.customer_id, now=NOW
            )
        back = await arrive(session, info, "new", client_id=given.client_id or "")
        anew = await agree(session, info, back.guest)
    assert back.guest.customer_id is None
    assert anew.guest.customer_id != given.guest.customer_id


async def test_forgetting_reaches_what_was_merged_and_the_journal() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        ana = await agree(session, info, (await arrive(session, info, "phone-1")).guest)
        ben = await agree(session, info, (await arrive(session, info, "phone-2")).guest)
        await details.give_details(session, restaurant=info, guest=ben.guest, details=GIVEN)
        row = await session.get_one(Customer, ben.guest.customer_id)
        secret = row.email_encrypted
        entry = await merge(
            session,
            restaurant_id=info.id,
            customer_ids=(ana.guest.customer_id, ben.guest.customer_id),
            reason="staff",
            now=NOW,
        )
        await erasing.forget(session, guest=ana.guest, now=NOW, rng=RNG)
        text = await _every_text(session)
        with pytest.raises(UnmergeRefusedError):
            await unmerge(session, restaurant_id=info.id, entry_id=entry.entry_id, now=NOW)
        assert await session.scalar(sa.select(MergeEntry.moved)) == {}
        erased = set(await session.scalars(sa.select(Customer.erased_at)))
    assert secret
    assert secret not in text
    assert ben.guest.alias not in text
    assert erased == {NOW}


async def test_nobody_forgets_a_guest_of_another_restaurant() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        other, _, _ = await room(session)
        given = await agree(session, info, (await arrive(session, info, "phone-1")).guest)
        with pytest.raises(NotFoundError):
            await erasing.forget_customer(
                session,
                restaurant_id=other.id,
                customer_id=given.guest.customer_id,
                now=NOW,
                rng=RNG,
                asked_by=AskedBy.RETENTION,
            )
        assert await session.scalar(sa.select(Customer.erased_at)) is None
        assert await count(session, IdentityLink) == 2


async def test_a_visit_of_nobody_is_forgotten_when_it_is_over() -> None:
    over = NOW + timedelta(hours=3)
    async with transaction() as session:
        info, _, _ = await room(session)
        restaurant = await session.get_one(Restaurant, info.id)
        dish = await builders.make_dish(session, restaurant=restaurant)
        guest = (await arrive(session, info, "phone-1")).guest
        visit = await session.get_one(Visit, guest.visit_id)
        order = await make_past_order(
            session, visit=visit, dish=dish, note="Ana", line_note="Ana", order_status="served"
        )
        cart = Cart(
            restaurant_id=info.id, visit_id=visit.id, submit_key="k", note="Ana", updated_at=NOW
        )
        session.add(cart)
        await session.flush()
        session.add(
            CartLine(
                restaurant_id=info.id,
                cart_id=cart.id,
                dish_id=dish.id,
                quantity=1,
                note="Ana",
                seen_unit_price_minor=950,
            )
        )
        await session.flush()
        too_early = await forgetting.forget_ended_visits(session, now=over - timedelta(seconds=1))
        in_kitchen = await forgetting.forget_ended_visits(session, now=over)
        order.order_status = "completed"
        await session.flush()
        done = await forgetting.forget_ended_visits(session, now=over)
        again = await forgetting.forget_ended_visits(session, now=over)
        text = await _every_text(session)
        ended = (await session.scalars(sa.select(Visit.ended_at))).one()
    assert (too_early, in_kitchen, done, again) == (0, 0, 1, 0)
    assert ended == NOW
    assert "Ana" not in text


async def test_a_booked_table_stays_booked_for_somebody_nobody_knows() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        restaurant = await session.get_one(Restaurant, info.id)
        table = await builders.make_table(session, restaurant=restaurant)
        known = await agree(session, info, (await arrive(session, info, "phone-1")).guest)
        row = await builders.make_reservation(
            session,
            restaurant=restaurant,
            table=table,
            customer_id=known.guest.customer_id,
            reservation_name_encrypted="x",
            phone_number_encrypted="x",
            booked_by_hash="x",
        )
        await erasing.forget(session, guest=known.guest, now=NOW, rng=RNG)

    async with reading() as session:
        left = await session.get_one(TableReservation, row.id)
    assert left.status == "confirmed"
    assert left.customer_id is None
    assert left.reservation_name_encrypted is None
    assert left.phone_number_encrypted is None
    assert left.booked_by_hash is None
