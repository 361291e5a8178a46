"""A tab follows a bounded number of things, however often a script asks, until it is gone."""

import asyncio
from collections.abc import Callable

import pytest

from services import live
from services.base.database import transaction
from state import doors
from state.guest.menu import MenuState
from tests.builders import make_restaurant
from tests.security.sockets import open_sockets

pytestmark = pytest.mark.usefixtures("sqlite_database")
LIVE = f"{MenuState.get_full_name()}.live"


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not is_so():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)


async def test_fifty_events_of_one_tab_leave_few_followers_and_none_when_it_is_gone() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
    async with open_sockets() as sockets:
        tab = sockets.tab(path=f"/menu/{restaurant.slug}")
        before = live.subscription_count()
        sent = [await tab.start(LIVE) for _ in range(50)]
        await _until(lambda: sum(not one.done() for one in sent) == doors.MOST_FOLLOWERS)
        await _until(lambda: live.subscription_count() > before)
        assert live.subscription_count() <= before + doors.MOST_FOLLOWERS
        doors.end_followers(tab.token)
        await _until(lambda: live.subscription_count() == before)
        for one in sent:
            one.cancel()


async def test_another_tab_follows_for_itself() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
    async with open_sockets() as sockets:
        one, other = [sockets.tab(path=f"/menu/{restaurant.slug}") for _ in range(2)]
        before = live.subscription_count()
        # A tab's first event loads its page, which follows the menu too.
        of_one, of_other = [await tab.start(LIVE) for tab in (one, other)]
        await _until(lambda: live.subscription_count() == before + 4)
        doors.end_followers(one.token)
        await _until(lambda: live.subscription_count() == before + 2)
        await _until(of_one.done)
        assert not of_other.done()
        doors.end_followers(other.token)
        await _until(lambda: live.subscription_count() == before)
        of_other.cancel()
