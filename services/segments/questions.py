"""The question which segments one customer belongs to, built once and asked with every visit.

Building the conditions of 27 rules costs more than a database takes to answer them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.profiles import CustomerProfile
from services.segments import memberships
from services.segments.criteria import leaves
from services.segments.memberships import Rule
from services.segments.types import Asking

CUSTOMER = "asked_customer"
# Restaurants whose question is kept.
_MAX_KEPT = 500


@dataclass(frozen=True, slots=True)
class Question:
    """The rules of a restaurant, and the statement that reads a profile with an answer to each."""

    known: Sequence[Rule]
    statement: sa.Select[*tuple[Any, ...]]
    # What it was built of: with anything else it is another question.
    made_of: tuple[Any, ...]


_kept: dict[UUID, Question] = {}


async def question_of(session: AsyncSession, *, asking: Asking) -> Question:
    """The question as it is to be asked now; its parameter `CUSTOMER` says of whom.

    Args:
        session: for reading which rules there are.
        asking: of the restaurant.
    """
    rows = await memberships.rows_of(session, asking=asking)
    made_of = (asking.restaurant, asking.today, asking.borders, rows)
    found = _kept.get(asking.restaurant.id)
    if found is not None and found.made_of == made_of:
        return found
    customer: Any = sa.bindparam(CUSTOMER, type_=sa.Uuid())
    known = memberships.read_rules(rows, asking=replace(asking, customer_id=customer))
    statement = sa.select(
        sa.inspect(CustomerProfile).local_table, *memberships.answers_of(known)
    ).where(
        col(CustomerProfile.restaurant_id) == asking.restaurant.id,
        col(CustomerProfile.customer_id) == customer,
    )
    question = Question(known, statement, made_of)
    # "Is here now" changes with every minute.
    if not any(leaf.field == "here_now" for rule in known for leaf in leaves(rule.criteria)):
        if len(_kept) >= _MAX_KEPT:
            _kept.clear()
        _kept[asking.restaurant.id] = question
    return question
