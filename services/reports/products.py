"""The product report (plan 4.4.2, 1.2): what sells, to whom, together with what, and when."""

from collections import defaultdict
from datetime import date, timedelta
from uuid import UUID

import sqlalchemy as sa
from babel import Locale
from sqlmodel import col

from models.menu import Dish, MenuCategory
from models.sales import DishDay, DishPair, SalesMark, SegmentDish
from services.analytics.menu import DishClass, Engineered, MenuItem, engineer
from services.analytics.room_types import Period
from services.base import addresses
from services.base.raw_rows import RowId, as_uuid, raw
from services.base.texts import N_, SOURCE_LANGUAGE
from services.reports import trends
from services.reports.day_types import DishTotals
from services.reports.measures import metric, ratio
from services.reports.nightly import PAIR_DAYS
from services.reports.numbers import Numbers
from services.reports.trends import ordered, word
from services.reports.types import Column, Metric, Row, Section
from services.segments import queries as segments

LISTED = 100
BEST_OF_A_SEGMENT = 3
PAIRS = 15
# Fewer orders together say nothing.
ENOUGH_TOGETHER = 5
SEASON_DISHES = 8
CLASS_NAMES: dict[DishClass, str] = {
    DishClass.STAR: N_("Star"),
    DishClass.PLOWHORSE: N_("Plowhorse"),
    DishClass.PUZZLE: N_("Puzzle"),
    DishClass.DOG: N_("Dog"),
    DishClass.COST_MISSING: N_("Cost missing"),
    DishClass.TOO_NEW: N_("Too new"),
    DishClass.OFF_MENU: N_("Off the menu"),
    DishClass.NOTHING_SOLD: N_("Nothing sold"),
}


async def metrics(numbers: Numbers) -> tuple[Metric, ...]:
    """Portions, dishes, what an order holds."""
    span = numbers.span
    now, before = numbers.total(span.period), numbers.total(span.before)
    sold, sold_before = await numbers.dishes(span.period), await numbers.dishes(span.before)
    return (
        metric("portions", now.item_count, before.item_count),
        metric("dishes", len(sold), len(sold_before)),
        metric(
            "items",
            ratio(now.item_count, now.order_count),
            ratio(before.item_count, before.order_count),
        ),
        metric(
            "average",
            ratio(now.revenue_minor, now.order_count),
            ratio(before.revenue_minor, before.order_count),
        ),
    )


async def sections(numbers: Numbers) -> tuple[Section, ...]:
    """Best sellers, categories, menu engineering, segments, pairs, seasons."""
    sold = await numbers.dishes(numbers.span.period)
    names, categories = await trends.dish_names(numbers)
    return (
        await trends.top_dishes(numbers),
        _categories(sold, categories),
        await _engineering(numbers, sold, categories),
        await _by_segment(numbers, names),
        await _pairs(numbers, names),
        await _seasons(numbers, names),
    )


def _categories(sold: dict[UUID, DishTotals], categories: dict[UUID, str]) -> Section:
    sums: defaultdict[UUID, int] = defaultdict(int)
    for one in sold.values():
        sums[one.category_id] += one.revenue_minor
    best = sorted(sums, key=lambda key: -sums[key])
    return Section(
        key="categories",
        title=N_("Sections of the menu"),
        meaning=N_("What the dishes of each section sold for, before discounts of whole orders."),
        look="across",
        columns=(Column(word(N_("Section"))), Column(word(N_("Sales")), "money")),
        rows=tuple(
            Row(
                (categories.get(key) or word(N_("A section that is gone")), sums[key]),
                trends.guests_where(
                    field="ordered_category", **{"is": "at_least"}, value=1, category=str(key)
                ),
            )
            for key in best
        ),
    )


async def _engineering(
    numbers: Numbers, sold: dict[UUID, DishTotals], categories: dict[UUID, str]
) -> Section:
    rows = await numbers.session.execute(
        sa.select(
            col(Dish.id),
            col(Dish.name),
            col(Dish.category_id),
            col(Dish.price_minor),
            col(Dish.cost_minor),
            col(Dish.is_active) & col(MenuCategory.is_active),
            col(Dish.created_at),
        )
        .join(MenuCategory, col(MenuCategory.id) == col(Dish.category_id))
        .where(col(Dish.restaurant_id) == numbers.restaurant.id)
    )
    last = numbers.span.period.last_day
    items: list[tuple[UUID, str, MenuItem]] = []
    for dish_id, name, category_id, price, cost, is_active, created_at in rows:
        one = sold.get(dish_id)
        quantity = max(0, one.quantity) if one else 0
        items.append(
            (
                dish_id,
                name,
                MenuItem(
                    key=str(dish_id),
                    sold=quantity,
                    price_minor=max(0, round(one.revenue_minor / quantity))
                    if one and quantity
                    else price,
                    cost_minor=cost,
                    category=categories.get(category_id, ""),
                    days_on_menu=max(0, (last - created_at.date()).days),
                    is_on_menu=bool(is_active),
                ),
            )
        )
    classed = engineer([item for _, _, item in items])
    lines = sorted(
        zip(items, classed, strict=True), key=lambda line: (-line[0][2].sold, line[0][1])
    )
    return Section(
        key="engineering",
        title=N_("Menu engineering"),
        meaning=N_(
            "Popular and profitable, inside each section: a star is both, a plowhorse sells, a "
            "puzzle earns, a dog does neither (Kasavana and Smith 1982)."
        ),
        look="list",
        columns=(
            Column(word(N_("Dish"))),
            Column(word(N_("Section"))),
            Column(word(N_("Portions")), "count"),
            Column(word(N_("Sales")), "money"),
            Column(word(N_("Left per portion")), "money"),
            Column(word(N_("Kind"))),
        ),
        rows=tuple(_dish_line(*line, sold) for line in lines[:LISTED]),
        href=addresses.STAFF_MENU,
        is_wide=True,
    )


def _dish_line(
    item: tuple[UUID, str, MenuItem], classed: Engineered, sold: dict[UUID, DishTotals]
) -> Row:
    dish_id, name, known = item
    totals = sold.get(dish_id)
    return Row(
        (
            name,
            known.category,
            known.sold,
            totals.revenue_minor if totals else 0,
            classed.contribution_minor,
            word(CLASS_NAMES[classed.kind]),
        ),
        ordered(dish_id),
    )


async def _by_segment(numbers: Numbers, names: dict[UUID, str]) -> Section:
    found = await segments.list_segments(
        numbers.session, restaurant_id=numbers.restaurant.id, language=SOURCE_LANGUAGE
    )
    rows = await numbers.session.execute(
        sa.select(
            col(SegmentDish.segment_id), col(SegmentDish.dish_id), col(SegmentDish.quantity)
        ).where(col(SegmentDish.restaurant_id) == numbers.restaurant.id)
    )
    sold: defaultdict[UUID, list[tuple[int, str, UUID]]] = defaultdict(list)
    for segment_id, dish_id, quantity in rows:
        sold[segment_id].append((-quantity, names.get(dish_id, ""), dish_id))
    lines: list[Row] = []
    for one in found:
        best = sorted(sold.get(one.segment_id, ()))[:BEST_OF_A_SEGMENT]
        for place, (negative, name, _) in enumerate(best, start=1):
            lines.append(
                Row(
                    (one.name, place, name, -negative),
                    addresses.members(one.key or one.segment_id),
                )
            )
    return Section(
        key="segment-dishes",
        title=N_("Best sellers by segment"),
        meaning=N_(
            "Portions of the last 90 days to guests who are in each segment, up to last night."
        ),
        look="list",
        columns=(
            Column(word(N_("Segment"))),
            Column(word(N_("Place")), "count"),
            Column(word(N_("Dish"))),
            Column(word(N_("Portions")), "count"),
        ),
        rows=tuple(lines),
        note=word(N_("last 90 days")),
    )


async def _pairs(numbers: Numbers, names: dict[UUID, str]) -> Section:
    """Cross-sell: who orders one dish orders the other more often than anybody does."""
    mark = await numbers.session.get(SalesMark, numbers.restaurant.id)
    total = mark.nightly_order_count if mark else 0
    orders: dict[RowId, int] = {}
    if mark is not None and mark.nightly_until is not None and total:
        orders = await _orders_with(numbers, mark.nightly_until)
    pairs = await numbers.session.execute(
        sa.select(
            raw(DishPair.dish_id), raw(DishPair.other_dish_id), col(DishPair.order_count)
        ).where(
            col(DishPair.restaurant_id) == numbers.restaurant.id,
            col(DishPair.order_count) >= ENOUGH_TOGETHER,
        )
    )
    found: list[tuple[float, int, RowId, RowId, float]] = []
    for one, other, count in pairs:
        if not orders.get(one) or not orders.get(other):
            continue
        lift = count * total / (orders[one] * orders[other])
        # From the rarer dish to the more frequent one: there the share is larger.
        first, second = sorted((one, other), key=lambda dish: orders[dish])
        if lift > 1:
            found.append((lift, count, first, second, count / orders[first]))
    found.sort(key=lambda line: (-line[0], -line[1], str(as_uuid(line[2]))))
    best = [
        (as_uuid(first), as_uuid(second), count, share, lift)
        for lift, count, first, second, share in found[:PAIRS]
    ]
    return Section(
        key="pairs",
        title=N_("Ordered together"),
        meaning=N_(
            "Orders of the last 90 days with both dishes. Share: of the orders with the first. "
            "Lift: how many times as often as by chance."
        ),
        look="list",
        columns=(
            Column(word(N_("With"))),
            Column(word(N_("Also"))),
            Column(word(N_("Orders")), "count"),
            Column(word(N_("Share")), "share"),
            Column(word(N_("Lift")), "number"),
        ),
        rows=tuple(
            Row(
                (names.get(first, ""), names.get(second, ""), count, share, round(lift, 2)),
                ordered(first),
            )
            for first, second, count, share, lift in best
        ),
        note=word(N_("last 90 days")),
    )


async def _orders_with(numbers: Numbers, until: date) -> dict[RowId, int]:
    rows = await numbers.session.execute(
        sa.select(raw(DishDay.dish_id), sa.func.sum(col(DishDay.order_count)))
        .where(
            col(DishDay.restaurant_id) == numbers.restaurant.id,
            col(DishDay.business_day).between(until - timedelta(days=PAIR_DAYS - 1), until),
        )
        .group_by(col(DishDay.dish_id))
    )
    return {row[0]: int(row[1]) for row in rows}


async def _seasons(numbers: Numbers, names: dict[UUID, str]) -> Section:
    """Portions by month over the year that ends with the time shown."""
    months = _months(numbers.span.period.last_day)
    first = months[0].first_day
    rows = await numbers.session.execute(
        sa.select(
            col(DishDay.dish_id),
            sa.case(
                *(
                    (col(DishDay.business_day) <= month.last_day, place)
                    for place, month in enumerate(months)
                ),
                else_=len(months),
            ).label("month"),
            sa.func.sum(col(DishDay.quantity)),
        )
        .where(
            col(DishDay.restaurant_id) == numbers.restaurant.id,
            col(DishDay.business_day).between(first, months[-1].last_day),
        )
        .group_by(col(DishDay.dish_id), "month")
    )
    sold: defaultdict[UUID, dict[int, int]] = defaultdict(dict)
    for dish_id, place, quantity in rows:
        sold[dish_id][place] = int(quantity)
    # Those that change most between months, of what sells.
    best = sorted(
        sold, key=lambda dish: -(max(sold[dish].values()) - _least(sold[dish], len(months)))
    )[:SEASON_DISHES]
    labels = Locale.parse(SOURCE_LANGUAGE).months["stand-alone"]["abbreviated"]
    return Section(
        key="seasons",
        title=N_("Seasons"),
        meaning=N_("Portions a month of the dishes that change most over the year."),
        look="heat",
        columns=(
            Column(""),
            *(Column(labels[month.first_day.month], "count") for month in months),
        ),
        rows=tuple(
            Row(
                (
                    names.get(dish, ""),
                    *(sold[dish].get(place) for place in range(len(months))),
                ),
                ordered(dish),
            )
            for dish in best
        ),
        note=word(N_("portions, twelve months")),
        is_wide=True,
    )


def _least(months: dict[int, int], count: int) -> int:
    return min(months.values()) if len(months) == count else 0


def _months(last: date) -> list[Period]:
    """Twelve calendar months, the one of `last` last."""
    found: list[Period] = []
    end = last
    for _ in range(12):
        first = end.replace(day=1)
        found.append(Period(first, end))
        end = first - timedelta(days=1)
    return found[::-1]
