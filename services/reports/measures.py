"""The numbers of dashboards and reports: each has one name and one definition everywhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from services.base.texts import N_
from services.reports.types import Metric, Unit

_NONE = N_("Nothing in this time")
_FEW = N_("Not enough data yet")


@dataclass(frozen=True, slots=True)
class Measure:
    """A name, a definition, a unit, which way is better, and what stands where there is none.

    `caveat` is what the definition must not keep to itself.
    """

    name: str
    meaning: str
    unit: Unit
    better: Literal["more", "less", ""] = "more"
    lacking: str = _NONE
    caveat: str = ""


MEASURES: Mapping[str, Measure] = {
    "customers": Measure(
        N_("Guests known"),
        N_("Everybody in the guest list at the end of this time, anonymous or with a name."),
        "count",
    ),
    "active": Measure(
        N_("Guests here"),
        N_("Different known guests with at least one visit in this time."),
        "count",
    ),
    "active_today": Measure(
        N_("Here today"),
        N_("Different known guests with at least one visit on this business day so far."),
        "count",
    ),
    "new": Measure(
        N_("New guests"),
        N_("Known guests whose first visit was in this time."),
        "count",
    ),
    "returning": Measure(
        N_("Returning guests"),
        N_("Known guests with a visit in this time who had come before it."),
        "count",
    ),
    "ltv": Measure(
        N_("Average value so far"),
        N_("Historic: what a known guest has spent in all visits, on average over all of them."),
        "money",
        lacking=N_("No guests yet"),
    ),
    "expected": Measure(
        N_("Expected value"),
        N_(
            "What a guest will spend in the next 12 months, on average, as last night's model says."
        ),
        "money",
        lacking=_FEW,
    ),
    "retention": Measure(
        N_("Retention"),
        N_("Of the guests of the days before, as many as these: the share that came again now."),
        "share",
        lacking=_FEW,
    ),
    "churn": Measure(
        N_("Churn"),
        N_("Of the guests of the days before: the share that did not come again now."),
        "share",
        "less",
        _FEW,
    ),
    "return_rate": Measure(
        N_("Return within 30 days"),
        N_("Of who came for the first time and has had 30 days since: the share that came again."),
        "share",
        lacking=_FEW,
    ),
    "frequency": Measure(
        N_("Visits per guest"),
        N_("Visits of known guests over different known guests in this time."),
        "number",
    ),
    "visits": Measure(
        N_("Visits"),
        N_("Stays of guests with the menu open, known or not; each ends after three quiet hours."),
        "count",
    ),
    "orders": Measure(N_("Orders"), N_("Completed orders."), "count"),
    "revenue": Measure(
        N_("Revenue"),
        N_("Completed orders, after discounts and refunds, tax included, without tip."),
        "money",
    ),
    "growth": Measure(
        N_("Revenue growth"),
        N_("Revenue of this time against the time compared with."),
        "share",
        lacking=N_("Nothing to compare with"),
    ),
    "average": Measure(N_("Average order"), N_("Revenue over completed orders."), "money"),
    "items": Measure(
        N_("Items per order"),
        N_("Portions over completed orders."),
        "number",
    ),
    "portions": Measure(N_("Portions sold"), N_("Portions in completed orders."), "count"),
    "dishes": Measure(
        N_("Dishes sold"),
        N_("Different dishes with at least one portion in completed orders."),
        "count",
        "",
    ),
    "upsell": Measure(
        N_("Upsell rate"),
        N_("Portions that guests took from a suggestion, over completed orders."),
        "number",
    ),
    "menu_time": Measure(
        N_("Time on the menu"),
        N_("Minutes a visit's menu was open and in use, on average."),
        "minutes",
        "",
    ),
    "views": Measure(
        N_("Dishes viewed"),
        N_("Dishes opened per visit, on average."),
        "number",
    ),
    "completion": Measure(
        N_("Order completion"),
        N_("Carts that became orders, of all carts."),
        "share",
    ),
    "refused": Measure(
        N_("Declined or cancelled"),
        N_("Of all orders sent: those that were declined or cancelled."),
        "share",
        "less",
    ),
    "participation": Measure(
        N_("Loyalty participation"),
        N_("Of all known guests: those who have earned points, at the end of this time."),
        "share",
        lacking=N_("No programme yet"),
    ),
    "members": Measure(
        N_("Members"),
        N_("Guests who have earned points, at the end of this time."),
        "count",
    ),
    "points_out": Measure(
        N_("Points guests hold"),
        N_("All points that are not redeemed, expired or taken back, as of now."),
        "count",
        "",
    ),
    "points_worth": Measure(
        N_("What they would cost"),
        N_("The points guests hold now, at what the programme reckons 100 points to cost."),
        "money",
        "",
    ),
    "redemption": Measure(
        N_("Redemption"),
        N_("Points redeemed, less what came back, over points earned in this time."),
        "share",
        "",
        _FEW,
    ),
    "loyalty_return": Measure(
        N_("Return on points"),
        N_(
            "What members' orders came to beyond as many orders of others, less the cost of points "
            "redeemed, over that cost. Who comes often also joins: no proof of an effect."
        ),
        "share",
        lacking=_FEW,
        caveat=N_("a difference, not proof of an effect"),
    ),
    "campaigns": Measure(
        N_("Campaign engagement"),
        N_("Opened, clicked and converted, of what was sent."),
        "share",
        lacking=N_("No campaigns yet"),
    ),
    "table_revenue": Measure(
        N_("Revenue per table"),
        N_("Revenue at tables over the tables in use, in this time."),
        "money",
    ),
    "utilisation": Measure(
        N_("Table utilisation"),
        N_("Minutes in which somebody sat at a table, of the minutes it was open for guests."),
        "share",
    ),
    "turn": Measure(
        N_("Turn time"),
        N_("From seating to release, the median; sittings over six hours were forgotten."),
        "minutes",
        "",
        _FEW,
    ),
    "service": Measure(
        N_("Service time"),
        N_("From sending an order to serving it, on average."),
        "minutes",
        "less",
        _FEW,
    ),
}


def metric(key: str, value: float | None, before: float | None = None) -> Metric:
    """A number by its key, with what it was in the time compared with."""
    known = MEASURES[key]
    return Metric(
        key,
        known.name,
        known.meaning,
        known.unit,
        value,
        before,
        known.better,
        known.lacking,
        known.caveat,
    )


def ratio(part: float, whole: float) -> float | None:
    """A share or mean; None of nothing."""
    return part / whole if whole else None
