"""The team's screen: passwords are shown once, and nobody reaches above their role."""

import re

import pytest
import sqlalchemy as sa

from models.accounts import Membership, User
from models.enums import Role
from services.accounts import passwords, sessions
from services.base import clock
from services.base.database import reading, transaction
from state.staff.team import TeamState
from tests.builders import make_restaurant, make_user
from tests.state.screens import call, told
from tests.state.tabs import log_in, tab

pytestmark = pytest.mark.usefixtures("sqlite_database")
NEW = {"name": "Ana", "email": "ana@example.com", "role": "waiter"}


async def _roles() -> list[str]:
    async with reading() as session:
        return sorted(await session.scalars(sa.select(Membership.role)))


async def test_a_new_person_can_log_in_with_the_password_that_is_shown_once() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
    state = await tab(TeamState, await log_in(restaurant))
    await call(state, "enter")
    await call(state, "start_adding")
    await call(state, "add", NEW)
    password = state.shown_password
    assert re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", password)
    async with reading() as session:
        user = (await session.scalars(sa.select(User).where(User.email == NEW["email"]))).one()
    assert (await passwords.verify(password, stored_hash=user.password_hash)).is_right
    await call(state, "close")
    assert state.shown_password == ""


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("email", "ana", "Please enter an e-mail address."),
        ("name", " ", "Please enter a name of at most 80 characters."),
        ("role", "chef", "Choose a role."),
        ("email", "taken@example.com", "Somebody already logs in with this e-mail address."),
    ],
)
async def test_a_refused_field_adds_nobody(field: str, typed: str, sentence: str) -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        await make_user(session, restaurant=restaurant, email="taken@example.com")
    state = await tab(TeamState, await log_in(restaurant))
    await call(state, "start_adding")
    await call(state, "add", NEW | {field: typed})
    assert state.wrong == {field: sentence}
    assert (state.is_adding, state.shown_password) == (True, "")
    assert await _roles() == ["owner", "waiter"]


@pytest.mark.parametrize("role", [Role.WAITER, Role.KITCHEN, None])
async def test_those_who_may_not_edit_the_team_see_and_change_nobody(role: Role | None) -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        owner = await make_user(session, restaurant=restaurant, role=Role.OWNER)
    state = await tab(TeamState, await log_in(restaurant, role) if role else None)
    await call(state, "enter")
    await call(state, "add", NEW)
    await call(state, "open_person", str(owner.user.id))
    await call(state, "change_role", {"role": "kitchen"})
    await call(state, "make_password")
    await call(state, "remove")
    assert (state.members, state.open_id, state.shown_password) == ([], "", "")
    assert await _roles() == sorted(["owner", *([role.value] if role else [])])


async def test_a_manager_cannot_touch_an_owner() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        owner = await make_user(session, restaurant=restaurant, role=Role.OWNER)
    state = await tab(TeamState, await log_in(restaurant, Role.MANAGER))
    await call(state, "enter")
    await call(state, "open_person", str(owner.user.id))
    for handler, args in (
        ("change_role", ({"role": "kitchen"},)),
        ("make_password", ()),
        ("remove", ()),
        ("add", (NEW | {"role": "owner"},)),
    ):
        await call(state, handler, *args)
        assert await told(state) == ("Only an owner can change owners.", "bad")
    assert state.shown_password == ""
    assert await _roles() == ["manager", "owner"]
    assert [choice.value for choice in state.roles] == ["manager", "waiter", "kitchen"]


async def test_another_restaurants_person_cannot_be_opened() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        other = await make_user(session, restaurant=await make_restaurant(session))
    state = await tab(TeamState, await log_in(restaurant))
    await call(state, "enter")
    await call(state, "open_person", str(other.user.id))
    assert state.open_id == ""
    await call(state, "remove")
    assert await told(state) == ("This person is not of your team.", "bad")
    assert await _roles() == ["owner", "waiter"]


async def test_the_last_owner_stays_owner() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
    person = await log_in(restaurant)
    state = await tab(TeamState, person)
    await call(state, "enter")
    await call(state, "open_person", str(person.actor.user_id))
    await call(state, "change_role", {"role": "waiter"})
    assert (await told(state))[1] == "bad"
    assert await _roles() == ["owner"]


async def test_removing_somebody_ends_their_log_in() -> None:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
    waiter = await log_in(restaurant, Role.WAITER, name="Jonas")
    state = await tab(TeamState, await log_in(restaurant))
    await call(state, "enter")
    await call(state, "open_person", str(waiter.actor.user_id))
    await call(state, "ask_removal")
    await call(state, "remove")
    assert await told(state) == ("Jonas can no longer log in.", "info")
    async with reading() as session:
        found = await sessions.find_actor(session, token=waiter.token, now=clock.now())
    assert found is None


async def test_everybody_changes_their_own_password_with_the_old_one() -> None:
    old = await passwords.hash_new("the old one, long", email="k@example.com")
    async with transaction() as session:
        restaurant = await make_restaurant(session)
    person = await log_in(restaurant, Role.KITCHEN, email="k@example.com", password_hash=old.value)
    state = await tab(TeamState, person)
    await call(state, "change_own", {"current": "wrong", "password": "a fine new sentence"})
    assert state.own_wrong == {"current": "This is not your password."}
    await call(state, "change_own", {"current": "the old one, long", "password": "short"})
    assert state.own_wrong == {"password": "Please use at least 10 characters."}
    await call(
        state, "change_own", {"current": "the old one, long", "password": "a fine new sentence"}
    )
    assert state.own_wrong == {}
    async with reading() as session:
        user = await session.get_one(User, person.actor.user_id)
        still = await sessions.find_actor(session, token=person.token, now=clock.now())
    assert (await passwords.verify("a fine new sentence", stored_hash=user.password_hash)).is_right
    assert still is not None
