"""A batch of events that a page has gathered and sends now and then.

It comes from the open internet: what is not on the list is dropped without a word, and counted.
"""

import math
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from models.enums import EventType
from models.events import CustomerEvent
from services.identity.types import Guest

MAX_EVENTS = 50
MAX_TEXT = 200
MAX_SEARCH = 60
MAX_NUMBER = 1_000_000_000
MAX_AGE = timedelta(hours=3)

_IDS = frozenset({"dish_id", "category_id", "variant_id"})
# What a page may tell, by type. Scans, orders and everything about money come from the server.
ALLOWED: dict[EventType, frozenset[str]] = {
    EventType.MENU_VIEW: frozenset({"seconds"}),
    EventType.CATEGORY_VIEW: frozenset({"category_id", "seconds", "position"}),
    EventType.PRODUCT_VIEW: frozenset({"dish_id", "category_id", "seconds", "position", "source"}),
    EventType.DESCRIPTION_EXPANDED: frozenset({"dish_id"}),
    EventType.SEARCH: frozenset({"term", "result_count"}),
    EventType.FILTER: frozenset({"filter", "is_on", "result_count"}),
}
_DIGITS = re.compile(r"\d(?:[\s\-./()]*\d){3,}")
_ADDRESS = re.compile(r"\S*@\S*")


@dataclass(frozen=True, slots=True)
class BatchWritten:
    """How many events of a batch were kept, and how many were dropped."""

    written_count: int
    dropped_count: int


async def write_batch(
    session: AsyncSession, *, guest: Guest, batch: object, now: datetime
) -> BatchWritten:
    """Write the events of one page.

    Args:
        session: open transaction; flushed, not committed.
        guest: whose page it is.
        batch: as parsed from JSON: a list of {"type", "data", "seconds_ago"}; may be anything.
        now: aware UTC; an event happened `seconds_ago` before, at most three hours.

    Returns:
        Events beyond the first 50, of types or with values that are not allowed, are dropped.
    """
    if not isinstance(batch, list):
        return BatchWritten(written_count=0, dropped_count=1)
    sent = cast("list[object]", batch)
    rows = [row for one in sent[:MAX_EVENTS] if (row := _row(one, guest, now)) is not None]
    session.add_all(rows)
    await session.flush()
    return BatchWritten(written_count=len(rows), dropped_count=len(sent) - len(rows))


def search_term(text: str) -> str:
    """A search without personal data: e-mail addresses and runs of digits masked, cut at 60.

    People paste phone numbers into search fields; four digits and more, blanks between them or
    not, become one "#".
    """
    masked = _DIGITS.sub("#", _ADDRESS.sub("#", text[:MAX_TEXT]))
    return " ".join(masked.lower().split())[:MAX_SEARCH]


def _row(one: object, guest: Guest, now: datetime) -> CustomerEvent | None:
    if not isinstance(one, dict):
        return None
    event = cast("dict[object, object]", one)
    kind = event.get("type")
    if not isinstance(kind, str) or kind not in ALLOWED:
        return None
    data = _data(event.get("data", {}), ALLOWED[EventType(kind)])
    age = _age(event.get("seconds_ago", 0))
    if data is None or age is None:
        return None
    return CustomerEvent(
        restaurant_id=guest.restaurant_id,
        customer_id=guest.customer_id,
        visit_id=guest.visit_id,
        event_type=kind,
        event_data=data,
        table_id=guest.table_id,
        area_id=guest.area_id,
        happened_at=now - age,
        created_at=now,
    )


def _data(given: object, allowed: frozenset[str]) -> dict[str, object] | None:
    """The data of an event, or None when a key or a value is not allowed."""
    if not isinstance(given, dict):
        return None
    data: dict[str, object] = {}
    for key, value in cast("dict[object, object]", given).items():
        if not isinstance(key, str) or key not in allowed:
            return None
        if isinstance(value, str):
            if len(value) > MAX_TEXT or "\x00" in value or (key in _IDS and not _is_id(value)):
                return None
            data[key] = search_term(value) if key == "term" else value
        elif isinstance(value, bool) or (
            isinstance(value, int | float) and math.isfinite(value) and abs(value) <= MAX_NUMBER
        ):
            if key in _IDS or key == "term":
                return None
            data[key] = value
        else:
            return None
    return data


def _age(given: object) -> timedelta | None:
    if isinstance(given, bool) or not isinstance(given, int | float) or not math.isfinite(given):
        return None
    return min(max(timedelta(0), timedelta(seconds=min(given, MAX_NUMBER))), MAX_AGE)


def _is_id(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True
