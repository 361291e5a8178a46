"""The platform's WhatsApp number, for whoever operates the installation."""

import reflex as rx

from components.staff.forms import skeleton
from components.staff.platform_whatsapp import platform_whatsapp
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.platform_whatsapp import PlatformWhatsAppState


def page() -> rx.Component:
    """/platform/whatsapp."""
    state = PlatformWhatsAppState
    return rx.fragment(
        rx.el.link(rel="stylesheet", href="/messages.css", custom_attrs={"precedence": "default"}),
        staff_page(
            frame(is_ready=state.is_ready),
            rx.el.main(
                rx.el.header(
                    rx.el.h1(state.texts["title"]),
                    rx.el.p(state.texts["lead"], class_name="mut"),
                    class_name="ph",
                ),
                rx.cond(
                    state.is_ready,
                    platform_whatsapp(state.texts, state),
                    skeleton(FrameState.texts["loading"]),
                ),
                class_name="main",
            ),
            active="platform",
        ),
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.PLATFORM_WHATSAPP,
        title="WhatsApp · SmartMenu",
        on_load=[FrameState.enter, PlatformWhatsAppState.enter],
    )
