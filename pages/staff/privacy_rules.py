"""What the restaurant keeps, for how long, and who looked."""

import reflex as rx

from components.staff.privacy_rules import privacy_form, privacy_lists
from pages.staff.settings_page import settings_page
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.privacy_rules import PrivacyRulesState

TEXTS = PrivacyRulesState.texts
FORM = "privacy-form"


def page() -> rx.Component:
    """One form and four lists."""
    state = PrivacyRulesState
    return settings_page(
        state,
        privacy_form(TEXTS, state, id=FORM),
        privacy_lists(TEXTS, state),
        form_id=FORM,
        back=addresses.STAFF_SETTINGS,
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
