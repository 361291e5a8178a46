"""Where staff see tiers and points: at a table, in the guest list, on the timeline of a card."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from models.customers import Customer
from models.loyalty import LoyaltyProgramme
from services.base import database as base
from services.base.database import reading, transaction
from services.customers import criteria_names, listing
from services.customers.asking import load_asking
from services.customers.card.timeline import read_timeline
from services.customers.card.timeline_types import Kind, PointsHappened
from services.customers.filter_options import load_options
from services.customers.list_columns import BY_KEY, FIRST_SHOWN, Sort
from services.customers.list_facts import Listed, Reader, load_listed
from services.customers.list_values import cell_of, text_of
from services.customers.listing import Order, Wanted
from services.floor.cards import get_card
from services.loyalty import adjusting, members
from services.loyalty.programme_rules import Rules
from services.segments.criteria import parse
from state.staff.card.timeline import timeline_view
from state.staff.floor_card import card_view
from tests.builders import NOW, make_customer, make_sitting, make_visit
from tests.builders.listed import make_listed
from tests.builders.loyalty import make_lot
from tests.services.loyalty_place import (
    complete_order,
    loyal_place,
    served_order,
    spend_points,
    undo_order,
)
from tests.services.ordering_room import Room
from tests.state.tabs import log_in

pytestmark = pytest.mark.usefixtures("database")
MINUTE = timedelta(minutes=1)


@contextmanager
def _counted() -> Iterator[list[str]]:
    """Statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        sent.append(statement)

    engine = base.engine().sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


async def _earned(place: Room, customer: Customer, points: int) -> None:
    async with transaction() as session:
        await make_lot(session, customer=customer, points=points)
        await members.recount(
            session, restaurant_id=place.info.id, customer_id=customer.id, rules=Rules(), now=NOW
        )


async def test_the_table_says_who_is_served_first() -> None:
    place = await loyal_place()
    async with transaction() as session:
        sitting = await make_sitting(session, restaurant=place.row, table=place.table)
        guests = [await make_customer(session, restaurant=place.row) for _ in range(3)]
        for number, guest in enumerate([*guests, None]):
            await make_visit(
                session,
                restaurant=place.row,
                customer=guest,
                sitting=sitting,
                table=place.table,
                visited_at=NOW + number * MINUTE,
            )
    for guest, points in zip(guests, (99, 500, 1500), strict=True):
        await _earned(place, guest, points)
    async with reading() as session:
        card = await get_card(
            session, restaurant_id=place.info.id, table_id=place.table.id, now=NOW
        )
    # In the first tier begins everybody: nothing is said of it.
    assert [(one.tier, one.has_priority) for one in card.guests] == [
        ("", False),
        ("Gold", False),
        ("Platinum", True),
        ("", False),
    ]
    shown = card_view(card, restaurant=place.info, may_see_guests=False, now=NOW)
    assert [one.tier for one in shown.guests] == ["", "Gold", "Platinum · priority", ""]


async def test_a_tier_at_the_table_costs_two_statements_however_many_sit_there() -> None:
    place = await loyal_place()
    async with transaction() as session:
        sitting = await make_sitting(session, restaurant=place.row, table=place.table)
        for number in range(5):
            guest = await make_customer(session, restaurant=place.row)
            await make_visit(
                session, restaurant=place.row, customer=guest, sitting=sitting, table=place.table
            )
            if number in {0, 4}:
                with _counted() as sent:
                    await get_card(
                        session, restaurant_id=place.info.id, table_id=place.table.id, now=NOW
                    )
                assert sum("loyalty_" in one for one in sent) == 2


async def test_nothing_is_said_of_tiers_while_no_programme_runs() -> None:
    place = await loyal_place()
    async with transaction() as session:
        sitting = await make_sitting(session, restaurant=place.row, table=place.table)
        guest = await make_customer(session, restaurant=place.row)
        await make_visit(
            session, restaurant=place.row, customer=guest, sitting=sitting, table=place.table
        )
    await _earned(place, guest, 1500)
    async with transaction() as session:
        await session.execute(sa.update(LoyaltyProgramme).values(state="paused"))
    async with reading() as session:
        card = await get_card(
            session, restaurant_id=place.info.id, table_id=place.table.id, now=NOW
        )
    assert [one.tier for one in card.guests] == [""]


async def _listed(place: Room, columns: frozenset[str], **wanted: Any) -> list[Listed]:
    async with reading() as session:
        asking = await load_asking(session, restaurant_id=place.info.id, now=NOW)
        page = await listing.load_page(
            session,
            asking=asking,
            wanted=Wanted(**wanted),
            order=Order(Sort.ALIAS, is_descending=False),
        )
        reader = Reader(asking.restaurant, NOW, "en")
        return await load_listed(session, profiles=page.profiles, columns=columns, reader=reader)


async def _guest_list(place: Room) -> None:
    """Anis has gold, Basil bronze, Cress nothing; Dill of the other place has platinum."""
    other = await loyal_place()
    for alias, points, where in (
        ("Anis 1", 700, place),
        ("Basil 2", 20, place),
        ("Cress 3", 0, place),
        ("Dill 4", 2000, other),
    ):
        async with transaction() as session:
            guest = await make_listed(session, restaurant=where.row, alias=alias)
        if points:
            await _earned(where, guest, points)


async def test_the_list_shows_tiers_and_asks_for_them_only_then() -> None:
    place = await loyal_place()
    await _guest_list(place)
    reader = Reader(place.info, NOW, "en")
    with _counted() as without:
        await _listed(place, frozenset(FIRST_SHOWN))
    with _counted() as shown:
        rows = await _listed(place, frozenset({*FIRST_SHOWN, "tier"}))
    assert "tier" not in FIRST_SHOWN
    # The programme, and the members of the page.
    assert (len(shown) - len(without), sum("loyalty_" in one for one in without)) == (2, 0)
    column = BY_KEY["tier"]
    assert [text_of(column, one, reader) for one in rows] == ["Gold", "Bronze", "\N{EN DASH}"]
    assert [cell_of(column, one, reader) for one in rows] == ["Gold", "Bronze", None]


@pytest.mark.parametrize(
    ("comparison", "value", "expected"),
    [
        ("is", "gold", ["Anis 1"]),
        ("is_not", "gold", ["Basil 2", "Cress 3"]),
        ("any_of", ["gold", "bronze"], ["Anis 1", "Basil 2"]),
        ("none_of", ["gold", "bronze"], ["Cress 3"]),
        ("is", "platinum", []),
        ("is", "no tier", []),
    ],
)
async def test_guests_are_found_by_their_tier(
    comparison: str, value: Any, expected: list[str]
) -> None:
    place = await loyal_place()
    await _guest_list(place)
    asked = parse({"field": "tier", "is": comparison, "value": value})
    rows = await _listed(place, frozenset(), criteria=asked)
    assert [one.profile.alias for one in rows] == expected


@pytest.mark.parametrize(
    ("comparison", "value", "expected"),
    [
        ("more_than", 0, ["Anis 1", "Basil 2"]),
        ("between", [20, 699], ["Basil 2"]),
        ("at_least", 700, ["Anis 1"]),
        ("is", 0, []),
        ("less_than", 1, []),
    ],
)
async def test_guests_are_found_by_the_points_they_hold(
    comparison: str, value: Any, expected: list[str]
) -> None:
    place = await loyal_place()
    await _guest_list(place)
    asked = parse({"field": "points", "is": comparison, "value": value})
    rows = await _listed(place, frozenset(), criteria=asked)
    assert [one.profile.alias for one in rows] == expected


async def test_filters_offer_tiers_by_name_and_say_them_in_words() -> None:
    place = await loyal_place()
    async with reading() as session:
        options = await load_options(session, restaurant_id=place.info.id, language="en")
        asking = await load_asking(session, restaurant_id=place.info.id, now=NOW)
        said = [
            await criteria_names.say(
                session,
                parse({"field": "tier", "is": "is", "value": key}),
                asking=asking,
                language="en",
            )
            for key in ("gold", "diamond")
        ]
    assert options["tier"][:2] == [("bronze", "Bronze"), ("silver", "Silver")]
    assert said == ["Loyalty tier is Gold", "Loyalty tier is diamond"]


async def test_points_stand_on_the_timeline_as_one_row_each() -> None:
    place = await loyal_place(happy_hours=[], first_visit_points=10)
    order = await served_order(place)
    assert order.customer_id is not None
    async with transaction() as session:
        guest = await session.get_one(Customer, order.customer_id)
        await make_lot(session, customer=guest, points=5, created_at=NOW - MINUTE)
    # 28 and 10 for the first visit: two lots, one row.
    await complete_order(place, order)
    # Out of three lots: one row.
    await spend_points(place, guest.id, 40)
    owner = await log_in(place.row)
    async with transaction() as session:
        await adjusting.adjust(
            session,
            restaurant=place.info,
            by=owner.actor,
            customer_id=guest.id,
            points=7,
            note="Spilt soup",
            key="key-00000001",
            now=NOW + MINUTE,
        )
    await undo_order(place, order)
    found: list[PointsHappened] = []
    after = None
    while True:
        async with reading() as session:
            page = await read_timeline(
                session,
                by=owner.actor,
                customer_id=guest.id,
                kinds=[Kind.POINTS],
                after=after,
                limit=2,
            )
        found += [row for row in page.rows if isinstance(row, PointsHappened)]
        after = page.next_after
        if after is None:
            break
    told = sorted((one.kind, one.points) for one in found)
    # All of the order had been spent: what is left of the others pays, in one row.
    assert told == [
        ("adjusted", 7),
        ("earned", 5),
        ("earned", 38),
        ("redeemed", -40),
        ("reversed", -10),
    ]
    assert (len({one.id for one in found}), page.counts[Kind.POINTS]) == (5, 5)
    async with reading() as session:
        whole = await read_timeline(session, by=owner.actor, customer_id=guest.id)
    shown = timeline_view(whole, hidden=frozenset(), restaurant=place.info, now=NOW)
    rows = {
        (row.title, row.detail, row.quote, row.amount)
        for day in shown.days
        for row in day.rows
        if row.key.startswith("points-")
    }
    assert ("By hand", "", "“Spilt soup”", "+7") in rows
    assert ("Earned", "Order", "", "+38") in rows
    assert ("Redeemed", "Reward", "", "\N{MINUS SIGN}40") in rows
