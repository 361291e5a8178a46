"""The demo restaurant's team, with passwords that are stored nowhere but in the demo file."""

import secrets
from dataclasses import dataclass
from random import Random
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models.accounts import Membership, User
from models.enums import Role
from services.accounts.passwords import HashedPassword, hash_new
from services.simulation.material import Material
from services.simulation.menu import AddRow
from services.simulation.rows import as_moment, row_id
from services.simulation.stage import Login


@dataclass(frozen=True, slots=True)
class Hired:
    """One member of the team before the account is made."""

    name: str
    login: Login
    hashed: HashedPassword


async def hire(material: Material) -> list[Hired]:
    """Give everybody on the team a password. Call it before the transaction: hashing takes a while.

    Known seeds must not open anybody's door: passwords never come from the seed.
    """
    team: list[Hired] = []
    for person in material.staff:
        email, password = person["email"].lower(), secrets.token_urlsafe(12)
        team.append(
            Hired(
                name=person["name"],
                login=Login(role=person["role"], email=email, password=password),
                hashed=await hash_new(password, email=email),
            )
        )
    return team


async def add_team(
    add: AddRow, session: AsyncSession, team: list[Hired], *, rng: Random, at_ms: int
) -> list[Login]:
    """Add the accounts of a team and their roles; returns who may log in.

    Args:
        add: adds one row of a model for the restaurant and returns its id.
        session: open transaction; flushed, not committed.
        team: from `hire`.
        rng: for the ids.
        at_ms: when they were hired.
    """
    for person in team:
        user_id = UUID(hex=row_id(rng, at_ms))
        session.add(
            User(
                id=user_id,
                created_at=as_moment(at_ms),
                email=person.login.email,
                name=person.name,
                password_hash=person.hashed.value,
                # Whoever tries the demo sees the installation's own pages too.
                is_operator=person.login.role == Role.OWNER,
            )
        )
        await session.flush()
        add(Membership, user_id=user_id, role=person.login.role)
    await session.flush()
    return [person.login for person in team]
