"""What an order earns, and when points end; no session, clock or I/O.

Source of every rule: docs/algorithms/loyalty.md.
"""

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from services.base.clock import day_begin
from services.loyalty.programme_rules import HappyHour, Rules

ORDER, TIER, HAPPY_HOUR, DISH = "order", "tier", "happy_hour", "dish"
FIRST_VISIT, VISITS, BIRTHDAY, REFERRAL = "first_visit", "visits", "birthday", "referral"
# What grows with the bill; caps cut the last ones first.
BY_BILL = (ORDER, DISH, HAPPY_HOUR, TIER)


@dataclass(frozen=True, slots=True)
class Bill:
    """One completed order, as far as it earns. Amounts are minor units."""

    # Net spend: after discounts, tax included.
    net_minor: int
    # Before the discount, which all lines share alike.
    subtotal_minor: int
    spent_on: Mapping[UUID, int]
    # On the restaurant's clock.
    placed_at: datetime
    business_day: date


@dataclass(frozen=True, slots=True)
class Earner:
    """What is known of the guest before the order earns."""

    tier_percent: int = 100
    # The visit days so far, this one among them.
    visit_days: int = 1
    birthday: tuple[int, int] | None = None
    # What grew with bills of this business day, and of how many orders.
    points_today: int = 0
    orders_today: int = 0
    # Bonuses they already have: "first_visit", "visits:10", "birthday:2026".
    had: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """Points and why."""

    reason: str
    points: int


def earned(
    rules: Rules, bill: Bill, earner: Earner, *, decimals: int, is_invited: bool = False
) -> tuple[Part, ...]:
    """The points of one order, part by part; parts of nothing are left out.

    Multipliers add up and do not multiply each other: 150 % in a happy hour and 120 % by tier are
    170 %. Each part is rounded down. An order that costs nothing earns nothing.

    Args:
        rules: of the programme.
        bill: the order.
        earner: the guest.
        decimals: of the currency.
        is_invited: a friend's invitation is paid with this order.
    """
    if bill.net_minor <= 0 or earner.orders_today >= rules.most_orders_per_day:
        return ()
    by_bill = _by_bill(rules, bill, earner, decimals)
    room = min(rules.most_points_per_order, rules.most_points_per_day - earner.points_today)
    parts: list[Part] = []
    for reason in BY_BILL:
        points = max(0, min(by_bill[reason], room))
        room -= points
        parts.append(Part(reason, points))
    parts += _once(rules, bill, earner)
    if is_invited:
        parts.append(Part(REFERRAL, rules.friend_points))
    return tuple(part for part in parts if part.points > 0)


def bonus_candidates(
    rules: Rules, *, visit_days: int, birthday: tuple[int, int] | None, day: date
) -> tuple[Part, ...]:
    """Bonuses that are paid once, for which today is the day, whether the guest had them or not."""
    found: list[Part] = []
    if visit_days <= 1 and rules.first_visit_points:
        found.append(Part(FIRST_VISIT, rules.first_visit_points))
    found += [
        Part(f"{VISITS}:{one.visits}", one.points)
        for one in rules.milestones
        if one.visits == visit_days
    ]
    if birthday is not None and rules.birthday_points:
        year = _birthday_year(birthday, day, within=rules.birthday_days)
        if year is not None:
            found.append(Part(f"{BIRTHDAY}:{year}", rules.birthday_points))
    return tuple(found)


def expires_at(
    rules: Rules, *, business_day: date, time_zone: str, cutoff: time
) -> datetime | None:
    """When points earned on a business day end: with the last minute of a business day.

    On the restaurant's clock, so that a guest who sits there at midnight keeps them till the night
    is over, whether or not clocks change in it. None: never.
    """
    if rules.expiry_days is None:
        return None
    last = business_day + timedelta(days=rules.expiry_days + 1)
    return day_begin(last, time_zone=time_zone, cutoff=cutoff)


def _by_bill(rules: Rules, bill: Bill, earner: Earner, decimals: int) -> dict[str, int]:
    # Points are net * rate / 100, and net is in minor units.
    divisor = 100 * 10**decimals
    base = bill.net_minor * rules.rate_percent
    on_dishes = sum(bill.spent_on.get(one.dish_id, 0) * (one.percent - 100) for one in rules.dishes)
    happy = max((one.percent for one in rules.happy_hours if is_in(one, bill.placed_at)), default=0)
    return {
        ORDER: base // divisor,
        # A dish's share of what the bill came to after its discount.
        DISH: on_dishes * base // (100 * divisor * max(1, bill.subtotal_minor)),
        HAPPY_HOUR: base * max(0, happy - 100) // (100 * divisor),
        TIER: base * max(0, earner.tier_percent - 100) // (100 * divisor),
    }


def is_in(window: HappyHour, moment: datetime) -> bool:
    """Whether a local moment is in a window; one over midnight belongs to the day it began on."""
    now = moment.time()
    if window.starts < window.ends:
        return moment.weekday() in window.weekdays and window.starts <= now < window.ends
    if now >= window.starts:
        return moment.weekday() in window.weekdays
    return now < window.ends and (moment.weekday() - 1) % 7 in window.weekdays


def _once(rules: Rules, bill: Bill, earner: Earner) -> Sequence[Part]:
    candidates = bonus_candidates(
        rules, visit_days=earner.visit_days, birthday=earner.birthday, day=bill.business_day
    )
    return [one for one in candidates if one.reason not in earner.had]


def _birthday_year(birthday: tuple[int, int], day: date, *, within: int) -> int | None:
    """The year of the birthday that is near enough; who was born on 29 February has 28 else."""
    for year in (day.year - 1, day.year, day.year + 1):
        month, number = birthday
        last = calendar.monthrange(year, month)[1]
        if abs((date(year, month, min(number, last)) - day).days) <= within:
            return year
    return None
