"""Choosing a picture: `assets/staff-forms.js` sends the file and hands the answer to the screen."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import wrong_at
from components.texts import Texts
from services.base import addresses


def form_script() -> rx.Component:
    """What forms need of the browser: pictures, the way to a refused field, a word on leaving."""
    return rx.el.script(src="/staff-forms.js", custom_attrs={"async": True})


def picture_field(
    texts: Texts, *, url: Any, kind: str, wrong: Any, on_picture: Any
) -> rx.Component:
    """A picture with its preview.

    Args:
        texts: the screen's words.
        url: Var with the address of the picture, empty for none.
        kind: "dish" or "logo": how the server prepares it.
        wrong: refusals by field name; the picture's is "picture".
        on_picture: called with the stored name once the upload is done, with "" to take it away.
    """
    return rx.el.div(
        rx.el.label(
            rx.cond(
                url != "",
                rx.el.img(src=url, alt=texts["picture_alt"], class_name=f"thumb big {kind}"),
                icon("image", 24),
            ),
            rx.el.span(
                rx.el.b(rx.cond(url != "", texts["picture_change"], texts["picture_add"])),
                texts["picture_help"],
            ),
            rx.el.input(
                type="file",
                accept="image/jpeg,image/png,image/webp",
                custom_attrs={
                    "data-upload": addresses.STAFF_PICTURES,
                    "data-kind": kind,
                    "data-busy": texts["uploading"],
                    "data-failed": texts["upload_failed"],
                    "data-testid": "picture-file",
                },
            ),
            class_name="drop",
        ),
        # Written by the script: React hears the change and tells the State.
        rx.el.input(
            type="text",
            hidden=True,
            on_change=on_picture,
            custom_attrs={"data-stored": "true", "tabIndex": -1, "aria-hidden": "true"},
        ),
        rx.el.p(
            class_name="help", role="status", custom_attrs={"data-progress": "true"}, hidden=True
        ),
        wrong_at("picture", wrong),
        rx.cond(
            url != "",
            rx.el.button(
                icon("trash-2", 18),
                texts["picture_remove"],
                type="button",
                class_name="b gh",
                on_click=on_picture(""),
            ),
            rx.fragment(),
        ),
        class_name="stack",
        custom_attrs={"data-picture": "true"},
    )
