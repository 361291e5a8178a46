"""The team: who may change whom, and that a restaurant never loses its last owner."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import Membership, User, UserSession
from models.enums import Role
from models.journal import AuditEntry
from services.accounts import queries, sessions, team
from services.accounts.errors import EmailInUseError, LastOwnerError
from services.accounts.passwords import HashedPassword
from services.accounts.types import Actor
from services.base.database import reading, transaction
from services.base.errors import ForbiddenError, InvalidInputError, NotFoundError
from tests.builders import NOW, make_restaurant, make_user

pytestmark = pytest.mark.usefixtures("database")
HASHED = HashedPassword("$argon2id$made-up")


@dataclass(frozen=True, slots=True)
class Team:
    owner: Actor
    manager: Actor
    waiter: Actor
    stranger: Actor


async def _team() -> Team:
    async with transaction() as session:
        restaurant = await make_restaurant(session)
        other = await make_restaurant(session)
        made = [
            (await make_user(session, restaurant=place, role=role)).actor
            for place, role in (
                (restaurant, Role.OWNER),
                (restaurant, Role.MANAGER),
                (restaurant, Role.WAITER),
                (other, Role.OWNER),
            )
        ]
    return Team(*made)


async def _roles(restaurant_id: UUID) -> dict[UUID, str]:
    async with reading() as session:
        rows = await session.execute(
            sa.select(Membership.user_id, Membership.role).where(
                col(Membership.restaurant_id) == restaurant_id
            )
        )
        return dict(rows.all())


async def _add(by: Actor, *, role: Role = Role.WAITER, email: str = "new@brasa.example") -> UUID:
    async with transaction() as session:
        change = await team.add_member(
            session, by=by, email=email, name=" Jonas  Keller ", role=role, password=HASHED, now=NOW
        )
    return change.user_id


async def _log_in(session: AsyncSession, actor: Actor) -> str:
    return await sessions.start_session(
        session, user_id=actor.user_id, restaurant_id=actor.restaurant_id, now=NOW
    )


async def test_the_last_owner_can_be_neither_demoted_nor_removed() -> None:
    t = await _team()
    with pytest.raises(LastOwnerError):
        async with transaction() as session:
            await team.change_role(
                session, by=t.owner, user_id=t.owner.user_id, role=Role.MANAGER, now=NOW
            )
    with pytest.raises(LastOwnerError):
        async with transaction() as session:
            await team.deactivate(session, by=t.owner, user_id=t.owner.user_id, now=NOW)
    assert (await _roles(t.owner.restaurant_id))[t.owner.user_id] == Role.OWNER


async def test_two_owners_who_remove_each_other_at_once_leave_one() -> None:
    t = await _team()
    async with transaction() as session:
        await team.change_role(
            session, by=t.owner, user_id=t.manager.user_id, role=Role.OWNER, now=NOW
        )
    second = Actor(
        t.manager.user_id, t.manager.session_id, t.owner.restaurant_id, "Ines", Role.OWNER
    )

    async def remove(by: Actor, user_id: UUID) -> None:
        async with transaction() as session:
            await team.deactivate(session, by=by, user_id=user_id, now=NOW)

    results = await asyncio.gather(
        remove(t.owner, second.user_id), remove(second, t.owner.user_id), return_exceptions=True
    )
    assert sorted(type(r).__name__ for r in results) == ["LastOwnerError", "NoneType"]
    owners = [u for u, r in (await _roles(t.owner.restaurant_id)).items() if r == Role.OWNER]
    assert len(owners) == 1


async def test_a_manager_cannot_touch_or_make_owners() -> None:
    t = await _team()
    before = await _roles(t.owner.restaurant_id)
    for attempt in (
        lambda s: team.change_role(
            s, by=t.manager, user_id=t.owner.user_id, role=Role.WAITER, now=NOW
        ),
        lambda s: team.change_role(
            s, by=t.manager, user_id=t.manager.user_id, role=Role.OWNER, now=NOW
        ),
        lambda s: team.deactivate(s, by=t.manager, user_id=t.owner.user_id, now=NOW),
        lambda s: team.set_password(
            s, by=t.manager, user_id=t.owner.user_id, password=HASHED, now=NOW
        ),
        lambda s: team.add_member(
            s,
            by=t.manager,
            email="x@brasa.example",
            name="X",
            role=Role.OWNER,
            password=HASHED,
            now=NOW,
        ),
    ):
        with pytest.raises(ForbiddenError):
            async with transaction() as session:
                await attempt(session)
    assert await _roles(t.owner.restaurant_id) == before


async def test_a_waiter_can_change_nobody_but_their_own_password() -> None:
    t = await _team()
    with pytest.raises(ForbiddenError):
        await _add(t.waiter)
    with pytest.raises(ForbiddenError):
        async with transaction() as session:
            await team.change_role(
                session, by=t.waiter, user_id=t.waiter.user_id, role=Role.MANAGER, now=NOW
            )
    async with transaction() as session:
        await team.set_password(
            session, by=t.waiter, user_id=t.waiter.user_id, password=HASHED, now=NOW
        )
        user = await session.get(User, t.waiter.user_id)
        assert user is not None
        assert user.password_hash == HASHED.value


async def test_another_restaurants_people_do_not_exist() -> None:
    t = await _team()
    for attempt in (
        lambda s: team.deactivate(s, by=t.owner, user_id=t.stranger.user_id, now=NOW),
        lambda s: team.change_role(
            s, by=t.owner, user_id=t.stranger.user_id, role=Role.WAITER, now=NOW
        ),
        lambda s: team.set_password(
            s, by=t.owner, user_id=t.stranger.user_id, password=HASHED, now=NOW
        ),
    ):
        with pytest.raises(NotFoundError):
            async with transaction() as session:
                await attempt(session)
    assert await _roles(t.stranger.restaurant_id) == {t.stranger.user_id: Role.OWNER}


async def test_an_address_that_logs_in_elsewhere_is_not_taken_over() -> None:
    t = await _team()
    email = "shared@brasa.example"
    await _add(t.stranger, email=email)
    with pytest.raises(EmailInUseError):
        await _add(t.owner, email=" SHARED@brasa.example")
    with pytest.raises(EmailInUseError):
        await _add(t.stranger, email=email)
    async with reading() as session:
        count = await session.scalar(
            sa.select(sa.func.count(col(User.id))).where(col(User.email) == email)
        )
    assert count == 1


async def test_two_who_add_the_same_address_at_once_make_one_account() -> None:
    t = await _team()
    results = await asyncio.gather(_add(t.owner), _add(t.stranger), return_exceptions=True)
    assert sorted(type(r).__name__ for r in results) == ["EmailInUseError", "UUID"]


async def test_an_account_of_two_restaurants_gets_no_password_from_one_of_them() -> None:
    t = await _team()
    async with transaction() as session:
        session.add(
            Membership(
                restaurant_id=t.owner.restaurant_id, user_id=t.stranger.user_id, role=Role.WAITER
            )
        )
    with pytest.raises(ForbiddenError):
        async with transaction() as session:
            await team.set_password(
                session, by=t.owner, user_id=t.stranger.user_id, password=HASHED, now=NOW
            )


async def test_a_new_password_ends_every_log_in_made_with_the_old_one() -> None:
    t = await _team()
    async with transaction() as session:
        tokens = [await _log_in(session, t.waiter), await _log_in(session, t.waiter)]
        keeps = await _log_in(session, t.owner)
    async with transaction() as session:
        change = await team.set_password(
            session, by=t.owner, user_id=t.waiter.user_id, password=HASHED, now=NOW
        )
    assert len(change.topics) == 2
    async with reading() as session:
        found = [await sessions.find_actor(session, token=x, now=NOW) for x in tokens]
        assert found == [None, None]
        assert await sessions.find_actor(session, token=keeps, now=NOW) is not None


async def test_changing_the_own_password_keeps_only_the_log_in_that_did_it() -> None:
    t = await _team()
    async with transaction() as session:
        here, elsewhere = await _log_in(session, t.waiter), await _log_in(session, t.waiter)
    async with reading() as session:
        me = await sessions.find_actor(session, token=here, now=NOW)
    assert me is not None
    async with transaction() as session:
        await team.set_password(session, by=me, user_id=me.user_id, password=HASHED, now=NOW)
        assert await sessions.find_actor(session, token=here, now=NOW) == me
        assert await sessions.find_actor(session, token=elsewhere, now=NOW) is None


async def test_who_leaves_is_out_at_once_and_can_come_back_with_a_new_password() -> None:
    t = await _team()
    user_id = await _add(t.owner)
    async with transaction() as session:
        token = await sessions.start_session(
            session, user_id=user_id, restaurant_id=t.owner.restaurant_id, now=NOW
        )
    async with transaction() as session:
        change = await team.deactivate(session, by=t.manager, user_id=user_id, now=NOW)
    assert len(change.ended_session_ids) == 1
    async with reading() as session:
        assert await sessions.find_actor(session, token=token, now=NOW) is None
        user = await session.get(User, user_id)
        assert user is not None
        assert user.is_active is False
    assert await _add(t.owner, role=Role.KITCHEN) == user_id
    assert (await _roles(t.owner.restaurant_id))[user_id] == Role.KITCHEN


async def test_every_change_is_in_the_journal_with_who_and_what() -> None:
    t = await _team()
    user_id = await _add(t.owner)
    async with transaction() as session:
        await team.change_role(session, by=t.manager, user_id=user_id, role=Role.KITCHEN, now=NOW)
        # The same role again changes nothing and is not noted.
        await team.change_role(session, by=t.manager, user_id=user_id, role=Role.KITCHEN, now=NOW)
        await team.set_password(session, by=t.owner, user_id=user_id, password=HASHED, now=NOW)
        await team.deactivate(session, by=t.owner, user_id=user_id, now=NOW)
    async with reading() as session:
        rows = (await session.scalars(sa.select(AuditEntry).order_by(col(AuditEntry.id)))).all()
    assert [(r.action, r.actor_user_id, r.subject_id, r.data) for r in rows] == [
        ("member_added", t.owner.user_id, user_id, {"role": "waiter"}),
        ("role_changed", t.manager.user_id, user_id, {"before": "waiter", "after": "kitchen"}),
        ("password_set", t.owner.user_id, user_id, {}),
        ("member_removed", t.owner.user_id, user_id, {"role": "kitchen"}),
    ]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
async def test_a_name_must_say_something(name: str) -> None:
    t = await _team()
    with pytest.raises(InvalidInputError) as refused:
        async with transaction() as session:
            await team.add_member(
                session,
                by=t.owner,
                email="n@brasa.example",
                name=name,
                role=Role.WAITER,
                password=HASHED,
                now=NOW,
            )
    assert refused.value.field == "name"


async def test_the_list_shows_owners_first_and_only_this_restaurant() -> None:
    t = await _team()
    await _add(t.owner)
    async with reading() as session:
        members = await queries.list_members(session, restaurant_id=t.owner.restaurant_id)
    assert [(m.name, m.role) for m in members] == [
        ("Ines", Role.OWNER),
        ("Ines", Role.MANAGER),
        ("Ines", Role.WAITER),
        ("Jonas Keller", Role.WAITER),
    ]


async def test_old_log_ins_are_purged_and_running_ones_stay() -> None:
    t = await _team()
    async with transaction() as session:
        await _log_in(session, t.owner)
    later = NOW + 2 * sessions.LIFETIME + timedelta(seconds=1)
    async with transaction() as session:
        fresh = await sessions.start_session(
            session, user_id=t.owner.user_id, restaurant_id=t.owner.restaurant_id, now=later
        )
        assert await sessions.purge_sessions(session, now=later) == 1
        assert await sessions.find_actor(session, token=fresh, now=later) is not None
        assert await session.scalar(sa.select(sa.func.count(col(UserSession.id)))) == 1
