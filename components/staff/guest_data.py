"""One guest's data: agreed, as a file, and erasing with a typed confirmation."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A

from components.icons import icon
from components.staff.forms import empty, form, section, text_field
from components.texts import Texts

A_FILE = {"download": ""}


def guest_data(texts: Texts, state: Any, *, files: dict[str, Any], proofs: dict[str, Any]) -> Any:
    """The screen below its head.

    Args:
        texts: of the page.
        state: of the screen.
        files: addresses of the guest's data by kind: "pdf", "pdf_ar", "json".
        proofs: addresses of the certificate: "pdf", "json".
    """
    return rx.cond(
        state.proof != "",
        _done(texts, proofs),
        rx.cond(
            state.is_missing,
            empty("user", texts["missing"], texts["missing_help"]),
            rx.el.div(
                _agreed(texts, state), _files(texts, files), _erase(texts, state), class_name="form"
            ),
        ),
    )


def _agreed(texts: Texts, state: Any) -> rx.Component:
    return section(
        texts["agreed"],
        rx.el.ul(
            rx.foreach(
                state.allowed,
                lambda one: rx.el.li(
                    icon(rx.cond(one.is_allowed, "check", "x"), 18),
                    rx.el.span(one.word, " ", rx.el.small(one.reason), class_name="grow"),
                    class_name="row",
                    key=one.key,
                    custom_attrs={
                        "data-testid": "purpose",
                        "data-purpose": one.key,
                        "data-allowed": rx.cond(one.is_allowed, "true", "false"),
                    },
                ),
            ),
            class_name="reps",
        ),
        help=state.agreed,
    )


def _files(texts: Texts, files: dict[str, Any]) -> rx.Component:
    return section(
        texts["files"],
        rx.el.div(
            *(
                A.create(
                    icon("download", 18),
                    texts[kind],
                    href=href,
                    class_name="b sec",
                    custom_attrs=A_FILE | {"data-testid": f"guest-data-{kind}"},
                )
                for kind, href in files.items()
            ),
            class_name="row",
        ),
        help=texts["files_help"],
    )


def _erase(texts: Texts, state: Any) -> rx.Component:
    return section(
        texts["erase"],
        rx.el.div(
            _side(texts["goes"], state.goes, "trash-2", "erase-goes"),
            _side(texts["stays"], state.stays, "check", "erase-stays"),
            class_name="f2",
        ),
        rx.cond(
            state.may_erase,
            form(
                text_field(
                    "confirmation",
                    texts["confirm"],
                    wrong=state.wrong,
                    note=state.alias,
                    autocomplete="off",
                ),
                rx.el.button(
                    icon("trash-2", 18),
                    texts["erase_yes"],
                    type="submit",
                    class_name="b sure",
                    custom_attrs={"data-testid": "erase-confirm"},
                ),
                id="erase-form",
                key="erase",
                on_submit=state.erase,
                class_name="stack",
            ),
            rx.el.p(texts["owner_only"], class_name="help"),
        ),
        help=texts["erase_help"],
    )


def _side(title: Any, lines: Any, icon_name: str, test_id: str) -> rx.Component:
    return rx.el.div(
        rx.el.h3(title, class_name="lbl"),
        rx.el.ul(
            rx.foreach(
                lines,
                lambda line: rx.el.li(
                    icon(icon_name, 16), rx.el.span(line, class_name="grow"), class_name="row"
                ),
            ),
            class_name="reps",
            custom_attrs={"data-testid": test_id},
        ),
    )


def _done(texts: Texts, proofs: dict[str, Any]) -> rx.Component:
    return rx.el.div(
        empty(
            "shield-check",
            texts["done"],
            texts["done_help"],
            A.create(
                texts["certificate"],
                href=proofs["pdf"],
                class_name="b pri",
                custom_attrs=A_FILE,
            ),
            A.create(
                texts["certificate_data"],
                href=proofs["json"],
                class_name="b sec",
                custom_attrs=A_FILE,
            ),
        ),
        role="status",
        custom_attrs={"data-testid": "erased"},
    )
