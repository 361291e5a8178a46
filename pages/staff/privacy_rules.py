"""What the restaurant keeps, for how long, and who looked."""

import reflex as rx

from components.icons import icon
from components.staff.forms import savebar, skeleton
from components.staff.privacy_rules import privacy_form, privacy_lists
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.privacy_rules import PrivacyRulesState

TEXTS = PrivacyRulesState.texts


def page() -> rx.Component:
    """One form and four lists."""
    state = PrivacyRulesState
    return staff_page(
        frame(is_ready=state.is_ready),
        rx.el.main(
            rx.el.header(
                rx.el.a(
                    icon("chevron-left", 20, "flip"),
                    href=addresses.STAFF_SETTINGS,
                    class_name="b gh sq",
                    custom_attrs={"aria-label": TEXTS["back"]},
                ),
                rx.el.h1(TEXTS["title"]),
                class_name="ph",
            ),
            rx.cond(
                state.is_ready,
                rx.fragment(
                    privacy_form(TEXTS, state, id="privacy-form"),
                    privacy_lists(TEXTS, state),
                    savebar(
                        form_id="privacy-form",
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
        active="settings",
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_PRIVACY,
        title="Privacy · SmartMenu",
        on_load=[FrameState.enter, PrivacyRulesState.enter],
    )
