"""The pages of segments: who may, rules, guests by hand, and what a broken rule gets."""

from typing import Any
from uuid import UUID, uuid4

import pytest
import reflex as rx
import sqlalchemy as sa
from reflex.istate.data import RouterData
from sqlmodel import col

from models.enums import Role
from models.journal import AuditEntry
from models.restaurants import Restaurant
from models.segments import CustomerSegment, SegmentMember
from services.base import clock
from services.base.database import reading, transaction
from services.profiles.reading import settings_of
from services.segments import segments
from state.staff.criteria import CriteriaState
from state.staff.segments import SegmentsState
from state.staff.segments_views import SegmentPage
from tests.builders import NOW, make_restaurant
from tests.builders.listed import make_listed
from tests.state.screens import call, told
from tests.state.tabs import Person, log_in

pytestmark = pytest.mark.usefixtures("sqlite_database")
SPENT = {"field": "total_spent", "is": "at_least", "value": 1000}


async def _restaurant(*spent: int) -> Restaurant:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        for number, amount in enumerate(spent):
            await make_listed(
                session,
                restaurant=restaurant,
                alias=f"Mint {1000 + number}",
                total_spent_minor=amount,
                total_visits=2,
                visit_days=number + 1,
            )
        await segments.make_built_in(session, restaurant_id=restaurant.id, now=NOW)
    return restaurant


async def _own(person: Person, criteria: dict[str, Any]) -> UUID:
    async with transaction() as session:
        return await segments.create(
            session, by=person.actor, name="Ours", criteria=criteria, now=clock.now()
        )


async def _page(person: Person | None, segment: object = "") -> SegmentsState:
    root = rx.State(_reflex_internal_init=True)  # type: ignore[call-arg]
    root.router = RouterData.from_router_data(
        {
            "headers": {
                "cookie": f"smartmenu_session={person.token}" if person else "",
                "origin": "http://localhost:3000",
            },
            "pathname": "/staff/segments/[segment_id]",
            "asPath": f"/staff/segments/{segment}",
        }
    )
    return await root.get_state(SegmentsState)


def _of(state: SegmentsState) -> SegmentPage:
    assert state.page is not None
    return state.page


async def _row(segment_id: UUID) -> CustomerSegment:
    async with reading() as session:
        return await session.get_one(CustomerSegment, segment_id)


async def _members(segment_id: UUID) -> int:
    async with reading() as session:
        rows = await session.scalars(
            sa.select(SegmentMember).where(
                col(SegmentMember.segment_id) == segment_id, col(SegmentMember.left_at).is_(None)
            )
        )
        return len(rows.all())


@pytest.mark.parametrize("role", [Role.WAITER, Role.KITCHEN, None])
async def test_who_may_not_see_guests_sees_and_changes_no_segment(role: Role | None) -> None:
    restaurant = await _restaurant(1000)
    segment_id = await _own(await log_in(restaurant), SPENT)
    state = await _page(await log_in(restaurant, role) if role else None, segment_id)
    await call(state, "enter")
    await call(state, "open_one")
    await call(state, "create", {"name": "Mine"})
    await call(state, "archive")
    await call(state, "put_by_hand", {"alias": "Mint 1000"})
    await call(state, "save_rule")
    assert (state.families, state.page) == ([], None)
    assert (await _row(segment_id)).is_active
    assert await _members(segment_id) == 1


async def test_the_overview_has_five_families_and_own_segments_with_their_worth() -> None:
    restaurant = await _restaurant(1000, 3000, 10)
    await _restaurant(99_000)
    owner = await log_in(restaurant)
    await _own(owner, SPENT)
    state = await _page(owner)
    await call(state, "enter")
    assert [family.key for family in state.families] == [
        "frequency",
        "spending",
        "behaviour",
        "preference",
        "engagement",
        "custom",
    ]
    own = state.families[-1].lines[0]
    assert (own.name, own.count, own.trend) == ("Ours", "2", "0")
    assert (own.revenue, own.visits, own.returned) == (
        "€40.00",
        "4",
        "50\N{NARROW NO-BREAK SPACE}%",
    )


async def test_a_segment_shows_rule_and_numbers_and_links_to_its_guests() -> None:
    restaurant = await _restaurant(1000, 3000, 10)
    owner = await log_in(restaurant)
    segment_id = await _own(owner, SPENT)
    state = await _page(owner, segment_id)
    await call(state, "open_one")
    assert _of(state).rule == "Spent in all: at least €10.00"
    assert (_of(state).count, _of(state).revenue, _of(state).per_guest) == (
        "2",
        "€40.00",
        "€20.00",
    )
    assert _of(state).members_href == f"/staff/customers?segment={segment_id}"


async def test_a_rule_is_changed_with_the_builder_and_reset() -> None:
    restaurant = await _restaurant(1000, 3000, 10)
    owner = await log_in(restaurant)
    state = await _page(owner, "solo_diner")
    await call(state, "open_one")
    await call(state, "start_rule")
    builder = await state.get_state(CriteriaState)
    await call(builder, "set_field", "0", "total_spent")
    await call(builder, "set_box", "0", "value", "20")
    assert builder.built["count"] == "1 guest fits"
    await call(state, "save_rule")
    assert (_of(state).rule, _of(state).count) == ("Spent in all: at least €20.00", "1")
    assert _of(state).is_changed
    await call(state, "reset_rule")
    assert (_of(state).is_changed, _of(state).count) == (False, "0")


async def test_a_broken_rule_is_told_and_never_run() -> None:
    restaurant = await _restaurant(1000)
    owner = await log_in(restaurant)
    segment_id = await _own(owner, SPENT)
    async with transaction() as session:
        row = await session.get_one(CustomerSegment, segment_id)
        row.criteria = {"field": "gone", "is": "at_least", "value": 1}
    state = await _page(owner, segment_id)
    await call(state, "open_one")
    assert _of(state).rule == ""
    assert _of(state).problem.startswith("The condition “")


@pytest.mark.parametrize("which", ["another restaurant's", "nobody's", "<script>"])
async def test_a_segment_of_somebody_else_is_not_here(which: str) -> None:
    restaurant, other = await _restaurant(1000), await _restaurant(1000)
    theirs = await _own(await log_in(other), SPENT)
    asked = {"another restaurant's": str(theirs), "nobody's": "01a2", "<script>": "<script>"}
    state = await _page(await log_in(restaurant), asked[which])
    await call(state, "open_one")
    assert (state.is_missing, state.page) == (True, None)
    await call(state, "archive")
    await call(state, "put_by_hand", {"alias": "Mint 1000"})
    assert (await _row(theirs)).is_active
    assert await _members(theirs) == 1


async def test_guests_are_put_in_kept_out_and_left_to_the_rule_again() -> None:
    restaurant = await _restaurant(1000, 10)
    owner = await log_in(restaurant)
    segment_id = await _own(owner, SPENT)
    state = await _page(owner, segment_id)
    await call(state, "open_one")
    await call(state, "put_by_hand", {"alias": "mint  1001", "how": "pinned"})
    await call(state, "put_by_hand", {"alias": "Mint 1000", "how": "excluded"})
    assert {(one.alias, one.is_excluded, one.until) for one in state.by_hand} == {
        ("Mint 1000", True, "for good"),
        ("Mint 1001", False, "for good"),
    }
    assert _of(state).count == "1"
    await call(state, "put_by_hand", {"alias": "Nobody 1"})
    assert state.wrong == "No guest is called so."
    await call(state, "put_by_hand", {"alias": "Mint 1001", "until": "2020-01-01"})
    assert state.wrong == "The end must be in the future."
    for one in list(state.by_hand):
        await call(state, "take_back", one.customer_id)
    assert state.by_hand == []
    assert _of(state).count == "1"


async def test_an_own_segment_begins_with_nobody_and_is_put_away() -> None:
    restaurant = await _restaurant(1000)
    owner = await log_in(restaurant)
    state = await _page(owner)
    await call(state, "enter")
    await call(state, "create", {"name": ""})
    assert state.wrong != ""
    events = await call(state, "create", {"name": "<b>Ours</b>"})
    assert len(events) == 1
    await call(state, "enter")
    own = state.families[-1].lines[0]
    assert (own.name, own.count) == ("<b>Ours</b>", "0")
    page = await _page(owner, own.id)
    await call(page, "open_one")
    await call(page, "archive")
    assert not _of(page).is_active
    await call(state, "enter")
    assert [family.key for family in state.families][-1] == "away"
    await call(page, "archive")
    assert _of(page).is_active


async def test_a_rule_needs_a_condition() -> None:
    restaurant = await _restaurant(1000)
    owner = await log_in(restaurant)
    segment_id = await _own(owner, SPENT)
    state = await _page(owner, segment_id)
    await call(state, "start_rule")
    builder = await state.get_state(CriteriaState)
    await call(builder, "remove", "0")
    await call(state, "save_rule")
    assert await told(state) == ("A segment needs a rule.", "bad")
    assert (await _row(segment_id)).criteria == SPENT


BORDERS = {"high_minutes": "6.5", "high_steps": "10", "low_minutes": "2", "low_steps": "3"}


async def test_owners_change_what_counts_as_engaged_and_the_next_count_follows() -> None:
    restaurant = await _restaurant()
    person = await log_in(restaurant, Role.MANAGER)
    state = await _page(person, "high_engagement")
    await call(state, "open_one")
    assert _of(state).borders == {
        "high_minutes": "5",
        "high_steps": "8",
        "low_minutes": "1",
        "low_steps": "2",
        "wrong": "",
    }
    await call(state, "save_borders", BORDERS)
    assert _of(state).borders == BORDERS | {"wrong": ""}
    async with reading() as session:
        found = await settings_of(session, restaurant_id=restaurant.id)
        other = await settings_of(session, restaurant_id=uuid4())
        entry = await session.scalar(sa.select(AuditEntry))
    assert (found.engagement_high_seconds, found.engagement_high_interactions) == (390, 10)
    assert (found.engagement_low_seconds, found.engagement_low_interactions) == (120, 3)
    assert other.engagement_high_seconds == 300
    assert entry is not None
    assert (entry.action, entry.data["low_steps"]) == ("engagement_changed", 3)
    frequency = await _page(person, "champion")
    await call(frequency, "open_one")
    assert _of(frequency).borders == {}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"low_minutes": "7"}, "The border of low cannot be above that of high."),
        ({"low_steps": "11"}, "The border of low cannot be above that of high."),
        ({"high_minutes": "121"}, "Between 1 and 7200 is possible."),
        ({"low_steps": "0"}, "Between 1 and 200 is possible."),
        ({"high_steps": "many"}, "Please write numbers."),
        ({"high_minutes": "1e999"}, "Please write numbers."),
        ({"high_minutes": "nan"}, "Please write numbers."),
        ({"high_steps": ""}, "Please write numbers."),
    ],
)
async def test_borders_that_cannot_be_are_told_and_what_was_typed_stays(
    typed: dict[str, str], said: str
) -> None:
    restaurant = await _restaurant()
    state = await _page(await log_in(restaurant, Role.OWNER), "low_engagement")
    await call(state, "open_one")
    await call(state, "save_borders", BORDERS | typed)
    assert _of(state).borders == BORDERS | typed | {"wrong": said}
    async with reading() as session:
        found = await settings_of(session, restaurant_id=restaurant.id)
    assert found.engagement_high_seconds == 300


async def test_a_waiter_changes_no_borders() -> None:
    restaurant = await _restaurant()
    state = await _page(await log_in(restaurant, Role.WAITER), "low_engagement")
    await call(state, "save_borders", BORDERS)
    async with reading() as session:
        assert (
            await settings_of(session, restaurant_id=restaurant.id)
        ).engagement_low_seconds == 60
