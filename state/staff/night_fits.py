"""What was fitted, in cards for who wants to check: how sure it is, and held against what came."""

from collections.abc import Mapping, Sequence
from datetime import date

from models.predictions import ModelFit
from services.analytics.model_page import ModelsPage
from services.analytics.results import Result
from services.base.night_texts import MODELS
from services.base.texts import N_, date_text, list_text
from state.staff.access import LANGUAGE
from state.staff.charts import ChartCard, Series, chart_view
from state.staff.night_cards import decimal, errors_card, table_card
from state.staff.night_words import word

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


def overview_card(page: ModelsPage) -> ChartCard:
    """Every model: what it was learnt from, until when, and how long that took."""
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
    return table_card("fits", word(N_("What was fitted")), [word(one) for one in heads], rows)


def parameters_card(fits: Mapping[str, ModelFit]) -> ChartCard:
    """What was found, with standard errors."""
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
    return table_card(
        "parameters", word(N_("Parameters")), [word(one) for one in heads], rows,
        note=word(N_("weeks, and minor units of money")), meaning=meaning,
    )  # fmt: skip


def proof_cards(proof: Result | None) -> list[ChartCard]:
    """Visits of the last 13 weeks as a model without them expected them."""
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
        text=decimal,
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
        errors_card("value-trial", word(N_("Value beside simple rules")), rules,
                    word(N_("root mean square error, visit days a guest"))),
    ]  # fmt: skip


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
