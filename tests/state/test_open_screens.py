"""Screens that stay open: a log-in that ends or a role that changes ends what they hear."""

import asyncio

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.accounts import Membership, UserSession
from models.enums import Role
from services import live
from services.accounts import sessions
from services.accounts.errors import NotLoggedInError
from services.accounts.types import PERMISSIONS, Permission
from services.base import clock
from services.base.database import reading, transaction
from services.base.errors import ForbiddenError
from state.staff.access import next_news
from state.staff.board import BoardState
from state.staff.frame import FrameState
from tests.builders import make_restaurant
from tests.state.screens import Background, logged_in_screen

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
