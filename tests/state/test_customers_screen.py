"""The guest list and a guest's page: who may see and change whom."""

from uuid import UUID, uuid4

import pytest
import reflex as rx
import sqlalchemy as sa
from reflex.istate.data import RouterData
from sqlmodel import col

from models.customers import Customer
from models.enums import LinkKind, Role
from models.identity import IdentityLink, MergeEntry
from models.journal import AuditEntry
from models.profiles import CustomerNote
from models.restaurants import Restaurant
from services.base import clock
from services.base.database import reading, transaction
from services.identity.merging import merge
from state.staff.customer import CustomerState
from state.staff.customers import CustomersState
from tests.builders import NOW, make_customer, make_note, make_restaurant
from tests.state.screens import call, told
from tests.state.tabs import Person, log_in, tab

pytestmark = pytest.mark.usefixtures("sqlite_database")
TWIN = "the same phone"


async def _restaurant() -> Restaurant:
    async with transaction() as session:
        return await make_restaurant(session)


async def _customer(restaurant: Restaurant, *, notes: str = "", **columns: object) -> Customer:
    async with transaction() as session:
        customer = await make_customer(session, restaurant=restaurant, **columns)
        if notes:
            await make_note(session, customer=customer, text=notes)
        return customer


async def _page(person: Person | None, customer_id: UUID | str) -> CustomerState:
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    root.router = RouterData.from_router_data(
        {
            "headers": {
                "cookie": f"smartmenu_session={person.token}" if person else "",
                "origin": "http://localhost:3000",
            },
            "pathname": "/staff/customers/[customer_id]",
            "asPath": f"/staff/customers/{customer_id}",
        }
    )
    return await root.get_state(CustomerState)


async def _notes(customer: Customer) -> str:
    async with reading() as session:
        found = await session.scalars(
            sa.select(CustomerNote.text).where(CustomerNote.customer_id == customer.id)
        )
        return "\n".join(found)


async def _count(table: type) -> int:
    async with reading() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


async def _same_phone(restaurant: Restaurant, *customers: Customer) -> None:
    async with transaction() as session:
        session.add_all(
            IdentityLink(
                restaurant_id=restaurant.id,
                customer_id=customer.id,
                kind=LinkKind.FINGERPRINT,
                value_hash=TWIN,
                last_seen_at=clock.now(),
                expires_at=clock.now().replace(year=clock.now().year + 1),
                created_at=NOW,
            )
            for customer in customers
        )


@pytest.mark.parametrize("role", [Role.WAITER, Role.KITCHEN, None])
async def test_who_may_not_see_guests_gets_no_row(role: Role | None) -> None:
    restaurant = await _restaurant()
    await _customer(restaurant, alias="Basil 4821")
    state = await tab(CustomersState, await log_in(restaurant, role) if role else None)
    await call(state, "search_for", "Basil")
    await call(state, "sort_by", "spent")
    await call(state, "more")
    assert (state.rows, state.count_text, state.sort) == ([], "", "last_seen")


async def test_the_list_shows_only_the_own_restaurants_guests() -> None:
    restaurant, other = await _restaurant(), await _restaurant()
    await _customer(restaurant, alias="Basil 4821", total_visits=6, total_spent_minor=28_600)
    await _customer(other, alias="Basil 1111")
    state = await tab(CustomersState, await log_in(restaurant, Role.MANAGER))
    await call(state, "search_for", "basil")
    assert [(row.alias, row.visits, row.spent) for row in state.rows] == [
        ("Basil 4821", 6, "€286.00")
    ]
    assert state.count_text == "1 of 1"


async def test_pages_follow_one_another_without_gap_and_sorting_starts_anew(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("state.staff.customers.PAGE", 2)
    restaurant = await _restaurant()
    for visits in range(5):
        await _customer(restaurant, alias=f"Mint {1000 + visits}", total_visits=visits)
    state = await tab(CustomersState, await log_in(restaurant))
    await call(state, "sort_by", "visits")
    assert ([row.visits for row in state.rows], state.has_more) == ([4, 3], True)
    await call(state, "more")
    await call(state, "more")
    await call(state, "more")
    assert ([row.visits for row in state.rows], state.has_more) == ([4, 3, 2, 1, 0], False)
    await call(state, "sort_by", "visits")
    assert [row.visits for row in state.rows] == [0, 1]


async def test_a_column_that_does_not_exist_changes_nothing() -> None:
    restaurant = await _restaurant()
    state = await tab(CustomersState, await log_in(restaurant))
    await call(state, "sort_by", "phone_hash")
    assert (state.sort, state.rows) == ("last_seen", [])


async def test_a_note_is_kept_and_the_journal_does_not_repeat_it() -> None:
    restaurant = await _restaurant()
    customer = await _customer(restaurant)
    state = await _page(await log_in(restaurant, Role.MANAGER), customer.id)
    await call(state, "save_notes", {"notes": "  Prefers table 12. "})
    assert await _notes(customer) == "Prefers table 12."
    assert state.page.notes == "Prefers table 12."
    assert await told(state) == ("Note saved", "ok")
    async with reading() as session:
        entry = (await session.scalars(sa.select(AuditEntry))).one()
    assert (entry.action, entry.subject_id, entry.data) == ("customer_note_set", customer.id, {})


async def test_a_note_that_is_too_long_is_refused_at_its_field() -> None:
    restaurant = await _restaurant()
    customer = await _customer(restaurant, notes="before")
    state = await _page(await log_in(restaurant), customer.id)
    await call(state, "save_notes", {"notes": "x" * 2001})
    assert state.note_problem == "This note is too long. 2000 characters fit."
    assert await _notes(customer) == "before"


@pytest.mark.parametrize("role", [Role.WAITER, Role.KITCHEN, None])
async def test_who_may_not_edit_guests_changes_nothing(role: Role | None) -> None:
    restaurant = await _restaurant()
    customer, twin = await _customer(restaurant, notes="before"), await _customer(restaurant)
    await _same_phone(restaurant, customer, twin)
    async with transaction() as session:
        third = await make_customer(session, restaurant=restaurant)
        merged = await merge(
            session,
            restaurant_id=restaurant.id,
            customer_ids=(customer.id, third.id),
            reason="staff",
            now=NOW,
        )
    state = await _page(await log_in(restaurant, role) if role else None, customer.id)
    await call(state, "save_notes", {"notes": "after"})
    await call(state, "compare", str(twin.id))
    await call(state, "merge_with", str(twin.id))
    await call(state, "take_apart", str(merged.entry_id))
    assert (await _notes(customer), state.compared, state.page.alias) == ("before", [], "")
    async with reading() as session:
        entry = (await session.scalars(sa.select(MergeEntry))).one()
    assert entry.undone_at is None


@pytest.mark.parametrize("which", ["another restaurant's", "nobody's", "no id"])
async def test_a_guest_of_somebody_else_is_neither_shown_nor_changed(which: str) -> None:
    restaurant, other = await _restaurant(), await _restaurant()
    theirs = await _customer(other, notes="theirs")
    mine = await _customer(restaurant)
    address = {"another restaurant's": theirs.id, "nobody's": uuid4(), "no id": "x" * 36}[which]
    state = await _page(await log_in(restaurant), address)
    await call(state, "save_notes", {"notes": "mine now"})
    await call(state, "compare", str(mine.id))
    await call(state, "merge_with", str(mine.id))
    assert await _notes(theirs) == "theirs"
    assert (state.page.alias, state.compared) == ("", [])
    assert await _count(MergeEntry) == 0
    assert await told(state) == ("There is no such guest.", "bad")


async def test_two_guests_nothing_connects_are_not_merged() -> None:
    restaurant = await _restaurant()
    customer, stranger = await _customer(restaurant), await _customer(restaurant)
    state = await _page(await log_in(restaurant), customer.id)
    await call(state, "merge_with", str(stranger.id))
    assert await told(state) == ("Nothing says that these two are one guest.", "bad")
    assert await _count(MergeEntry) == 0


async def test_a_suggested_pair_is_compared_merged_and_taken_apart_again() -> None:
    restaurant = await _restaurant()
    older = await _customer(restaurant, alias="Basil 4821", first_seen_at=NOW.replace(year=2025))
    newer = await _customer(restaurant, alias="Mint 5129")
    await _same_phone(restaurant, older, newer)
    state = await _page(await log_in(restaurant), newer.id)
    await call(state, "compare", str(older.id))
    assert [row.alias for row in state.compared] == ["Basil 4821", "Mint 5129"]
    await call(state, "merge_with", str(older.id))
    assert (state.page.alias, state.compared) == ("Basil 4821", [])
    assert [entry.alias for entry in state.merges] == ["Mint 5129"]
    await call(state, "take_apart", state.merges[0].id)
    async with reading() as session:
        into = (await session.scalars(sa.select(col(Customer.merged_into_id)))).all()
        actions = (await session.scalars(sa.select(col(AuditEntry.action)))).all()
    assert list(into) == [None, None]
    assert sorted(actions) == ["customers_merged", "customers_parted"]
