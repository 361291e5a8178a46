"""Days to come of one restaurant, by day and hour, and what its weekdays and months are like.

Fitted at night from daily sums. → docs/algorithms/forecasting.md
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.enums import OrderStatus
from models.ordering import Order
from models.sales import SalesDay, SalesMark
from models.visits import Visit
from services.analytics.forecast import DayForecast, Forecast, by_hour, fit
from services.analytics.results import Kind, Result
from services.base.clock import to_local
from services.restaurants.hours import business_day_span, hours_of
from services.restaurants.types import RestaurantInfo

# A year and the month before, so that every month of it has a whole one.
HISTORY_DAYS = 395
AHEAD_DAYS = 28
# Hours are learnt from so many orders, the latest.
HOUR_ORDERS = 20_000
HOURS = 24
METRICS = ("orders", "guests", "revenue_minor")
HELD_DAYS = 28
# Fewer open days of a month say nothing about the month.
ENOUGH_OF_A_MONTH = 10

Series = list[float | None]


@dataclass(frozen=True, slots=True)
class Past:
    """Daily sums without gaps.

    Attributes:
        first_day: of the series.
        series: by metric, a value a day; None on a closed one.
        hours: orders by hour of the restaurant's clock, of late.
        closed: days to come on which the restaurant said that it is closed.
    """

    first_day: date
    series: Mapping[str, Series]
    hours: tuple[int, ...]
    closed: frozenset[date]


async def read_past(session: AsyncSession, *, restaurant: RestaurantInfo, until: date) -> Past:
    """The last thirteen months up to and with a day; it begins with the first order or visit."""
    start = until - timedelta(days=HISTORY_DAYS - 1)
    sums = await _sums(session, restaurant, start, until)
    hours = hours_of(restaurant)
    first = min(sums, default=until + timedelta(days=1))
    days = [first + timedelta(days=count) for count in range((until - first).days + 1)]
    # Without opening hours nobody said when it is closed: a day without anybody then is one.
    says = bool(hours.week) or bool(hours.special)

    def value(day: date, metric: str) -> float | None:
        if day in sums:
            # Refunds of a whole day may exceed what it brought.
            return max(0.0, sums[day][metric])
        return 0.0 if says and hours.shifts_on(day) else None

    ahead = [until + timedelta(days=count) for count in range(1, AHEAD_DAYS + 1)]
    return Past(
        first_day=first,
        series={metric: [value(day, metric) for day in days] for metric in METRICS},
        hours=await _by_hour(session, restaurant),
        closed=frozenset(day for day in ahead if says and not hours.shifts_on(day)),
    )


async def _sums(
    session: AsyncSession, restaurant: RestaurantInfo, start: date, until: date
) -> dict[date, dict[str, float]]:
    """What each day brought; days without anything are missing.

    Days that reports have counted are not counted again: of a year that is a million rows.
    """
    mark = await session.get(SalesMark, restaurant.id)
    counted_until = mark.counted_until if mark else start - timedelta(days=1)
    known = await session.execute(
        sa.select(
            col(SalesDay.business_day),
            col(SalesDay.order_count),
            col(SalesDay.revenue_minor),
            col(SalesDay.visit_count),
        ).where(
            col(SalesDay.restaurant_id) == restaurant.id,
            col(SalesDay.business_day).between(start, min(until, counted_until)),
        )
    )
    sums = {
        day: {"orders": float(orders), "revenue_minor": float(minor), "guests": float(visits)}
        for day, orders, minor, visits in known
        if orders or visits
    }
    if counted_until < until:
        first = max(start, counted_until + timedelta(days=1))
        sums |= await _count(session, restaurant, first, until)
    return sums


async def _count(
    session: AsyncSession, restaurant: RestaurantInfo, start: date, until: date
) -> dict[date, dict[str, float]]:
    """The same from orders and visits."""
    since = business_day_span(start, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)[
        0
    ]
    orders = await session.execute(
        sa.select(col(Order.business_day), sa.func.count(), sa.func.sum(col(Order.total_minor)))
        .where(
            col(Order.restaurant_id) == restaurant.id,
            col(Order.business_day).between(start, until),
            col(Order.order_status) == OrderStatus.COMPLETED,
        )
        .group_by(col(Order.business_day))
    )
    sums: dict[date, dict[str, float]] = {}
    for day, count, minor in orders:
        sums[day] = {"orders": float(count), "revenue_minor": float(minor), "guests": 0.0}
    guests = await session.execute(
        sa.select(col(Visit.business_day), sa.func.count())
        .where(
            col(Visit.restaurant_id) == restaurant.id,
            # The index knows moments only.
            col(Visit.visited_at) >= since,
            col(Visit.business_day).between(start, until),
        )
        .group_by(col(Visit.business_day))
    )
    for day, count in guests:
        sums.setdefault(day, {"orders": 0.0, "revenue_minor": 0.0})["guests"] = float(count)
    return sums


async def _by_hour(session: AsyncSession, restaurant: RestaurantInfo) -> tuple[int, ...]:
    """Orders by the hour of the clock on the wall; an hour that comes twice counts twice."""
    moments = await session.scalars(
        sa.select(col(Order.placed_at))
        .where(
            col(Order.restaurant_id) == restaurant.id,
            col(Order.order_status) == OrderStatus.COMPLETED,
        )
        .order_by(col(Order.placed_at).desc())
        .limit(HOUR_ORDERS)
    )
    counts = [0] * HOURS
    for moment in moments:
        counts[to_local(moment, restaurant.time_zone).hour] += 1
    return tuple(counts)


def fit_demand(past: Past, *, until: date, now: datetime) -> list[Result]:
    """Forecasts with their trials, and the factors of weekdays and months."""
    fits = {name: fit(series, past.first_day) for name, series in past.series.items()}
    orders = fits["orders"]
    learnt_from = {"open_days": orders.day_count, "first_day": past.first_day.isoformat()}
    demand = Result(
        kind=Kind.DEMAND,
        result={
            "metrics": {name: _metric(one, past, name) for name, one in fits.items()},
            "hours": _hours(orders, past),
        },
        learnt_from=learnt_from,
        data_until=until,
        is_enough=orders.is_enough,
        calculated_at=now,
    )
    season = Result(
        kind=Kind.SEASON,
        result={"weekdays": _weekdays(past), "months": _months(past)},
        learnt_from=learnt_from,
        data_until=until,
        is_enough=orders.is_enough,
        calculated_at=now,
    )
    return [demand, season]


def _metric(known: Forecast, past: Past, name: str) -> dict[str, Any]:
    days = _days(known, past)
    return {
        "days": [_day(one) for one in days],
        "mase": known.mase,
        "coverage": known.coverage,
        "half_life": known.shape.half_life,
        "trust": known.shape.trust,
        "trial": _trial(past.series[name], past.first_day),
    }


def _days(known: Forecast, past: Past) -> list[DayForecast]:
    """From the day after the data; a restaurant without a past has none to come."""
    return known.predict(AHEAD_DAYS, closed=past.closed) if known.day_count else []


def _day(one: DayForecast) -> dict[str, Any]:
    return {
        "day": one.day.isoformat(),
        "expected": round(one.expected, 2),
        "low": round(one.low, 2),
        "high": round(one.high, 2),
        "is_closed": one.is_closed,
    }


def _hours(known: Forecast, past: Past) -> list[dict[str, Any]]:
    """Orders of the next week, hour by hour; hours in which nobody ever ordered are left out."""
    asked = [hour for hour, count in enumerate(past.hours) if count]
    shares = [float(past.hours[hour]) for hour in asked]
    return [
        {
            "day": one.day.isoformat(),
            "hours": [
                {
                    "hour": hour,
                    "expected": round(part.expected, 2),
                    "low": round(part.low, 2),
                    "high": round(part.high, 2),
                }
                for hour, part in zip(asked, by_hour(one, shares), strict=True)
            ],
        }
        for one in _days(known, past)[:7]
        if not one.is_closed
    ]


def _trial(series: Series, first_day: date) -> dict[str, Any] | None:
    """The last four weeks as they would have been forecast, beside two simple rules.

    Mean absolute errors a day: ours, "as the last open day", "as the mean of all open days before",
    "as on the same weekday a week before the trial".
    """
    if len(series) < 2 * HELD_DAYS:
        return None
    known, held = series[:-HELD_DAYS], series[-HELD_DAYS:]
    past = [value for value in known if value is not None]
    here = [place for place, value in enumerate(held) if value is not None]
    if not past or not here:
        return None
    foreseen = fit(known, first_day).predict(HELD_DAYS)
    actual = [held[place] or 0.0 for place in here]
    week = known[-7:]

    def error(guesses: Sequence[float]) -> float:
        return float(np.mean(np.abs(np.array(actual) - np.array(guesses))))

    mean = sum(past) / len(past)
    return {
        "days": len(here),
        "error": error([foreseen[place].expected for place in here]),
        "last_value": error([past[-1]] * len(here)),
        "mean": error([mean] * len(here)),
        "last_week": error(
            [mean if week[place % 7] is None else week[place % 7] or 0.0 for place in here]
        ),
        "inside": sum(
            foreseen[place].low <= value <= foreseen[place].high
            for place, value in zip(here, actual, strict=True)
        ),
        "shown": [
            {
                "day": foreseen[place].day.isoformat(),
                "expected": round(foreseen[place].expected, 2),
                "low": round(foreseen[place].low, 2),
                "high": round(foreseen[place].high, 2),
                "actual": value,
            }
            for place, value in zip(here, actual, strict=True)
        ],
    }


def _weekdays(past: Past) -> list[dict[str, Any]]:
    """What each weekday brings beside the mean open day; weekdays never open are left out."""
    found: list[dict[str, Any]] = []
    orders, revenue = past.series["orders"], past.series["revenue_minor"]
    mean = _mean([value for value in orders if value is not None])
    for weekday in range(7):
        places = [
            place
            for place, value in enumerate(orders)
            if value is not None and (past.first_day + timedelta(days=place)).weekday() == weekday
        ]
        if places and mean:
            found.append(
                {
                    "weekday": weekday,
                    "factor": _mean([orders[one] or 0.0 for one in places]) / mean,
                    "orders": _mean([orders[one] or 0.0 for one in places]),
                    "revenue_minor": _mean([revenue[one] or 0.0 for one in places]),
                    "days": len(places),
                }
            )
    return found


def _months(past: Past) -> list[dict[str, Any]]:
    """What an open day of each month brought beside the mean open day of all."""
    orders = past.series["orders"]
    mean = _mean([value for value in orders if value is not None])
    by_month: dict[date, list[float]] = {}
    for place, value in enumerate(orders):
        if value is not None:
            month = (past.first_day + timedelta(days=place)).replace(day=1)
            by_month.setdefault(month, []).append(value)
    return [
        {"month": month.isoformat(), "factor": _mean(values) / mean, "days": len(values)}
        for month, values in sorted(by_month.items())
        if mean and len(values) >= ENOUGH_OF_A_MONTH
    ]


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
