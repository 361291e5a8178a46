"""The loyalty report (plan 4.4.2): its place, until there is a programme to report on."""

from services.base.texts import N_
from services.reports.measures import metric
from services.reports.numbers import Numbers
from services.reports.trends import word
from services.reports.types import Column, Metric, Section

_NONE = N_("There is no loyalty programme yet. Once guests collect points, this is filled.")


async def metrics(numbers: Numbers) -> tuple[Metric, ...]:
    """Who takes part: nobody can; beside it what a programme would change."""
    span = numbers.span
    return (
        metric("participation", None),
        metric(
            "retention",
            await numbers.retention(span.period),
            await numbers.retention(span.before),
        ),
        metric(
            "return_rate",
            await numbers.return_rate(span.period),
            await numbers.return_rate(span.before),
        ),
    )


def sections() -> tuple[Section, ...]:
    """Participation, points, rewards, return: each says that there is nothing to count."""
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
            (
                "participation",
                N_("Participation"),
                N_("Known guests in the programme, of all known guests."),
            ),
            ("points", N_("Points"), N_("Guests by the points they hold.")),
            ("rewards", N_("Rewards redeemed"), N_("Rewards that guests took, by month.")),
            (
                "return",
                N_("What the programme brings"),
                N_("Additional spend of members, less the worth of rewards."),
            ),
        )
    )
