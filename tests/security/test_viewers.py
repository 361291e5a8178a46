"""A tab is handed from one person to the next: nothing that the first one saw is sent again."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.accounts import Membership
from models.enums import Role
from services.accounts import sessions, switching
from services.base import clock
from services.base.database import transaction
from tests.security.sockets import Tab, open_sockets
from tests.security.worlds import World, make_world

ROOT = "reflex___state____state"
CUSTOMERS = f"{ROOT}.state___staff___customers____customers_state"
CART = f"{ROOT}.state___guest___cart____cart_state"
HYDRATE = f"{ROOT}.hydrate_and_load"

pytestmark = pytest.mark.usefixtures("sqlite_database")


async def _again(tab: Tab, cookie: str) -> list[Any]:
    """The same tab, started anew with other cookies: what its page is sent of the customers."""
    tab.sockets.namespace.updates.clear()
    tab._data["headers"] = {**tab._data["headers"], "cookie": cookie}
    await tab.send(HYDRATE)
    return tab.values("rows", of=CUSTOMERS)


async def _seen_by(world: World, tab: Tab) -> list[Any]:
    await tab.send(HYDRATE)
    await tab.send(CUSTOMERS + ".search_for", {"text": ""})
    rows = tab.values("rows", of=CUSTOMERS)[-1]
    assert world.guest.alias in {row.alias for row in rows}
    return rows


async def test_a_tab_is_empty_after_the_log_out() -> None:
    world = await make_world()
    async with open_sockets() as sockets:
        tab = sockets.tab(cookie=world.staff_cookie(Role.OWNER), path="/staff/customers")
        await _seen_by(world, tab)
        assert await _again(tab, "") == [[]]


async def test_the_next_person_starts_with_an_empty_tab() -> None:
    world = await make_world()
    async with open_sockets() as sockets:
        tab = sockets.tab(cookie=world.staff_cookie(Role.OWNER), path="/staff/customers")
        await _seen_by(world, tab)
        assert await _again(tab, world.staff_cookie(Role.KITCHEN)) == [[]]


async def test_a_log_in_that_ended_elsewhere_shows_nothing_either() -> None:
    world = await make_world()
    cookie = world.staff_cookie(Role.OWNER)
    async with open_sockets() as sockets:
        tab = sockets.tab(cookie=cookie, path="/staff/customers")
        await _seen_by(world, tab)
        async with transaction() as session:
            await sessions.end_session(
                session, token=world.people[Role.OWNER].token, now=clock.now()
            )
        assert await _again(tab, cookie) == [[]]


async def test_a_role_that_changed_starts_with_an_empty_tab() -> None:
    world = await make_world()
    cookie = world.staff_cookie(Role.MANAGER)
    async with open_sockets() as sockets:
        tab = sockets.tab(cookie=cookie, path="/staff/customers")
        await _seen_by(world, tab)
        async with transaction() as session:
            await session.execute(
                sa.update(Membership)
                .where(col(Membership.user_id) == world.people[Role.MANAGER].actor.user_id)
                .values(role=Role.KITCHEN)
            )
        assert await _again(tab, cookie) == [[]]


async def test_the_same_person_keeps_the_screen_through_a_reconnect() -> None:
    world = await make_world()
    cookie = world.staff_cookie(Role.OWNER)
    async with open_sockets() as sockets:
        tab = sockets.tab(cookie=cookie, path="/staff/customers")
        rows = await _seen_by(world, tab)
        assert await _again(tab, cookie) == [rows]


async def test_another_guest_s_browser_does_not_get_the_cart() -> None:
    world = await make_world()
    async with open_sockets() as sockets:
        tab = sockets.tab(cookie=world.guest_cookie, path=f"/menu/{world.slug}")
        await tab.send(HYDRATE)
        await tab.send(CART + ".open")
        assert tab.values("count")[-1] == 1
        await _again(tab, "smartmenu_visit=another-browser")
        assert tab.values("count") == [0]


async def test_the_other_restaurant_of_the_same_person_starts_with_an_empty_tab() -> None:
    here, there = await make_world(), await make_world()
    owner = here.people[Role.OWNER]
    async with open_sockets() as sockets:
        tab = sockets.tab(cookie=here.staff_cookie(Role.OWNER), path="/staff/customers")
        await _seen_by(here, tab)
        async with transaction() as session:
            session.add(
                Membership(
                    restaurant_id=there.info.id, user_id=owner.actor.user_id, role=Role.OWNER
                )
            )
            done = await switching.switch_restaurant(
                session, token=owner.token, restaurant_id=there.info.id, now=clock.now()
            )
        # The socket of before still has the cookie of before: it gets nothing more.
        await tab.send(CUSTOMERS + ".search_for", {"text": ""})
        assert tab.redirects()[-1] == "/login"
        assert await _again(tab, f"smartmenu_session={done.token}") == [[]]
        await tab.send(CUSTOMERS + ".search_for", {"text": ""})
        seen = {row.alias for row in tab.values("rows", of=CUSTOMERS)[-1]}
        assert there.guest.alias in seen
        assert here.guest.alias not in seen
