"""Reads of a guest list and of cards, as their screens make them, with the seconds each takes."""

import time
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import sqlalchemy as sa
from sqlmodel import col

from models.customers import Customer
from models.enums import Role
from services.accounts.types import Actor
from services.base.database import reading
from services.customers import listing
from services.customers.asking import load_asking
from services.customers.card.head import read_head
from services.customers.card.overview import read_overview
from services.customers.card.timeline import read_timeline
from services.customers.list_columns import FIRST_SHOWN, Sort
from services.customers.list_facts import Reader, load_listed
from services.segments import criteria

READS, CARDS = 3, 20


def _leaf(field: str, comparison: str, value: object, **more: str) -> dict[str, Any]:
    return {"field": field, "is": comparison, "value": value, **more}


def filters(dishes: list[tuple[UUID, UUID, int]]) -> dict[str, dict[str, Any]]:
    """Filters that match many, few and none, in every place criteria are asked of.

    Args:
        dishes: id, category and price; those in front are ordered most.
    """
    often, seldom = str(dishes[0][0]), str(dishes[-1][0])
    category, spring = str(dishes[0][1]), "2026-03-01"
    return {
        "everybody": {},
        "nobody": _leaf("total_spent", "at_least", 900_000_000),
        "VIP": _leaf("segment", "is", "vip"),
        "no regular": _leaf("segment", "is_not", "regular"),
        "lunch, dear": {
            "all": [
                _leaf("daypart_share", "at_least", 60, daypart="lunch"),
                _leaf("total_spent", "at_least", 30_000),
            ]
        },
        "not seen for long, or new": {
            "any": [
                _leaf("days_since_visit", "at_least", 60),
                _leaf("visit_days", "less_than", 3),
            ]
        },
        "never early and never at weekends": {
            "all": [
                _leaf("daypart_share", "at_least", 90, daypart="early"),
                _leaf("weekend_share", "at_least", 90),
            ]
        },
        "no phone": _leaf("has_phone", "is", False),
        "has phone": _leaf("has_phone", "is", True),
        "cannot eat nuts": _leaf("allergen", "any_of", ["nuts"]),
        "alias contains": _leaf("alias", "contains", "999"),
        "a popular dish twice since spring": _leaf(
            "ordered_dish", "at_least", 2, dish=often, since=spring
        ),
        "a popular dish six times since spring": _leaf(
            "ordered_dish", "at_least", 6, dish=often, since=spring
        ),
        "a popular dish in winter": _leaf(
            "ordered_dish", "at_least", 1, dish=often, since="2025-12-01", until="2026-02-28"
        ),
        "a popular dish never": _leaf("ordered_dish", "is", 0, dish=often),
        "a rare dish twice since spring": _leaf(
            "ordered_dish", "at_least", 2, dish=seldom, since=spring
        ),
        "a category five times since spring": _leaf(
            "ordered_category", "at_least", 5, category=category, since=spring
        ),
        "three visits since spring": _leaf("visited", "at_least", 3, since=spring),
        "EUR 100 since spring": _leaf("spent", "at_least", 10_000, since=spring),
        "nothing since spring": _leaf("spent", "is", 0, since=spring),
    }


async def pages(
    restaurant_id: UUID, dishes: list[tuple[UUID, UUID, int]], now: datetime
) -> dict[str, dict[str, list[float]]]:
    """Seconds of the list's first page with its rows, by filter and sort."""
    found: dict[str, dict[str, list[float]]] = {}
    async with reading() as session:
        asking = await load_asking(session, restaurant_id=restaurant_id, now=now)
    reader = Reader(asking.restaurant, now, "en")
    for name, given in filters(dishes).items():
        wanted = listing.Wanted(criteria=criteria.parse(given))

        async def page(session: Any, order: listing.Order, wanted: Any = wanted) -> None:  # noqa: ANN401
            shown = await listing.load_page(session, asking=asking, wanted=wanted, order=order)
            await load_listed(
                session, profiles=shown.profiles, columns=frozenset(FIRST_SHOWN), reader=reader
            )

        found[name] = {}
        for sort in Sort:
            order = listing.Order(sort, is_descending=True)
            found[name][sort.value] = [
                await _timed(lambda session, order=order, page=page: page(session, order))
                for _ in range(READS)
            ]
    return found


async def cards(restaurant_id: UUID, now: datetime) -> list[float]:
    """Seconds of a card: its head, overview and timeline, of different guests."""
    async with reading() as session:
        asking = await load_asking(session, restaurant_id=restaurant_id, now=now)
        ids = (
            await session.scalars(
                sa.select(col(Customer.id))
                .where(col(Customer.restaurant_id) == restaurant_id)
                .limit(CARDS)
            )
        ).all()
    by = Actor(uuid4(), uuid4(), restaurant_id, "Marta", Role.OWNER)

    async def card(session: Any, customer_id: UUID) -> None:  # noqa: ANN401
        await read_head(session, by=by, customer_id=customer_id, now=now)
        await read_overview(
            session, by=by, restaurant=asking.restaurant, customer_id=customer_id, now=now
        )
        await read_timeline(session, by=by, customer_id=customer_id)

    return [await _timed(lambda session, one=one: card(session, one)) for one in ids]


async def _timed(read: Callable[[Any], Awaitable[object]]) -> float:
    async with reading() as session:
        started = time.perf_counter()
        await read(session)
        return time.perf_counter() - started
