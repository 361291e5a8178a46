"""What a programme would have given in the last twelve months, before anybody publishes it.

Everybody begins the year without points; invitations are left out, since nobody knows whom guests
would have brought. → docs/algorithms/loyalty.md, "Trying out"
"""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from services.base.clock import to_local
from services.base.money import places
from services.base.press import printed
from services.loyalty import rules as earning
from services.loyalty.past_year import PastGuest, PastOrder, PastYear, read_year
from services.loyalty.programme_rules import Rules
from services.restaurants.types import RestaurantInfo


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one set of rules would have given.

    Attributes:
        points: all that was earned.
        by_reason: the same by what for, the most first; bonuses without their number.
        cost_minor: what the points would cost if all were redeemed.
        revenue_share: that, of the revenue of all orders; None without revenue.
        tiers: guests by tier at the end, in the order of tiers: name and count.
        reward_count: rewards their points would have paid for, the cheapest one each time; None
            while no reward is offered.
        rewarded_guests: guests with points for at least one; None in the same case.
    """

    points: int
    by_reason: tuple[tuple[str, int], ...]
    cost_minor: int
    revenue_share: float | None
    tiers: tuple[tuple[str, int], ...]
    reward_count: int | None
    rewarded_guests: int | None


@dataclass(frozen=True, slots=True)
class Simulation:
    """A draft beside the running version, over the same orders.

    `order_count` and `guest_count` are those that could have collected; with none of them there is
    nothing to tell, and both outcomes are None.
    """

    first_day: date
    order_count: int
    guest_count: int
    all_order_count: int
    revenue_minor: int
    draft: Outcome | None
    running: Outcome | None


async def simulate(
    session: AsyncSession,
    *,
    restaurant: RestaurantInfo,
    draft: Rules,
    running: Rules | None,
    now: datetime,
) -> Simulation:
    """Run rules over the last twelve months; nothing is written.

    One simulation of a process runs at a time, in a thread.

    Args:
        session: for reading.
        restaurant: whose orders.
        draft: the rules to try.
        running: those to compare with; None when nothing was published.
        now: aware UTC; the year ends with it.
    """
    dishes = {one.dish_id for rules in (draft, running) if rules for one in rules.dishes}
    year = await read_year(session, restaurant=restaurant, dishes=dishes, now=now)
    is_enough = bool(year.orders)
    decimals, time_zone = places(restaurant.currency), restaurant.time_zone

    async def outcome(rules: Rules | None) -> Outcome | None:
        if rules is None or not is_enough:
            return None
        return await printed(outcome_of, rules, year, decimals=decimals, time_zone=time_zone)

    return Simulation(
        first_day=year.first_day,
        order_count=len(year.orders),
        guest_count=len(year.guests),
        all_order_count=year.order_count,
        revenue_minor=year.revenue_minor,
        draft=await outcome(draft),
        running=await outcome(running),
    )


@dataclass(slots=True)
class _Account:
    """One guest while the year goes by."""

    points: int = 0
    tier_points: int = 0
    last_earned_at: datetime | None = None
    had: set[str] = field(default_factory=set[str])
    day: date | None = None
    points_today: int = 0
    orders_today: int = 0


def outcome_of(rules: Rules, year: PastYear, *, decimals: int, time_zone: str) -> Outcome:
    """What rules would have given; pure and linear in the orders.

    Args:
        rules: to try.
        year: the orders.
        decimals: of the currency.
        time_zone: the restaurant's: happy hours are on its clock.
    """
    accounts = {customer_id: _Account() for customer_id in year.guests}
    reasons: Counter[str] = Counter()
    for order in year.orders:
        account, guest = accounts[order.customer_id], year.guests[order.customer_id]
        for part in _earned(rules, order, account, guest, decimals=decimals, time_zone=time_zone):
            reasons[part.reason.partition(":")[0]] += part.points
    points = sum(reasons.values())
    cost_minor = points * rules.hundred_points_minor // 100
    tiers = Counter(rules.tier_of(_tier_points(rules, one, year)).key for one in accounts.values())
    price = year.cheapest_reward
    counts = [one.points // price for one in accounts.values()] if price else []
    return Outcome(
        points=points,
        by_reason=tuple((reason, n) for reason, n in reasons.most_common() if n),
        cost_minor=cost_minor,
        revenue_share=cost_minor / year.revenue_minor if year.revenue_minor > 0 else None,
        tiers=tuple((one.name, tiers[one.key]) for one in rules.tiers),
        reward_count=sum(counts) if price else None,
        rewarded_guests=sum(1 for count in counts if count) if price else None,
    )


def _earned(
    rules: Rules,
    order: PastOrder,
    account: _Account,
    guest: PastGuest,
    *,
    decimals: int,
    time_zone: str,
) -> tuple[earning.Part, ...]:
    """The parts of one order, noted in its guest's account."""
    if account.day != order.business_day:
        account.day, account.points_today, account.orders_today = order.business_day, 0, 0
    if _is_lapsed(rules, account.last_earned_at, order.placed_at):
        account.tier_points = 0
    parts = earning.earned(
        rules,
        earning.Bill(
            net_minor=order.net_minor,
            subtotal_minor=order.subtotal_minor,
            spent_on=order.spent_on,
            placed_at=to_local(order.placed_at, time_zone),
            business_day=order.business_day,
        ),
        earning.Earner(
            tier_percent=rules.tier_of(account.tier_points).percent,
            visit_days=_nth_day(guest, order.business_day),
            birthday=guest.birthday,
            points_today=account.points_today,
            orders_today=account.orders_today,
            had=frozenset(account.had),
        ),
        decimals=decimals,
    )
    if not parts:
        return ()
    by_bill = sum(part.points for part in parts if part.reason in earning.BY_BILL)
    account.points_today += by_bill
    account.orders_today += bool(by_bill)
    account.had.update(part.reason for part in parts if part.reason not in earning.BY_BILL)
    points = sum(part.points for part in parts)
    account.points += points
    account.tier_points += points
    account.last_earned_at = order.placed_at
    return parts


def _nth_day(guest: PastGuest, day: date) -> int:
    """Which of a guest's visit days it was; those before the year are counted, not listed."""
    before = max(0, guest.visit_days - len(guest.days))
    return max(1, before + bisect_left(guest.days, day) + 1)


def _tier_points(rules: Rules, account: _Account, year: PastYear) -> int:
    last = year.orders[-1].placed_at if year.orders else None
    if last is not None and _is_lapsed(rules, account.last_earned_at, last):
        return 0
    return account.tier_points


def _is_lapsed(rules: Rules, last_earned_at: datetime | None, moment: datetime) -> bool:
    if rules.tier_days is None or last_earned_at is None:
        return False
    return moment > last_earned_at + timedelta(days=rules.tier_days)
