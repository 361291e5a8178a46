"""Points of a time: what came and went on each day and month, and how many guests hold."""

from collections.abc import Sequence
from datetime import date

from services.analytics.room_types import Period
from services.base.texts import N_, SOURCE_LANGUAGE, month_names
from services.loyalty.measuring import Flow
from services.reports.numbers import Numbers
from services.reports.trends import day_report, guests_where, word
from services.reports.types import Column, Row, Section

# Where the steps of points begin; who holds none is the first.
STEPS = (0, 1, 50, 100, 250, 500, 1000, 2500)


def points_by_day(numbers: Numbers, period: Period) -> dict[date, Flow]:
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


def added_up(days: dict[date, Flow]) -> Flow:
    """The sums of days."""
    found = Flow()
    for one in days.values():
        found.earned += one.earned
        found.undone += one.undone
        found.redeemed += one.redeemed
        found.expired += one.expired
        found.adjusted += one.adjusted
    return found


def months_section(days: dict[date, Flow], *, lacking: str) -> Section:
    """What came and went, month by month."""
    months: dict[date, dict[date, Flow]] = {}
    for day, one in sorted(days.items()):
        months.setdefault(day.replace(day=1), {})[day] = one
    names = month_names(SOURCE_LANGUAGE)
    rows: list[Row] = []
    for month, parts in months.items():
        sums = added_up(parts)
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


def holdings_section(counts: Sequence[int]) -> Section:
    """Members by their points; `counts` are those of each step."""
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
