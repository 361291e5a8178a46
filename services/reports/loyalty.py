"""The loyalty report (plan 1.2, 4.4.2): who takes part, what points do, what it brings."""

from datetime import date, datetime, timedelta

from services.analytics.room_types import Period
from services.base import addresses
from services.base.clock import day_begin
from services.base.texts import N_
from services.loyalty import measuring, programme
from services.loyalty.errors import NoProgrammeError
from services.loyalty.measuring import Flow
from services.loyalty.types import Programme
from services.reports import dashboard
from services.reports.loyalty_return import Return, members_beside_others, return_section
from services.reports.measures import metric, ratio
from services.reports.numbers import Numbers
from services.reports.points import (
    STEPS,
    added_up,
    holdings_section,
    months_section,
    points_by_day,
)
from services.reports.trends import guests_where, word
from services.reports.types import Column, Metric, Row, Section

_NONE = N_("There is no loyalty programme yet. Once guests collect points, this is filled.")
_COUNTING = N_("Past days are being counted anew. This is filled in a few minutes.")
_NO_REWARDS = N_("No reward was used in this time.")
LISTED = 25


async def build(numbers: Numbers) -> tuple[tuple[Metric, ...], tuple[Section, ...]]:
    """The numbers and the sections."""
    try:
        found = await programme.get_newest(numbers.session, restaurant_id=numbers.restaurant.id)
    except NoProgrammeError:
        return await _metrics(numbers, None, None, 0, None), _empty()
    span = numbers.span
    now, before = points_by_day(numbers, span.period), points_by_day(numbers, span.before)
    # The days that wait for it would say that nothing came and nothing went.
    waits = numbers.is_recounting
    lacking = _COUNTING if waits else ""
    holdings = await measuring.load_holdings(
        numbers.session, restaurant_id=numbers.restaurant.id, edges=STEPS
    )
    brought = None if waits else members_beside_others(numbers, found, added_up(now))
    return (
        await _metrics(numbers, now, before, holdings.points, found, brought),
        (
            months_section({} if waits else now, lacking=lacking),
            await _tiers(numbers, found),
            holdings_section(holdings.counts),
            await _rewards(numbers),
            return_section(brought, found, lacking=lacking),
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
    earned, earned_before = added_up(now), added_up(before)
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


def _bounds(numbers: Numbers, period: Period) -> tuple[datetime, datetime]:
    """The moments at which a period's first business day begins and its last one ends."""
    zone, cutoff = numbers.restaurant.time_zone, numbers.restaurant.day_cutoff
    first, last = (
        day_begin(day, time_zone=zone, cutoff=cutoff)
        for day in (period.first_day, period.last_day + timedelta(days=1))
    )
    return first, last


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
