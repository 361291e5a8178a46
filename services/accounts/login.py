"""Logging in: an e-mail address, a password, and how often they were tried."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import Membership, User, UserSession
from models.enums import Role
from services.accounts import passwords, sessions
from services.accounts.devices import find_device, with_mark
from services.accounts.errors import WrongLoginError
from services.accounts.rules import normalise_email
from services.base import limits
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError
from services.base.texts import N_

WINDOW = timedelta(minutes=15)
TRIES_AN_ACCOUNT = 10
# A whole restaurant shares one address.
TRIES_AN_ADDRESS = 100


@dataclass(frozen=True, slots=True)
class LoggedIn:
    """A log-in that has just begun. `token` is the cookie's value and is nowhere else.

    `device_marks` is what the device keeps, see `devices`.
    """

    token: str
    device_marks: str
    restaurant_id: UUID
    role: Role


@dataclass(frozen=True, slots=True)
class _Account:
    user_id: UUID
    password_hash: str
    restaurant_id: UUID
    role: Role


async def log_in(
    *, email: str, password: str, address: str, device_marks: str = "", now: datetime
) -> LoggedIn:
    """Check an e-mail address and a password and open a log-in.

    Unlike other services it opens its own transactions. The try must stay counted when it is
    refused, and nobody may hold the database's write lock while a password is being hashed.

    A device where the account has logged in before has tries of its own: whoever types wrong
    passwords elsewhere, or in the same network, does not lock its people out.

    Args:
        email: as typed.
        password: as typed.
        address: where the try comes from; a restaurant's people share one.
        device_marks: what the device kept from log-ins before.
        now: aware UTC.

    Raises:
        WrongLoginError: they do not belong together, or the account is closed.
        TooManyTriesError: too many tries for this account, or from this device or address.
        UnavailableError: the database, or everybody at once.
    """
    try:
        email = normalise_email(email)
    except InvalidInputError:
        email = ""
    device = find_device(device_marks, email=email) if email else None
    counted = f"login:device:{device}" if device else f"login:account:{email}"
    async with transaction() as session:
        if device is None:
            await limits.count_try(
                session,
                key=f"login:address:{address}",
                limit=TRIES_AN_ADDRESS,
                window=WINDOW,
                now=now,
            )
        if email:
            await limits.count_try(
                session, key=counted, limit=TRIES_AN_ACCOUNT, window=WINDOW, now=now
            )
    async with reading() as session:
        account = await _find_account(session, email=email) if email else None
    checked = await passwords.verify(
        password, stored_hash=account.password_hash if account else None
    )
    if account is None or not checked.is_right:
        msg = N_("That e-mail address and password do not belong together.")
        raise WrongLoginError(msg)
    async with transaction() as session:
        await limits.clear(session, key=counted)
        token = await _open(session, account=account, checked=checked, now=now)
    return LoggedIn(
        token=token,
        device_marks=with_mark(device_marks, email=email),
        restaurant_id=account.restaurant_id,
        role=account.role,
    )


async def _open(
    session: AsyncSession,
    *,
    account: _Account,
    checked: passwords.Verified,
    now: datetime,
) -> str:
    values: dict[str, object] = {"last_login_at": now}
    if checked.rehashed is not None:
        values["password_hash"] = checked.rehashed
    still_there = await session.scalar(
        sa.update(User)
        # Closed, or given another password, while this one was being checked.
        .where(
            col(User.id) == account.user_id,
            col(User.is_active).is_(True),
            col(User.password_hash) == account.password_hash,
        )
        .values(**values)
        .returning(col(User.id))
    )
    if still_there is None:
        msg = N_("That e-mail address and password do not belong together.")
        raise WrongLoginError(msg)
    return await sessions.start_session(
        session, user_id=account.user_id, restaurant_id=account.restaurant_id, now=now
    )


async def _find_account(session: AsyncSession, *, email: str) -> _Account | None:
    """The open account of an address, at the restaurant where it logged in last."""
    last_used = (
        sa.select(sa.func.max(col(UserSession.created_at)))
        .where(
            col(UserSession.user_id) == col(Membership.user_id),
            col(UserSession.restaurant_id) == col(Membership.restaurant_id),
        )
        .scalar_subquery()
    )
    row = (
        await session.execute(
            sa.select(
                col(User.id),
                col(User.password_hash),
                col(Membership.restaurant_id),
                col(Membership.role),
            )
            .join(Membership, col(Membership.user_id) == col(User.id))
            .where(col(User.email) == email, col(User.is_active).is_(True))
            .order_by(last_used.desc().nulls_last(), col(Membership.id))
            .limit(1)
        )
    ).first()
    if row is None:
        return None
    return _Account(row[0], row[1], row[2], Role(row[3]))
