"""The picker of a time: what is chosen, what can be, and the addresses that choose it."""

from dataclasses import dataclass, field
from datetime import date

from services.base.texts import N_, date_text, day_text, translate
from services.reports.periods import Compare, Range, Span
from state.staff.access import LANGUAGE

_NAMES = {
    Range.TODAY: N_("Today"),
    Range.WEEK: N_("7 days"),
    Range.MONTH: N_("30 days"),
    Range.QUARTER: N_("90 days"),
    Range.YEAR: N_("This year"),
}
_COMPARES = {
    Compare.BEFORE: N_("the time before"),
    Compare.YEAR: N_("a year before, the same weekdays"),
}


@dataclass(frozen=True)
class ChoiceView:
    """One link of the picker."""

    key: str
    text: str
    href: str
    is_on: bool


@dataclass(frozen=True)
class PeriodView:
    """The picker: `components/charts/period.py` draws it."""

    text: str = ""
    before_text: str = ""
    first: str = ""
    last: str = ""
    today: str = ""
    choices: list[ChoiceView] = field(default_factory=list)
    compares: list[ChoiceView] = field(default_factory=list)


def period_view(span: Span, path: str) -> PeriodView:
    """The picker of a page.

    Args:
        span: what the page shows.
        path: the page's address without a query.
    """
    return PeriodView(
        text=span_text(span.period.first_day, span.period.last_day, today=span.today),
        before_text=span_text(span.before.first_day, span.before.last_day, today=span.today),
        first=span.period.first_day.isoformat(),
        last=span.period.last_day.isoformat(),
        today=span.today.isoformat(),
        choices=[
            ChoiceView(
                key=one.value,
                text=translate(LANGUAGE, name),
                href=_address(path, span.query(range_=one)),
                is_on=span.range is one,
            )
            for one, name in _NAMES.items()
        ],
        compares=[
            ChoiceView(
                key=one.value,
                text=translate(LANGUAGE, name),
                href=_address(path, span.query(compare=one)),
                is_on=span.compare is one,
            )
            for one, name in _COMPARES.items()
        ],
    )


def span_text(first: date, last: date, *, today: date) -> str:
    """Days as people read them: "9 Nov – 22 Nov"; with the year where it is another."""
    say = day_text if first.year == last.year == today.year else date_text
    if first == last:
        return say(first, LANGUAGE)
    return f"{say(first, LANGUAGE)} – {say(last, LANGUAGE)}"


def _address(path: str, query: str) -> str:
    return f"{path}?{query}" if query else path
