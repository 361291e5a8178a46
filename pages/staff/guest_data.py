"""Data of one guest: as a file, or erased."""

import reflex as rx

from components.icons import icon
from components.staff.forms import skeleton
from components.staff.guest_data import guest_data
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.guest_data import GuestDataState

TEXTS = GuestDataState.texts


def page() -> rx.Component:
    """/staff/customers/{id}/data."""
    state = GuestDataState
    data = state.back + "/data"
    proof = addresses.STAFF_PRIVACY + "/erasures/" + state.proof
    return staff_page(
        frame(is_ready=state.is_ready),
        rx.el.main(
            rx.el.header(
                rx.el.a(
                    icon("chevron-left", 20, "flip"),
                    href=state.back,
                    class_name="b gh sq",
                    custom_attrs={"aria-label": TEXTS["back"]},
                ),
                rx.el.h1(TEXTS["title"]),
                rx.el.p(state.alias),
                class_name="ph",
            ),
            rx.cond(
                state.is_ready,
                guest_data(
                    TEXTS,
                    state,
                    files={
                        "pdf": data + ".pdf",
                        "pdf_ar": data + ".pdf?language=ar",
                        "json": data + ".json",
                    },
                    proofs={"pdf": proof + ".pdf", "json": proof + ".json"},
                ),
                skeleton(FrameState.texts["loading"]),
            ),
            class_name="main",
        ),
        active="customers",
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route="/staff/customers/[customer_id]/data",
        title="Guest data · SmartMenu",
        on_load=[FrameState.enter, GuestDataState.enter],
    )
