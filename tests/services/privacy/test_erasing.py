"""Erasing: nothing of the guest is left in any column of any table, and no euro is lost."""

from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.identity import MergeEntry
from models.ordering import Order
from models.privacy import Erasure, Tombstone
from models.restaurants import Restaurant
from models.visits import Visit
from services.base.database import reading, transaction
from services.guests import forgetting
from services.guests.merging import unmerge
from services.identity.details import give_details, phone_hash
from services.identity.errors import UnmergeRefusedError
from services.identity.types import GivenDetails
from services.privacy import erasing
from services.privacy.errors import AlreadyErasedError, NoSuchGuestError, NotConfirmedError
from services.privacy.places import PLACES
from services.privacy.preview import preview
from services.privacy.types import AskedBy
from tests import builders
from tests.builders.arrivals import RNG, agree, arrive
from tests.builders.moments import NOW
from tests.builders.past_orders import make_past_order
from tests.services.identity.rooms import room
from tests.services.privacy.marked import EMAIL, MARK, PHONE, Marked, every_value, seed

pytestmark = pytest.mark.usefixtures("database")
# What the restaurant counts: none of it may move when a guest goes.
SUMS = """
SELECT (SELECT count(*) FROM customer_orders), (SELECT sum(total_minor) FROM customer_orders),
       (SELECT sum(line_total_minor) FROM order_lines), (SELECT sum(quantity) FROM order_lines),
       (SELECT count(*) FROM customer_visits), (SELECT count(*) FROM customer_events),
       (SELECT count(*) FROM sittings), (SELECT count(*) FROM table_reservations),
       (SELECT sum(party_size) FROM table_reservations)
"""


async def _sums(session: AsyncSession) -> tuple[object, ...]:
    return tuple((await session.execute(sa.text(SUMS))).one())


async def _erase(session: AsyncSession, seeded: Marked) -> erasing.Erased:
    return await erasing.forget_customer(
        session,
        restaurant_id=seeded.restaurant.id,
        customer_id=seeded.customer_id,
        now=NOW,
        rng=Random(1),
        asked_by=AskedBy.STAFF,
    )


async def test_every_column_of_every_table_is_searched() -> None:
    async with transaction() as session:
        seeded = await seed(session)
    async with reading() as session:
        before = await every_value(session)
        sums = await _sums(session)
    assert {name for name, text in before.items() if MARK in text} >= seeded.tables - {
        "consents",
        "customer_accesses",
        "contact_choices",
        "customer_preferences",
        "order_tokens",
    }

    async with transaction() as session:
        done = await _erase(session, seeded)

    async with reading() as session:
        after = await every_value(session)
        assert {name: text for name, text in after.items() if MARK in text} == {}
        for word in (EMAIL, PHONE, PHONE[1:]):
            assert [name for name, text in after.items() if word in text] == []
        assert await _sums(session) == sums
    assert (done.visit_count, done.order_count) == (1, 1)


async def test_the_certificate_counts_rows_and_names_nobody() -> None:
    async with transaction() as session:
        seeded = await seed(session)
        await _erase(session, seeded)
    async with reading() as session:
        proof = (await session.scalars(sa.select(Erasure))).one()
    assert proof.counts["identity_links"] == {"deleted": 2}
    assert proof.counts["customers"] == {"emptied": 2}
    assert proof.counts["customer_orders"] == {"parted": 1, "emptied": 1}
    assert proof.counts["customer_visits"] == {"parted": 1}
    assert proof.counts["table_reservations"] == {"parted": 1, "emptied": 1}
    assert proof.counts["waitlist_entries"] == {"emptied": 1}
    assert proof.counts["inbox"] == {"emptied": 1}
    assert str(seeded.customer_id) not in proof.model_dump_json()
    assert MARK not in proof.model_dump_json()


async def test_a_preview_says_what_would_go_and_changes_nothing() -> None:
    async with transaction() as session:
        seeded = await seed(session)
    async with transaction() as session:
        seen = await preview(
            session, restaurant_id=seeded.restaurant.id, customer_id=seeded.customer_id, now=NOW
        )
        untouched = await every_value(session)
        done = await _erase(session, seeded)
    met = {place.name for place in PLACES}
    assert seen.rows["identity_links"] == 2
    assert seen.rows == {
        name: (
            sum(count for what, count in counts.items() if what != "emptied" or name in _EMPTIED)
        )
        for name, counts in done.counts.items()
        if name in met | {"customers"} and name != "customer_accesses"
    }
    assert (seen.alias, seen.merged_count, seen.total_spent_minor) == (f"Basil {MARK}", 1, 1900)
    assert (seen.visit_count, seen.order_count, seen.event_count) == (1, 1, 1)
    assert (seen.is_here, seen.open_order_count) == (False, 0)
    assert MARK in untouched["customers"]


# Rows of these stay with the empty record; elsewhere "emptied" counts words around visits.
_EMPTIED = {"customers", "consents", "merge_journal"}


async def test_erasing_the_merged_one_erases_whom_they_became() -> None:
    async with transaction() as session:
        seeded = await seed(session)
        await erasing.forget_customer(
            session,
            restaurant_id=seeded.restaurant.id,
            customer_id=seeded.merged_id,
            now=NOW,
            rng=RNG,
            asked_by=AskedBy.STAFF,
        )
        entry = (await session.scalars(sa.select(MergeEntry))).one()
        with pytest.raises(UnmergeRefusedError):
            await unmerge(session, restaurant_id=seeded.restaurant.id, entry_id=entry.id, now=NOW)
    async with reading() as session:
        assert set(await session.scalars(sa.select(Customer.erased_at))) == {NOW}
        assert {one for one, text in (await every_value(session)).items() if MARK in text} == set()
        assert len(list(await session.scalars(sa.select(Tombstone)))) == 2


async def test_staff_type_the_alias_and_erase_once() -> None:
    async with transaction() as session:
        seeded = await seed(session)
    how = {"by": seeded.owner, "customer_id": seeded.customer_id, "now": NOW, "rng": RNG}
    async with transaction() as session:
        with pytest.raises(NotConfirmedError):
            await erasing.erase_by_staff(session, confirmation="basil", **how)
        await erasing.erase_by_staff(session, confirmation=f"  basil {MARK.upper()} ", **how)
        with pytest.raises(AlreadyErasedError):
            await erasing.erase_by_staff(session, confirmation=f"Basil {MARK}", **how)
    async with reading() as session:
        proof = (await session.scalars(sa.select(Erasure))).one()
    assert (proof.asked_by, proof.actor_user_id) == ("staff", seeded.owner.user_id)


async def test_another_restaurant_erases_and_previews_nobody() -> None:
    async with transaction() as session:
        seeded = await seed(session)
        other, _, _ = await room(session)
        who = {"restaurant_id": other.id, "customer_id": seeded.customer_id, "now": NOW}
        with pytest.raises(NoSuchGuestError):
            await erasing.forget_customer(session, **who, rng=RNG, asked_by=AskedBy.GUEST)
        with pytest.raises(NoSuchGuestError):
            await preview(session, **who)


async def test_a_guest_who_sits_here_goes_on_and_their_order_is_cooked() -> None:
    async with transaction() as session:
        info, _, code = await room(session)
        restaurant = await session.get_one(Restaurant, info.id)
        dish = await builders.make_dish(session, restaurant=restaurant)
        known = await agree(
            session, info, (await arrive(session, info, "phone-1", table_code=code)).guest
        )
        visit = await session.get_one(Visit, known.guest.visit_id)
        order = await make_past_order(
            session,
            visit=visit,
            dish=dish,
            order_status="pending",
            note="no nuts!",
            allergens=["nuts"],
        )
        seen = await preview(
            session, restaurant_id=info.id, customer_id=known.guest.customer_id, now=NOW
        )
        await erasing.forget(session, guest=known.guest, now=NOW, rng=RNG)
        await session.refresh(order)
        await session.refresh(visit)
        kitchen = (order.note, order.allergens, order.order_status, order.customer_id)
        again = await arrive(session, info, "phone-1", table_code=code)
        order.order_status = "completed"
        await session.flush()
        over = NOW + timedelta(hours=9)
        await forgetting.forget_ended_visits(session, now=over)
        await session.refresh(order)
    assert (seen.is_here, seen.open_order_count) == (True, 1)
    assert kitchen == ("no nuts!", ["nuts"], "pending", None)
    # The same visit at the same table, under another name.
    assert again.guest.visit_id == known.guest.visit_id
    assert (again.guest.customer_id, again.guest.consent_level) == (None, "essential")
    assert again.guest.alias != known.guest.alias
    assert (order.note, order.allergens) == ("", [])


async def test_a_number_that_is_somebody_else_s_erases_nothing_of_theirs() -> None:
    """Anybody can type any number, and press "forget me"."""
    async with transaction() as session:
        info, table, _ = await room(session)
        theirs = {"phone_hash": phone_hash(PHONE, restaurant_id=info.id)}
        theirs["reservation_name_encrypted"] = "Ada"
        restaurant = await session.get_one(Restaurant, info.id)
        past = {"reservation_at": NOW - timedelta(days=2), "ends_at": NOW - timedelta(days=1)}
        booked = [
            await builders.make_reservation(session, restaurant=restaurant, table=table, **one)
            for one in (theirs, theirs | past)
        ]
        guest = (await agree(session, info, (await arrive(session, info, "phone-1")).guest)).guest
        details = GivenDetails(phone=PHONE)
        await give_details(session, restaurant=info, guest=guest, details=details)
        await erasing.forget(session, guest=guest, now=NOW, rng=RNG)
        for one in booked:
            await session.refresh(one)
        assert [one.reservation_name_encrypted for one in booked] == ["Ada", None]
        assert [one.phone_hash is None for one in booked] == [False, True]


async def test_an_order_of_a_visit_that_is_over_keeps_its_note_until_it_is_served() -> None:
    """The guest left the page hours ago; the kitchen must still read "no nuts"."""
    late = NOW + timedelta(hours=4)
    async with transaction() as session:
        info, _, _ = await room(session)
        restaurant = await session.get_one(Restaurant, info.id)
        dish = await builders.make_dish(session, restaurant=restaurant)
        known = await agree(session, info, (await arrive(session, info, "phone-1")).guest)
        visit = await session.get_one(Visit, known.guest.visit_id)
        order = await make_past_order(
            session, visit=visit, dish=dish, order_status="preparing", note="no nuts!"
        )
        await erasing.forget_customer(
            session,
            restaurant_id=info.id,
            customer_id=known.guest.customer_id,
            now=late,
            rng=RNG,
            asked_by=AskedBy.STAFF,
        )
        await session.refresh(order)
        note = order.note
        order.order_status = "completed"
        await session.flush()
        await forgetting.forget_ended_visits(session, now=late + timedelta(hours=4))
        await session.refresh(order)
    assert (note, order.note, order.customer_id) == ("no nuts!", "", None)


async def test_what_is_written_at_the_same_moment_is_parted_afterwards() -> None:
    async with transaction() as session:
        seeded = await seed(session)
        await _erase(session, seeded)
        restaurant = await session.get_one(Restaurant, seeded.restaurant.id)
        dish = await builders.make_dish(session, restaurant=restaurant)
        visit = await session.get_one(Visit, seeded.visit_id)
        late = await make_past_order(
            session, visit=visit, dish=dish, customer_id=seeded.customer_id
        )
        parted = await erasing.part_late_rows(
            session, restaurant_id=seeded.restaurant.id, ids=[seeded.customer_id]
        )
        again = await erasing.part_late_rows(
            session, restaurant_id=seeded.restaurant.id, ids=[seeded.customer_id]
        )
    async with reading() as session:
        assert (await session.get_one(Order, late.id)).customer_id is None
    assert (parted, again) == (1, 0)
