"""The settings' screen: only owners, everything or nothing, and a preview of the colour."""

from typing import Any

import pytest

from models.columns import new_id
from models.enums import Role
from models.restaurants import Restaurant
from services import live
from services.base.database import reading, transaction
from state.staff.settings import SettingsState
from tests.builders import make_restaurant
from tests.state.screens import call, told
from tests.state.tabs import Person, log_in, tab

pytestmark = pytest.mark.usefixtures("sqlite_database")
FORM = {
    "name": "Brasa y Olivo",
    "currency": "EUR",
    "time_zone": "Europe/Madrid",
    "day_cutoff": "05:00",
    "tax_rate_basis_points": "7,5",
    "first_language": "en",
    "language.ar": "on",
    "consent_mode": "ask",
    "idle_release_minutes": "25",
    "ticket_soon_minutes": "8",
    "ticket_late_minutes": "15",
    "opening_hours.mon.0.start": "18:00",
    "opening_hours.mon.0.end": "02:00",
}


async def _open(role: Role = Role.OWNER) -> tuple[Restaurant, Person, SettingsState]:
    async with transaction() as session:
        restaurant = await make_restaurant(
            session, opening_hours={"mon": [["12:00", "23:00"]]}, languages=["en"]
        )
    person = await log_in(restaurant, role)
    state = await tab(SettingsState, person)
    await call(state, "enter")
    return restaurant, person, state


async def _saved(restaurant: Restaurant) -> Any:
    async with reading() as session:
        return await session.get_one(Restaurant, restaurant.id)


async def test_everything_is_saved_at_once_and_open_menus_hear_of_it() -> None:
    restaurant, _, state = await _open()
    await call(state, "set_brand", "#0a7a5c")
    await call(state, "touch")
    async with live.subscribe([live.menu_topic(restaurant.id)]) as news:
        await call(state, "save", FORM | {"uses_cleaning": "on"})
        assert [one.what for one in await news.next(timeout_seconds=10)] == ["menu"]
    assert (state.wrong, state.is_dirty) == ({}, False)
    row = await _saved(restaurant)
    assert (row.name, row.time_zone, row.languages) == (
        "Brasa y Olivo",
        "Europe/Madrid",
        ["en", "ar"],
    )
    assert (row.tax_rate_basis_points, row.brand_color) == (750, "#0A7A5C")
    assert row.opening_hours == {"mon": [["18:00", "02:00"]]}
    assert (row.uses_cleaning, row.ordering_paused, row.idle_release_minutes) == (True, False, 25)
    assert await told(state) == ("Saved", "ok")


@pytest.mark.parametrize("role", [Role.MANAGER, Role.WAITER, Role.KITCHEN])
async def test_only_owners_see_and_change_settings(role: Role) -> None:
    restaurant, _, state = await _open(role)
    assert state.is_ready is False
    await call(state, "save", FORM)
    assert await told(state) == ("Your role does not allow this.", "bad")
    assert (await _saved(restaurant)).name == "Brasa & Olive"


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("name", "", "This cannot be empty."),
        ("tax_rate_basis_points", "ten", "Write the tax in percent, like 10 or 5.5."),
        ("tax_rate_basis_points", "-1", "Write the tax in percent, like 10 or 5.5."),
        ("tax_rate_basis_points", "NaN", "Write the tax in percent, like 10 or 5.5."),
        ("day_cutoff", "5 am", "Write times as hours and minutes, like 17:00."),
        ("idle_release_minutes", "1", "This must be between 5 and 240."),
        ("ticket_late_minutes", "8", "A ticket must turn red after it turned yellow."),
        ("time_zone", "Mars/Base", "This is not a time zone we know. Write it like Europe/Berlin."),
    ],
)
async def test_a_refused_field_keeps_the_form_and_changes_nothing(
    field: str, typed: str, sentence: str
) -> None:
    restaurant, _, state = await _open()
    await call(state, "touch")
    before = state.form_number
    await call(state, "save", FORM | {field: typed})
    assert state.wrong == {field: sentence}
    assert (state.form_number, state.is_dirty) == (before, True)
    assert (await _saved(restaurant)).name == "Brasa & Olive"


async def test_a_time_without_its_end_is_told_at_its_day() -> None:
    restaurant, _, state = await _open()
    await call(state, "save", FORM | {"opening_hours.mon.0.end": ""})
    assert state.wrong == {"opening_hours.mon": "Write times as hours and minutes, like 17:00."}
    assert (await _saved(restaurant)).opening_hours == {"mon": [["12:00", "23:00"]]}


async def test_a_pale_colour_is_darkened_in_the_preview_and_a_wrong_one_is_told() -> None:
    _, _, state = await _open()
    await call(state, "set_brand", "#e0664a")
    assert state.was_darkened is True
    shown = state.brand_light["--brand-solid"]
    await call(state, "set_brand", "#e06")
    assert state.wrong == {"brand_color": "Write the colour as six digits, like #B5391F."}
    assert state.brand_light["--brand-solid"] == shown


async def test_another_restaurants_logo_cannot_be_shown() -> None:
    restaurant, _, state = await _open()
    await call(state, "set_logo", f"pictures/{new_id()}/abc.webp")
    assert state.logo_file == ""
    await call(state, "set_logo", f"pictures/{restaurant.id}/abc.webp")
    await call(state, "save", FORM)
    assert (await _saved(restaurant)).logo_file == f"pictures/{restaurant.id}/abc.webp"


async def test_what_is_unsaved_survives_a_reconnect() -> None:
    _, _, state = await _open()
    await call(state, "add_hours", "tue")
    before = state.form_number
    await call(state, "enter")
    assert state.form_number == before
    assert [len(day.hours) for day in state.days] == [1, 1, 0, 0, 0, 0, 0]
