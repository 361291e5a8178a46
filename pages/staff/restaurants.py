"""Choosing among the restaurants somebody works at."""

import reflex as rx

from components.staff.forms import skeleton
from components.staff.restaurants import restaurant_list
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.restaurants import RestaurantsState


def page() -> rx.Component:
    """A list of restaurants."""
    texts = RestaurantsState.texts
    return staff_page(
        frame(is_ready=RestaurantsState.is_ready),
        rx.el.main(
            rx.cond(
                RestaurantsState.is_ready,
                rx.fragment(
                    rx.el.header(rx.el.h1(texts["title"]), class_name="ph"),
                    restaurant_list(texts, RestaurantsState.workplaces),
                ),
                skeleton(FrameState.texts["loading"]),
            ),
            class_name="main",
        ),
        active="restaurants",
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_RESTAURANTS,
        title="Your restaurants · SmartMenu",
        on_load=[FrameState.enter, RestaurantsState.enter],
    )
