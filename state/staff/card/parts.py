"""Reads one part of a card and puts it into words."""

from collections.abc import Collection
from typing import Literal

from services.accounts.types import Permission
from services.analytics.insights import load_insights
from services.customers.card.happened_orders import read_orders
from services.customers.card.insights import read_insights
from services.customers.card.loyalty import find_loyalty
from services.customers.card.overview import read_overview
from services.customers.card.paging import Place
from services.customers.card.preferences import read_preferences
from services.customers.card.timeline import read_timeline
from services.customers.card.timeline_types import Kind
from services.customers.notes import Note, read_notes
from services.customers.tags import known_tags, read_tags
from state.staff.card.insights import InsightsView, insights_view
from state.staff.card.loyalty import LoyaltyView, loyalty_view
from state.staff.card.notes import NotesView, notes_view
from state.staff.card.orders import OrdersView, orders_view
from state.staff.card.overview import OverviewView, overview_view
from state.staff.card.preferences import PreferencesView, preferences_view
from state.staff.card.screen import Asked
from state.staff.card.timeline import TimelineView, timeline_view
from state.staff.night_insights import night_views

Tab = Literal["overview", "timeline", "orders", "preferences", "loyalty", "insights", "notes"]
PARTS = (
    *("overview", "timeline", "orders", "preferences", "loyalty", "insights", "notes"),
    *("source", "merge"),
)


async def overview(asked: Asked) -> OverviewView:
    """The overview, with insights for who may see them."""
    more = {"restaurant": asked.restaurant, "now": asked.now}
    sees = asked.by.can(Permission.VIEW_CUSTOMERS)
    found = await read_insights(asked.session, **asked.whose, **more) if sees else None
    return overview_view(await read_overview(asked.session, **asked.whose, **more), found, **more)


async def timeline(
    asked: Asked, *, hidden: Collection[str], after: Place | None = None
) -> tuple[TimelineView, Place | None]:
    """A page of the timeline, and where it ended."""
    page = await read_timeline(
        asked.session,
        **asked.whose,
        kinds=[kind for kind in Kind if kind not in hidden],
        after=after,
    )
    view = timeline_view(page, hidden=frozenset(hidden), restaurant=asked.restaurant, now=asked.now)
    return view, page.next_after


async def orders(asked: Asked, *, after: Place | None = None) -> tuple[OrdersView, Place | None]:
    """A page of orders, and where it ended."""
    page = await read_orders(asked.session, **asked.whose, after=after)
    return orders_view(page, restaurant=asked.restaurant), page.next_after


async def preferences(asked: Asked) -> PreferencesView:
    """What they like."""
    found = await read_preferences(asked.session, **asked.whose, restaurant=asked.restaurant)
    return preferences_view(found, restaurant=asked.restaurant)


async def loyalty(asked: Asked) -> LoyaltyView:
    """Where they stand in the programme."""
    found = await find_loyalty(asked.session, **asked.whose, now=asked.now)
    return loyalty_view(found, restaurant=asked.restaurant)


async def insights(asked: Asked) -> InsightsView:
    """What follows from it."""
    found = await read_insights(
        asked.session, **asked.whose, restaurant=asked.restaurant, now=asked.now
    )
    said = await load_insights(
        asked.session, by=asked.by, now=asked.now, customer_id=asked.customer_id
    )
    return insights_view(found, night_views(said, asked.restaurant))


async def notes(asked: Asked, *, number: int) -> tuple[NotesView, dict[str, Note]]:
    """Notes and tags as they are now, and the notes by their ids."""
    found = await read_notes(asked.session, **asked.whose)
    view = notes_view(
        found,
        await read_tags(asked.session, **asked.whose),
        await known_tags(asked.session, restaurant_id=asked.by.restaurant_id),
        number=number,
        restaurant=asked.restaurant,
    )
    return view, {str(note.id): note for note in found}


async def read(
    asked: Asked, tab: str, *, hidden: Collection[str], number: int
) -> tuple[object, Place | None]:
    """One part as it is now, and where its first page ended; nothing for a part without data.

    Args:
        asked: who looks at whose card.
        tab: which part.
        hidden: kinds that the timeline leaves out.
        number: of the fields in the notes.
    """
    lists = {
        "timeline": lambda: timeline(asked, hidden=hidden),
        "orders": lambda: orders(asked),
    }
    whole = {
        "overview": lambda: overview(asked),
        "preferences": lambda: preferences(asked),
        "loyalty": lambda: loyalty(asked),
        "insights": lambda: insights(asked),
    }
    if tab in lists:
        return await lists[tab]()
    if tab == "notes":
        return (await notes(asked, number=number))[0], None
    return (await whole[tab]() if tab in whole else None), None
