"""Insights, cohorts and models: what every night leaves."""

import reflex as rx

from components.staff.night import NightVars, cohorts_page, insights_page, models_page
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.night import NightState


def insights() -> rx.Component:
    """What is worth knowing."""
    around = frame(is_ready=NightState.is_ready)
    return staff_page(around, insights_page(around, _shown()), active="insights")


def cohorts() -> rx.Component:
    """Who came again."""
    around = frame(is_ready=NightState.is_ready)
    return staff_page(around, cohorts_page(around, _shown()), active="insights")


def models() -> rx.Component:
    """What was fitted."""
    around = frame(is_ready=NightState.is_ready)
    return staff_page(around, models_page(around, _shown()), active="insights")


def _shown() -> NightVars:
    state = NightState
    return NightVars(
        texts=state.texts,
        is_ready=state.is_ready,
        as_of=state.as_of,
        chosen=state.chosen,
        choices=state.choices,
        insights=state.insights,
        cards=state.cards,
        behind=state.behind,
        models=state.models,
        warnings=state.warnings,
        hrefs=state.hrefs,
        on_subject=state.choose_subject,
        on_cohort=state.choose_cohort,
        on_mark=state.mark,
        on_mark_all=state.mark_all,
    )


def register(app: rx.App) -> None:
    """Add the pages."""
    for page, route, title, enter in (
        (insights, addresses.STAFF_INSIGHTS, "Insights", NightState.enter_insights),
        (cohorts, addresses.STAFF_COHORTS, "Cohorts", NightState.enter_cohorts),
        (models, addresses.STAFF_MODELS, "Models", NightState.enter_models),
    ):
        app.add_page(
            page,
            route=route,
            title=f"{title} · SmartMenu",
            on_load=[FrameState.enter, enter],
        )
