"""The models page in cards: demand, dishes and groups; behind them what was fitted and how sure."""

from services.analytics.model_page import ModelsPage
from services.analytics.results import Kind, Result
from services.base.night_texts import DISH_KINDS, WARNINGS
from services.base.texts import N_, PER_CENT, list_text, money_text
from services.reports.trends import ordered
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.charts import ChartCard
from state.staff.night_cards import table_card
from state.staff.night_demand import forecast_cards, season_cards, trial_cards
from state.staff.night_fits import overview_card, parameters_card, proof_cards
from state.staff.night_words import word

SHOWN_PAIRS = 12


def warning_words(page: ModelsPage) -> list[str]:
    """What to keep in mind, in plain sentences."""
    return [word(WARNINGS[one.what], **one.facts) for one in page.warnings]


def model_cards(page: ModelsPage, restaurant: RestaurantInfo) -> list[ChartCard]:
    """What models say: every card that has something to show."""
    found = page.found
    return [
        *forecast_cards(found.get(Kind.DEMAND)),
        *season_cards(found.get(Kind.SEASON)),
        *_menu(found.get(Kind.MENU), restaurant),
        *_pairs(found.get(Kind.BASKETS)),
        *_groups(found.get(Kind.GROUPS), restaurant),
    ]


def statistics_cards(page: ModelsPage) -> list[ChartCard]:
    """For who wants to check: fits, parameters, and models held against what came."""
    found = page.found
    return [
        *proof_cards(found.get(Kind.PROOF)),
        *trial_cards(found.get(Kind.DEMAND)),
        overview_card(page),
        *([parameters_card(page.fits)] if page.fits else []),
    ]


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
        table_card("menu", word(N_("Menu engineering")), [word(one) for one in heads], rows,
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
        table_card("pairs", word(N_("What goes together")), [word(one) for one in heads], rows,
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
    return [table_card("groups", word(N_("Groups of guests")), [word(one) for one in heads], rows)]
