"""Checking reward codes."""

import reflex as rx

from components.staff.forms import skeleton
from components.staff.loyalty_places import loyalty_places
from components.staff.loyalty_verify import verify_panel
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.loyalty_verify import VerifyState


def page() -> rx.Component:
    """One field and its answer."""
    around = frame(is_ready=VerifyState.is_ready)
    return staff_page(
        around,
        rx.el.main(
            rx.el.link(
                rel="stylesheet", href="/reports.css", custom_attrs={"precedence": "default"}
            ),
            rx.el.div(loyalty_places(around, "verify"), class_name="bar"),
            rx.cond(
                VerifyState.is_ready,
                rx.fragment(
                    rx.el.header(rx.el.h1(VerifyState.texts["title"]), class_name="ph"),
                    verify_panel(VerifyState),
                ),
                skeleton(FrameState.texts["loading"]),
            ),
            class_name="main",
        ),
        active="verify",
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_VERIFY,
        title="Reward codes · SmartMenu",
        on_load=[FrameState.enter, VerifyState.enter],
    )
