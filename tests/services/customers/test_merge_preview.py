"""What a merge would do is what it does; who may be the same guest; merges that cannot be."""

from datetime import timedelta
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.enums import LinkKind
from models.identity import MergeEntry
from models.restaurants import Restaurant
from services.base.database import reading, transaction
from services.base.errors import ConflictError, NotFoundError
from services.guests import same_guest
from services.guests.merge_preview import preview_merge
from services.guests.merging import merge, unmerge
from services.guests.same_guest import Hint
from services.identity import links
from services.identity.errors import MergeRefusedError
from services.identity.running import guest_of
from services.totals import totals
from tests import builders
from tests.builders.moments import NOW
from tests.builders.past_orders import make_past_order
from tests.state.tabs import log_in

pytestmark = pytest.mark.usefixtures("database")


async def _two(session: AsyncSession) -> tuple[Restaurant, Customer, Customer]:
    """Two guests with visits; both came today, the older one with an order of 9.50."""
    restaurant = await builders.make_restaurant(session)
    dish = await builders.make_dish(session, restaurant=restaurant)
    older = await builders.make_customer(
        session,
        restaurant=restaurant,
        first_seen_at=NOW - timedelta(days=40),
        allergens=["nuts"],
    )
    newer = await builders.make_customer(session, restaurant=restaurant, allergens=["milk"])
    for customer, days in ((older, (40, 0)), (newer, (7, 0))):
        for ago in days:
            visit = await builders.make_visit(
                session,
                restaurant=restaurant,
                customer=customer,
                visited_at=NOW - timedelta(days=ago),
                ended_at=NOW - timedelta(days=ago),
            )
            if customer is older and not ago:
                await make_past_order(session, visit=visit, dish=dish)
        await totals.recount(session, customer_id=customer.id, now=NOW)
    return restaurant, older, newer


async def test_a_preview_says_what_the_merge_then_does() -> None:
    async with transaction() as session:
        restaurant, older, newer = await _two(session)
        both = {"restaurant_id": restaurant.id, "customer_ids": (newer.id, older.id)}
        preview = await preview_merge(session, **both, now=NOW)
        assert (preview.kept.customer_id, preview.merged.customer_id) == (older.id, newer.id)
        assert preview.moves == {"customer_visits": 2}
        assert (preview.same_days, preview.refusal) == (1, "")
        await merge(session, **both, reason="staff", now=NOW)
        await session.refresh(older)
    after = preview.together
    assert (older.alias, older.first_seen_at) == (after.alias, after.first_seen_at)
    assert (older.total_visits, older.visit_days) == (after.total_visits, after.visit_days)
    assert (older.total_orders, older.total_spent_minor) == (1, after.total_spent_minor)
    assert tuple(older.allergens) == after.allergens == ("milk", "nuts")
    assert older.consent_level == after.consent_level


async def test_two_verified_phones_are_refused_in_the_preview_and_by_the_merge() -> None:
    async with transaction() as session:
        restaurant, older, newer = await _two(session)
        for customer, phone in ((older, "+4930901820"), (newer, "+4930901821")):
            await links.link(
                session,
                restaurant_id=restaurant.id,
                customer_id=customer.id,
                kind=LinkKind.PHONE,
                value=phone,
                now=NOW,
                expires_at=None,
            )
        both = {"restaurant_id": restaurant.id, "customer_ids": (older.id, newer.id)}
        preview = await preview_merge(session, **both, now=NOW)
        assert preview.refusal == (
            "These guests have two different verified phones. They stay two."
        )
        with pytest.raises(MergeRefusedError):
            await merge(session, **both, reason="staff", now=NOW)
        assert newer.merged_into_id is None


@pytest.mark.parametrize("kind", [LinkKind.PHONE, LinkKind.WHATSAPP, LinkKind.FINGERPRINT])
async def test_only_a_phone_or_an_account_that_proved_to_be_theirs_is_verified(
    kind: LinkKind,
) -> None:
    async with transaction() as session:
        restaurant, older, newer = await _two(session)
        # Typed in by anybody who knows the number.
        older.phone_hash = newer.phone_hash = "p"
        await links.link(
            session,
            restaurant_id=restaurant.id,
            customer_id=newer.id,
            kind=kind,
            value="+4930901820",
            now=NOW,
            expires_at=None,
        )
        both = {"restaurant_id": restaurant.id, "customer_ids": (older.id, newer.id)}
        preview = await preview_merge(session, **both, now=NOW)
    sides = (preview.kept, preview.merged, preview.together)
    is_proved = kind is not LinkKind.FINGERPRINT
    assert [side.is_verified for side in sides] == [False, is_proved, is_proved]


async def test_a_guest_is_not_merged_with_themselves_nor_twice() -> None:
    async with transaction() as session:
        restaurant, older, newer = await _two(session)
        own = {"restaurant_id": restaurant.id, "now": NOW}
        with pytest.raises(MergeRefusedError):
            await preview_merge(session, customer_ids=(older.id, older.id), **own)
        with pytest.raises(MergeRefusedError):
            await merge(session, customer_ids=(older.id, older.id), reason="staff", **own)
        both = (older.id, newer.id)
        first = await merge(session, customer_ids=both, reason="staff", **own)
        again = await merge(session, customer_ids=both, reason="staff", **own)
        assert (first.was_done, again.was_done) == (True, False)
        with pytest.raises(MergeRefusedError):
            await preview_merge(session, customer_ids=both, **own)
        # Whoever was merged stands for whom they became.
        third = await builders.make_customer(
            session, restaurant=restaurant, first_seen_at=NOW + timedelta(days=1)
        )
        preview = await preview_merge(session, customer_ids=(third.id, newer.id), **own)
        assert preview.kept.customer_id == older.id
        assert await session.scalar(sa.select(sa.func.count()).select_from(MergeEntry)) == 1


async def test_guests_of_two_restaurants_are_never_merged() -> None:
    async with transaction() as session:
        restaurant, older, _ = await _two(session)
        _, theirs, _ = await _two(session)
        for other in (theirs.id, uuid4()):
            both = {"restaurant_id": restaurant.id, "customer_ids": (older.id, other)}
            with pytest.raises(NotFoundError):
                await preview_merge(session, **both, now=NOW)
            with pytest.raises(NotFoundError):
                await merge(session, **both, reason="staff", now=NOW)


async def test_a_visit_goes_on_through_merge_and_unmerge_under_the_right_alias() -> None:
    async with transaction() as session:
        restaurant, older, newer = await _two(session)
        visit = await builders.make_visit(session, restaurant=restaurant, customer=newer)
        both = {"restaurant_id": restaurant.id, "customer_ids": (older.id, newer.id)}
        preview = await preview_merge(session, **both, now=NOW)
        assert (preview.kept.is_here, preview.merged.is_here) == (False, True)
        merged = await merge(session, **both, reason="staff", now=NOW)
        await session.refresh(visit)
        guest = await guest_of(session, visit)
        assert (guest.customer_id, guest.alias) == (older.id, older.alias)
        await unmerge(session, restaurant_id=restaurant.id, entry_id=merged.entry_id, now=NOW)
        await session.refresh(visit)
        guest = await guest_of(session, visit)
    assert (guest.customer_id, guest.alias) == (newer.id, newer.alias)


async def test_hints_are_a_shared_number_address_or_kind_of_phone() -> None:
    async with transaction() as session:
        restaurant, older, newer = await _two(session)
        third = await builders.make_customer(session, restaurant=restaurant, email_hash="e")
        other = await builders.make_restaurant(session)
        await builders.make_customer(session, restaurant=other, email_hash="e", phone_hash="p")
        await builders.make_customer(session, restaurant=restaurant, phone_hash="p", erased_at=NOW)
        for customer in (older, newer):
            customer.phone_hash = "p"
            await links.link(
                session,
                restaurant_id=restaurant.id,
                customer_id=customer.id,
                kind=LinkKind.FINGERPRINT,
                value="model",
                now=NOW,
                expires_at=NOW + timedelta(days=90),
            )
        older.email_hash = "e"
        await session.flush()
        found = await same_guest.suggest(
            session, restaurant_id=restaurant.id, customer_id=older.id, now=NOW
        )
        assert [(one.customer_id, one.hints) for one in found] == [
            (newer.id, (Hint.PHONE, Hint.FINGERPRINT)),
            (third.id, (Hint.EMAIL,)),
        ]
        nobody = await same_guest.suggest(
            session, restaurant_id=other.id, customer_id=older.id, now=NOW
        )
        assert nobody == ()


async def test_only_guests_of_the_own_restaurant_are_told_apart() -> None:
    async with transaction() as session:
        restaurant, older, newer = await _two(session)
        _, theirs, _ = await _two(session)
    by = (await log_in(restaurant)).actor
    async with transaction() as session:
        with pytest.raises(NotFoundError):
            await same_guest.tell_apart(session, by=by, customer_ids=(older.id, theirs.id), now=NOW)
        with pytest.raises(ConflictError):
            await same_guest.tell_apart(session, by=by, customer_ids=(older.id, older.id), now=NOW)
        entry_id = await same_guest.tell_apart(
            session, by=by, customer_ids=(newer.id, older.id), now=NOW
        )
    # It is no merge: nothing can be taken apart, and both stay who they are.
    async with transaction() as session:
        assert not await unmerge(session, restaurant_id=restaurant.id, entry_id=entry_id, now=NOW)
    async with reading() as session:
        assert (await session.get_one(Customer, newer.id)).merged_into_id is None


async def test_who_may_be_the_same_is_found_by_index(request: pytest.FixtureRequest) -> None:
    """Among a hundred thousand guests a scan would be the whole second."""
    async with transaction() as session:
        restaurant, older, _ = await _two(session)
        older.phone_hash, older.email_hash = "p", "e"
        await session.flush()
        if session.get_bind().dialect.name != "sqlite":
            return
        statements: list[str] = []
        sync = (await session.connection()).sync_connection
        assert sync is not None

        def note(_c: object, _cu: object, statement: str, *_: object) -> None:
            statements.append(statement)

        event.listen(sync, "before_cursor_execute", note)
        await same_guest.suggest(
            session, restaurant_id=restaurant.id, customer_id=older.id, now=NOW
        )
        event.remove(sync, "before_cursor_execute", note)
        for statement in statements:
            count = statement.count("?")
            plan = await session.execute(
                sa.text(f"EXPLAIN QUERY PLAN {_bound(statement)}"),
                {f"p{index}": "x" for index in range(count)},
            )
            scans = [row[3] for row in plan if row[3].startswith("SCAN")]
            assert scans == [], statement


def _bound(statement: str) -> str:
    """The statement with named parameters in place of its question marks."""
    parts = statement.split("?")
    return "".join(
        f"{part}:p{index}" if index < len(parts) - 1 else part for index, part in enumerate(parts)
    )
