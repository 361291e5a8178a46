"""What is typed into the guest list's search: an alias, an id, a tag, a dish, a whole contact.

Names, phone numbers and e-mail addresses are encrypted; they are found by keyed hashes, and so only
when they are typed whole, and only of guests who let the restaurant use them.
"""

import re
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.customers import Customer
from models.menu import Dish
from models.profiles import CustomerProfile, CustomerTag
from services.base.errors import InvalidInputError
from services.base.holding import holding
from services.identity.details import email_hash, name_hash, phone_hash, phone_number
from services.restaurants.types import RestaurantInfo
from services.segments.criteria import where
from services.segments.types import Asking, Is, Leaf

MAX_SEARCH = 100
# As many dishes as share a word on a menu; each is one more condition.
MAX_DISHES = 8
_MIN_WORD = 3
_HEXADECIMAL = re.compile(r"[0-9a-f]{4,32}")


async def matches(
    session: AsyncSession, *, text: str, asking: Asking
) -> list[sa.ColumnElement[bool]]:
    """Conditions on `customer_profiles` for a search; none for an empty one."""
    restaurant = asking.restaurant
    typed = _typed(text)
    if not typed:
        return []
    by_contact = _any_of(sa.select(col(Customer.id)).where(*_contact(typed, asking)))
    if "@" in typed:
        return [by_contact]
    found = [by_contact, holding(col(CustomerProfile.alias), typed)]
    found += [_any_of(_tagged(typed, restaurant.id))]
    found += [_any_of(one) for one in _by_id(typed, restaurant.id)]
    if len(typed) >= _MIN_WORD:
        found += await _by_dish(session, typed, asking=asking)
    return [sa.or_(*found)]


def _any_of(customer_ids: sa.Select[UUID]) -> sa.ColumnElement[bool]:
    return col(CustomerProfile.customer_id).in_(customer_ids)


def _tagged(typed: str, restaurant_id: UUID) -> sa.Select[UUID]:
    return sa.select(col(CustomerTag.customer_id)).where(
        col(CustomerTag.restaurant_id) == restaurant_id,
        holding(col(CustomerTag.tag), typed),
    )


def _by_id(typed: str, restaurant_id: UUID) -> list[sa.Select[UUID]]:
    """By the beginning of the anonymous id, with or without its dashes."""
    digits = typed.lower().replace("-", "")
    if not _HEXADECIMAL.fullmatch(digits):
        return []
    first, last = UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f"))
    return [
        sa.select(col(Customer.id)).where(
            col(Customer.restaurant_id) == restaurant_id,
            col(Customer.anonymous_id).between(first, last),
        )
    ]


async def count_by_contact(session: AsyncSession, *, text: str, asking: Asking) -> int | None:
    """How many were found by their contact data, for the access log.

    None for a search that asks for no such thing: whoever types a number or an address looks for
    somebody, and whoever types a word only when it is somebody's whole name.
    """
    typed = _typed(text)
    if not typed:
        return None
    asked = _contact(typed, asking)
    found = await session.scalar(sa.select(sa.func.count()).select_from(Customer).where(*asked))
    return found or (0 if "@" in typed or _phone(typed, asking.restaurant) else None)


def _typed(text: str) -> str:
    return " ".join(text[:MAX_SEARCH].split())


def _phone(typed: str, restaurant: RestaurantInfo) -> str:
    try:
        return phone_number(typed, time_zone=restaurant.time_zone)
    except InvalidInputError:
        return ""


def _contact(typed: str, asking: Asking) -> tuple[sa.ColumnElement[bool], ...]:
    """Whose name, number or address this is, of those who may be found by it."""
    restaurant = asking.restaurant
    mine = (col(Customer.restaurant_id) == restaurant.id, asking.findable)
    if "@" in typed:
        hashed = email_hash(typed, restaurant_id=restaurant.id)
        return (*mine, col(Customer.email_hash) == hashed)
    by_name = col(Customer.name_hash) == name_hash(typed, restaurant_id=restaurant.id)
    phone = _phone(typed, restaurant)
    if not phone:
        return (*mine, by_name)
    by_phone = sa.and_(
        col(Customer.phone_hash) == phone_hash(phone, restaurant_id=restaurant.id),
        col(Customer.phone_shared_with_restaurant),
    )
    return (*mine, sa.or_(by_name, by_phone))


async def _by_dish(
    session: AsyncSession, typed: str, *, asking: Asking
) -> list[sa.ColumnElement[bool]]:
    dishes = await session.scalars(
        sa.select(col(Dish.id))
        .where(
            col(Dish.restaurant_id) == asking.restaurant.id,
            holding(col(Dish.name), typed),
        )
        .order_by(col(Dish.position), col(Dish.id))
        .limit(MAX_DISHES)
    )
    return [
        where(Leaf("ordered_dish", Is.AT_LEAST, 1, {"dish": dish}), asking=asking)
        for dish in dishes
    ]
