"""The settings' screen."""

import reflex as rx

from components.staff.forms import savebar, skeleton
from components.staff.pictures import form_script
from components.staff.settings import settings_form
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.settings import SettingsState

TEXTS = SettingsState.texts


def page() -> rx.Component:
    """One form."""
    state = SettingsState
    return staff_page(
        frame(is_ready=state.is_ready),
        rx.el.main(
            rx.el.header(rx.el.h1(TEXTS["title"]), class_name="ph"),
            rx.cond(
                state.is_ready,
                rx.fragment(
                    settings_form(TEXTS, state, id="settings-form"),
                    savebar(
                        form_id="settings-form",
                        is_dirty=state.is_dirty,
                        not_saved=TEXTS["not_saved"],
                        discard=TEXTS["discard"],
                        save=TEXTS["save"],
                        on_discard=state.discard,
                    ),
                ),
                skeleton(FrameState.texts["loading"]),
            ),
            form_script(),
            class_name="main",
        ),
        active="settings",
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_SETTINGS,
        title="Settings · SmartMenu",
        on_load=[FrameState.enter, SettingsState.enter],
    )
