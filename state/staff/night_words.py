"""The models page for an owner: what each model is for, and how well it did, in plain words."""

from dataclasses import dataclass
from datetime import date

from services.analytics.model_page import ModelsPage
from services.analytics.results import Kind, Result
from services.base.texts import N_, date_text, translate
from state.staff.access import LANGUAGE

# Of 100 expected guests: farther off is worth a warning.
FAR = 25
# Clear, and hardly to be seen: the silhouette of groups (Kaufman and Rousseeuw 1990).
CLEAR, FAINT = 0.5, 0.25


@dataclass(frozen=True)
class ModelView:
    """One model: what it does, how well it did, what that is known from.

    `look` is "ok", "warn" or "info" where nothing can be said yet.
    """

    key: str
    icon: str
    look: str
    title: str
    what: str
    how: str
    known: str


def word(message: str, **facts: object) -> str:
    """In the reader's language."""
    return translate(LANGUAGE, message, **facts)


def model_views(page: ModelsPage) -> list[ModelView]:
    """Every model of the last night; nothing before the first."""
    if not page.found and not page.fits:
        return []
    found = page.found
    return [
        _returning(found.get(Kind.PROOF)),
        _worth(page),
        _busy(found.get(Kind.DEMAND)),
        _together(found.get(Kind.BASKETS)),
        _earning(found.get(Kind.MENU)),
        _alike(found.get(Kind.GROUPS)),
    ]


def _returning(proof: Result | None) -> ModelView:
    how, look = word(N_("Cannot be checked yet: that needs 100 guests from before the last 13 "
                        "weeks.")), "info"  # fmt: skip
    told = proof.result if proof is not None and proof.is_enough else {}
    if told.get("returned_expected", 0) >= 1:
        of_hundred = round(100 * told["returned"] / told["returned_expected"])
        how = word(
            N_("Of 100 guests we expected back in the last 13 weeks, {count} came."),
            count=of_hundred,
        )
        if told["error"] > told["error_last"]:
            how += " " + word(
                N_("For single guests “as in the 13 weeks before” would have been closer.")
            )
        look = _closeness(of_hundred)
    return ModelView(
        "returning", "users", look, word(N_("Who comes back")),
        word(N_("Learns how often each guest comes, and says who will probably come again, "
                "and who may not.")),
        how, _known(proof),
    )  # fmt: skip


def _worth(page: ModelsPage) -> ModelView:
    fit = page.fits.get("spend")
    if fit is None or not fit.is_enough:
        how = word(N_("Too few guests have come more than once: amounts are rough guesses."))
        look, known = "info", ""
    else:
        how = word(
            N_("Learnt from {count} guests. Each amount has a range: most guests end up inside."),
            count=f"{fit.customer_count:,}",
        )
        look, known = "ok", _until(fit.data_until)
    return ModelView(
        "worth", "credit-card", look, word(N_("What a guest will spend")),
        word(N_("Expects what each guest spends in the next 12 months, from visits and bills "
                "so far.")),
        how, known,
    )  # fmt: skip


def _busy(demand: Result | None) -> ModelView:
    how, look = word(N_("Needs 28 open days.")), "info"
    told = demand.result["metrics"]["orders"] if demand is not None and demand.is_enough else {}
    trial = told.get("trial")
    if trial:
        how = word(
            N_("Tried out on the last four weeks: on {inside} of {days} days orders were in the "
               "range it gave, {error} off on average. “As a week before” would have been "
               "{simple} off."),
            inside=trial["inside"], days=trial["days"], error=f"{trial['error']:.1f}",
            simple=f"{trial['last_week']:.1f}",
        )  # fmt: skip
        look = "ok" if trial["error"] <= trial["last_week"] else "warn"
    return ModelView(
        "busy", "calendar", look, word(N_("How busy it will be")),
        word(N_("Forecasts orders, guests and revenue of the next four weeks, day by day.")),
        how, _known(demand),
    )  # fmt: skip


def _together(baskets: Result | None) -> ModelView:
    how = word(N_("Needs 300 visits with an order; until then pairs are counted plainly."))
    look = "info"
    if baskets is not None and baskets.is_enough:
        how = word(
            N_(
                "Learnt from {count} visits with an order. Only pairs that are no chance are shown."
            ),
            count=f"{baskets.learnt_from['baskets']:,}",
        )
        look = "ok"
    return ModelView(
        "together", "heart", look, word(N_("What goes together")),
        word(N_("Knows which dishes are ordered together, and what to suggest beside each.")),
        how, _known(baskets),
    )  # fmt: skip


def _earning(menu: Result | None) -> ModelView:
    how, look = word(N_("Nothing was sold yet.")), "info"
    if menu is not None and menu.is_enough:
        missing = sum(one["kind"] == "cost_missing" for one in menu.result["dishes"])
        how = word(N_("Counted from {count} portions."), count=f"{menu.learnt_from['portions']:,}")
        if missing:
            how += " " + word(
                N_("{count} dishes cannot be judged: what a portion costs is missing."),
                count=missing,
            )
        look = "warn" if missing else "ok"
    return ModelView(
        "earning", "utensils", look, word(N_("Which dishes earn")),
        word(N_("Looks at what sells and what a portion leaves, inside each section of the menu.")),
        how, _known(menu),
    )  # fmt: skip


def _alike(groups: Result | None) -> ModelView:
    how, look = word(N_("No clear groups can be seen among your guests so far.")), "info"
    if groups is not None and groups.is_enough:
        clarity = groups.result["silhouette"]
        sentence = (
            N_("{count} groups that differ clearly.")
            if clarity >= CLEAR
            else N_("{count} groups; some guests could stand in two of them.")
            if clarity >= FAINT
            else N_("{count} groups that hardly differ: do not read much into them.")
        )
        how = word(sentence, count=len(groups.result["groups"]))
        look = "ok" if clarity >= FAINT else "warn"
    return ModelView(
        "alike", "layout-grid", look, word(N_("Guests who are alike")),
        word(N_("Puts guests together who come, order and stay alike, and names what sets them "
                "apart.")),
        how, _known(groups),
    )  # fmt: skip


def _closeness(of_hundred: int) -> str:
    return "ok" if abs(of_hundred - 100) <= FAR else "warn"


def _known(found: Result | None) -> str:
    if found is None:
        return ""
    return _until(found.data_until)


def _until(day: date) -> str:
    return word(N_("With data until {day}"), day=date_text(day, LANGUAGE))
