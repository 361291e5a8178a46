"""Screens that stay open: a log-in that ends or a role that changes ends what they hear."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
import reflex as rx
import sqlalchemy as sa
from reflex.istate.data import RouterData
from sqlmodel import col

from models.accounts import Membership, UserSession
from models.enums import Role
from services import live
from services.accounts import sessions
from services.accounts.errors import NotLoggedInError
from services.accounts.types import PERMISSIONS, Permission
from services.base import addresses, clock
from services.base.database import reading, transaction
from services.base.errors import ForbiddenError
from state.log_in import session_token
from state.staff.access import next_news
from state.staff.board import BoardState
from state.staff.frame import FrameState
from tests.builders import make_restaurant
from tests.services.ordering_room import make_room
from tests.state.screens import Background, follow, logged_in_screen

pytestmark = pytest.mark.usefixtures("database")


async def _board(role: Role = Role.WAITER) -> tuple[Background, live.Subscription]:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
    screen = await logged_in_screen(BoardState, restaurant, role)
    news = live.Subscription(frozenset({live.orders_topic(restaurant.id)}))
    news.put(live.News(live.orders_topic(restaurant.id), "order", "7"))
    return Background(screen), news


async def test_an_open_screen_hears_what_happens() -> None:
    screen, news = await _board()

    heard = await next_news(screen, Permission.VIEW_ORDERS, news, timeout_seconds=10)

    assert [(one.what, one.subject_id) for one in heard.news] == [("order", "7")]
    assert heard.actor.role is Role.WAITER


async def test_an_open_screen_hears_in_which_role_somebody_looks_by_now() -> None:
    screen, news = await _board(Role.MANAGER)
    async with transaction() as session:
        await session.execute(sa.update(Membership).values(role=Role.KITCHEN))

    heard = await next_news(screen, Permission.VIEW_ORDERS, news, timeout_seconds=10)

    assert heard.actor.role is Role.KITCHEN
    assert not heard.actor.can(Permission.WORK_FLOOR)


async def test_an_open_screen_hears_nothing_after_its_log_in_has_ended() -> None:
    screen, news = await _board()
    async with transaction() as session:
        await session.execute(sa.update(UserSession).values(revoked_at=clock.now()))

    with pytest.raises(NotLoggedInError):
        await next_news(screen, Permission.VIEW_ORDERS, news, timeout_seconds=10)


async def test_an_open_screen_hears_nothing_after_its_role_was_taken_away() -> None:
    screen, news = await _board(Role.MANAGER)
    async with transaction() as session:
        await session.execute(sa.update(Membership).values(role=Role.KITCHEN))

    with pytest.raises(ForbiddenError):
        await next_news(screen, Permission.VIEW_CUSTOMERS, news, timeout_seconds=10)


async def test_the_links_of_an_open_screen_are_those_of_the_present_role() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
    screen = await logged_in_screen(FrameState, restaurant, Role.MANAGER)
    following = asyncio.create_task(FrameState.event_handlers["enter"].fn(Background(screen)))
    while not screen.is_ready:  # noqa: ASYNC110 - a var wakes nobody
        await asyncio.sleep(0.01)
    assert Permission.VIEW_CUSTOMERS.value in screen.may

    async with transaction() as session:
        await session.execute(sa.update(Membership).values(role=Role.KITCHEN))
    await live.publish([live.orders_topic(restaurant.id)], "order")
    while Permission.VIEW_CUSTOMERS.value in screen.may:  # noqa: ASYNC110 - a var wakes nobody
        await asyncio.sleep(0.01)
    following.cancel()

    assert screen.may == sorted(one.value for one in Permission if one in PERMISSIONS[Role.KITCHEN])


async def test_a_log_in_lives_on_while_one_of_its_screens_is_open() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
    screen = await logged_in_screen(FrameState, restaurant)
    long_ago = clock.now() - sessions.IDLE + sessions.TOUCH_EVERY
    async with transaction() as session:
        await session.execute(sa.update(UserSession).values(last_seen_at=long_ago))
    opened_at = clock.now()

    following = asyncio.create_task(FrameState.event_handlers["enter"].fn(Background(screen)))
    while not screen.is_ready:  # noqa: ASYNC110 - a var wakes nobody
        await asyncio.sleep(0.01)
    following.cancel()

    async with reading() as session:
        seen_at = await session.scalar(sa.select(col(UserSession.last_seen_at)))
    assert seen_at is not None
    assert opened_at <= seen_at <= clock.now()


async def test_orders_do_not_wake_the_frame_of_a_board_but_a_new_role_reaches_it() -> None:
    room = await make_room()
    screen = await logged_in_screen(BoardState, room.row, Role.MANAGER)
    frame = await screen.get_state(FrameState)
    frame.router = _at(frame, addresses.STAFF_ORDERS)
    following = [
        asyncio.create_task(state.event_handlers[name].fn(Background(one)))
        for state, name, one in (
            (FrameState, "enter", frame),
            (BoardState, "live", screen),
        )
    ]
    await _until(lambda: frame.is_ready and screen.is_ready)
    # The board alone.
    assert len(live._hub._by_topic[live.orders_topic(room.info.id)]) == 1

    async with transaction() as session:
        await session.execute(sa.update(Membership).values(role=Role.KITCHEN))
    await live.publish([live.orders_topic(room.info.id)], "order")
    await _until(lambda: Permission.VIEW_CUSTOMERS.value not in frame.may)
    for task in following:
        task.cancel()


async def test_a_board_whose_log_in_has_ended_never_shows_what_was_read_meanwhile() -> None:
    room = await make_room()
    screen = await logged_in_screen(BoardState, room.row)
    beside = await logged_in_screen(BoardState, room.row)
    heard: tuple[dict[str, Any], dict[str, Any]] = {}, {}
    following = [follow(screen, "live", heard[0]), follow(beside, "live", heard[1])]
    await _until(lambda: screen.is_ready and beside.is_ready)
    async with transaction() as session:
        await sessions.end_session(session, token=session_token(screen), now=clock.now())

    placed = await room.order(await room.guest())
    await live.publish([live.orders_topic(room.info.id)], "order", placed.order_id)

    await following[0]
    await _until(lambda: "new" in heard[1])
    following[1].cancel()
    assert [one.order_id for one in heard[1]["new"].value] == [str(placed.order_id)]
    assert screen.new == []
    assert heard[0] == {}


def _at(state: rx.State, path: str) -> RouterData:
    """The router of a tab that shows a page."""
    headers = {"cookie": state.router.headers.cookie}
    return RouterData.from_router_data({"headers": headers, "pathname": path, "asPath": path})


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not is_so():  # noqa: ASYNC110 - a var wakes nobody
            await asyncio.sleep(0.01)
