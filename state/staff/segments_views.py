"""Segments in words: families, one segment's page, its entries and exits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from models.segments import CustomerSegment
from services.base import addresses
from services.base.clock import business_day
from services.base.errors import InvalidInputError
from services.base.segment_texts import FAMILY_WORDS
from services.base.texts import N_, PER_CENT, date_text, day_text, money_text, sentence, translate
from services.customers.criteria_names import say
from services.customers.engagement_rules import EngagementRules, read_rules
from services.customers.segment_names import segment_name
from services.customers.segment_stats import (
    Flow,
    HandPlaced,
    Performance,
    SegmentCount,
    performance,
)
from services.restaurants.types import RestaurantInfo
from services.segments.criteria import parse
from services.segments.types import Asking
from state.staff.access import LANGUAGE
from state.staff.charts import ChartView, Series, chart_view

NOTHING = "–"
MINUTE = 60


@dataclass(frozen=True, slots=True)
class SegmentLine:
    """One segment of the overview. `trend_tone` is "up", "dn" or "eq"."""

    id: str
    href: str
    name: str
    count: str
    trend: str
    trend_tone: str
    revenue: str
    visits: str
    returned: str


@dataclass(frozen=True, slots=True)
class SegmentFamily:
    """A family of segments."""

    key: str
    name: str
    lines: list[SegmentLine] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SegmentPage:
    """One segment's page in words."""

    id: str = ""
    name: str = ""
    family: str = ""
    rule: str = ""
    problem: str = ""
    members_href: str = ""
    # The borders of engagement as the form shows them; empty for other families.
    borders: dict[str, str] = field(default_factory=dict[str, str])
    counted: str = ""
    count: str = ""
    revenue: str = ""
    per_guest: str = ""
    visits: str = ""
    returned: str = ""
    is_built_in: bool = False
    is_changed: bool = False
    is_active: bool = True


@dataclass(frozen=True, slots=True)
class ByHand:
    """A guest who was put into a segment by hand, or kept out of it."""

    customer_id: str
    href: str
    alias: str
    how: str
    is_excluded: bool
    until: str
    by: str


def families_of(
    counts: Sequence[SegmentCount],
    archived: Sequence[SegmentCount],
    worth: Mapping[UUID, Performance] | None,
    *,
    currency: str,
) -> list[SegmentFamily]:
    """The five families and own segments, then archived ones."""
    families = [
        SegmentFamily(
            family,
            translate(LANGUAGE, word),
            [
                _line(one, worth, currency=currency)
                for one in counts
                if one.segment.segment_type == family
            ],
        )
        for family, word in FAMILY_WORDS.items()
    ]
    away = [_line(one, worth, currency=currency) for one in archived]
    if away:
        families.append(SegmentFamily("away", translate(LANGUAGE, N_("Archived")), away))
    return [one for one in families if one.lines or one.key == "custom"]


async def segment_page(
    session: Any,  # noqa: ANN401 - a session of the services
    row: CustomerSegment,
    *,
    asking: Asking,
) -> SegmentPage:
    """One segment: its rule in words, or why the rule cannot be run; what its guests are worth."""
    rule, problem = "", ""
    try:
        tree = parse(row.criteria)
        rule = await say(session, tree, asking=asking, language=LANGUAGE)
    except InvalidInputError as error:
        problem = sentence(LANGUAGE, error)
    found = await performance(session, restaurant_id=row.restaurant_id, segment_id=row.id)
    worth = found.get(row.id, Performance(0, 0, 0, 0, 0))
    currency = asking.restaurant.currency
    borders = (
        border_fields(await read_rules(session, restaurant_id=row.restaurant_id))
        if row.segment_type == "engagement"
        else {}
    )
    return SegmentPage(
        id=str(row.id),
        borders=borders,
        name=segment_name(row, LANGUAGE),
        family=translate(LANGUAGE, FAMILY_WORDS.get(row.segment_type, "")),
        rule=rule,
        problem=problem,
        members_href=addresses.members(row.key or row.id),
        counted=_counted(row, asking.restaurant),
        count=f"{worth.member_count:,}",
        revenue=money_text(worth.revenue_minor, currency, LANGUAGE),
        per_guest=money_text(worth.revenue_minor // worth.member_count, currency, LANGUAGE)
        if worth.member_count
        else NOTHING,
        visits=f"{worth.visit_count:,}",
        returned=_share(worth.return_ratio),
        is_built_in=row.key is not None,
        is_changed=row.is_changed,
        is_active=row.is_active,
    )


def border_fields(rules: EngagementRules) -> dict[str, str]:
    """The borders as the form's fields hold them; minutes with at most one decimal."""
    return {
        "high_minutes": f"{rules.high_seconds / MINUTE:g}",
        "high_steps": str(rules.high_steps),
        "low_minutes": f"{rules.low_seconds / MINUTE:g}",
        "low_steps": str(rules.low_steps),
        "wrong": "",
    }


def typed_rules(form: Mapping[str, str]) -> EngagementRules:
    """What stands in the form's fields.

    Raises:
        InvalidInputError: one of them holds no number.
    """
    try:
        return EngagementRules(
            high_seconds=round(float(form.get("high_minutes", "")) * MINUTE),
            high_steps=int(form.get("high_steps", "")),
            low_seconds=round(float(form.get("low_minutes", "")) * MINUTE),
            low_steps=int(form.get("low_steps", "")),
        )
    except (ValueError, OverflowError) as error:
        msg = N_("Please write numbers.")
        raise InvalidInputError(msg, field="high_seconds") from error


def flow_chart(flows: Sequence[Flow], *, name: str) -> ChartView:
    """Entries and exits by the week."""
    return chart_view(
        "bar",
        summary=translate(
            LANGUAGE,
            N_("Guests who came into {name} and left it, week by week since {day}."),
            name=name,
            day=date_text(flows[0].week, LANGUAGE),
        ),
        label_name=translate(LANGUAGE, N_("Week from")),
        labels=[day_text(one.week, LANGUAGE) for one in flows],
        series=[
            Series(translate(LANGUAGE, N_("Came in")), [float(one.entered) for one in flows]),
            Series(translate(LANGUAGE, N_("Left")), [float(one.left) for one in flows]),
        ],
        text=lambda value: "–" if value is None else f"{value:,.0f}",
    )


def by_hand_rows(found: Sequence[HandPlaced], *, restaurant: RestaurantInfo) -> list[ByHand]:
    """Who was pinned or excluded."""
    return [
        ByHand(
            customer_id=str(one.customer_id),
            href=addresses.customer(one.customer_id),
            alias=one.alias,
            how=translate(LANGUAGE, N_("Kept out") if one.is_excluded else N_("Put in")),
            is_excluded=one.is_excluded,
            until=translate(
                LANGUAGE,
                N_("until {day}"),
                day=date_text(
                    business_day(
                        one.until_at,
                        time_zone=restaurant.time_zone,
                        cutoff=restaurant.day_cutoff,
                    ),
                    LANGUAGE,
                ),
            )
            if one.until_at is not None
            else translate(LANGUAGE, N_("for good")),
            by=one.by,
        )
        for one in found
    ]


def _line(
    one: SegmentCount, worth: Mapping[UUID, Performance] | None, *, currency: str
) -> SegmentLine:
    change = one.count - one.count_before
    did = worth.get(one.segment.id) if worth is not None else None
    return SegmentLine(
        id=str(one.segment.id),
        href=addresses.segment(one.segment.key or one.segment.id),
        name=segment_name(one.segment, LANGUAGE),
        count=f"{one.count:,}",
        trend=f"{change:+,}".replace("-", "−") if change else "0",
        trend_tone="up" if change > 0 else "dn" if change < 0 else "eq",
        revenue=money_text(did.revenue_minor, currency, LANGUAGE) if did else NOTHING,
        visits=f"{did.visit_count:,}" if did else NOTHING,
        returned=_share(did.return_ratio) if did else NOTHING,
    )


def _share(ratio: float | None) -> str:
    return NOTHING if ratio is None else f"{ratio:.0%}".replace("%", PER_CENT)


def _counted(row: CustomerSegment, restaurant: RestaurantInfo) -> str:
    if row.last_calculated_at is None:
        return translate(LANGUAGE, N_("Not counted yet"))
    day = business_day(
        row.last_calculated_at, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff
    )
    return translate(LANGUAGE, N_("Counted on {day}"), day=date_text(day, LANGUAGE))
