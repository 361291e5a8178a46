"""The settings of reservations."""

import reflex as rx

from components.icons import icon
from components.staff.forms import savebar, skeleton
from components.staff.reservation_rules import rules_form, special_days
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.reservation_rules import ReservationRulesState

TEXTS = ReservationRulesState.texts


def page() -> rx.Component:
    """Days that differ, and one form for the rest."""
    state = ReservationRulesState
    return staff_page(
        frame(is_ready=state.is_ready),
        rx.el.main(
            rx.el.header(
                rx.el.a(
                    icon("chevron-left", 20, "flip"),
                    href=addresses.STAFF_RESERVATIONS,
                    class_name="b gh sq",
                    custom_attrs={"aria-label": TEXTS["back"]},
                ),
                rx.el.h1(TEXTS["title"]),
                class_name="ph",
            ),
            rx.cond(
                state.is_ready,
                rx.fragment(
                    rules_form(TEXTS, state, id="rules-form"),
                    special_days(TEXTS, state),
                    savebar(
                        form_id="rules-form",
                        is_dirty=state.is_dirty,
                        not_saved=TEXTS["not_saved"],
                        discard=TEXTS["discard"],
                        save=TEXTS["save"],
                        on_discard=state.discard,
                    ),
                ),
                skeleton(FrameState.texts["loading"]),
            ),
            class_name="main",
        ),
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
