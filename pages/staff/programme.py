"""The editor of the loyalty programme."""

import reflex as rx

from components.staff.loyalty_places import loyalty_places
from components.staff.programme import programme_form, refused
from components.staff.programme_state import questions, simulation, standing, versions
from pages.staff.settings_page import settings_page
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.programme import ProgrammeState

TEXTS = ProgrammeState.texts
FORM = "programme-form"


def page() -> rx.Component:
    """What counts, the draft with its tries, the rules, the versions."""
    state = ProgrammeState
    return settings_page(
        state,
        *(
            rx.el.link(rel="stylesheet", href=href, custom_attrs={"precedence": "default"})
            for href in ("/reports.css", "/programme.css")
        ),
        rx.el.div(
            refused(state), standing(TEXTS, state), simulation(TEXTS, state), class_name="form"
        ),
        programme_form(TEXTS, state, id=FORM),
        rx.el.div(versions(TEXTS, state), class_name="form"),
        questions(TEXTS, state),
        form_id=FORM,
        back=addresses.STAFF_LOYALTY,
        active="loyalty",
        places=lambda around: loyalty_places(around, "programme"),
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_PROGRAMME,
        title="Loyalty programme · SmartMenu",
        on_load=[FrameState.enter, ProgrammeState.enter],
    )
