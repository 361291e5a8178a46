"""The owner's editor of the programme: what was typed becomes a draft, and only then counts."""

from typing import Any

import pytest

from models.enums import OrderStatus, Role
from models.restaurants import Restaurant
from services.base import clock
from services.base.database import reading, transaction
from services.loyalty import programme
from services.loyalty.types import Programme
from state.staff.programme import ProgrammeState
from tests.builders import (
    make_category,
    make_customer,
    make_dish,
    make_order,
    make_restaurant,
    make_visit,
)
from tests.builders.loyalty import make_programme
from tests.state.screens import Background, call, logged_in_screen, told

pytestmark = pytest.mark.usefixtures("sqlite_database")


async def _house() -> Restaurant:
    async with transaction() as session:
        return await make_restaurant(session, slug="brasa")


async def _open(house: Restaurant, role: Role = Role.OWNER) -> ProgrammeState:
    screen = await logged_in_screen(ProgrammeState, house, role)
    await call(screen, "enter")
    return screen


def _form(screen: ProgrammeState, **typed: str) -> dict[str, str]:
    """What the browser sends of the form as it was opened, with something typed into it."""
    form = dict(screen.numbers)
    for row in screen.milestones:
        form |= {f"milestones.{row.key}.visits": row.visits}
        form |= {f"milestones.{row.key}.points": row.points}
    for row in screen.happy_hours:
        name = f"happy_hours.{row.key}"
        form |= {f"{name}.day.{day.value}": "on" for day in row.days if day.is_on}
        form |= {f"{name}.starts": row.starts, f"{name}.ends": row.ends}
        form |= {f"{name}.percent": row.percent}
    for row in screen.dishes:
        form |= {f"dishes.{row.key}.dish_id": row.dish_id}
        form |= {f"dishes.{row.key}.percent": row.percent}
    for row in screen.tiers:
        name = f"tiers.{row.key}"
        form |= {f"{name}.name": row.name, f"{name}.threshold": row.threshold}
        form |= {f"{name}.percent": row.percent, f"{name}.benefits": row.benefits}
        form |= {f"{name}.has_priority": "on"} if row.has_priority else {}
    return form | {name.replace("__", "."): text for name, text in typed.items()}


async def _draft(house: Restaurant) -> Programme | None:
    async with reading() as session:
        return await programme.find_draft(session, restaurant_id=house.id)


async def _live(house: Restaurant) -> Programme | None:
    async with reading() as session:
        return await programme.find_live(session, restaurant_id=house.id)


async def test_what_was_typed_becomes_a_draft_and_publishing_makes_it_count() -> None:
    house = await _house()
    async with transaction() as session:
        category = await make_category(session, restaurant=house)
        dish = await make_dish(session, restaurant=house, category=category)
    screen = await _open(house)
    assert screen.standing[:2] == ["line", "Not published"]
    for kind in ("milestones", "happy_hours", "dishes", "tiers"):
        await call(screen, "add_row", kind=kind)
    assert screen.is_dirty
    typed = {
        "milestones__0__visits": "10",
        "milestones__0__points": "50",
        "happy_hours__0__starts": "17:00",
        "happy_hours__0__ends": "19:00",
        "dishes__0__dish_id": str(dish.id),
        "tiers__tier_0__name": "Friends",
        # Between silver and gold, although it stands last.
        "tiers__tier_0__threshold": "300",
        "tiers__tier_0__benefits": "A coffee\n\n Served first ",
        "expiry_days": "",
        "hundred_points_minor": "4,50",
        "adjustment_limits__waiter": "20",
    }
    await call(screen, "save", form=_form(screen, **typed))
    assert (screen.wrong, screen.is_dirty) == ({}, False)
    draft = await _draft(house)
    assert draft is not None
    rules = draft.rules
    assert [(one.key, one.threshold) for one in rules.tiers] == [
        ("bronze", 0),
        ("silver", 100),
        ("tier_0", 300),
        ("gold", 500),
        ("platinum", 1500),
    ]
    assert rules.tiers[2].benefits == ("A coffee", "Served first")
    assert (rules.expiry_days, rules.hundred_points_minor) == (None, 450)
    assert (rules.milestones[0].points, rules.happy_hours[0].percent) == (50, 150)
    assert (rules.dishes[0].dish_id, rules.adjustment_limit(Role.WAITER)) == (dish.id, 20)
    assert await _live(house) is None
    await call(screen, "ask", asked="publish")
    assert screen.asked == "publish"
    await call(screen, "confirm")
    live = await _live(house)
    assert live is not None
    assert live.rules == rules
    assert screen.standing[1] == "Running"
    assert [one.state for one in screen.versions] == ["Running"]
    # A version whose form is opened and saved again is the same.
    await call(screen, "save", form=_form(screen))
    again = await _draft(house)
    assert again is not None
    assert again.rules == rules
    await call(screen, "ask", asked="publish")
    assert screen.changes == []


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"rate_percent": "ten"}, "rate_percent"),
        ({"rate_percent": "-1"}, "rate_percent"),
        ({"most_points_per_day": "1"}, "most_points_per_day"),
        ({"warning_days": "90", "expiry_days": "60"}, "warning_days"),
        ({"expiry_days": "3"}, "expiry_days"),
        ({"hundred_points_minor": "much"}, "hundred_points_minor"),
        ({"tiers__silver__threshold": "500"}, "tiers.gold.threshold"),
        ({"tiers__bronze__threshold": "5"}, "tiers.bronze.threshold"),
        ({"tiers__gold__name": ""}, "tiers.gold.name"),
        ({"tiers__gold__percent": "99"}, "tiers.gold.percent"),
        ({"tiers__gold__benefits": "\n".join("abcdefg")}, "tiers.gold.benefits"),
        ({"adjustment_limits__manager": ""}, "adjustment_limits.manager"),
        ({"happy_hours__0__starts": "25:00"}, "happy_hours.0.starts"),
        ({"happy_hours__0__percent": "100"}, "happy_hours.0.percent"),
        ({"dishes__0__dish_id": ""}, "dishes.0.dish_id"),
        # The first row was left empty: the refused one is the second.
        ({"milestones__1__visits": "1", "milestones__1__points": "5"}, "milestones.1.visits"),
    ],
)
async def test_a_wrong_rule_is_named_at_its_field_and_nothing_is_kept(
    typed: dict[str, str], field: str
) -> None:
    house = await _house()
    screen = await _open(house)
    for kind in ("milestones", "milestones", "happy_hours", "dishes"):
        await call(screen, "add_row", kind=kind)
    usual = {
        "happy_hours__0__starts": "17:00",
        "happy_hours__0__ends": "19:00",
        "dishes__0__dish_id": "0196f2b0-0000-7000-8000-000000000000",
    }
    await call(screen, "save", form=_form(screen, **usual | typed))
    assert list(screen.wrong) == [field]
    assert await _draft(house) is None


async def test_a_draft_that_somebody_else_has_changed_is_neither_saved_nor_published() -> None:
    house = await _house()
    first = await _open(house)
    await call(first, "save", form=_form(first))
    second = await _open(house)
    await call(second, "save", form=_form(second, rate_percent="300"))
    await call(first, "save", form=_form(first, rate_percent="50"))
    assert first.wrong == {"form": "Somebody else has changed the draft. Please look again."}
    await call(first, "ask", asked="publish")
    await call(first, "confirm")
    assert await _live(house) is None
    draft = await _draft(house)
    assert draft is not None
    assert draft.rules.rate_percent == 300


async def test_publishing_waits_for_what_is_not_saved_and_shows_what_changes() -> None:
    house = await _house()
    async with transaction() as session:
        await make_programme(session, restaurant_id=house.id)
    screen = await _open(house)
    await call(screen, "save", form=_form(screen, rate_percent="200"))
    await call(screen, "touch")
    await call(screen, "ask", asked="publish")
    assert screen.asked == ""
    assert await told(screen) == ("Save the draft first.", "bad")
    await call(screen, "discard")
    await call(screen, "ask", asked="publish")
    assert [(one.name, one.now, one.then) for one in screen.changes] == [
        ("Points for 100 spent", "100", "200")
    ]
    await call(screen, "close")
    await call(screen, "ask", asked="drop")
    await call(screen, "confirm")
    assert await _draft(house) is None
    assert screen.numbers["rate_percent"] == "100"


async def test_pausing_and_going_on_keep_what_is_typed() -> None:
    house = await _house()
    async with transaction() as session:
        await make_programme(session, restaurant_id=house.id)
    screen = await _open(house)
    await call(screen, "touch")
    number = screen.form_number
    await call(screen, "ask", asked="pause")
    await call(screen, "confirm")
    assert (screen.standing[1], screen.standing[3]) == ("Paused", "paused")
    await call(screen, "resume")
    assert (screen.standing[1], screen.form_number) == ("Running", number)


async def test_a_year_is_tried_out_without_publishing_anything() -> None:
    house = await _house()
    screen = await _open(house)
    tab: Any = Background(screen)
    await ProgrammeState.event_handlers["try_out"].fn(tab)
    assert screen.simulation is not None
    assert screen.simulation.lacking.startswith("Not enough data")
    async with transaction() as session:
        guest = await make_customer(
            session, restaurant=house, first_seen_at=clock.now(), last_seen_at=clock.now()
        )
        visit = await make_visit(session, restaurant=house, customer=guest, visited_at=clock.now())
        await make_order(
            session,
            restaurant=house,
            visit=visit,
            placed_at=clock.now(),
            total_minor=10_000,
            order_status=OrderStatus.COMPLETED,
        )
    await ProgrammeState.event_handlers["try_out"].fn(tab)
    assert [(one.name, one.then) for one in screen.simulation.rows][:3] == [
        ("Points earned", "100"),
        ("What they cost", "€5.00"),
        ("Of revenue", "5\N{NARROW NO-BREAK SPACE}%"),
    ]
    assert (screen.is_trying, await _live(house), await _draft(house)) == (False, None, None)
    # Without a draft it is not called one, and stands beside nothing.
    assert (screen.simulation.is_of_draft, screen.simulation.has_running) == (False, False)


async def test_a_draft_is_tried_out_beside_what_runs_and_what_runs_alone() -> None:
    house = await _house()
    async with transaction() as session:
        await make_programme(session, restaurant_id=house.id)
        guest = await make_customer(
            session, restaurant=house, first_seen_at=clock.now(), last_seen_at=clock.now()
        )
        visit = await make_visit(session, restaurant=house, customer=guest, visited_at=clock.now())
        await make_order(
            session,
            restaurant=house,
            visit=visit,
            placed_at=clock.now(),
            total_minor=10_000,
            order_status=OrderStatus.COMPLETED,
        )
    screen = await _open(house)
    tab: Any = Background(screen)
    await ProgrammeState.event_handlers["try_out"].fn(tab)
    assert screen.simulation is not None
    assert (screen.simulation.is_of_draft, screen.simulation.has_running) == (False, False)
    await call(screen, "save", form=_form(screen) | {"rate_percent": "200"})
    await ProgrammeState.event_handlers["try_out"].fn(tab)
    assert (screen.simulation.is_of_draft, screen.simulation.has_running) == (True, True)
    first = screen.simulation.rows[0]
    assert (first.name, first.now, first.then) == ("Points earned", "100", "200")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.WAITER, Role.KITCHEN])
async def test_only_owners_see_or_change_the_rules(role: Role) -> None:
    house = await _house()
    owners = await _open(house)
    screen = await _open(house, role)
    assert (screen.is_ready, screen.numbers) == (False, {})
    await call(screen, "save", form=_form(owners))
    await call(screen, "confirm")
    assert await _draft(house) is None


async def test_another_restaurants_draft_is_not_seen() -> None:
    house = await _house()
    screen = await _open(house)
    await call(screen, "save", form=_form(screen, rate_percent="777"))
    async with transaction() as session:
        other = await make_restaurant(session, slug="other")
    theirs = await _open(other)
    assert (theirs.numbers["rate_percent"], theirs.draft_note) == ("100", "")


async def test_a_draft_that_nobody_saw_is_neither_written_over_nor_published_nor_dropped() -> None:
    house = await _house()
    first, second = await _open(house), await _open(house)
    await call(first, "save", form=_form(first, rate_percent="300"))
    await call(second, "save", form=_form(second, rate_percent="50"))
    assert second.wrong == {"form": "Somebody else has changed the draft. Please look again."}
    for asked in ("publish", "drop"):
        await call(second, "ask", asked=asked)
        await call(second, "confirm")
    assert await _live(house) is None
    draft = await _draft(house)
    assert draft is not None
    assert draft.rules.rate_percent == 300


async def test_a_pause_with_something_typed_does_not_count_as_having_seen_a_newer_draft() -> None:
    house = await _house()
    first = await _open(house)
    await call(first, "save", form=_form(first))
    await call(first, "ask", asked="publish")
    await call(first, "confirm")
    await call(first, "touch")
    second = await _open(house)
    await call(second, "save", form=_form(second, rate_percent="300"))
    await call(first, "ask", asked="pause")
    await call(first, "confirm")
    await call(first, "resume")
    await call(first, "save", form=_form(first, rate_percent="50"))
    assert first.wrong == {"form": "Somebody else has changed the draft. Please look again."}
