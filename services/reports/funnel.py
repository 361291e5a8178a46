"""From scan to completed order in a report (plan 4.1.1): how many go on, where the others stop."""

from services.analytics.funnel import FunnelStep, Step, load_funnel
from services.analytics.room_types import Period
from services.base.texts import N_
from services.reports.numbers import Numbers
from services.reports.trends import guests_here, guests_where, word
from services.reports.types import Column, Row, Section

# One name for a step wherever it is drawn.
STEP_NAMES = {
    Step.SCAN: N_("Code scanned"),
    Step.MENU: N_("Menu seen"),
    Step.CART: N_("Something picked"),
    Step.ORDER: N_("Order sent"),
    Step.COMPLETED: N_("Order completed"),
}
SECONDS = 60
_NONE = N_("No visit was counted in this time. Days are counted within the hour.")


async def sections(numbers: Numbers) -> tuple[Section, ...]:
    """The funnel of the span beside the time before, and what happens between its steps."""
    now, before = [
        await _steps(numbers, period) for period in (numbers.span.period, numbers.span.before)
    ]
    is_empty = not now[0].count
    hrefs = {step: _guests(step, numbers.span.period) for step in Step}
    return (
        Section(
            key="funnel",
            title=N_("From scan to completed order"),
            meaning=N_("Visits that came so far or farther; each visit counts once."),
            look="across",
            columns=(
                Column(word(N_("Step"))),
                Column(word(N_("Visits")), "count"),
                Column(word(N_("Before")), "count", "before"),
            ),
            rows=()
            if is_empty
            else tuple(
                Row((word(STEP_NAMES[one.step]), one.count, other.count), hrefs[one.step])
                for one, other in zip(now, before, strict=True)
            ),
            lacking=_NONE if is_empty else "",
        ),
        Section(
            key="funnel_steps",
            title=N_("Where visits stop"),
            meaning=N_(
                "Left: visits that ended at the step before. Time: from the step before to this "
                "one, the median."
            ),
            look="list",
            columns=(
                Column(word(N_("Step"))),
                Column(word(N_("Visits")), "count"),
                Column(word(N_("Of all")), "share"),
                Column(word(N_("Of the step before")), "share"),
                Column(word(N_("Left")), "count"),
                Column(word(N_("Time")), "minutes"),
            ),
            rows=() if is_empty else tuple(_row(one, hrefs[one.step]) for one in now),
            lacking=_NONE if is_empty else "",
        ),
    )


async def _steps(numbers: Numbers, period: Period) -> tuple[FunnelStep, ...]:
    return await load_funnel(
        numbers.session,
        restaurant_id=numbers.restaurant.id,
        first_day=period.first_day,
        last_day=period.last_day,
    )


def _guests(step: Step, period: Period) -> str:
    """The guests behind a step, as far as they are known."""
    if step is Step.COMPLETED:
        return guests_where(
            field="spent",
            **{"is": "more_than"},
            value=0,
            since=period.first_day.isoformat(),
            until=period.last_day.isoformat(),
        )
    return guests_here(period)


def _row(one: FunnelStep, href: str) -> Row:
    minutes = None if one.median_seconds is None else one.median_seconds / SECONDS
    cells = (word(STEP_NAMES[one.step]), one.count, one.of_all, one.of_before, one.lost, minutes)
    return Row(cells, href)
