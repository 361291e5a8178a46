"""The screen of printed codes."""

import reflex as rx

from components.icons import icon
from components.staff.codes import code_form, code_groups, old_codes, print_panel
from components.staff.forms import confirm, empty, savebar, skeleton
from components.staff.menu_forms import form_head
from components.staff.pictures import form_script
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.codes import CodeFormState, CodesState
from state.staff.frame import FrameState

TEXTS = CodesState.texts


def page() -> rx.Component:
    """The list with what to print, or the form of a new code."""
    return staff_page(
        frame(is_ready=CodesState.is_ready, on_undo=CodesState.undo),
        rx.el.main(
            rx.el.link(rel="stylesheet", href="/codes.css", custom_attrs={"precedence": "default"}),
            rx.cond(
                CodesState.is_ready,
                rx.cond(CodesState.view == "form", _form(), _list()),
                skeleton(FrameState.texts["loading"]),
            ),
            confirm(
                is_open=CodesState.asks != "",
                title=CodesState.asks_title,
                text=CodesState.asks_text,
                yes=rx.cond(CodesState.asks == "retire", TEXTS["retire"], TEXTS["replace"]),
                no=TEXTS["cancel"],
                on_yes=CodesState.confirm,
                on_no=CodesState.keep,
            ),
            form_script(),
            class_name="main",
        ),
        active="codes",
    )


def _list() -> rx.Component:
    return rx.fragment(
        rx.el.header(
            rx.el.h1(TEXTS["title"]),
            rx.el.span(class_name="grow"),
            rx.el.div(
                *(
                    rx.el.button(
                        TEXTS[words],
                        type="button",
                        class_name=rx.cond(CodesState.shows_old == is_old, "on", ""),
                        on_click=CodesState.show_old(is_old),
                        custom_attrs={
                            "aria-pressed": rx.cond(CodesState.shows_old == is_old, "true", "false")
                        },
                    )
                    for words, is_old in (("in_use", False), ("old", True))
                ),
                class_name="seg",
                role="group",
                custom_attrs={"aria-label": TEXTS["shown"]},
            ),
            rx.cond(
                CodesState.may_edit & CodesState.has_codes,
                rx.el.button(
                    icon("refresh-cw", 18),
                    TEXTS["replace_all"],
                    type="button",
                    class_name="b gh",
                    on_click=CodesState.ask_replacing("all", ""),
                    custom_attrs={"data-testid": "codes-rotate", "data-scope": "all"},
                ),
                rx.fragment(),
            ),
            class_name="ph",
        ),
        rx.el.div(
            rx.cond(
                CodesState.shows_old,
                old_codes(TEXTS, CodesState),
                rx.fragment(
                    _missing(),
                    rx.cond(CodesState.has_codes, print_panel(TEXTS, CodesState), _nothing()),
                    code_groups(TEXTS, CodesState, CodeFormState),
                ),
            ),
            class_name="secs",
        ),
    )


def _nothing() -> rx.Component:
    return empty(
        "qr-code",
        TEXTS["empty_title"],
        TEXTS["empty_text"],
        rx.cond(
            CodesState.may_edit,
            rx.el.a(TEXTS["set_up_tables"], href=addresses.STAFF_TABLES, class_name="b pri"),
            rx.fragment(),
        ),
    )


def _missing() -> rx.Component:
    return rx.cond(
        CodesState.missing != "",
        rx.el.div(
            icon("triangle-alert"),
            rx.el.span(CodesState.missing, class_name="grow"),
            rx.cond(
                CodesState.may_edit,
                rx.el.button(
                    TEXTS["make_missing"],
                    type="button",
                    class_name="b sec",
                    on_click=CodesState.make_missing,
                    custom_attrs={"data-testid": "codes-make"},
                ),
                rx.fragment(),
            ),
            class_name="notice warn missing",
        ),
        rx.fragment(),
    )


def _form() -> rx.Component:
    state = CodeFormState
    return rx.fragment(
        form_head(TEXTS["title"], TEXTS["back"], state.leave),
        code_form(TEXTS, state, id="code-form"),
        savebar(
            form_id="code-form",
            is_dirty=state.is_dirty,
            not_saved=TEXTS["not_saved"],
            discard=TEXTS["discard"],
            save=TEXTS["save"],
            on_discard=state.leave,
        ),
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_CODES,
        title="Codes · SmartMenu",
        on_load=[FrameState.enter, CodesState.enter],
    )
