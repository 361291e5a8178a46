"""Facts of one customer from their history; no session, clock or I/O.

Definitions: docs/algorithms/segments.md, "Facts". Counting one customer and counting all go
through here, so that both say the same.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import time
from itertools import pairwise
from statistics import median
from typing import Any

from services.profiles.types import History, OrderFact, RawId, Seen, Settings, Tally, VisitFact

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAYPARTS = ("early", "lunch", "afternoon", "dinner", "late")
DAYPART_STARTS = (11 * 60, 15 * 60, 17 * 60, 22 * 60)
LATE = 4
DAY_MINUTES = 1440
DAYS_FOR_A_RHYTHM = 3
NO_RHYTHM = 99_999.0
SHORT_GAP_DAYS = 30
TREND_ORDERS = 10
ORDERS_FOR_A_TREND = 5
TREND_RATIO = 0.2
ENGAGEMENT_VISITS = 5
ENGAGEMENT_WORDS = ("low", "medium", "high")


def facts(history: History, *, counted: Tally, settings: Settings, cutoff: time) -> dict[str, Any]:
    """Columns of `customer_profiles` that are counted, by their names.

    Args:
        history: of the customer.
        counted: their completed orders, tallied.
        settings: borders between classes of engagement.
        cutoff: local time at which a business day begins.
    """
    return (
        rhythm(history.visits)
        | habits(history.visits, cutoff=cutoff)
        | spending(history.orders)
        | taste(counted)
        | interest(history, settings=settings)
    )


def rhythm(visits: Sequence[VisitFact]) -> dict[str, Any]:
    """First and last visit day, g, and how many gaps were short."""
    days = sorted({visit.business_day for visit in visits})
    gaps = [(after - before).days for before, after in pairwise(days)]
    mean = sum(gaps) / len(gaps) if len(days) >= DAYS_FOR_A_RHYTHM else None
    return {
        "first_visit_day": days[0] if days else None,
        "last_visit_day": days[-1] if days else None,
        "mean_gap_days": mean,
        "rhythm_days": NO_RHYTHM if mean is None else mean,
        "short_gaps": sum(gap <= SHORT_GAP_DAYS for gap in gaps),
    }


def habits(visits: Sequence[VisitFact], *, cutoff: time) -> dict[str, Any]:
    """When visits start, by weekday of the business day and part of the day; who comes along."""
    grid = [[0] * len(DAYPARTS) for _ in WEEKDAYS]
    minutes: tuple[list[int], ...] = tuple([] for _ in DAYPARTS)
    first_minute = cutoff.hour * 60 + cutoff.minute
    for visit in visits:
        minute = visit.minute
        if minute < first_minute:
            # 00:30 is late, not early.
            part, minute = LATE, minute + DAY_MINUTES
        else:
            part = sum(minute >= start for start in DAYPART_STARTS)
        grid[visit.business_day.weekday()][part] += 1
        minutes[part].append(minute)
    by_weekday = [sum(row) for row in grid]
    by_part = [len(found) for found in minutes]
    usual = max(range(len(DAYPARTS)), key=lambda part: by_part[part])
    parties = [visit.party_size for visit in visits if visit.party_size]
    found: dict[str, Any] = {
        f"visits_{name}": count for name, count in zip(WEEKDAYS, by_weekday, strict=True)
    }
    found |= {f"visits_{name}": count for name, count in zip(DAYPARTS, by_part, strict=True)}
    return found | {
        "usual_weekday": by_weekday.index(max(by_weekday)) if visits else None,
        "usual_daypart": DAYPARTS[usual] if visits else "",
        "usual_minute": round(median(minutes[usual])) % DAY_MINUTES if visits else None,
        "when_counts": grid,
        "party_median": float(median(parties)) if parties else None,
        "language": visits[-1].language if visits else "",
    }


def spending(orders: Sequence[OrderFact]) -> dict[str, Any]:
    """The last orders, the trend, the usual way to pay."""
    ratio = trend_ratio([order.total_minor for order in orders])
    trend = ""
    if ratio is not None:
        trend = (
            "rising" if ratio >= TREND_RATIO else "falling" if ratio <= -TREND_RATIO else "stable"
        )
    ways = Counter(order.payment_method for order in orders if order.payment_method)
    return {
        "last_order_at": orders[-1].placed_at if orders else None,
        "last_spent_day": max(
            (order.business_day for order in orders if order.total_minor > 0), default=None
        ),
        "spend_trend": trend,
        "spend_trend_ratio": ratio,
        "payment_method": min(ways, key=lambda way: (-ways[way], way), default=""),
    }


def trend_ratio(totals: Sequence[int]) -> float | None:
    """By how much the last ten orders rise or fall, as a share of their median.

    The slope is Theil and Sen's: the median of the slopes between every two orders (Sen 1968,
    JASA 63:1379), so that one birthday party makes no trend. None below five orders.
    """
    last = totals[-TREND_ORDERS:]
    if len(last) < ORDERS_FOR_A_TREND:
        return None
    slopes = [
        (last[later] - last[earlier]) / (later - earlier)
        for earlier in range(len(last))
        for later in range(earlier + 1, len(last))
    ]
    middle = median(last)
    return round(median(slopes) * (len(last) - 1) / middle, 4) if middle > 0 else 0.0


def taste(counted: Tally) -> dict[str, Any]:
    """What is ordered: how much, how dear, of which kind, in which season."""
    items, spent, orders = counted.item_count, counted.spent_minor, counted.order_count
    return {
        "items_ordered": items,
        "items_per_order": round(items / orders, 4) if orders else 0.0,
        # Half up, in whole minor units.
        "mean_item_price_minor": (2 * spent + items) // (2 * items) if items else None,
        "vegetarian_orders": counted.vegetarian_orders,
        "vegan_orders": counted.vegan_orders,
        "spicy_orders": counted.spicy_orders,
        "favourite_dish_id": _most(counted.dish_quantities, counted.seen["product"]),
        "seasons": [
            {"orders": count, "category_id": _most_counted(of)}
            for count, of in zip(counted.season_orders, counted.season_quantities, strict=True)
        ],
    }


def interest(history: History, *, settings: Settings) -> dict[str, Any]:
    """Time on the menu, dishes looked at, carts left behind, the class of engagement."""
    visits = history.visits
    ended = [visit for visit in visits if visit.interactions is not None][-ENGAGEMENT_VISITS:]
    classes = sorted(_class(visit, settings) for visit in ended)
    abandoned = sum(visit.carts_abandoned for visit in visits)
    seconds = sum(visit.session_seconds for visit in visits)
    return {
        "menu_seconds": (2 * seconds + len(visits)) // (2 * len(visits)) if visits else 0,
        "product_views": sum(visit.product_views for visit in visits),
        "carts": history.sent_count + abandoned,
        "carts_abandoned": abandoned,
        # Of an even number the lower one: interest is not assumed.
        "engagement": ENGAGEMENT_WORDS[classes[(len(classes) - 1) // 2]] if classes else "",
    }


def average_order_minor(*, total_spent_minor: int, total_orders: int) -> int:
    """Net spend by completed orders, rounded half up to a minor unit; 0 without orders."""
    if total_orders <= 0:
        return 0
    return (2 * total_spent_minor + total_orders) // (2 * total_orders)


def price_level(price_minor: int | None, borders: Any) -> str:  # noqa: ANN401 - stored JSON
    """Lowest or highest quarter of what the restaurant's guests choose, or between.

    Who stands in both, because most pay the same, stands in neither.
    """
    if price_minor is None or not borders:
        return ""
    is_low = price_minor <= borders["bottom"][24]
    is_high = price_minor >= borders["top"][24]
    if is_low == is_high:
        return "middle"
    return "budget" if is_low else "premium"


def _class(visit: VisitFact, settings: Settings) -> int:
    seconds, interactions = visit.session_seconds, visit.interactions or 0
    if (
        seconds >= settings.engagement_high_seconds
        and interactions >= settings.engagement_high_interactions
    ):
        return 2
    is_low = (
        seconds < settings.engagement_low_seconds
        or interactions < settings.engagement_low_interactions
    )
    return 0 if is_low else 1


def _most(quantities: Mapping[RawId, int], seen: Mapping[RawId, Seen]) -> RawId | None:
    """The one counted most; of equals the last, then the smallest id."""
    if not quantities:
        return None
    most = max(quantities.values())
    equals = [key for key, count in quantities.items() if count == most]
    last = max(seen[key].last_at for key in equals)
    return min(key for key in equals if seen[key].last_at == last)


def _most_counted(counts: Mapping[RawId, int]) -> RawId | None:
    if not counts:
        return None
    most = max(counts.values())
    return min(key for key, count in counts.items() if count == most)
