"""A year of visits as stems on a line of time: gaps are seen, not counted."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from services.base.texts import N_, day_text, money_text, month_names, plural, translate
from services.customers.card.overview import CardOverview, Stem
from state.staff.access import LANGUAGE

# The shortest line of time; the longest is a year.
SHORTEST, LONGEST = timedelta(days=92), timedelta(days=365)
# What is left free on the right, for the band of the next visit.
AHEAD = 0.1
# Amounts stand over stems that are so far apart, in percent of the line.
ROOM = 9.0
LEAST_HEIGHT = 12


@dataclass(frozen=True, slots=True)
class StemView:
    """One visit. Lengths are in percent, as CSS takes them; `look` is "now" for a running one."""

    key: str
    left: str
    height: str
    value: str
    day: str
    look: str


@dataclass(frozen=True, slots=True)
class MonthView:
    """A month's name at its first day."""

    key: str
    left: str
    word: str


@dataclass(frozen=True, slots=True)
class RhythmView:
    """The chart. The band is empty while there is no rhythm."""

    stems: list[StemView]
    months: list[MonthView]
    next_left: str
    next_width: str
    hint: str


def rhythm_view(overview: CardOverview, *, currency: str) -> RhythmView:
    """The visits of the last year, or of as long as the guest is known."""
    stems = overview.stems
    if not stems:
        return RhythmView([], [], "", "", "")
    first = min(stem.day for stem in stems)
    span = max(SHORTEST, min(LONGEST, overview.today - first + timedelta(days=7)))
    start = overview.today - span
    left, width = _band(overview, start, span)
    return RhythmView(
        stems=_stems(stems, start, span, currency),
        months=_months(start, overview.today, span),
        next_left=left,
        next_width=width,
        hint=_hint(overview),
    )


def _at(day: date, start: date, span: timedelta) -> float:
    """Where a day stands on the line, in percent."""
    return max(0.0, 100 * (1 - AHEAD) * ((day - start) / span))


def _stems(stems: tuple[Stem, ...], start: date, span: timedelta, currency: str) -> list[StemView]:
    most = max((stem.value_minor or 0 for stem in stems), default=0)
    places = [_at(stem.day, start, span) for stem in stems]
    gaps = [after - before for before, after in pairwise(places)]
    views: list[StemView] = []
    for stem, place, before, after in zip(stems, places, [ROOM, *gaps], [*gaps, ROOM], strict=True):
        value = stem.value_minor
        amount = money_text(value, currency, LANGUAGE) if value else ""
        height = LEAST_HEIGHT + (100 - LEAST_HEIGHT) * (value or 0) / most if most else 60
        day = day_text(stem.day, LANGUAGE)
        views.append(
            StemView(
                key=str(stem.visit_id),
                left=f"{place:.1f}%",
                height=f"{height:.0f}%",
                value=amount if min(before, after) >= ROOM else "",
                day=f"{day}: {amount}" if amount else day,
                look="now" if stem.is_running else "",
            )
        )
    return views


def _months(start: date, today: date, span: timedelta) -> list[MonthView]:
    names = month_names(LANGUAGE)
    found: list[MonthView] = []
    year, month = start.year, start.month
    while (year, month) <= (today.year, today.month):
        first = date(year, month, 1)
        if first >= start:
            word = names[month - 1][:3]
            left = f"{_at(first, start, span):.1f}%"
            found.append(MonthView(str(first), left, word))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return found


def _band(overview: CardOverview, start: date, span: timedelta) -> tuple[str, str]:
    """When the next visit would come at this guest's own rhythm: half a gap around the day.

    Not drawn once that time is over, and cut where the line ends.
    """
    gap, last = overview.mean_gap_days, overview.last_visit_day
    if gap is None or last is None:
        return "", ""
    begin, end = last + timedelta(days=gap / 2), last + timedelta(days=gap * 1.5)
    if end < overview.today:
        return "", ""
    left = min(_at(begin, start, span), 99.0)
    right = min(_at(end, start, span), 100.0)
    return f"{left:.1f}%", f"{max(1.0, right - left):.1f}%"


def _hint(overview: CardOverview) -> str:
    if overview.mean_gap_days is None:
        return plural(LANGUAGE, "{count} visit", "{count} visits", len(overview.stems))
    days = max(1, round(overview.mean_gap_days))
    every = plural(LANGUAGE, "every day", "every {count} days", days)
    if any(stem.value_minor is not None for stem in overview.stems):
        return translate(
            LANGUAGE,
            N_("{every}; each visit and what it came to; the band is the next"),
            every=every,
        )
    return translate(LANGUAGE, N_("{every}; the band is the next"), every=every)
