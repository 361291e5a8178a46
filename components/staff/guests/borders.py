"""What counts as high and low engagement: four borders, on the pages of that family."""

from typing import Any

import reflex as rx

from components.texts import Texts


def borders(texts: Texts, state: Any, *, may_edit: Any) -> rx.Component:
    """The borders as a form; who may not change them reads them."""
    page = state.page
    return rx.cond(
        page.borders.length() > 0,
        rx.el.section(
            rx.el.header(
                rx.el.h2(texts["borders"]), rx.el.span(texts["borders_note"], class_name="hint")
            ),
            rx.el.form(
                _pair(texts, page, "high", may_edit),
                _pair(texts, page, "low", may_edit),
                rx.cond(
                    may_edit,
                    rx.el.button(
                        texts["borders_save"],
                        type="submit",
                        class_name="b sec",
                        custom_attrs={"data-testid": "borders-save"},
                    ),
                    rx.fragment(),
                ),
                rx.el.p(
                    page.borders["wrong"],
                    class_name="em2",
                    role="alert",
                    custom_attrs={"id": "borders-wrong"},
                ),
                class_name="bordform",
                on_submit=state.save_borders,
                key=page.id,
            ),
            class_name="card pad",
        ),
        rx.fragment(),
    )


def _pair(texts: Texts, page: Any, which: str, may_edit: Any) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(texts[f"borders_{which}"], class_name="lbl"),
        _field(texts["minutes"], page, f"{which}_minutes", may_edit, step="any"),
        rx.el.span(texts[f"borders_{which}_join"], class_name="hint"),
        _field(texts["steps"], page, f"{which}_steps", may_edit, step="1"),
    )


def _field(word: Any, page: Any, name: str, may_edit: Any, *, step: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="number",
            name=name,
            default_value=page.borders[name],
            class_name="inp num",
            min="0",
            step=step,
            read_only=~may_edit,
            custom_attrs={
                "data-testid": f"borders-{name}",
                "inputMode": "decimal",
                "aria-describedby": "borders-wrong",
            },
        ),
        rx.el.span(word),
    )
