"""What the night learnt of demand in cards: coming days, days held against it, weekdays, months."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.analytics.results import Result
from services.base.texts import N_, PER_CENT, day_text, month_names
from state.staff.access import LANGUAGE
from state.staff.charts import ChartCard, Series, chart_view
from state.staff.night_cards import errors_card
from state.staff.night_insights import weekday_name
from state.staff.night_words import word


def forecast_cards(demand: Result | None) -> list[ChartCard]:
    """Orders of the days to come, with their range."""
    title = word(N_("Orders of the next four weeks"))
    lacking = word(N_("A forecast needs 28 open days."))
    if demand is None or not demand.is_enough:
        return [ChartCard("forecast", title, size="full", lacking=lacking)]
    days = demand.result["metrics"]["orders"]["days"]
    note = word(N_("expected, with the range that holds four of five days"))
    return [_days("forecast", title, days, note)]


def trial_cards(demand: Result | None) -> list[ChartCard]:
    """The last four weeks as they would have been forecast; nothing without a trial."""
    if demand is None or not demand.is_enough:
        return []
    trial: Mapping[str, Any] | None = demand.result["metrics"]["orders"]["trial"]
    if trial is None:
        return []
    rules = [
        (N_("This model"), trial["error"]),
        (N_("As the last day"), trial["last_value"]),
        (N_("As the mean"), trial["mean"]),
        (N_("As a week before"), trial["last_week"]),
    ]
    inside = word(
        N_("{inside} of {days} days inside their range"), inside=trial["inside"], days=trial["days"]
    )
    return [
        _days("backtest", word(N_("The last four weeks, as they would have been forecast")),
              trial["shown"], inside),
        errors_card("demand-trial", word(N_("Forecast beside simple rules")), rules,
                    word(N_("mean absolute error, orders a day"))),
    ]  # fmt: skip


def season_cards(season: Result | None) -> list[ChartCard]:
    """What weekdays and months are like beside the mean; nothing before they are known."""
    if season is None or not season.result["weekdays"]:
        return []
    weekdays, months = season.result["weekdays"], season.result["months"]
    return [
        _factors(
            "weekdays", word(N_("What weekdays are like")),
            [(weekday_name(one["weekday"], is_short=True), one["factor"]) for one in weekdays],
        ),
        _factors(
            "months", word(N_("What months are like")),
            [(_month(date.fromisoformat(one["month"])), one["factor"]) for one in months],
        ),
    ]  # fmt: skip


def _days(key: str, title: str, days: Sequence[Mapping[str, Any]], note: str) -> ChartCard:
    series = [
        Series(word(N_("Expected")), [one["expected"] for one in days], role="coming"),
        Series(word(N_("Low")), [one["low"] for one in days], role="low"),
        Series(word(N_("High")), [one["high"] for one in days], role="high"),
    ]
    if days and "actual" in days[0]:
        series.insert(0, Series(word(N_("Actual")), [one["actual"] for one in days]))
    return ChartCard(
        key=key,
        title=title,
        note=note,
        size="full",
        chart=chart_view(
            "line",
            summary=title,
            label_name=word(N_("Day")),
            labels=[day_text(date.fromisoformat(one["day"]), LANGUAGE) for one in days],
            series=series,
            text=lambda value: "" if value is None else f"{value:,.0f}",
        ),
    )


def _month(month: date) -> str:
    return f"{month_names(LANGUAGE)[month.month - 1][:3]} {month.year}"


def _factors(key: str, title: str, rows: Sequence[tuple[str, float]]) -> ChartCard:
    return ChartCard(
        key=key,
        title=title,
        note=word(N_("orders of an open day beside the mean open day")),
        chart=chart_view(
            "bar",
            summary=title,
            label_name=word(N_("Time")),
            labels=[name for name, _ in rows],
            series=[Series(word(N_("Beside the mean")), [factor for _, factor in rows])],
            text=lambda value: "" if value is None else f"{100 * value:.0f}{PER_CENT}",
        ),
    )
