"""Where a fact of a profile comes from, so that nobody has to believe it."""

from dataclasses import dataclass

from models.profiles import CustomerProfile
from services.base.texts import N_

VISITS, ORDERS = "visits", "orders"


@dataclass(frozen=True, slots=True)
class Evidence:
    """The definition of a fact (a message id), how many rows it is from, and which tab has them."""

    definition: str
    row_count: int
    tab: str


_DEFINITIONS: dict[str, tuple[str, str]] = {
    "total_visits": (N_("Stays that began with a scan or a seat."), VISITS),
    "visit_days": (N_("Business days with at least one visit."), VISITS),
    "mean_gap_days": (
        N_("Days from the first to the last visit day, by visit days less one. Needs three."),
        VISITS,
    ),
    "short_gaps": (N_("Times they came again within 30 days."), VISITS),
    "usual_weekday": (N_("The weekday on which most visits began."), VISITS),
    "usual_daypart": (N_("The time of day at which most visits began."), VISITS),
    "usual_minute": (N_("The median start of visits at the usual time of day."), VISITS),
    "party_median": (N_("The median size of their parties."), VISITS),
    "preferred_area_id": (N_("The area of most visits; of equals the last."), VISITS),
    "preferred_table_id": (N_("The table of most visits; of equals the last."), VISITS),
    "menu_seconds": (N_("Mean time alive on the menu per visit."), VISITS),
    "engagement": (
        N_("The median class of the last five visits, by minutes and steps on the menu."),
        VISITS,
    ),
    "carts_abandoned": (N_("Carts with dishes that were never sent."), VISITS),
    "total_orders": (N_("Completed orders."), ORDERS),
    "total_spent_minor": (
        N_("Completed orders after discounts and refunds, tax included, without tip."),
        ORDERS,
    ),
    "average_order_minor": (N_("Net spend by completed orders."), ORDERS),
    "highest_order_minor": (N_("The highest completed order."), ORDERS),
    "spend_trend": (
        N_("The median slope of the last ten orders: 20 percent or more is a trend."),
        ORDERS,
    ),
    "mean_item_price_minor": (N_("What they paid by how many dishes they ordered."), ORDERS),
    "price_level": (
        N_("Lowest or highest quarter of mean prices among all guests."),
        ORDERS,
    ),
    "items_per_order": (N_("Dishes by completed orders."), ORDERS),
    "favourite_dish_id": (N_("The dish they had most of; of equals the last."), ORDERS),
    "preferred_category_id": (N_("The category they had most of; of equals the last."), ORDERS),
    "vegetarian_orders": (N_("Orders in which every dish is vegetarian."), ORDERS),
    "vegan_orders": (N_("Orders in which every dish is vegan."), ORDERS),
    "spicy_orders": (N_("Orders with at least one spicy dish."), ORDERS),
    "seasons": (N_("Orders by season: spring begins with March."), ORDERS),
}
FACTS = frozenset(_DEFINITIONS)


def evidence(fact: str, profile: CustomerProfile) -> Evidence:
    """Where one fact of a profile comes from.

    Args:
        fact: a column of the profile, one of `FACTS`.
        profile: whose fact.
    """
    definition, tab = _DEFINITIONS[fact]
    count = profile.total_orders if tab == ORDERS else profile.total_visits
    return Evidence(definition, count, tab)
