"""The screen of printed codes: who may do what, asked about first, taken back once."""

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.enums import CodeKind, Role
from models.restaurants import Restaurant
from models.seating import TableCode
from services.base.database import reading, transaction
from state.staff.codes import CodeFormState, CodesState
from tests.builders import make_area, make_category, make_restaurant, make_table, make_table_code
from tests.state.screens import call, logged_in_screen, open_screen, told
from tests.state.tabs import log_in, tab

pytestmark = pytest.mark.usefixtures("sqlite_database")


async def _place() -> Restaurant:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        area = await make_area(session, restaurant=restaurant, name="Terrace")
        for number in ("10", "2"):
            await make_table(session, restaurant=restaurant, area=area, table_number=number)
        await make_table_code(session, restaurant=restaurant, area=area)
    return restaurant


async def _in_use(restaurant: Restaurant) -> set[str]:
    async with reading() as session:
        rows = await session.scalars(
            sa.select(col(TableCode.code)).where(
                col(TableCode.restaurant_id) == restaurant.id, col(TableCode.revoked_at).is_(None)
            )
        )
        return set(rows)


async def _screen(restaurant: Restaurant, role: Role = Role.MANAGER) -> CodesState:
    screen = await logged_in_screen(CodesState, restaurant, role)
    await call(screen, "enter")
    return screen


async def test_codes_are_listed_by_area_and_as_people_count() -> None:
    screen = await _screen(await _place())
    terrace, general, campaigns = screen.groups
    assert (terrace.kind, terrace.title, terrace.summary) == ("area", "Terrace", "3 codes")
    assert [row.title for row in terrace.rows] == ["The whole area", "Table 2", "Table 10"]
    assert [row.total for row in terrace.rows] == ["0", "0", "0"]
    assert (general.rows, campaigns.rows) == ([], [])
    assert [choice.label for choice in screen.which] == [
        "All tables",
        "Terrace",
        "Everything in use",
    ]


async def test_without_codes_there_is_nothing_to_print() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
    screen = await _screen(restaurant)
    assert not screen.has_codes
    async with transaction() as session:
        area = await make_area(session, restaurant=restaurant, name="Terrace")
    await call(screen, "enter")
    assert [choice.label for choice in screen.which] == ["Everything in use"]
    async with transaction() as session:
        await make_table_code(session, restaurant=restaurant, area=area)
    await call(screen, "enter")
    assert screen.has_codes
    assert [choice.value for choice in screen.which] == ["tables", str(area.id), "everything"]


async def test_a_waiter_looks_and_changes_nothing() -> None:
    restaurant = await _place()
    before = await _in_use(restaurant)
    screen = await _screen(restaurant, Role.WAITER)
    assert (screen.may_edit, len(screen.groups)) == (False, 3)
    await call(screen, "ask_replacing", "all", "")
    await call(screen, "confirm")
    await call(screen, "make_missing")
    await call(await screen.get_state(CodeFormState), "save", {"label": "Mine"})
    assert await _in_use(restaurant) == before


@pytest.mark.parametrize("role", [Role.KITCHEN, None])
async def test_the_kitchen_and_strangers_see_nothing(role: Role | None) -> None:
    restaurant = await _place()
    screen = (
        await logged_in_screen(CodesState, restaurant, role)
        if role
        else await open_screen(CodesState)
    )
    await call(screen, "enter")
    assert (screen.is_ready, screen.groups) == (False, [])


async def test_an_area_is_asked_about_replaced_and_brought_back() -> None:
    restaurant = await _place()
    before = await _in_use(restaurant)
    screen = await _screen(restaurant)
    await call(screen, "ask_replacing", "area", screen.groups[0].id)
    assert screen.asks_title == "Replace 3 codes?"
    assert await _in_use(restaurant) == before
    await call(screen, "confirm")
    assert await told(screen) == ("3 new codes", "info")
    assert not await _in_use(restaurant) & before
    await call(screen, "undo")
    assert await told(screen) == ("The codes from before count again.", "ok")
    assert await _in_use(restaurant) == before
    await call(screen, "show_old", True)
    assert {(row.state.split()[0], row.can_restore) for row in screen.old} == {("Replaced", False)}
    await call(screen, "undo")
    assert await told(screen) == ("These codes have changed since; it cannot be undone.", "bad")
    assert await _in_use(restaurant) == before


async def test_two_tabs_that_replace_everything_make_the_new_codes_once() -> None:
    restaurant = await _place()
    first, second = await _screen(restaurant), await _screen(restaurant)
    for screen in (first, second):
        await call(screen, "ask_replacing", "all", "")
    await call(first, "confirm")
    once = await _in_use(restaurant)
    await call(second, "confirm")
    assert await told(second) == ("Somebody has replaced them already.", "info")
    assert await _in_use(restaurant) == once


async def test_another_restaurants_area_and_codes_stay_as_they_are() -> None:
    ours, theirs = await _place(), await _place()
    before = await _in_use(theirs)
    their_screen, screen = await _screen(theirs), await _screen(ours)
    for what, subject in (
        ("area", their_screen.groups[0].id),
        ("code", their_screen.groups[0].rows[1].id),
        ("code", "nonsense"),
    ):
        await call(screen, "ask_replacing", what, subject)
        await call(screen, "confirm")
    await call(screen, "ask_retirement", their_screen.groups[0].rows[0].id)
    await call(screen, "confirm")
    assert await _in_use(theirs) == before


async def test_a_campaign_is_added_retired_and_taken_into_use_again() -> None:
    restaurant = await _place()
    async with transaction() as session:
        drinks = await make_category(session, restaurant=restaurant, name="Drinks")
    person = await log_in(restaurant, Role.OWNER)
    screen = await tab(CodesState, person)
    await call(screen, "enter")
    form = await screen.get_state(CodeFormState)
    await call(form, "start", "campaign", "")
    assert [section.label for section in form.sections] == ["The beginning", "Drinks"]
    await call(form, "save", {"label": " ", "category_id": str(drinks.id)})
    assert form.wrong == {"label": "This cannot be empty."}
    await call(form, "save", {"label": "Flyer", "category_id": str(drinks.id)})
    (made,) = screen.groups[-1].rows
    assert (made.kind, made.title, made.note) == (CodeKind.CAMPAIGN, "Flyer", "opens Drinks")
    await call(screen, "ask_retirement", made.id)
    await call(screen, "confirm")
    assert screen.groups[-1].rows == []
    await call(screen, "show_old", True)
    assert [(row.title, row.can_restore) for row in screen.old] == [("Flyer", True)]
    await call(screen, "restore", made.id)
    assert ([row.title for row in screen.groups[-1].rows], screen.old) == (["Flyer"], [])


async def test_tables_without_codes_are_told_and_get_them() -> None:
    restaurant = await _place()
    async with transaction() as session:
        await session.execute(sa.delete(TableCode))
    screen = await _screen(restaurant)
    assert screen.missing == "2 tables have no code."
    await call(screen, "make_missing")
    assert (screen.missing, await told(screen)) == ("", ("3 new codes", "ok"))
