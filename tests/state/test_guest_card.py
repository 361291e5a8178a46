"""A guest's card: what each role is sent, who may change what, and what forged ids get."""

import dataclasses
from datetime import timedelta
from typing import Any
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
from models.predictions import CustomerPrediction
from models.profiles import CustomerNote
from models.restaurants import Restaurant
from services.base import clock
from services.base.database import reading, transaction
from services.guests.merging import merge
from services.identity.details import _store
from services.identity.types import GivenDetails
from services.totals import totals
from state.staff.customer import CustomerState
from tests.builders import NOW, make_customer, make_dish, make_restaurant, make_table, make_visit
from tests.builders.past_orders import make_past_order
from tests.state.screens import call, told
from tests.state.tabs import Person, log_in

pytestmark = pytest.mark.usefixtures("sqlite_database")
TWIN = "the same phone"
TABS = ("overview", "timeline", "orders", "preferences", "loyalty", "insights", "notes")
PARTS = (
    "head", "overview", "timeline", "orders", "preferences", "insights", "notes", "source", "merge"
)  # fmt: skip
# What no waiter is sent: the spend of the guest below, their name, address and number.
SPENT, NAME, EMAIL, PHONE = "95.50", "Ana Ruiz", "ana@example.org", "+4930901820"


async def _restaurant() -> Restaurant:
    async with transaction() as session:
        return await make_restaurant(session)


async def _customer(restaurant: Restaurant, **columns: object) -> Customer:
    async with transaction() as session:
        return await make_customer(session, restaurant=restaurant, **columns)


async def _regular(restaurant: Restaurant) -> Customer:
    """Three visits, two completed orders of 47.75 each, an allergy, and everything given."""
    async with transaction() as session:
        customer = await make_customer(
            session, restaurant=restaurant, alias="Basil 4821", allergens=["nuts"]
        )
        table = await make_table(session, restaurant=restaurant, table_number="12")
        dish = await make_dish(session, restaurant=restaurant, name="Sea bass", price_minor=4775)
        for days in (21, 12, 3):
            visit = await make_visit(
                session,
                restaurant=restaurant,
                customer=customer,
                table=table,
                visited_at=clock.now() - timedelta(days=days),
                ended_at=clock.now() - timedelta(days=days) + timedelta(hours=1),
                menu_views=1,
                session_duration_seconds=540,
            )
            if days > 3:
                await make_past_order(session, visit=visit, dish=dish, line_note="off the bone")
        await totals.recount(session, customer_id=customer.id, now=clock.now())
        _store(customer, GivenDetails(name=NAME, email=EMAIL, phone=PHONE))
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


async def _opened(person: Person | None, customer_id: UUID | str) -> CustomerState:
    """The card after every one of its tabs was opened."""
    state = await _page(person, customer_id)
    for name in TABS:
        await call(state, "show_tab", name)
    return state


def _sent(state: CustomerState) -> str:
    """Everything that the browser holds of this card."""

    def plain(value: Any) -> Any:
        return dataclasses.asdict(value) if value is not None else None

    return str({name: plain(getattr(state, name)) for name in PARTS})


async def _count(table: type) -> int:
    async with reading() as session:
        return await session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


async def _texts(customer: Customer) -> list[str]:
    async with reading() as session:
        rows = await session.scalars(
            sa.select(CustomerNote)
            .where(
                col(CustomerNote.customer_id) == customer.id, col(CustomerNote.deleted_at).is_(None)
            )
            .order_by(col(CustomerNote.created_at))
        )
        return [row.text for row in rows]


async def _same_phone(restaurant: Restaurant, *customers: Customer) -> None:
    async with transaction() as session:
        session.add_all(
            IdentityLink(
                restaurant_id=restaurant.id,
                customer_id=customer.id,
                kind=LinkKind.FINGERPRINT,
                value_hash=TWIN,
                last_seen_at=clock.now(),
                expires_at=clock.now() + timedelta(days=80),
                created_at=NOW,
            )
            for customer in customers
        )


@pytest.mark.parametrize("role", [Role.KITCHEN, None])
async def test_who_serves_nobody_is_sent_nothing(role: Role | None) -> None:
    restaurant = await _restaurant()
    customer = await _regular(restaurant)
    state = await _opened(await log_in(restaurant, role) if role else None, customer.id)
    await call(state, "show_source", "visits")
    await call(state, "show_older")
    await call(state, "add_note", {"text": "mine"})
    assert [getattr(state, name) for name in PARTS] == [None] * len(PARTS)
    assert await _texts(customer) == []


async def test_a_waiter_is_sent_what_service_needs_and_neither_money_nor_contact() -> None:
    restaurant = await _restaurant()
    customer = await _regular(restaurant)
    await _same_phone(restaurant, customer, await _customer(restaurant, alias="Mint 5129"))
    state = await _opened(await log_in(restaurant, Role.WAITER), customer.id)
    await call(state, "show_tab", "overview")
    sent = _sent(state)
    # "95.50" is all they spent, "47.75" each order and their mean.
    for hidden in (SPENT, "47.75", "€", NAME, EMAIL, PHONE, "Mint 5129", "Read the menu"):
        assert hidden not in sent, hidden
    for needed in ("Basil 4821", "nuts", "Sea bass", "off the bone", "Table 12"):
        assert needed in sent, needed
    assert state.overview is not None
    assert [one.key for one in state.overview.metrics] == ["visits", "orders", "last_visit"]
    assert (state.overview.given, state.overview.segments, state.overview.same) == ([], [], [])
    assert (state.overview.advice, state.insights) == ([], None)
    assert state.timeline is not None
    assert [kind.key for kind in state.timeline.kinds] == ["visit", "order", "booking"]


async def test_a_manager_is_sent_all_of_it() -> None:
    restaurant = await _restaurant()
    customer = await _regular(restaurant)
    state = await _opened(await log_in(restaurant, Role.MANAGER), customer.id)
    sent = _sent(state)
    for shown in (SPENT, "47.75", NAME, EMAIL, PHONE, "Read the menu for 9 minutes"):
        assert shown in sent, shown
    assert state.overview is not None
    values = {one.key: one.value for one in state.overview.metrics}
    assert values == {
        "visits": "3",
        "spent": "€95.50",
        "plan_value": "€95.50",
        "expected": "Not enough data yet",
        "per_order": "€47.75",
        "last_visit": values["last_visit"],
    }


async def test_what_the_models_expect_is_shown_with_its_range_to_whoever_sees_amounts() -> None:
    restaurant = await _restaurant()
    customer = await _regular(restaurant)
    async with transaction() as session:
        session.add(
            CustomerPrediction(
                customer_id=customer.id,
                restaurant_id=restaurant.id,
                visit_days=3,
                last_visit_day=NOW.date(),
                data_until=NOW.date(),
                is_enough=True,
                expected_visits=9.0,
                alive=0.9,
                visit_within_7=0.2,
                visit_within_14=0.4,
                visit_within_30=0.6,
                value_minor=90_000,
                value_low_minor=30_000,
                value_high_minor=180_000,
                calculated_at=NOW,
            )
        )
    state = await _opened(await log_in(restaurant, Role.MANAGER), customer.id)
    assert state.overview is not None
    expected = next(one for one in state.overview.metrics if one.key == "expected")
    assert (expected.value, expected.hint) == ("€900.00", "€300.00 to €1,800.00 in 12 months")
    waiter = await _opened(await log_in(restaurant, Role.WAITER), customer.id)
    assert "€900.00" not in _sent(waiter)


async def test_a_role_that_was_taken_away_takes_what_is_shown_along() -> None:
    restaurant = await _restaurant()
    customer = await _regular(restaurant)
    state = await _opened(await log_in(restaurant, Role.MANAGER), customer.id)
    waiter = await log_in(restaurant, Role.WAITER)
    state.router = (await _page(waiter, customer.id)).router
    await call(state, "show_tab", "timeline")
    sent = _sent(state)
    assert SPENT not in sent
    assert "47.75" not in sent
    assert EMAIL not in sent


@pytest.mark.parametrize("which", ["another restaurant's", "nobody's", "no id"])
async def test_a_guest_of_somebody_else_is_neither_shown_nor_changed(which: str) -> None:
    restaurant, other = await _restaurant(), await _restaurant()
    theirs = await _regular(other)
    mine = await _customer(restaurant)
    address = {"another restaurant's": theirs.id, "nobody's": uuid4(), "no id": "x" * 36}[which]
    state = await _opened(await log_in(restaurant), address)
    await call(state, "add_note", {"text": "mine now"})
    await call(state, "add_tag", {"tag": "mine"})
    await call(state, "show_source", "spent")
    for handler in ("compare", "merge_with", "not_same"):
        await call(state, handler, str(mine.id))
    assert [getattr(state, name) for name in PARTS] == [None] * len(PARTS)
    assert await _texts(theirs) == []
    assert (await _count(MergeEntry), await _count(AuditEntry)) == (0, 0)
    assert await told(state) == ("There is no such guest.", "bad")


async def test_notes_of_another_guest_or_restaurant_cannot_be_touched() -> None:
    restaurant, other = await _restaurant(), await _restaurant()
    mine, neighbour, theirs = (
        await _customer(restaurant),
        await _customer(restaurant),
        await _customer(other),
    )
    ids = []
    for owner, customer in ((restaurant, neighbour), (other, theirs)):
        state = await _page(await log_in(owner), customer.id)
        await call(state, "add_note", {"text": "theirs"})
        assert state.notes is not None
        ids.append(state.notes.rows[0].id)
    state = await _page(await log_in(restaurant), mine.id)
    await call(state, "show_tab", "notes")
    for note_id in ids:
        await call(state, "delete_note", note_id)
        assert await told(state) == ("This note is not there any more.", "bad")
        await call(state, "edit_note", note_id)
        assert state.notes is not None
        assert state.notes.editing == ""
    assert (await _texts(neighbour), await _texts(theirs)) == (["theirs"], ["theirs"])


async def test_the_second_of_two_who_change_a_note_is_told_and_loses_nothing() -> None:
    restaurant = await _restaurant()
    customer = await _customer(restaurant)
    ana, ben = await log_in(restaurant, name="Ana"), await log_in(restaurant, name="Ben")
    first, second = await _page(ana, customer.id), await _page(ben, customer.id)
    await call(first, "add_note", {"text": "Sits at 12"})
    assert first.notes is not None
    note_id = first.notes.rows[0].id
    for screen in (first, second):
        await call(screen, "edit_note", note_id)
    await call(first, "save_note", {"text": "Sits at 14"})
    await call(second, "save_note", {"text": "Sits outside"})
    assert second.notes is not None
    assert second.notes.problem == (
        "Ana changed this note a moment ago. Save again to keep your words instead."
    )
    assert (second.notes.theirs, second.notes.editing) == ("Sits at 14", note_id)
    assert await _texts(customer) == ["Sits at 14"]
    await call(second, "save_note", {"text": "Sits outside"})
    assert await _texts(customer) == ["Sits outside"]
    (row,) = second.notes.rows
    assert [was.text for was in row.earlier] == ["Sits at 14", "Sits at 12"]
    assert row.who.startswith("Ben, ")
    assert row.who.endswith(", changed")


async def test_a_deleted_note_comes_back_as_it_was() -> None:
    restaurant = await _restaurant()
    customer = await _customer(restaurant)
    state = await _page(await log_in(restaurant), customer.id)
    await call(state, "add_note", {"text": "  Likes the corner. "})
    assert state.notes is not None
    before = state.notes.rows
    await call(state, "delete_note", before[0].id)
    assert (await _texts(customer), state.notes.rows) == ([], [])
    assert state.head is not None
    assert state.head.notes_count == 0
    await call(state, "undo")
    await call(state, "undo")
    assert (await _texts(customer), state.head.notes_count) == (["Likes the corner."], 1)
    assert state.notes.rows == before
    async with reading() as session:
        entries = (await session.scalars(sa.select(AuditEntry).order_by(col(AuditEntry.id)))).all()
    assert [entry.action for entry in entries] == [
        "customer_note_added",
        "customer_note_deleted",
        "customer_note_restored",
    ]
    assert [entry.data for entry in entries] == [{}] * 3


async def test_a_waiter_changes_only_their_own_notes_and_never_sees_those_of_managers() -> None:
    restaurant = await _restaurant()
    customer = await _customer(restaurant)
    boss = await _page(await log_in(restaurant, Role.MANAGER), customer.id)
    await call(boss, "add_note", {"text": "Owes us", "only_managers": "yes"})
    await call(boss, "add_note", {"text": "Loves the terrace"})
    waiter = await _page(await log_in(restaurant, Role.WAITER), customer.id)
    await call(waiter, "add_note", {"text": "Left-handed"})
    await call(waiter, "add_note", {"text": "Secret", "only_managers": "yes"})
    assert (await told(waiter))[1] == "bad"
    await call(waiter, "show_tab", "notes")
    assert waiter.notes is not None
    assert [(row.text, row.may_change) for row in waiter.notes.rows] == [
        ("Left-handed", True),
        ("Loves the terrace", False),
    ]
    assert waiter.head is not None
    assert waiter.head.notes_count == 2
    assert boss.notes is not None
    for row in boss.notes.rows:
        await call(waiter, "delete_note", row.id)
        await call(waiter, "edit_note", row.id)
        await call(waiter, "save_note", {"text": "mine"})
    await call(waiter, "add_tag", {"tag": "mine"})
    assert await _texts(customer) == ["Owes us", "Loves the terrace", "Left-handed"]


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
async def test_a_note_that_cannot_be_is_refused_at_its_field(text: str) -> None:
    restaurant = await _restaurant()
    customer = await _customer(restaurant)
    state = await _page(await log_in(restaurant), customer.id)
    await call(state, "show_tab", "notes")
    await call(state, "add_note", {"text": text})
    assert state.notes is not None
    assert (state.notes.problem_at, bool(state.notes.problem)) == ("new", True)
    assert await _texts(customer) == []


async def test_the_same_tag_twice_is_one() -> None:
    restaurant = await _restaurant()
    first, second = await _customer(restaurant), await _customer(restaurant)
    person = await log_in(restaurant, Role.MANAGER)
    one, two = await _page(person, first.id), await _page(person, second.id)
    for tag in ("Window seat", "window  SEAT", " Window seat "):
        await call(one, "add_tag", {"tag": tag})
    await call(two, "add_tag", {"tag": "WINDOW SEAT"})
    assert one.notes is not None
    assert two.notes is not None
    assert (one.notes.tags, two.notes.tags) == (["Window seat"], ["Window seat"])
    await call(two, "add_tag", {"tag": "x" * 41})
    assert two.notes.problem_at == "tag"
    await call(two, "remove_tag", "Window seat")
    await call(two, "remove_tag", "Window seat")
    assert (two.notes.tags, two.notes.known_tags) == ([], ["Window seat"])


async def test_two_guests_nothing_connects_are_not_merged() -> None:
    restaurant = await _restaurant()
    customer, stranger = await _customer(restaurant), await _customer(restaurant)
    state = await _page(await log_in(restaurant), customer.id)
    for other in (stranger, customer):
        for handler in ("compare", "merge_with"):
            await call(state, handler, str(other.id))
            assert await told(state) == ("Nothing says that these two are one guest.", "bad")
    assert (state.merge, await _count(MergeEntry)) == (None, 0)


async def test_a_suggested_pair_is_shown_merged_and_taken_apart_again() -> None:
    restaurant = await _restaurant()
    older = await _customer(restaurant, alias="Basil 4821", first_seen_at=NOW - timedelta(days=9))
    newer = await _customer(restaurant, alias="Mint 5129", allergens=["milk"])
    await _same_phone(restaurant, older, newer)
    state = await _page(await log_in(restaurant, Role.MANAGER), newer.id)
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


async def test_a_pair_told_apart_is_not_suggested_again_until_that_is_taken_back() -> None:
    restaurant = await _restaurant()
    one, two = await _customer(restaurant), await _customer(restaurant)
    await _same_phone(restaurant, one, two)
    person = await log_in(restaurant, Role.MANAGER)
    state = await _page(person, one.id)
    await call(state, "show_tab", "overview")
    await call(state, "not_same", str(two.id))
    assert state.overview is not None
    assert state.overview.same == []
    other = await _page(person, two.id)
    await call(other, "show_tab", "overview")
    assert other.overview is not None
    assert other.overview.same == []
    await call(state, "undo")
    assert [suggested.id for suggested in state.overview.same] == [str(two.id)]


@pytest.mark.parametrize("role", [Role.WAITER, Role.KITCHEN, None])
async def test_who_may_not_edit_guests_merges_nobody(role: Role | None) -> None:
    restaurant = await _restaurant()
    customer, twin = await _customer(restaurant), await _customer(restaurant)
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
    for handler in ("compare", "merge_with", "not_same"):
        await call(state, handler, str(twin.id))
    for handler in ("ask_apart", "take_apart"):
        await call(state, handler, str(merged.entry_id))
    assert state.merge is None
    async with reading() as session:
        entry = (await session.scalars(sa.select(MergeEntry))).one()
    assert entry.undone_at is None


async def test_words_of_people_stay_words() -> None:
    restaurant = await _restaurant()
    customer = await _customer(restaurant)
    state = await _page(await log_in(restaurant), customer.id)
    evil = "<img src=x onerror=alert(1)>"
    await call(state, "add_note", {"text": f"{evil} \u202eعلى اليمين"})
    await call(state, "add_tag", {"tag": evil})
    assert state.notes is not None
    assert state.notes.rows[0].text == f"{evil} \u202eعلى اليمين"
    assert state.notes.tags == [evil]
