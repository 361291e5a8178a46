"""Whatever two customers hold, a merge taken back leaves every row as it was."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from models.customers import Customer
from models.enums import ConsentLevel, LinkKind
from models.identity import Consent
from models.predictions import CustomerPrediction
from models.profiles import CustomerPreference, CustomerProfile, CustomerTag
from models.restaurants import Restaurant
from models.segments import SegmentMember
from services.base import database as base
from services.base.database import transaction
from services.guests.merging import merge, unmerge
from services.guests.moving import MOVED_TABLES
from services.identity import links
from services.identity.errors import UnmergeRefusedError
from services.segments import segments
from services.totals import upkeep
from tests import builders
from tests.builders.loyalty import make_lot
from tests.builders.moments import NOW, next_number
from tests.builders.past_orders import make_past_order

DERIVED = (CustomerProfile, CustomerPreference, SegmentMember, CustomerPrediction)
short = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12)
columns = st.fixed_dictionaries(
    {
        "consent_level": st.sampled_from(list(ConsentLevel)),
        "name_encrypted": st.none() | short,
        "email_encrypted": st.none() | short,
        "email_hash": st.none() | short,
        "phone_shared_with_restaurant": st.booleans(),
        "birthday_month": st.none() | st.integers(1, 12),
        "birthday_day": st.none() | st.integers(1, 28),
        "allergens": st.lists(short, max_size=3),
        "first_seen_at": st.integers(0, 5).map(lambda days: NOW - timedelta(days=days)),
        "last_seen_at": st.integers(0, 5).map(lambda days: NOW + timedelta(days=days)),
        "total_visits": st.integers(0, 9),
        "visit_days": st.integers(0, 9),
        "total_orders": st.integers(0, 9),
        "total_spent_minor": st.integers(0, 10**9),
        "highest_order_minor": st.integers(0, 10**6),
        "status": st.sampled_from(["new", "active", "at_risk", "lost"]),
    }
)
amounts = st.lists(st.lists(st.sampled_from(["completed", "pending"]), max_size=2), max_size=3)
words = st.lists(short.filter(bool), max_size=3, unique=True)
customer = st.tuples(
    columns, amounts, st.lists(st.sampled_from(list(ConsentLevel)), max_size=2), words, words
)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(one=customer, two=customer, swap=st.booleans())
def test_unmerge_restores_both_exactly(
    one: Any,
    two: Any,
    swap: bool,
    sqlite_template: Path,
    use_database: Callable[[str], Any],
) -> None:
    # The same file for every example: each makes a restaurant of its own in it.
    use_database(f"sqlite+aiosqlite:///{sqlite_template.with_name('merge.db')}")
    if not sqlite_template.with_name("merge.db").exists():
        sqlite_template.with_name("merge.db").write_bytes(sqlite_template.read_bytes())
    asyncio.run(_check_round_trip((one, two), swap=swap))


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(three=st.tuples(customer, customer, customer), order=st.permutations([0, 1, 2]))
def test_a_chain_of_merges_is_undone_in_reverse_and_in_no_other_order(
    three: Any, order: list[int], sqlite_template: Path, use_database: Callable[[str], Any]
) -> None:
    use_database(f"sqlite+aiosqlite:///{sqlite_template.with_name('chain.db')}")
    if not sqlite_template.with_name("chain.db").exists():
        sqlite_template.with_name("chain.db").write_bytes(sqlite_template.read_bytes())
    asyncio.run(_check_chain(three, order))


async def _check_chain(three: Any, order: list[int]) -> None:
    try:
        async with transaction() as session:
            restaurant = await builders.make_restaurant(session)
            await segments.make_built_in(session, restaurant_id=restaurant.id, now=NOW)
            ids = [await _make(session, restaurant, *one) for one in three]
            for customer_id in ids:
                row = await session.get_one(Customer, customer_id)
                await upkeep.bring_up_to_date(session, customer=row, now=NOW)
            first, second, third = (ids[index] for index in order)
            own: dict[str, Any] = {"restaurant_id": restaurant.id, "now": NOW}
            before = await _state(session, restaurant)
            one = await merge(session, customer_ids=(first, second), reason="staff", **own)
            between = await _state(session, restaurant)
            # Whoever was merged stands for whom they became.
            two = await merge(session, customer_ids=(third, second), reason="staff", **own)
            assert two.was_done
            with pytest.raises(UnmergeRefusedError):
                await unmerge(session, entry_id=one.entry_id, **own)
            for entry, state in ((two, between), (one, before)):
                assert await unmerge(session, entry_id=entry.entry_id, **own)
                assert not await unmerge(session, entry_id=entry.entry_id, **own)
                assert await _state(session, restaurant) == state
    finally:
        await base.dispose()


async def _check_round_trip(both: tuple[Any, Any], *, swap: bool) -> None:
    one, two = both
    try:
        async with transaction() as session:
            restaurant = await builders.make_restaurant(session)
            await segments.make_built_in(session, restaurant_id=restaurant.id, now=NOW)
            ids = [await _make(session, restaurant, *one) for one in both]
            for customer_id in ids:
                one_of_both = await session.get_one(Customer, customer_id)
                await upkeep.bring_up_to_date(session, customer=one_of_both, now=NOW)
            before = await _state(session, restaurant)
            pair = (ids[1], ids[0]) if swap else (ids[0], ids[1])
            entry = await merge(
                session, restaurant_id=restaurant.id, customer_ids=pair, reason="staff", now=NOW
            )
            together = await _state(session, restaurant)
            # What both have stays where it is; everything else goes to one.
            owners = {
                row["customer_id"]
                for table in MOVED_TABLES
                for row in together[table.__name__]
                if table is not CustomerTag
            }
            assert owners <= {str(entry.kept_customer_id)}
            kept = [
                row["tag"]
                for row in together["CustomerTag"]
                if row["customer_id"] == str(entry.kept_customer_id)
            ]
            assert sorted(kept) == sorted({"both have it", *one[3], *two[3]})
            assert await unmerge(
                session, restaurant_id=restaurant.id, entry_id=entry.entry_id, now=NOW
            )
            assert await _state(session, restaurant) == before
    finally:
        await base.dispose()


async def _make(
    session: AsyncSession,
    restaurant: Restaurant,
    values: Any,
    visits: Any,
    choices: Any,
    tags: Any,
    notes: Any,
) -> Any:
    row = await builders.make_customer(session, restaurant=restaurant, **values)
    for tag in ("both have it", *tags):
        await builders.make_tag(session, customer=row, tag=tag)
    for note in notes:
        await builders.make_note(session, customer=row, text=note)
    session.add(
        CustomerPrediction(
            customer_id=row.id,
            restaurant_id=restaurant.id,
            visit_days=values["visit_days"],
            last_visit_day=NOW.date(),
            data_until=NOW.date(),
            is_enough=True,
            expected_visits=1.5,
            alive=0.5,
            visit_within_7=0.1,
            visit_within_14=0.2,
            visit_within_30=0.3,
            value_minor=values["total_spent_minor"],
            value_low_minor=0,
            value_high_minor=values["total_spent_minor"],
            calculated_at=NOW,
        )
    )
    await make_lot(session, customer=row)
    dish = await builders.make_dish(session, restaurant=restaurant)
    for statuses in visits:
        visit = await builders.make_visit(session, restaurant=restaurant, customer=row)
        for status in statuses:
            await make_past_order(session, visit=visit, dish=dish, order_status=status)
    for level in choices:
        session.add(
            Consent(
                restaurant_id=restaurant.id,
                customer_id=row.id,
                level=level,
                text_version="1",
                language="en",
                source="menu",
                given_at=NOW,
            )
        )
    for kind in (LinkKind.COOKIE, LinkKind.FINGERPRINT):
        await links.link(
            session,
            restaurant_id=restaurant.id,
            customer_id=row.id,
            kind=kind,
            value=str(next_number()) if kind is LinkKind.COOKIE else "one phone model",
            now=NOW,
            expires_at=None,
        )
    return row.id


async def _state(session: AsyncSession, restaurant: Restaurant) -> dict[str, Any]:
    session.expunge_all()
    found: dict[str, Any] = {}
    for table in (*MOVED_TABLES, *DERIVED, Customer):
        key = sa.inspect(table).primary_key
        rows = await session.scalars(
            sa.select(table).where(table.restaurant_id == restaurant.id).order_by(*key)
        )
        found[table.__name__] = [row.model_dump(mode="json") for row in rows]
    return found
