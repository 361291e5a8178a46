"""What stands in place of a page whose script has failed."""

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary

# The page's sheets are gone with the page.
_PAGE = {"fontFamily": "system-ui, sans-serif", "padding": "3rem 1.5rem", "textAlign": "center"}


def broken_page() -> rx.Component:
    """Catches a failure while drawing, reports it, and shows the way on."""
    return ErrorBoundary.create(
        fallback_render=rx.Var.create(
            rx.el.main(
                rx.el.h1("This page could not be shown"),
                rx.el.p("What was sent before is kept. Load the page again to go on."),
                rx.el.p(rx.el.a("Load again", href="", custom_attrs={"reloadDocument": True})),
                custom_attrs={"style": _PAGE},
            )
        )
    )
