"""Whether the page's socket is open, as Reflex's own context knows it."""

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

is_offline: rx.Var[bool] = has_connection_errors


def live_marker(is_ready: rx.Var[bool]) -> rx.Component:
    """The element that carries `data-live="true"` once the socket is open and the state there."""
    return rx.el.span(
        hidden=True,
        custom_attrs={"data-live": rx.cond(is_ready & ~is_offline, "true", "false")},
    )
