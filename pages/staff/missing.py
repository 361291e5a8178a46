"""What stands at addresses that do not exist. Guests' addresses have a page of their own."""

import reflex as rx

from components.staff.forms import empty
from components.staff.shell import stylesheets
from services.base import addresses
from services.base.staff_texts import MISSING
from services.base.texts import page_texts
from state.staff.access import LANGUAGE


def page() -> rx.Component:
    """A sentence and the way back; it is built once and asks the server nothing."""
    texts = page_texts(LANGUAGE, MISSING)
    return rx.fragment(
        stylesheets(),
        rx.el.main(
            empty(
                "search",
                texts["title"],
                texts["lead"],
                rx.el.a(texts["back"], href=addresses.STAFF_FLOOR, class_name="b pri"),
            ),
            class_name="staff login",
        ),
    )


def register(app: rx.App) -> None:
    """Add the page; Reflex serves it for every address it does not know."""
    app.add_page(page, route="404", title="No such page · SmartMenu")
