"""The log-in screen."""

import reflex as rx
from reflex_components_core.el.elements.forms import HTMLInputTypeAttribute

from components.connection import live_marker
from components.icons import icon
from components.native_form import native_form
from components.staff.shell import stylesheets
from services.base import addresses
from state.staff.login import LoginState


def page() -> rx.Component:
    """A native form: it works before the socket is open, and the answer sets the cookie."""
    texts = LoginState.texts
    return rx.fragment(
        stylesheets(),
        rx.el.script(src="/login.js", custom_attrs={"async": True}),
        rx.el.div(
            rx.el.main(
                native_form(
                    rx.el.img(src="/brand.svg", alt="SmartMenu", class_name="mark"),
                    rx.el.h1(texts["title"]),
                    rx.el.p(texts["lead"]),
                    rx.cond(
                        LoginState.refusal != "",
                        rx.el.div(
                            icon("circle-alert"),
                            rx.el.div(LoginState.refusal),
                            class_name="notice bad",
                            role="alert",
                        ),
                        rx.fragment(),
                    ),
                    rx.el.input(
                        type="hidden", name="next", value=LoginState.next_path, read_only=True
                    ),
                    _field("email", texts["email"], "email", "username"),
                    _field("password", texts["password"], "password", "current-password"),
                    rx.el.button(
                        texts["submit"],
                        type="submit",
                        class_name="b pri lg",
                        custom_attrs={"data-testid": "login-submit"},
                    ),
                    rx.el.p(texts["foot"], class_name="foot"),
                    action=addresses.AUTH_LOGIN,
                    class_name="card",
                ),
                class_name="login",
            ),
            live_marker(LoginState.is_ready),
            class_name="staff",
        ),
    )


def _field(
    name: str, label: rx.Var[str], kind: HTMLInputTypeAttribute, autocomplete: str
) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=name, class_name="lbl"),
        rx.el.input(
            id=name,
            name=name,
            type=kind,
            required=True,
            auto_complete=autocomplete,
            class_name="inp",
            custom_attrs={"data-testid": f"login-{name}"},
        ),
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(page, route="/login", title="Log in · SmartMenu", on_load=LoginState.enter)
