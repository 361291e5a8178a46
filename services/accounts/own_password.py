"""People change their own password, with the old one as proof."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import col

from models.accounts import User
from services.accounts import passwords, team
from services.accounts.team import TeamChange
from services.accounts.types import Actor
from services.base import limits
from services.base.database import reading, transaction
from services.base.errors import InvalidInputError
from services.base.texts import N_

TRIES = 10
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Account:
    email: str
    password_hash: str


async def change_own_password(*, by: Actor, current: str, new: str, now: datetime) -> TeamChange:
    """Replace the actor's own password; their other log-ins end, this one stays.

    Opens its own transactions, because hashing must not hold one open.

    Args:
        by: whose password.
        current: the password until now, as typed.
        new: as typed.
        now: aware UTC.

    Raises:
        InvalidInputError: the current password is wrong (field "current"), or the new one too
            easy to guess (field "password").
        TooManyTriesError: somebody guesses the current password on an open screen.
    """
    async with transaction() as session:
        await limits.count_try(
            session, key=f"own-password:{by.user_id}", limit=TRIES, window=WINDOW, now=now
        )
    async with reading() as session:
        row = (
            await session.execute(
                sa.select(col(User.email), col(User.password_hash)).where(
                    col(User.id) == by.user_id
                )
            )
        ).one()
        account = _Account(*row)
    verified = await passwords.verify(current, stored_hash=account.password_hash)
    if not verified.is_right:
        msg = N_("This is not your password.")
        raise InvalidInputError(msg, field="current")
    hashed = await passwords.hash_new(new, email=account.email)
    async with transaction() as session:
        return await team.set_password(session, by=by, user_id=by.user_id, password=hashed, now=now)
