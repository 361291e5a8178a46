"""Merging two guests from a card, telling them apart, and taking it back."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.enums import LinkKind, Role
from models.identity import MergeEntry
from models.journal import AuditEntry
from services.base.database import reading, transaction
from services.guests.merging import merge
from services.identity import links
from tests.builders import NOW, make_customer
from tests.state.card_place import count_of, new_customer, new_restaurant, page, same_phone
from tests.state.screens import call, told
from tests.state.tabs import log_in

pytestmark = pytest.mark.usefixtures("sqlite_database")

CONFIRMED_BY_ONE = (
    "Only Basil 4821 has confirmed a number. Mint 5129 typed it in, as anybody can: no proof."
)
AFTERWARDS = "Afterwards both phones see the whole record: orders, points, what the guest has told."


async def test_two_guests_nothing_connects_are_not_merged() -> None:
    restaurant = await new_restaurant()
    customer, stranger = await new_customer(restaurant), await new_customer(restaurant)
    state = await page(await log_in(restaurant), customer.id)
    for other in (stranger, customer):
        for handler in ("compare", "merge_with"):
            await call(state, handler, str(other.id))
            assert await told(state) == ("Nothing says that these two are one guest.", "bad")
    assert (state.merge, await count_of(MergeEntry)) == (None, 0)


async def test_a_suggested_pair_is_shown_merged_and_taken_apart_again() -> None:
    restaurant = await new_restaurant()
    older = await new_customer(
        restaurant, alias="Basil 4821", first_seen_at=NOW - timedelta(days=9)
    )
    newer = await new_customer(restaurant, alias="Mint 5129", allergens=["milk"])
    await same_phone(restaurant, older, newer)
    state = await page(await log_in(restaurant, Role.MANAGER), newer.id)
    await call(state, "show_tab", "overview")
    assert state.overview is not None
    assert [(one.alias, one.why) for one in state.overview.same] == [
        ("Basil 4821", "uses the same kind of phone")
    ]
    await call(state, "compare", str(older.id))
    assert state.merge is not None
    assert (state.merge.kept.alias, state.merge.joined.alias) == ("Basil 4821", "Mint 5129")
    assert {line.key: line.together for line in state.merge.lines}["allergens"] == "milk"
    assert (state.merge.moves, state.merge.refusal) == ("Moves to Basil 4821: 1 known phone.", "")
    assert state.merge.warnings == [
        "Many people have the same kind of phone: no proof.",
        AFTERWARDS,
    ]
    await call(state, "merge_with", str(older.id))
    assert state.head is not None
    assert (state.head.alias, state.head.allergens) == ("Basil 4821", "milk")
    assert [entry.alias for entry in state.overview.merges] == ["Mint 5129"]
    await call(state, "ask_apart", state.overview.merges[0].id)
    assert state.merge.moves == "Mint 5129 appears in the list again."
    await call(state, "take_apart", state.merge.entry_id)
    async with reading() as session:
        into = (await session.scalars(sa.select(col(Customer.merged_into_id)))).all()
        actions = (await session.scalars(sa.select(col(AuditEntry.action)))).all()
    assert list(into) == [None, None]
    assert sorted(actions) == ["customers_merged", "customers_parted"]


@pytest.mark.parametrize(
    ("is_confirmed", "warned"),
    [
        (False, "The number they share was typed in, as anybody can: no proof."),
        (True, CONFIRMED_BY_ONE),
    ],
)
async def test_a_number_that_anybody_can_type_in_is_called_no_proof_before_a_merge(
    warned: str, *, is_confirmed: bool
) -> None:
    restaurant = await new_restaurant()
    since = NOW - timedelta(days=9)
    older = await new_customer(
        restaurant, alias="Basil 4821", first_seen_at=since, phone_hash="p", email_hash="e"
    )
    newer = await new_customer(restaurant, alias="Mint 5129", phone_hash="p", email_hash="e")
    if is_confirmed:
        async with transaction() as session:
            await links.link(
                session,
                restaurant_id=restaurant.id,
                customer_id=older.id,
                kind=LinkKind.PHONE,
                value="+4930901820",
                now=NOW,
                expires_at=None,
            )
    state = await page(await log_in(restaurant, Role.MANAGER), newer.id)
    await call(state, "show_tab", "overview")
    await call(state, "compare", str(older.id))
    assert state.merge is not None
    assert (state.merge.warnings, state.merge.refusal) == (
        [warned, "The e-mail address was typed in, as anybody can: no proof.", AFTERWARDS],
        "",
    )
    await call(state, "merge_with", str(older.id))
    async with reading() as session:
        entry = (await session.scalars(sa.select(AuditEntry))).one()
    # Who decided it, and on what: the journal can be asked when it was wrong.
    assert (entry.action, entry.data) == (
        "customers_merged",
        {"merged_customer_id": str(newer.id), "hints": ["phone", "email"]},
    )


async def test_a_pair_told_apart_is_not_suggested_again_until_that_is_taken_back() -> None:
    restaurant = await new_restaurant()
    one, two = await new_customer(restaurant), await new_customer(restaurant)
    await same_phone(restaurant, one, two)
    person = await log_in(restaurant, Role.MANAGER)
    state = await page(person, one.id)
    await call(state, "show_tab", "overview")
    await call(state, "not_same", str(two.id))
    assert state.overview is not None
    assert state.overview.same == []
    other = await page(person, two.id)
    await call(other, "show_tab", "overview")
    assert other.overview is not None
    assert other.overview.same == []
    await call(state, "undo")
    assert [suggested.id for suggested in state.overview.same] == [str(two.id)]


@pytest.mark.parametrize("role", [Role.WAITER, Role.KITCHEN, None])
async def test_who_may_not_edit_guests_merges_nobody(role: Role | None) -> None:
    restaurant = await new_restaurant()
    customer, twin = await new_customer(restaurant), await new_customer(restaurant)
    await same_phone(restaurant, customer, twin)
    async with transaction() as session:
        third = await make_customer(session, restaurant=restaurant)
        merged = await merge(
            session,
            restaurant_id=restaurant.id,
            customer_ids=(customer.id, third.id),
            reason="staff",
            now=NOW,
        )
    state = await page(await log_in(restaurant, role) if role else None, customer.id)
    for handler in ("compare", "merge_with", "not_same"):
        await call(state, handler, str(twin.id))
    for handler in ("ask_apart", "take_apart"):
        await call(state, handler, str(merged.entry_id))
    assert state.merge is None
    async with reading() as session:
        entry = (await session.scalars(sa.select(MergeEntry))).one()
    assert entry.undone_at is None
