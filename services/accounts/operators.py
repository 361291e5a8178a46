"""Who operates the installation: a mark on an account, given by the command line alone."""

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.accounts import User
from services.accounts.rules import normalise_email
from services.base.errors import NotFoundError
from services.base.texts import N_


async def mark(session: AsyncSession, *, email: str, is_operator: bool) -> None:
    """Make the account of an e-mail address an operator's, or no longer.

    Raises:
        InvalidInputError: it is no address.
        NotFoundError: nobody logs in with it.
    """
    marked = await session.scalar(
        sa.update(User)
        .where(col(User.email) == normalise_email(email), col(User.is_active))
        .values(is_operator=is_operator)
        .returning(col(User.id))
    )
    if marked is None:
        raise NotFoundError(N_("Nobody logs in with this address."))


async def list_operators(session: AsyncSession) -> list[str]:
    """The e-mail addresses of all operators."""
    found = await session.scalars(
        sa.select(col(User.email)).where(col(User.is_operator)).order_by(col(User.email))
    )
    return list(found)
