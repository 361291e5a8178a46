"""The settings of reservations."""

import reflex as rx

from components.staff.reservation_rules import rules_form, special_days
from pages.staff.settings_page import settings_page
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.reservation_rules import ReservationRulesState

TEXTS = ReservationRulesState.texts
FORM = "rules-form"


def page() -> rx.Component:
    """Days that differ, and one form for the rest."""
    state = ReservationRulesState
    return settings_page(
        state,
        rules_form(TEXTS, state, id=FORM),
        special_days(TEXTS, state),
        form_id=FORM,
        back=addresses.STAFF_RESERVATIONS,
        active="reservations",
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_RESERVATION_SETTINGS,
        title="Reservation settings · SmartMenu",
        on_load=[FrameState.enter, ReservationRulesState.enter],
    )
