"""What the pages of settings below a feature share: the way back, a form, and its bar to save."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import savebar, skeleton
from components.staff.pictures import form_script
from components.staff.shell import FrameVars, staff_page
from components.texts import Texts
from pages.staff.frame import frame
from state.staff.frame import FrameState


def settings_page(
    state: Any,
    *parts: rx.Component,
    form_id: str,
    back: str,
    active: str,
    places: Callable[[FrameVars], rx.Component] | None = None,
) -> rx.Component:
    """A page with one form.

    Args:
        state: the form's State, with `texts`, `is_ready`, `is_dirty` and `discard`.
        parts: the form and what stands around it.
        form_id: of the form that the bar saves.
        back: where the arrow beside the heading leads.
        active: the entry of the navigation this belongs to.
        places: draws links to the pages beside this one, given the frame; in place of the arrow.
    """
    texts = state.texts
    around = frame(is_ready=state.is_ready)
    return staff_page(
        around,
        rx.el.main(
            *([rx.el.div(places(around), class_name="bar")] if places is not None else []),
            rx.el.header(
                *([] if places is not None else [_way_back(texts, back)]),
                rx.el.h1(texts["title"]),
                class_name="ph",
            ),
            rx.cond(
                state.is_ready,
                rx.fragment(
                    *parts,
                    savebar(
                        form_id=form_id,
                        is_dirty=state.is_dirty,
                        not_saved=texts["not_saved"],
                        discard=texts["discard"],
                        save=texts["save"],
                        on_discard=state.discard,
                    ),
                ),
                skeleton(FrameState.texts["loading"]),
            ),
            form_script(),
            class_name="main",
        ),
        active=active,
    )


def _way_back(texts: Texts, back: str) -> rx.Component:
    return rx.el.a(
        icon("chevron-left", 20, "flip"),
        href=back,
        class_name="b gh sq",
        custom_attrs={"aria-label": texts["back"]},
    )
