"""The people of a restaurant: who they are, what they may do, and when that ends."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import Membership, User
from models.enums import Role
from services import journal
from services.accounts import sessions
from services.accounts.errors import EmailInUseError, LastOwnerError
from services.accounts.passwords import HashedPassword
from services.accounts.rules import normalise_email
from services.accounts.types import Actor, Permission
from services.base.errors import ForbiddenError, InvalidInputError, NotFoundError
from services.base.texts import N_
from services.live import session_topic

_EMAIL_IN_USE = N_("Somebody already logs in with this e-mail address.")


@dataclass(frozen=True, slots=True)
class TeamChange:
    """Who was changed, and which log-ins ended with it."""

    user_id: UUID
    ended_session_ids: tuple[UUID, ...] = ()

    @property
    def topics(self) -> list[str]:
        """Live topics to publish "session_ended" on after the commit: open screens end."""
        return [session_topic(session_id) for session_id in self.ended_session_ids]


async def create_owner(
    session: AsyncSession,
    *,
    restaurant_id: UUID,
    email: str,
    name: str,
    password: HashedPassword,
    now: datetime,
) -> UUID:
    """Give a restaurant an owner, as the operator does on the command line.

    Somebody who already logs in elsewhere becomes owner here too and keeps their password.

    Raises:
        EmailInUseError: they already work at this restaurant.
        InvalidInputError: the address or name cannot be.
    """
    email = normalise_email(email)
    user = await session.scalar(sa.select(User).where(col(User.email) == email))
    if user is not None and await _works_anywhere(session, user_id=user.id):
        await _refuse_second_membership(session, restaurant_id=restaurant_id, user_id=user.id)
    else:
        user = await _open_account(session, user, email=email, name=name, password=password)
    _add_membership(session, restaurant_id=restaurant_id, user_id=user.id, role=Role.OWNER)
    _note(session, restaurant_id, None, "member_added", user.id, now, role=Role.OWNER)
    await session.flush()
    return user.id


async def add_member(
    session: AsyncSession,
    *,
    by: Actor,
    email: str,
    name: str,
    role: Role,
    password: HashedPassword,
    now: datetime,
) -> TeamChange:
    """Open an account for somebody of the team, with a first password to hand over.

    Args:
        session: open transaction; flushed, not committed.
        by: who adds them.
        email: they log in with it; unique over all restaurants.
        name: what colleagues call them.
        role: what they may do; only owners make owners.
        password: from `passwords.hash_new`, made before the transaction.
        now: aware UTC.

    Raises:
        ForbiddenError: the actor may not.
        EmailInUseError: somebody already logs in with this address.
        InvalidInputError: the address or name cannot be.
    """
    _check_may_edit(by, roles=(role,))
    email = normalise_email(email)
    user = await session.scalar(sa.select(User).where(col(User.email) == email))
    # Taking over an account of another restaurant would open that restaurant's doors.
    if user is not None and await _works_anywhere(session, user_id=user.id):
        raise EmailInUseError(_EMAIL_IN_USE)
    user = await _open_account(session, user, email=email, name=name, password=password)
    _add_membership(session, restaurant_id=by.restaurant_id, user_id=user.id, role=role)
    _note(session, by.restaurant_id, by, "member_added", user.id, now, role=role)
    await session.flush()
    return TeamChange(user.id)


async def change_role(
    session: AsyncSession, *, by: Actor, user_id: UUID, role: Role, now: datetime
) -> TeamChange:
    """Give somebody another role; their open screens keep to the new one from the next click.

    Raises:
        ForbiddenError: the actor may not, or an owner is concerned and the actor is none.
        LastOwnerError: nobody would own the restaurant.
        NotFoundError: they are not of this team.
    """
    membership = await _get_membership(session, by=by, user_id=user_id)
    before = Role(membership.role)
    _check_may_edit(by, roles=(before, role))
    if before is role:
        return TeamChange(user_id)
    if before is Role.OWNER:
        await _check_other_owner(session, restaurant_id=by.restaurant_id, user_id=user_id)
    membership.role = role
    _note(session, by.restaurant_id, by, "role_changed", user_id, now, before=before, after=role)
    await session.flush()
    return TeamChange(user_id)


async def set_password(
    session: AsyncSession, *, by: Actor, user_id: UUID, password: HashedPassword, now: datetime
) -> TeamChange:
    """Replace a password and end every log-in that was made with the old one.

    People change their own (the actor's log-in stays); owners and managers replace a forgotten one.

    Raises:
        ForbiddenError: the actor may not, or the account also opens another restaurant.
        NotFoundError: they are not of this team.
    """
    membership = await _get_membership(session, by=by, user_id=user_id)
    is_own = by.user_id == user_id
    if not is_own:
        _check_may_edit(by, roles=(Role(membership.role),))
        if await _membership_count(session, user_id=user_id) > 1:
            msg = N_("This person also works elsewhere and changes the password themselves.")
            raise ForbiddenError(msg)
        if await _is_operator(session, user_id=user_id):
            # An owner must not become the operator by a new password.
            msg = N_("This person runs the installation and changes the password themselves.")
            raise ForbiddenError(msg)
    await session.execute(
        sa.update(User).where(col(User.id) == user_id).values(password_hash=password.value)
    )
    ended = await sessions.end_sessions_of(
        session, user_id=user_id, now=now, but=by.session_id if is_own else None
    )
    _note(session, by.restaurant_id, by, "password_set", user_id, now)
    await session.flush()
    return TeamChange(user_id, tuple(ended))


async def deactivate(
    session: AsyncSession, *, by: Actor, user_id: UUID, now: datetime
) -> TeamChange:
    """Take somebody out of the team at once: their log-ins at this restaurant end.

    Raises:
        ForbiddenError: the actor may not, or they are an owner and the actor is none.
        LastOwnerError: nobody would own the restaurant.
        NotFoundError: they are not of this team.
    """
    membership = await _get_membership(session, by=by, user_id=user_id)
    role = Role(membership.role)
    _check_may_edit(by, roles=(role,))
    if role is Role.OWNER:
        await _check_other_owner(session, restaurant_id=by.restaurant_id, user_id=user_id)
    await session.delete(membership)
    await session.flush()
    if not await _works_anywhere(session, user_id=user_id):
        await session.execute(
            sa.update(User)
            .where(col(User.id) == user_id)
            .values(is_active=False, is_operator=False)
        )
    ended = await sessions.end_sessions_of(
        session, user_id=user_id, restaurant_id=by.restaurant_id, now=now
    )
    _note(session, by.restaurant_id, by, "member_removed", user_id, now, role=role)
    await session.flush()
    return TeamChange(user_id, tuple(ended))


def _check_may_edit(by: Actor, *, roles: tuple[Role, ...]) -> None:
    if not by.can(Permission.EDIT_TEAM):
        msg = N_("Your role does not allow this.")
        raise ForbiddenError(msg)
    if Role.OWNER in roles and by.role is not Role.OWNER:
        msg = N_("Only an owner can change owners.")
        raise ForbiddenError(msg)


async def _get_membership(session: AsyncSession, *, by: Actor, user_id: UUID) -> Membership:
    row = await session.scalar(
        sa.select(Membership).where(
            col(Membership.restaurant_id) == by.restaurant_id, col(Membership.user_id) == user_id
        )
    )
    if row is None:
        msg = N_("This person is not of your team.")
        raise NotFoundError(msg)
    return row


async def _check_other_owner(session: AsyncSession, *, restaurant_id: UUID, user_id: UUID) -> None:
    """Lock the owners: two who remove each other at the same moment must not both succeed."""
    owners = await session.scalars(
        sa.select(col(Membership.user_id))
        .where(col(Membership.restaurant_id) == restaurant_id, col(Membership.role) == Role.OWNER)
        .order_by(col(Membership.id))
        .with_for_update()
    )
    found = set(owners)
    if not found - {user_id}:
        msg = N_("A restaurant needs an owner. Make somebody else an owner first.")
        raise LastOwnerError(msg)


async def _works_anywhere(session: AsyncSession, *, user_id: UUID) -> bool:
    return await _membership_count(session, user_id=user_id) > 0


async def _is_operator(session: AsyncSession, *, user_id: UUID) -> bool:
    found = await session.scalar(
        sa.select(col(User.id)).where(col(User.id) == user_id, col(User.is_operator))
    )
    return found is not None


async def _membership_count(session: AsyncSession, *, user_id: UUID) -> int:
    counted = await session.scalar(
        sa.select(sa.func.count()).where(col(Membership.user_id) == user_id)
    )
    return counted or 0


async def _refuse_second_membership(
    session: AsyncSession, *, restaurant_id: UUID, user_id: UUID
) -> None:
    found = await session.scalar(
        sa.select(col(Membership.id)).where(
            col(Membership.restaurant_id) == restaurant_id, col(Membership.user_id) == user_id
        )
    )
    if found is not None:
        msg = N_("This person already works here.")
        raise EmailInUseError(msg)


async def _open_account(
    session: AsyncSession, user: User | None, *, email: str, name: str, password: HashedPassword
) -> User:
    """A new account, or a closed one opened again."""
    name = " ".join(name.split())
    if not name or len(name) > 80:
        msg = N_("Please enter a name of at most {count} characters.")
        raise InvalidInputError(msg, field="name", count=80)
    if user is None:
        user = User(email=email, name=name, password_hash=password.value)
        session.add(user)
    else:
        user.name, user.password_hash, user.is_active = name, password.value, True
    try:
        await session.flush()
    except IntegrityError as error:
        # Somebody opened an account with this address at the same moment.
        raise EmailInUseError(_EMAIL_IN_USE) from error
    return user


def _add_membership(
    session: AsyncSession, *, restaurant_id: UUID, user_id: UUID, role: Role
) -> None:
    session.add(Membership(restaurant_id=restaurant_id, user_id=user_id, role=role))


def _note(
    session: AsyncSession,
    restaurant_id: UUID,
    by: Actor | None,
    action: str,
    user_id: UUID,
    now: datetime,
    **data: object,
) -> None:
    journal.record(
        session,
        restaurant_id=restaurant_id,
        by=by,
        action=action,
        subject_type="user",
        subject_id=user_id,
        now=now,
        data=data,
    )
