"""Reads day counts: past days from their rows, today from its orders and visits.

Every dashboard, report and file takes its numbers from here. → docs/algorithms/reports.md
"""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass, field, fields
from datetime import date, timedelta
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from models.sales import NEVER, DishDay, ReturnDay, SalesDay, SalesHour, SalesMark
from services.analytics.room_types import Period
from services.reports.counting import count_today
from services.reports.day_types import DayCount, DayTotals, DishTotals, HourTotals, Part
from services.reports.following import rules_hash
from services.reports.periods import Span
from services.restaurants.types import RestaurantInfo

_SUMS = tuple(one.name for one in fields(DayTotals))
RETURN_DAYS = 30
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Numbers:
    """The day counts of a span and the time it is compared with.

    Attributes:
        session: open while more is read.
        restaurant: whose.
        span: which days.
        days: both times by day; days without anything are missing.
        today: what has happened today, when the span holds it.
        is_counted: False while past days are being counted for the first time: then shares of one
            time in another would be made up.
        is_recounting: True while they are counted anew under other rules: what is counted of a
            day since then stands in none of them yet.
        kept: what was read `once`.
    """

    session: AsyncSession
    restaurant: RestaurantInfo
    span: Span
    days: dict[date, DayTotals]
    today: DayCount | None
    is_counted: bool
    is_recounting: bool = False
    kept: dict[Hashable, Any] = field(default_factory=dict[Hashable, Any])

    async def once(self, key: Hashable, load: Callable[[], Awaitable[T]]) -> T:
        """What several numbers of one report are made of, read for the first of them."""
        if key not in self.kept:
            self.kept[key] = await load()
        return self.kept[key]

    def each_day(self, period: Period) -> list[tuple[date, DayTotals]]:
        """Every day of a period, those without anything too."""
        days = (period.first_day + timedelta(days=count) for count in range(period.day_count))
        return [(day, self.days.get(day, DayTotals())) for day in days]

    def total(self, period: Period) -> DayTotals:
        """The sums of a period. Guests are those of each day: `guests` counts each once."""
        return add_up(totals for _, totals in self.each_day(period))

    async def guests(self, period: Period) -> int:
        """Different guests with a visit in a period, each once."""
        return await self._returned(period, NEVER, period.first_day - timedelta(days=1))

    async def retention(self, period: Period) -> float | None:
        """Share of the guests of the days before, as many, who came again in these."""
        before = period.before
        base = await self.guests(before) if self.is_counted else 0
        if not base:
            return None
        return await self._returned(period, before.first_day, before.last_day) / base

    async def return_rate(self, period: Period) -> float | None:
        """Of who came for the first time and has had 30 days since: the share that came again."""
        last = min(period.last_day, self.span.today - timedelta(days=RETURN_DAYS + 1))
        if last < period.first_day or not self.is_counted:
            return None
        new = await self._sum(
            ReturnDay.customer_count,
            col(ReturnDay.business_day).between(period.first_day, last),
            col(ReturnDay.previous_day) == NEVER,
        )
        again = await self._sum(
            ReturnDay.second_count,
            col(ReturnDay.previous_day).between(period.first_day, last),
            col(ReturnDay.gap_days) <= RETURN_DAYS,
            # After that day: said once more, so that days long before are not looked through.
            col(ReturnDay.business_day).between(
                period.first_day, last + timedelta(days=RETURN_DAYS)
            ),
        )
        return again / new if new else None

    async def hours(self, period: Period) -> dict[tuple[int, int], HourTotals]:
        """What happened by weekday (0 is Monday) and hour of the clock."""
        rows = await self.session.execute(
            sa.select(
                col(SalesHour.weekday),
                col(SalesHour.hour),
                sa.func.sum(col(SalesHour.visit_count)),
                sa.func.sum(col(SalesHour.order_count)),
                sa.func.sum(col(SalesHour.revenue_minor)),
            )
            .where(
                col(SalesHour.restaurant_id) == self.restaurant.id,
                col(SalesHour.business_day).between(*self._over(period)),
            )
            .group_by(col(SalesHour.weekday), col(SalesHour.hour))
        )
        found = {(row[0], row[1]): HourTotals(*(int(one) for one in row[2:])) for row in rows}
        if self.today is not None and period.last_day == self.span.today:
            for hour, one in self.today.hours.items():
                slot = found.setdefault((self.span.today.weekday(), hour), HourTotals())
                slot.visit_count += one.visit_count
                slot.order_count += one.order_count
                slot.revenue_minor += one.revenue_minor
        return found

    async def dishes(self, period: Period) -> dict[UUID, DishTotals]:
        """What each dish sold; one whose category changed counts where it sold last."""
        return await self.once(("dishes", period), lambda: self._dishes(period))

    async def _dishes(self, period: Period) -> dict[UUID, DishTotals]:
        rows = await self.session.execute(
            sa.select(
                col(DishDay.dish_id),
                col(DishDay.category_id),
                sa.func.sum(col(DishDay.quantity)),
                sa.func.sum(col(DishDay.order_count)),
                sa.func.sum(col(DishDay.revenue_minor)),
            )
            .where(
                col(DishDay.restaurant_id) == self.restaurant.id,
                col(DishDay.business_day).between(*self._over(period)),
            )
            .group_by(col(DishDay.dish_id), col(DishDay.category_id))
            .order_by(sa.func.max(col(DishDay.business_day)))
        )
        found: dict[UUID, DishTotals] = {}
        parts = [(row[0], DishTotals(row[1], *(int(one) for one in row[2:]))) for row in rows]
        if self.today is not None and period.last_day == self.span.today:
            parts += self.today.dishes.items()
        for dish_id, one in parts:
            dish = found.setdefault(dish_id, DishTotals(one.category_id))
            dish.category_id = one.category_id
            dish.quantity += one.quantity
            dish.order_count += one.order_count
            dish.revenue_minor += one.revenue_minor
        return found

    async def active(self, period: Period, length: int) -> dict[date, int]:
        """For each day of a period: different guests in the `length` days that end with it."""
        first = period.first_day - timedelta(days=length - 1)
        far = sa.case((col(ReturnDay.gap_days) == 0, length), else_=col(ReturnDay.gap_days))
        gap = sa.case((far > length, length), else_=far).label("gap")
        rows = await self.session.execute(
            sa.select(col(ReturnDay.business_day), gap, sa.func.sum(col(ReturnDay.customer_count)))
            .where(
                col(ReturnDay.restaurant_id) == self.restaurant.id,
                col(ReturnDay.business_day).between(first, period.last_day),
            )
            .group_by(col(ReturnDay.business_day), "gap")
        )
        parts = [(day, days, int(count)) for day, days, count in rows]
        if self.today is not None and period.last_day == self.span.today:
            today = self.span.today
            parts += [
                (today, length if before == NEVER else min(length, (today - before).days), count)
                for before, (count, _) in self.today.returns.items()
            ]
        # Who came on a day is in all windows from then on, until the day before their next visit
        # takes over: of two visits `days` apart, the later one adds the last `days` windows.
        steps: defaultdict[date, int] = defaultdict(int)
        for day, days, count in parts:
            begin = day + timedelta(days=length - days)
            steps[begin] += count
            steps[day + timedelta(days=length)] -= count
        found: dict[date, int] = {}
        running = 0
        for day in sorted({*steps, *(one for one, _ in self.each_day(period))}):
            running += steps.get(day, 0)
            found[day] = running
        return {day: found[day] for day, _ in self.each_day(period)}

    async def _returned(self, period: Period, first: date, last: date) -> int:
        """Guests of a period whose visit day before their first one in it lies between two days."""
        return await self.once(
            ("returned", period, first, last), lambda: self._count_returned(period, first, last)
        )

    async def _count_returned(self, period: Period, first: date, last: date) -> int:
        found = await self._sum(
            ReturnDay.customer_count,
            col(ReturnDay.business_day).between(*self._over(period)),
            col(ReturnDay.previous_day).between(first, last),
        )
        if self.today is not None and period.last_day == self.span.today:
            found += sum(n for day, (n, _) in self.today.returns.items() if first <= day <= last)
        return found

    async def _sum(self, column: int, *where: sa.ColumnElement[bool]) -> int:
        found = await self.session.scalar(
            sa.select(sa.func.coalesce(sa.func.sum(column), 0)).where(
                col(ReturnDay.restaurant_id) == self.restaurant.id, *where
            )
        )
        return int(found or 0)

    def _over(self, period: Period) -> tuple[date, date]:
        """The days of a period that are counted in rows: today is not."""
        return period.first_day, min(period.last_day, self.span.today - timedelta(days=1))


async def load_numbers(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    span: Span,
    parts: frozenset[Part] = frozenset(Part),
) -> Numbers:
    """Read the day counts of a span.

    Args:
        session: open while the numbers are used.
        restaurant: whose.
        span: which days.
        parts: what is asked of today beside its orders.
    """
    first = min(span.before.first_day, span.period.first_day)
    rows = await session.execute(
        sa.select(col(SalesDay.business_day), *(getattr(SalesDay, name) for name in _SUMS)).where(
            col(SalesDay.restaurant_id) == restaurant.id,
            col(SalesDay.business_day).between(first, span.period.last_day),
            col(SalesDay.business_day) < span.today,
        )
    )
    days = {row[0]: DayTotals(*row[1:]) for row in rows}
    today = None
    if span.holds_today:
        today = await count_today(session, restaurant=restaurant, day=span.today, parts=parts)
        days[span.today] = today.totals
    mark = await session.get(SalesMark, restaurant.id)
    return Numbers(
        session,
        restaurant,
        span,
        days,
        today,
        is_counted=mark is not None,
        is_recounting=mark is not None and mark.rules_hash != rules_hash(restaurant),
    )


def add_up(days: Iterable[DayTotals]) -> DayTotals:
    """The sums of days."""
    found = DayTotals()
    for one in days:
        for name in _SUMS:
            setattr(found, name, getattr(found, name) + getattr(one, name))
    return found
