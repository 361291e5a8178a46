"""The loyalty report (plan 1.2, 4.4.2): who takes part, what points do, what it brings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from services.analytics.room_types import Period
from services.base import addresses
from services.base.texts import N_, SOURCE_LANGUAGE, month_names
from services.loyalty import measuring, programme
from services.loyalty.errors import NoProgrammeError
from services.loyalty.measuring import Flow, Spend
from services.loyalty.types import Programme
from services.reports import dashboard
from services.reports.measures import metric, ratio
from services.reports.numbers import Numbers
from services.reports.trends import day_report, guests_where, word
from services.reports.types import Column, Metric, Row, Section

_NONE = N_("There is no loyalty programme yet. Once guests collect points, this is filled.")
_COUNTING = N_("Past days are being counted anew. This is filled in a few minutes.")
_NO_REWARDS = N_("No reward was used in this time.")
# Where the steps of points begin; who holds none is the first.
STEPS = (0, 1, 50, 100, 250, 500, 1000, 2500)
LISTED = 25
# Fewer orders on either side say nothing about the difference.
ENOUGH_ORDERS = 30


@dataclass(frozen=True, slots=True)
class Return:
    """What members spent beside everybody else, and what their rewards cost. Minor units.

    Attributes:
        members: orders of members.
        others: all other orders.
        extra_minor: members' orders at the difference of both averages; None with too few orders.
        cost_minor: points redeemed, at what they cost.
    """

    members: Spend
    others: Spend
    extra_minor: int | None
    cost_minor: int

    @property
    def share(self) -> float | None:
        """What each unit of cost brought beyond itself."""
        if self.extra_minor is None or self.cost_minor <= 0:
            return None
        return (self.extra_minor - self.cost_minor) / self.cost_minor


async def build(numbers: Numbers) -> tuple[tuple[Metric, ...], tuple[Section, ...]]:
    """The numbers and the sections."""
    try:
        found = await programme.get_newest(numbers.session, restaurant_id=numbers.restaurant.id)
    except NoProgrammeError:
        return await _metrics(numbers, None, None, 0, None), _empty()
    span = numbers.span
    now, before = _flow(numbers, span.period), _flow(numbers, span.before)
    # The days that wait for it would say that nothing came and nothing went.
    waits = numbers.is_recounting
    holdings = await measuring.load_holdings(
        numbers.session, restaurant_id=numbers.restaurant.id, edges=STEPS
    )
    brought = None if waits else _return(numbers, found, _total(now))
    return (
        await _metrics(numbers, now, before, holdings.points, found, brought),
        (
            _months({} if waits else now, lacking=_COUNTING if waits else ""),
            await _tiers(numbers, found),
            _holdings(holdings.counts),
            await _rewards(numbers),
            _brought(brought, found),
        ),
    )


async def participation(numbers: Numbers) -> Metric:
    """Members of all known guests: the same number wherever it is shown."""
    try:
        await programme.get_newest(numbers.session, restaurant_id=numbers.restaurant.id)
    except NoProgrammeError:
        return metric("participation", None)
    at_end = await dashboard.everybody(numbers)
    shares: list[float | None] = []
    for period, known in zip((numbers.span.period, numbers.span.before), at_end, strict=True):
        count = await _members(numbers, period)
        # A guest of the last minutes may be a member before they are in the list.
        shares.append(ratio(min(count, known.count), known.count))
    return metric("participation", *shares)


async def _members(numbers: Numbers, period: Period) -> int:
    both = (numbers.span.period, numbers.span.before)
    ends = [_bounds(numbers, one)[1] for one in both]
    counts = await numbers.once(
        "members",
        lambda: measuring.count_members(
            numbers.session, restaurant_id=numbers.restaurant.id, before=ends
        ),
    )
    return counts[both.index(period)]


async def _metrics(
    numbers: Numbers,
    now: dict[date, Flow] | None,
    before: dict[date, Flow] | None,
    points: int,
    found: Programme | None,
    brought: Return | None = None,
) -> tuple[Metric, ...]:
    span = numbers.span
    shared = (
        metric(
            "retention", await numbers.retention(span.period), await numbers.retention(span.before)
        ),
        metric(
            "return_rate",
            await numbers.return_rate(span.period),
            await numbers.return_rate(span.before),
        ),
    )
    share = await participation(numbers)
    if now is None or before is None or found is None:
        return (share, *shared)
    worth = points * found.rules.hundred_points_minor // 100
    earned, earned_before = _total(now), _total(before)
    return (
        share,
        metric(
            "members", await _members(numbers, span.period), await _members(numbers, span.before)
        ),
        metric("points_out", points),
        metric("points_worth", worth),
        metric("redemption", None)
        if numbers.is_recounting
        else metric(
            "redemption",
            ratio(earned.redeemed, earned.earned),
            ratio(earned_before.redeemed, earned_before.earned),
        ),
        metric("loyalty_return", brought.share if brought else None),
        *shared,
    )


def _flow(numbers: Numbers, period: Period) -> dict[date, Flow]:
    """What came and went on each day; days without anything are missing."""
    flows = {
        day: Flow(
            earned=one.points_earned,
            undone=one.points_undone,
            redeemed=one.points_redeemed,
            expired=one.points_expired,
            adjusted=one.points_adjusted,
        )
        for day, one in numbers.each_day(period)
    }
    return {day: flow for day, flow in flows.items() if flow != Flow()}


def _total(days: dict[date, Flow]) -> Flow:
    found = Flow()
    for one in days.values():
        found.earned += one.earned
        found.undone += one.undone
        found.redeemed += one.redeemed
        found.expired += one.expired
        found.adjusted += one.adjusted
    return found


def _bounds(numbers: Numbers, period: Period) -> tuple[datetime, datetime]:
    """The moments at which a period's first business day begins and its last one ends."""
    zone, cutoff = ZoneInfo(numbers.restaurant.time_zone), numbers.restaurant.day_cutoff
    first, last = (
        datetime.combine(day, cutoff, zone).astimezone(UTC)
        for day in (period.first_day, period.last_day + timedelta(days=1))
    )
    return first, last


def _months(days: dict[date, Flow], *, lacking: str) -> Section:
    """What came and went, month by month."""
    months: dict[date, dict[date, Flow]] = {}
    for day, one in sorted(days.items()):
        months.setdefault(day.replace(day=1), {})[day] = one
    names = month_names(SOURCE_LANGUAGE)
    rows: list[Row] = []
    for month, parts in months.items():
        sums = _total(parts)
        name = f"{names[month.month - 1]} {month.year}"
        cells = (name, sums.earned, sums.redeemed, sums.expired, sums.undone, sums.adjusted)
        rows.append(Row(cells, day_report(min(parts), max(parts))))
    return Section(
        key="months",
        title=N_("Points by month"),
        meaning=N_(
            "Earned, less redeemed, expired and taken back with undone orders, and what was given "
            "by hand: together, how the points guests hold have changed."
        ),
        look="bar",
        columns=(
            Column(word(N_("Month"))),
            Column(word(N_("Earned")), "count"),
            Column(word(N_("Redeemed")), "count"),
            Column(word(N_("Expired")), "count"),
            Column(word(N_("Taken back")), "count"),
            Column(word(N_("By hand")), "count"),
        ),
        rows=tuple(rows),
        lacking=lacking,
    )


async def _tiers(numbers: Numbers, found: Programme) -> Section:
    counts = await measuring.count_tiers(numbers.session, restaurant_id=numbers.restaurant.id)
    # A key that a newer version has no more is its lowest tier.
    sums = {one.key: 0 for one in found.rules.tiers}
    for key, count in counts.items():
        sums[found.rules.tier(key).key] += count
    return Section(
        key="tiers",
        title=N_("Members by tier"),
        meaning=N_("Everybody who has earned points, by the tier they are in now."),
        look="ring",
        columns=(Column(word(N_("Tier"))), Column(word(N_("Members")), "count")),
        rows=tuple(
            Row(
                (one.name, sums[one.key]), guests_where(field="tier", **{"is": "is"}, value=one.key)
            )
            for one in found.rules.tiers
        )
        if sum(sums.values())
        else (),
    )


def _members_list(found: Programme, *, are_members: bool = True) -> str:
    """The guest list with everybody in any tier, or in none."""
    keys = [one.key for one in found.rules.tiers]
    return guests_where(field="tier", **{"is": "any_of" if are_members else "none_of"}, value=keys)


def _holdings(counts: Sequence[int]) -> Section:
    steps = list(zip(STEPS, (*STEPS[1:], None), counts, strict=True))
    return Section(
        key="points",
        title=N_("Points guests hold"),
        meaning=N_("Members by the points they could redeem now."),
        look="bar",
        columns=(Column(word(N_("Points"))), Column(word(N_("Members")), "count")),
        rows=tuple(_step(*one) for one in steps) if sum(counts) else (),
        href=guests_where(field="points", **{"is": "more_than"}, value=0),
    )


def _step(low: int, high: int | None, count: int) -> Row:
    """The members who hold as many points, up to where the next step begins."""
    if low == 0:
        return Row(("0", count), guests_where(field="points", **{"is": "is"}, value=0))
    if high is None:
        name, asked = f"{low:,}+", {"is": "at_least", "value": low}
    else:
        last = high - 1
        name, asked = f"{low:,}\N{EN DASH}{last:,}", {"is": "between", "value": [low, last]}
    return Row((name, count), guests_where(field="points", **asked))


async def _rewards(numbers: Numbers) -> Section:
    since, before = _bounds(numbers, numbers.span.period)
    found = await measuring.load_used_rewards(
        numbers.session,
        restaurant_id=numbers.restaurant.id,
        since=since,
        before=before,
        limit=LISTED,
    )
    return Section(
        key="rewards",
        title=N_("Rewards used"),
        meaning=N_("Rewards that guests used in this time, the most used first."),
        look="list",
        columns=(
            Column(word(N_("Reward"))),
            Column(word(N_("Used")), "count"),
            Column(word(N_("Points")), "count"),
            Column(word(N_("Off the bill")), "money"),
        ),
        rows=tuple(
            Row((one.name, one.count, one.points, one.discount_minor), addresses.STAFF_REWARDS)
            for one in found
        ),
        lacking="" if found else _NO_REWARDS,
        href=addresses.STAFF_REWARDS,
    )


def _return(numbers: Numbers, found: Programme, now: Flow) -> Return:
    everybody = numbers.total(numbers.span.period)
    members = Spend(everybody.member_order_count, everybody.member_revenue_minor)
    others = Spend(
        max(0, everybody.order_count - members.order_count),
        everybody.revenue_minor - members.revenue_minor,
    )
    extra = None
    if min(members.order_count, others.order_count) >= ENOUGH_ORDERS:
        # Averages differ by fractions of a cent; members' orders times the difference.
        usual = others.revenue_minor * members.order_count / others.order_count
        extra = round(members.revenue_minor - usual)
    cost = max(0, now.redeemed) * found.rules.hundred_points_minor // 100
    return Return(members, others, extra, cost)


def _brought(one: Return | None, found: Programme) -> Section:
    members, others = _members_list(found), _members_list(found, are_members=False)

    def line(name: str, spend: Spend, href: str) -> Row:
        average = ratio(spend.revenue_minor, spend.order_count)
        return Row((word(name), spend.order_count, spend.revenue_minor, average), href)

    rows: tuple[Row, ...] = ()
    if one is not None:
        rows = (
            line(N_("Members"), one.members, members),
            line(N_("All others"), one.others, others),
            Row((word(N_("More by members")), None, one.extra_minor, None), members),
            Row((word(N_("Points redeemed cost")), None, one.cost_minor, None), members),
        )
    return Section(
        key="return",
        title=N_("Members beside other guests"),
        meaning=N_(
            "How much more members' orders came to than as many orders of others. Who comes often "
            "and spends more is also who joins: this is a difference, not proof of an effect."
        ),
        look="list",
        columns=(
            Column(word(N_("Who"))),
            Column(word(N_("Orders")), "count"),
            Column(word(N_("Revenue")), "money"),
            Column(word(N_("Average order")), "money"),
        ),
        rows=rows,
        lacking="" if rows else _COUNTING,
        is_wide=True,
        caveat=N_(
            "This is a difference, not an effect: guests who come often and spend more are also "
            "those who join. What the programme itself brought, it cannot tell."
        ),
    )


def _empty() -> tuple[Section, ...]:
    """Each says that there is nothing to count."""
    return tuple(
        Section(
            key=key,
            title=title,
            meaning=meaning,
            look="bar",
            columns=(Column(word(N_("Month"))), Column(word(title), "count")),
            rows=(),
            lacking=_NONE,
        )
        for key, title, meaning in (
            ("months", N_("Points by month"), N_("Points earned, redeemed and expired.")),
            (
                "points",
                N_("Points guests hold"),
                N_("Members by the points they could redeem now."),
            ),
            ("rewards", N_("Rewards used"), N_("Rewards that guests used, by month.")),
            (
                "return",
                N_("Members beside other guests"),
                N_("Additional spend of members, less the worth of rewards."),
            ),
        )
    )
