"""The models page in cards: what was fitted, how sure, and held against what came."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from models.predictions import ModelFit
from services.analytics.model_page import ModelsPage
from services.analytics.results import Kind, Result
from services.base.night_texts import DISH_KINDS, MODELS, WARNINGS
from services.base.texts import (
    N_,
    PER_CENT,
    date_text,
    day_text,
    list_text,
    money_text,
    month_names,
    translate,
)
from services.reports.trends import ordered
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.charts import ChartCard, ChartView, RowView, Series, chart_view
from state.staff.night_insights import weekday_name

_UNITS = {
    "customers": N_("{count} guests"),
    "visit_days": N_("{count} visit days"),
    "open_days": N_("{count} open days"),
    "baskets": N_("{count} visits with an order"),
    "portions": N_("{count} portions"),
    "dishes": N_("{count} dishes"),
}
_PARAMETERS = {
    "r": N_("shape of the rate of visits"),
    "alpha": N_("its scale, weeks"),
    "a": N_("chance to stop: stopping"),
    "b": N_("chance to stop: staying"),
    "p": N_("shape of a bill"),
    "q": N_("shape of its mean among guests"),
    "gamma": N_("scale of that mean"),
}
SHOWN_PAIRS = 12


def word(message: str, **facts: object) -> str:
    """In the reader's language."""
    return translate(LANGUAGE, message, **facts)


def warning_words(page: ModelsPage) -> list[str]:
    """What to keep in mind, in plain sentences."""
    return [word(WARNINGS[one.what], **one.facts) for one in page.warnings]


def model_cards(page: ModelsPage, restaurant: RestaurantInfo) -> list[ChartCard]:
    """What models say: every card that has something to show."""
    found = page.found
    return [
        *_demand(found.get(Kind.DEMAND)),
        *_season(found.get(Kind.SEASON)),
        *_menu(found.get(Kind.MENU), restaurant),
        *_pairs(found.get(Kind.BASKETS)),
        *_groups(found.get(Kind.GROUPS), restaurant),
    ]


def statistics_cards(page: ModelsPage) -> list[ChartCard]:
    """For who wants to check: fits, parameters, and models held against what came."""
    found = page.found
    return [
        *_proof(found.get(Kind.PROOF)),
        *_trial(found.get(Kind.DEMAND)),
        _overview(page),
        *([_parameters(page.fits)] if page.fits else []),
    ]


def _table(
    key: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]],
    *, note: str = "", meaning: str = "", size: str = "full", hrefs: Sequence[str] = (),
) -> ChartCard:  # fmt: skip
    return ChartCard(
        key=key,
        title=title,
        note=note,
        meaning=meaning,
        kind="table",
        size=size,
        chart=ChartView(
            summary=title,
            is_empty=not rows,
            heads=list(heads),
            rows=[
                RowView(list(row), href)
                for row, href in zip(rows, hrefs or [""] * len(rows), strict=True)
            ],
        ),
    )


def _overview(page: ModelsPage) -> ChartCard:
    rows: list[list[str]] = []
    for kind, fit in page.fits.items():
        learnt = [("customers", fit.customer_count)]
        rows.append(
            _line(
                kind, learnt, until=fit.data_until, is_enough=fit.is_enough, took=fit.took_seconds
            )
        )
    for kind, one in page.found.items():
        learnt = [(name, one.learnt_from[name]) for name in _UNITS if name in one.learnt_from]
        rows.append(
            _line(
                kind, learnt, until=one.data_until, is_enough=one.is_enough, took=one.took_seconds
            )
        )
    heads = (N_("Model"), N_("Learnt from"), N_("Data until"), N_("Enough"), N_("Took"))
    return _table("fits", word(N_("What was fitted")), [word(one) for one in heads], rows)


def _line(
    kind: str, learnt: Sequence[tuple[str, int]], *, until: date, is_enough: bool, took: float
) -> list[str]:
    return [
        word(MODELS[kind]),
        list_text(LANGUAGE, [word(_UNITS[name], count=f"{count:,}") for name, count in learnt]),
        date_text(until, LANGUAGE),
        word(N_("yes")) if is_enough else word(N_("not yet")),
        f"{took:.1f} s",
    ]


def _parameters(fits: Mapping[str, ModelFit]) -> ChartCard:
    rows: list[list[str]] = []
    for kind, fit in fits.items():
        for name, value in fit.params.items():
            error = fit.standard_errors.get(name)
            rows.append(
                [
                    word(MODELS[kind]),
                    f"{name}: {word(_PARAMETERS[name])}",
                    f"{value:,.3f}",
                    "±\N{THIN SPACE}" + f"{error:,.3f}" if error is not None else word(N_("none")),
                ]
            )
    heads = (N_("Model"), N_("Parameter"), N_("Value"), N_("Standard error"))
    meaning = word(N_("Found by maximum likelihood; assumed where guests are too few."))
    return _table(
        "parameters", word(N_("Parameters")), [word(one) for one in heads], rows,
        note=word(N_("weeks, and minor units of money")), meaning=meaning,
    )  # fmt: skip


def _proof(proof: Result | None) -> list[ChartCard]:
    title = word(N_("Expected and actual visits of the last 13 weeks"))
    lacking = word(N_("Needs 100 guests who came before the last 13 weeks."))
    if proof is None or not proof.is_enough:
        return [ChartCard("calibration", title, lacking=lacking)]
    tenths: list[Mapping[str, float]] = proof.result["tenths"]
    chart = chart_view(
        "bar",
        summary=title,
        label_name=word(N_("Tenth of guests")),
        labels=[str(place + 1) for place in range(len(tenths))],
        series=[
            Series(word(N_("Expected")), [one["expected"] for one in tenths]),
            Series(word(N_("Actual")), [one["actual"] for one in tenths], role="before"),
        ],
        text=_decimal,
    )
    told = proof.result
    rules = [
        (N_("This model"), told["error"]),
        (N_("As in the quarter before"), told["error_last"]),
        (N_("Everybody as the mean"), told["error_mean"]),
    ]
    return [
        ChartCard(
            key="calibration",
            title=title,
            note=word(N_("visit days a guest, by tenth")),
            meaning=word(
                N_("The model without the last 13 weeks, asked what they bring; equal is right.")
            ),
            chart=chart,
        ),
        _errors("value-trial", word(N_("Value beside simple rules")), rules,
                word(N_("root mean square error, visit days a guest"))),
    ]  # fmt: skip


def _errors(key: str, title: str, rules: Sequence[tuple[str, float]], note: str) -> ChartCard:
    chart = chart_view(
        "across",
        summary=title,
        label_name=word(N_("Rule")),
        labels=[word(name) for name, _ in rules],
        series=[Series(word(N_("Error")), [error for _, error in rules])],
        text=_decimal,
    )
    return ChartCard(key=key, title=title, note=note, chart=chart,
                     meaning=word(N_("Smaller is better.")))  # fmt: skip


def _demand(demand: Result | None) -> list[ChartCard]:
    title = word(N_("Orders of the next four weeks"))
    lacking = word(N_("A forecast needs 28 open days."))
    if demand is None or not demand.is_enough:
        return [ChartCard("forecast", title, size="full", lacking=lacking)]
    days = demand.result["metrics"]["orders"]["days"]
    note = word(N_("expected, with the range that holds four of five days"))
    return [_days("forecast", title, days, note)]


def _trial(demand: Result | None) -> list[ChartCard]:
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
        _errors("demand-trial", word(N_("Forecast beside simple rules")), rules,
                word(N_("mean absolute error, orders a day"))),
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


def _season(season: Result | None) -> list[ChartCard]:
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


def _menu(menu: Result | None, restaurant: RestaurantInfo) -> list[ChartCard]:
    if menu is None:
        return []

    def money(minor: float | None) -> str:
        return "" if minor is None else money_text(round(minor), restaurant.currency, LANGUAGE)

    dishes = sorted(menu.result["dishes"], key=lambda one: -one["sold"])
    rows = [
        [
            one["name"],
            one["category"],
            word(DISH_KINDS[one["kind"]]),
            f"{one['sold']:,}",
            "" if one["share"] is None else f"{100 * one['share']:.1f}{PER_CENT}",
            money(one["contribution_minor"]),
            money(one["idea"]["suggested_minor"]) if one["idea"] else "",
        ]
        for one in dishes
    ]
    heads = (N_("Dish"), N_("Section"), N_("Kind"), N_("Sold"), N_("Share of section"),
             N_("A portion earns"), N_("Price to think about"))  # fmt: skip
    meaning = word(
        N_("Popular from 70 % of an equal share; profitable from the section's mean contribution.")
    )
    return [
        _table("menu", word(N_("Menu engineering")), [word(one) for one in heads], rows,
               note=word(N_("last 91 days")), meaning=meaning,
               hrefs=[ordered(one["id"]) for one in dishes])
    ]  # fmt: skip


def _pairs(baskets: Result | None) -> list[ChartCard]:
    if baskets is None:
        return []
    shown = baskets.result["rules"][:SHOWN_PAIRS]
    rows = [
        [
            list_text(LANGUAGE, one["antecedent_names"]),
            one["consequent_name"],
            f"{100 * one['confidence']:.0f}",
            f"{100 * one['confidence'] / one['lift']:.0f}",
            f"{one['count']:,}",
        ]
        for one in shown
    ]
    heads = (N_("Who orders"), N_("also orders"), N_("Of 100 of them"), N_("Of 100 of all"),
             N_("Visits with both"))  # fmt: skip
    return [
        _table("pairs", word(N_("What goes together")), [word(one) for one in heads], rows,
               note=word(N_("last half year")),
               meaning=word(N_("Together more often than by chance, in 5 visits at least.")),
               hrefs=[ordered(one["antecedent"][0]) for one in shown])
    ]  # fmt: skip


def _groups(groups: Result | None, restaurant: RestaurantInfo) -> list[ChartCard]:
    if groups is None or not groups.is_enough:
        return []
    rows = [
        [
            list_text(LANGUAGE, [word(one_word) for one_word in one["words"]])
            or word(N_("like everybody")),
            f"{one['size']:,}",
            f"{100 * one['share']:.0f}{PER_CENT}",
            f"{one['means']['visit_days']:.1f}",
            money_text(round(one["means"]["spend_minor"]), restaurant.currency, LANGUAGE),
        ]
        for one in groups.result["groups"]
    ]
    heads = (N_("Guests who"), N_("Guests"), N_("Share"), N_("Visit days"), N_("Mean order"))
    return [_table("groups", word(N_("Groups of guests")), [word(one) for one in heads], rows)]


def _decimal(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
