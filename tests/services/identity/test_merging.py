"""Two customers become one, and can become two again exactly."""

from datetime import timedelta
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.enums import LinkKind
from models.identity import MergeEntry
from models.privacy import ContactChoice, CustomerAccess
from models.profiles import CustomerNote, CustomerTag
from models.restaurants import Restaurant
from models.visits import Visit
from services.base.database import transaction
from services.base.errors import NotFoundError
from services.customers import history, listing
from services.customers.asking import load_asking
from services.customers.guest import get_customer
from services.guests.merging import merge, unmerge
from services.guests.moving import MOVED_TABLES
from services.identity import links
from services.identity.errors import MergeRefusedError, UnmergeRefusedError
from services.identity.types import Merged
from services.restaurants.types import RestaurantInfo
from services.totals import totals
from tests import builders
from tests.builders.arrivals import agree, arrive
from tests.builders.loyalty import make_points
from tests.builders.moments import NOW
from tests.builders.past_orders import make_past_order
from tests.services.identity.rooms import count, room

pytestmark = pytest.mark.usefixtures("database")


async def _words(session: AsyncSession, column: Any, customer_id: UUID) -> list[str]:
    """Tags or notes of a customer, in the order of the alphabet."""
    rows = sa.select(column).where(column.class_.customer_id == customer_id).order_by(column)
    return list(await session.scalars(rows))


async def _customer(
    session: AsyncSession, info: RestaurantInfo, phone: str, *, days: int = 0
) -> UUID:
    """A guest with a visit, a choice, links, a completed order, a reservation, a tag, a note."""
    moment = NOW + timedelta(days=days)
    guest = (await arrive(session, info, phone, now=moment)).guest
    given = await agree(session, info, guest, now=moment)
    visit = await session.get_one(Visit, guest.visit_id)
    restaurant = await session.get_one(Restaurant, info.id)
    dish = await builders.make_dish(session, restaurant=restaurant)
    order = await make_past_order(session, visit=visit, dish=dish)
    await totals.record_completed_order(session, order_id=order.id, now=moment)
    assert given.guest.customer_id is not None
    table = await builders.make_table(session, restaurant=restaurant)
    await builders.make_reservation(
        session, restaurant=restaurant, table=table, customer_id=given.guest.customer_id
    )
    customer = await session.get_one(Customer, given.guest.customer_id)
    await builders.make_tag(session, customer=customer, tag=phone)
    await builders.make_note(session, customer=customer, text=f"called with {phone}")
    restaurant = await session.get_one(Restaurant, info.id)
    member = await builders.make_user(session, restaurant=restaurant)
    here = {"restaurant_id": info.id, "customer_id": customer.id, "created_at": NOW}
    session.add(
        CustomerAccess(
            **here, user_id=member.user.id, what="card", screen="customer", opened_at=NOW
        )
    )
    session.add(
        ContactChoice(
            **here,
            channel="email",
            is_allowed=True,
            text_version="2026-11",
            source="privacy",
            given_at=NOW,
        )
    )
    await make_points(session, customer=customer, order=order)
    return given.guest.customer_id


async def _state(session: AsyncSession) -> dict[str, Any]:
    """Every row that a merge may touch, as plain values."""
    session.expunge_all()
    tables = [*MOVED_TABLES, Customer]
    return {
        table.__tablename__: sorted(
            (row.model_dump(mode="json") for row in await session.scalars(sa.select(table))),
            key=lambda row: row["id"],
        )
        for table in tables
    }


async def _merge(session: AsyncSession, info: RestaurantInfo, *ids: UUID) -> Merged:
    return await merge(
        session, restaurant_id=info.id, customer_ids=(ids[0], ids[1]), reason="staff", now=NOW
    )


async def test_the_one_who_was_here_first_is_kept_with_everything_of_both() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        older = await _customer(session, info, "phone-1")
        newer = await _customer(session, info, "phone-2", days=1)
        alias = (await session.get_one(Customer, older)).alias
        done = await _merge(session, info, newer, older)
        kept = await session.get_one(Customer, older, populate_existing=True)
        merged = await session.get_one(Customer, newer, populate_existing=True)
        state = await _state(session)
        asking = await load_asking(session, restaurant_id=info.id, now=NOW)
        listed = await listing.list_ids(session, asking=asking, wanted=listing.EVERYBODY)
        shown = await get_customer(session, restaurant_id=info.id, customer_id=newer)
        past = await history.merges(session, restaurant_id=info.id, customer_id=older)
    assert (done.kept_customer_id, done.merged_customer_id, done.was_done) == (older, newer, True)
    assert (kept.alias, kept.total_visits, kept.visit_days) == (alias, 2, 2)
    assert (kept.total_orders, kept.total_spent_minor) == (2, 1900)
    assert kept.last_seen_at == NOW + timedelta(days=1)
    assert (merged.merged_into_id, merged.total_visits, merged.total_spent_minor) == (older, 0, 0)
    for table in MOVED_TABLES:
        assert {row["customer_id"] for row in state[table.__tablename__]} == {str(older)}
    assert len(state["identity_links"]) == 4
    assert (listed, shown.id) == ([older], older)
    assert [one.entry_id for one in past] == [done.entry_id]


async def test_merging_again_changes_nothing() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        one = await _customer(session, info, "phone-1")
        two = await _customer(session, info, "phone-2")
        first = await _merge(session, info, one, two)
        before = await _state(session)
        again = await _merge(session, info, two, one)
        assert await _state(session) == before
        assert await count(session, MergeEntry) == 1
    assert (again.entry_id, again.was_done) == (first.entry_id, False)


async def test_three_customers_become_the_same_one_in_any_order() -> None:
    results = set()
    for pairs in permutations([(0, 1), (1, 2), (0, 2)]):
        async with transaction() as session:
            info, _, _ = await room(session)
            ids = [
                await _customer(session, info, f"phone-{number}", days=number)
                for number in range(3)
            ]
            for number, customer_id in enumerate(ids):
                row = await session.get_one(Customer, customer_id)
                row.allergens = ["nuts", f"allergen {number}"]
                for tag in ("regular", f"tag {number}"):
                    await builders.make_tag(session, customer=row, tag=tag)
            await session.flush()
            for one, two in pairs:
                await _merge(session, info, ids[one], ids[two])
            kept = await session.get_one(Customer, ids[0], populate_existing=True)
            roots = [
                (await get_customer(session, restaurant_id=info.id, customer_id=one)).id == ids[0]
                for one in ids
            ]
            results.add(
                (
                    tuple(roots),
                    kept.total_visits,
                    kept.total_orders,
                    kept.total_spent_minor,
                    tuple(await _words(session, CustomerTag.tag, kept.id)),
                    tuple(kept.allergens),
                    kept.last_seen_at,
                )
            )
    assert results == {
        (
            (True, True, True),
            3,
            3,
            2850,
            ("phone-0", "phone-1", "phone-2", "regular", "tag 0", "tag 1", "tag 2"),
            ("allergen 0", "allergen 1", "allergen 2", "nuts"),
            NOW + timedelta(days=2),
        )
    }


@pytest.mark.parametrize("kind", [LinkKind.PHONE, LinkKind.WHATSAPP])
async def test_two_verified_phones_never_merge_and_nothing_moves(kind: LinkKind) -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        ids = [await _customer(session, info, phone) for phone in ("phone-1", "phone-2")]
        for number, customer_id in enumerate(ids):
            await links.link(
                session,
                restaurant_id=info.id,
                customer_id=customer_id,
                kind=kind,
                value=f"+49309018{number}",
                now=NOW,
                expires_at=None,
            )
        before = await _state(session)
        with pytest.raises(MergeRefusedError):
            await _merge(session, info, *ids)
        assert await _state(session) == before
        assert await count(session, MergeEntry) == 0


async def test_a_verified_phone_merges_with_a_guest_who_has_none() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        ids = [await _customer(session, info, phone) for phone in ("phone-1", "phone-2")]
        await links.link(
            session,
            restaurant_id=info.id,
            customer_id=ids[1],
            kind=LinkKind.PHONE,
            value="+4930901820",
            now=NOW,
            expires_at=None,
        )
        done = await _merge(session, info, *ids)
        found = await links.find_by_signal(
            session, restaurant_id=info.id, kind=LinkKind.PHONE, value="+4930901820", now=NOW
        )
    assert found is not None
    assert found.id == done.kept_customer_id


async def test_nobody_merges_across_restaurants() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        other, _, _ = await room(session)
        mine = await _customer(session, info, "phone-1")
        theirs = await _customer(session, other, "phone-1")
        for owner in (info, other):
            with pytest.raises(NotFoundError):
                await _merge(session, owner, mine, theirs)
        entry = await _merge(session, info, mine, await _customer(session, info, "phone-2"))
        with pytest.raises(NotFoundError):
            await unmerge(session, restaurant_id=other.id, entry_id=entry.entry_id, now=NOW)


async def test_unmerging_again_changes_nothing() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        one = await _customer(session, info, "phone-1")
        two = await _customer(session, info, "phone-2")
        before = await _state(session)
        entry = await _merge(session, info, one, two)
        first = await unmerge(session, restaurant_id=info.id, entry_id=entry.entry_id, now=NOW)
        again = await unmerge(session, restaurant_id=info.id, entry_id=entry.entry_id, now=NOW)
        assert await _state(session) == before
    assert (first, again) == (True, False)


async def test_merges_are_taken_back_last_first() -> None:
    async with transaction() as session:
        info, _, _ = await room(session)
        ids = [await _customer(session, info, f"phone-{n}", days=n) for n in range(3)]
        before = await _state(session)
        first = await _merge(session, info, ids[0], ids[1])
        second = await _merge(session, info, ids[0], ids[2])
        with pytest.raises(UnmergeRefusedError):
            await unmerge(session, restaurant_id=info.id, entry_id=first.entry_id, now=NOW)
        for entry in (second, first):
            await unmerge(session, restaurant_id=info.id, entry_id=entry.entry_id, now=NOW)
        assert await _state(session) == before


async def test_what_happened_since_stays_where_it_happened() -> None:
    later = NOW + timedelta(hours=1)
    async with transaction() as session:
        info, _, _ = await room(session)
        one = await _customer(session, info, "phone-1")
        two = await _customer(session, info, "phone-2")
        entry = await _merge(session, info, one, two)
        restaurant = await session.get_one(Restaurant, info.id)
        kept = await session.get_one(Customer, one)
        dish = await builders.make_dish(session, restaurant=restaurant)
        # A new visit of the kept customer, and an order in the visit that will go back.
        new = await builders.make_visit(
            session, restaurant=restaurant, customer=kept, visited_at=later
        )
        await make_past_order(session, visit=new, dish=dish, created_at=later)
        moved = await session.scalar(
            sa.select(Visit).where(Visit.guest_alias != kept.alias, Visit.id != new.id)
        )
        await make_past_order(session, visit=moved, dish=dish, created_at=later)
        await builders.make_note(session, customer=kept, text="likes the window")
        await session.flush()
        await totals.recount(session, customer_id=one, now=later)
        await unmerge(session, restaurant_id=info.id, entry_id=entry.entry_id, now=later)
        kept = await session.get_one(Customer, one, populate_existing=True)
        back = await session.get_one(Customer, two, populate_existing=True)
        notes = await _words(session, CustomerNote.text, one)
    assert (kept.total_visits, kept.total_orders, notes[-1]) == (2, 2, "likes the window")
    assert (back.total_visits, back.total_orders, back.merged_into_id) == (1, 2, None)
