"""Going from one restaurant to another: who may, and what ends."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlmodel import col

from models.accounts import Membership, User, UserSession
from models.columns import new_id
from models.enums import Role
from models.restaurants import Restaurant
from services.accounts import sessions, switching
from services.accounts.errors import NotLoggedInError
from services.base.database import reading, transaction
from services.base.errors import NotFoundError
from tests.builders import NOW, make_restaurant, make_user

pytestmark = pytest.mark.usefixtures("database")
LATER = NOW + timedelta(hours=2)


async def _owner_of_two() -> tuple[Restaurant, Restaurant, User, str]:
    """Owner of the first, waiter of the second, logged in at the first."""
    async with transaction() as session:
        first = await make_restaurant(session, name="Brasa & Olive")
        second = await make_restaurant(session, name="aioli")
        made = await make_user(session, restaurant=first, role=Role.OWNER)
        session.add(
            Membership(
                restaurant_id=second.id, user_id=made.user.id, role=Role.WAITER, created_at=NOW
            )
        )
        token = await sessions.start_session(
            session, user_id=made.user.id, restaurant_id=first.id, now=NOW
        )
    return first, second, made.user, token


async def _switch(token: str, restaurant_id: UUID) -> switching.Switched:
    async with transaction() as session:
        return await switching.switch_restaurant(
            session, token=token, restaurant_id=restaurant_id, now=LATER
        )


async def test_the_restaurants_of_a_person_come_by_name_with_their_role_there() -> None:
    _, _, user, _ = await _owner_of_two()
    async with transaction() as session:
        await make_restaurant(session, name="Not theirs")
    async with reading() as session:
        found = await switching.list_workplaces(session, user_id=user.id)
    assert [(one.name, one.role) for one in found] == [
        ("aioli", Role.WAITER),
        ("Brasa & Olive", Role.OWNER),
    ]


async def test_a_switch_ends_one_log_in_and_opens_another_that_lasts_no_longer() -> None:
    _, second, _, token = await _owner_of_two()
    done = await _switch(token, second.id)
    async with reading() as session:
        assert await sessions.find_actor(session, token=token, now=LATER) is None
        actor = await sessions.find_actor(session, token=done.token, now=LATER)
        assert actor is not None
        assert (actor.restaurant_id, actor.role, done.role) == (second.id, Role.WAITER, Role.WAITER)
        ended = await session.get_one(UserSession, done.ended_session_id)
        opened = await session.get_one(UserSession, actor.session_id)
    assert ended.revoked_at == LATER
    assert opened.expires_at == ended.expires_at == NOW + sessions.LIFETIME


async def test_nobody_goes_where_they_do_not_work() -> None:
    first, _, _, token = await _owner_of_two()
    async with transaction() as session:
        other = await make_restaurant(session)
    for restaurant_id in (other.id, new_id()):
        with pytest.raises(NotFoundError):
            await _switch(token, restaurant_id)
    async with reading() as session:
        actor = await sessions.find_actor(session, token=token, now=LATER)
    assert actor is not None
    assert actor.restaurant_id == first.id


async def test_a_log_in_that_has_ended_goes_nowhere() -> None:
    _, second, _, token = await _owner_of_two()
    await _switch(token, second.id)
    for ended in (token, "", "made up"):
        with pytest.raises(NotLoggedInError):
            await _switch(ended, second.id)


async def test_a_log_in_that_has_ended_is_not_ended_again() -> None:
    _, _, _, token = await _owner_of_two()
    async with transaction() as session:
        assert await sessions.end_session(session, token=token, now=NOW) is not None
    async with transaction() as session:
        assert await sessions.end_session(session, token=token, now=LATER) is None
    async with reading() as session:
        ended = await session.scalar(sa.select(col(UserSession.revoked_at)))
    assert ended == NOW


async def test_two_switches_at_the_same_moment_open_one_log_in() -> None:
    _, second, _, token = await _owner_of_two()

    told = await asyncio.gather(
        *(_switch(token, second.id) for _ in range(4)), return_exceptions=True
    )

    refused = [one for one in told if isinstance(one, BaseException)]
    assert [type(one) for one in refused] == [NotLoggedInError] * 3
