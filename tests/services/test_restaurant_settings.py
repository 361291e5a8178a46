"""What an owner sets for the restaurant."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, time
from typing import Any

import pytest
import sqlalchemy as sa

from models.enums import ConsentMode, Role
from models.journal import AuditEntry
from models.menu import MenuVersion
from models.ordering import Order
from models.restaurants import Restaurant
from services.accounts.types import Actor
from services.base.database import reading, transaction
from services.base.errors import ConflictError, InvalidInputError, NotFoundError
from services.base.texts import sentence
from services.restaurants import settings
from services.restaurants.brand import brand_of
from services.restaurants.drafts import SettingsDraft
from services.restaurants.types import RestaurantInfo
from tests.builders import NOW, make_restaurant, make_user, make_visit, restaurant_info


async def _owner(**columns: Any) -> tuple[Restaurant, Actor]:
    async with transaction() as session:
        restaurant = await make_restaurant(session, **columns)
        made = await make_user(session, restaurant=restaurant, role=Role.OWNER)
        return restaurant, made.actor


async def _info(restaurant: Restaurant) -> RestaurantInfo:
    async with reading() as session:
        return await restaurant_info(session, restaurant)


async def _save(restaurant: Restaurant, actor: Actor, **changes: Any) -> settings.SettingsSaved:
    draft = replace(SettingsDraft.of(await _info(restaurant)), **changes)
    async with transaction() as session:
        return await settings.update_settings(session, actor=actor, draft=draft, now=NOW)


async def _rows(table: type[Any]) -> list[Any]:
    async with reading() as session:
        return list(await session.scalars(sa.select(table)))


async def test_everything_on_the_screen_is_saved(database: object) -> None:
    restaurant, actor = await _owner(menu_version=4)
    saved = await _save(
        restaurant,
        actor,
        name=" Brasa ",
        currency="chf",
        time_zone="Europe/Zurich",
        languages=["de", "en", "ar", "en"],
        opening_hours={"mon": [["18:00", "01:00"], ["11:30", "14:00"]], "tue": []},
        day_cutoff=time(4, 30),
        tax_rate_basis_points=810,
        brand_color="e8833a",
        consent_mode="notice",
        fingerprint_enabled=True,
        uses_cleaning=True,
        idle_release_minutes=30,
        ticket_soon_minutes=10,
        ticket_late_minutes=20,
    )
    info = await _info(restaurant)
    assert saved.restaurant == info
    assert saved.was_darkened is True
    assert info == RestaurantInfo(
        id=restaurant.id,
        slug=restaurant.slug,
        name="Brasa",
        currency="CHF",
        time_zone="Europe/Zurich",
        languages=("de", "en", "ar"),
        opening_hours={"mon": [["11:30", "14:00"], ["18:00", "01:00"]]},
        special_hours={},
        day_cutoff=time(4, 30),
        tax_rate_basis_points=810,
        brand_color="#E8833A",
        brand_tokens=brand_of("#E8833A").tokens,
        logo_file=None,
        menu_version=5,
        ordering_paused=False,
        consent_mode=ConsentMode.NOTICE,
        fingerprint_enabled=True,
        uses_cleaning=True,
        idle_release_minutes=30,
        ticket_soon_minutes=10,
        ticket_late_minutes=20,
        is_demo=False,
    )


async def test_only_what_changed_is_noted(sqlite_database: object) -> None:
    restaurant, actor = await _owner()
    await _save(restaurant, actor)  # computes the colour's tokens
    saved = await _save(restaurant, actor, day_cutoff=time(6), uses_cleaning=True)
    assert saved.changed == ("day_cutoff", "uses_cleaning")
    assert saved.was_darkened is False
    entry = max(await _rows(AuditEntry), key=lambda row: row.id)
    assert (entry.action, entry.subject_type, entry.subject_id, entry.actor_user_id) == (
        "settings_updated",
        "restaurant",
        restaurant.id,
        actor.user_id,
    )
    assert entry.data == {
        "day_cutoff": {"before": "05:00", "after": "06:00"},
        "uses_cleaning": {"before": False, "after": True},
    }


async def test_saving_without_a_change_makes_no_version_and_no_note(
    sqlite_database: object,
) -> None:
    restaurant, actor = await _owner()
    first = await _save(restaurant, actor)
    again = await _save(restaurant, actor)
    assert (first.changed, again.changed) == (("brand_tokens",), ())
    assert again.restaurant.menu_version == 2
    assert len(await _rows(MenuVersion)) == len(await _rows(AuditEntry)) == 1


async def test_the_currency_changes_only_before_the_first_order(sqlite_database: object) -> None:
    restaurant, actor = await _owner()
    await _save(restaurant, actor, currency="USD")
    async with transaction() as session:
        visit = await make_visit(session, restaurant=restaurant)
        session.add(
            Order(
                restaurant_id=restaurant.id,
                visit_id=visit.id,
                number=1,
                business_day=date(2026, 5, 13),
                submit_key="k",
                request_hash="h",
                guest_alias="Basil 4821",
                currency="USD",
                subtotal_minor=100,
                total_minor=100,
                placed_at=NOW,
            )
        )
    with pytest.raises(ConflictError) as refusal:
        await _save(restaurant, actor, currency="EUR", name="Other")
    assert sentence("en", refusal.value) == (
        "The currency cannot change any more: there are orders in USD."
    )
    info = await _info(restaurant)
    assert (info.currency, info.name) == ("USD", "Brasa & Olive")
    assert (await _save(restaurant, actor, name="Other")).restaurant.name == "Other"


@pytest.mark.parametrize(
    ("changes", "field", "text"),
    [
        ({"name": " "}, "name", "This cannot be empty."),
        ({"name": "x" * 121}, "name", "This is too long: at most 120 characters."),
        (
            {"currency": "DEM"},
            "currency",
            "This is not a currency we know. Write its three letters, like EUR.",
        ),
        (
            {"currency": "€"},
            "currency",
            "This is not a currency we know. Write its three letters, like EUR.",
        ),
        (
            {"time_zone": "Berlin"},
            "time_zone",
            "This is not a time zone we know. Write it like Europe/Berlin.",
        ),
        (
            {"time_zone": "../etc/passwd"},
            "time_zone",
            "This is not a time zone we know. Write it like Europe/Berlin.",
        ),
        ({"languages": []}, "languages", "Choose at least the language your menu is written in."),
        ({"languages": ["en", "klingon"]}, "languages", "This is not a language we know."),
        ({"opening_hours": {"day": []}}, "opening_hours", "This is not a day of the week."),
        (
            {"opening_hours": {"mon": [["12", "15"]]}},
            "opening_hours.mon",
            "Write times as hours and minutes, like 17:00.",
        ),
        (
            {"opening_hours": {"sun": [["12:00", "15:00"], ["14:00", "16:00"]]}},
            "opening_hours.sun",
            "Two pairs of times overlap.",
        ),
        (
            {"day_cutoff": time(12)},
            "day_cutoff",
            "The day must start on a full minute before noon.",
        ),
        (
            {"day_cutoff": time(5, tzinfo=UTC)},
            "day_cutoff",
            "The day must start on a full minute before noon.",
        ),
        (
            {"tax_rate_basis_points": -1},
            "tax_rate_basis_points",
            "This must be between 0 and 5000.",
        ),
        ({"brand_color": "red"}, "brand_color", "Write the colour as six digits, like #B5391F."),
        ({"consent_mode": "never"}, "consent_mode", "Choose whether guests are asked or told."),
        ({"idle_release_minutes": 4}, "idle_release_minutes", "This must be between 5 and 240."),
        ({"ticket_soon_minutes": 0}, "ticket_soon_minutes", "This must be between 1 and 240."),
        (
            {"ticket_soon_minutes": 15},
            "ticket_late_minutes",
            "A ticket must turn red after it turned yellow.",
        ),
    ],
)
async def test_a_setting_that_cannot_be_is_refused_by_name(
    sqlite_database: object, changes: dict[str, Any], field: str, text: str
) -> None:
    restaurant, actor = await _owner()
    before = await _info(restaurant)
    with pytest.raises(InvalidInputError) as refusal:
        await _save(restaurant, actor, **changes)
    assert (refusal.value.field, sentence("en", refusal.value)) == (field, text)
    assert await _info(restaurant) == before


async def test_ordering_is_paused_and_taken_up_again(sqlite_database: object) -> None:
    _, actor = await _owner()
    for is_paused, version in ((True, 2), (True, 2), (False, 3)):
        async with transaction() as session:
            info = await settings.set_ordering_paused(
                session, actor=actor, is_paused=is_paused, now=NOW
            )
        assert (info.ordering_paused, info.menu_version) == (is_paused, version)
    actions = sorted(entry.action for entry in await _rows(AuditEntry))
    assert actions == ["ordering_paused", "ordering_resumed"]


async def test_a_logo_must_be_the_restaurants_own(sqlite_database: object) -> None:
    restaurant, actor = await _owner()
    other, _ = await _owner()
    own = f"pictures/{restaurant.id}/0a1b.webp"
    async with transaction() as session:
        info = await settings.set_logo(session, actor=actor, logo_file=own, now=NOW)
    assert (info.logo_file, info.menu_version) == (own, 2)
    with pytest.raises(NotFoundError, match=r"^There is no such picture\.$"):
        async with transaction() as session:
            await settings.set_logo(
                session, actor=actor, logo_file=f"pictures/{other.id}/0a1b.webp", now=NOW
            )
    assert (await _info(restaurant)).logo_file == own


async def test_two_who_save_at_once_both_leave_a_version(database: object) -> None:
    restaurant, actor = await _owner()
    await _save(restaurant, actor)
    draft = SettingsDraft.of(await _info(restaurant))

    async def save(minutes: int) -> None:
        async with transaction() as session:
            await settings.update_settings(
                session, actor=actor, draft=replace(draft, idle_release_minutes=minutes), now=NOW
            )

    await asyncio.gather(*(save(minutes) for minutes in (31, 32, 33, 34)))
    assert (await _info(restaurant)).menu_version == 6
    assert sorted(row.version for row in await _rows(MenuVersion)) == [2, 3, 4, 5, 6]


async def test_another_restaurant_stays_as_it_is(sqlite_database: object) -> None:
    restaurant, actor = await _owner()
    other, _ = await _owner()
    before = await _info(other)
    await _save(restaurant, actor, name="New")
    assert await _info(other) == before
