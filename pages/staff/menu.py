"""The menu's screen: sold-out switches for everybody, lists and forms for those who edit it."""

import reflex as rx

from components.icons import icon
from components.staff.forms import savebar, skeleton
from components.staff.menu_choices import ChoiceHandlers, choice_list
from components.staff.menu_dish import dish_form
from components.staff.menu_forms import archive_button, category_form, form_head
from components.staff.menu_group import group_form
from components.staff.menu_list import (
    DishHandlers,
    archive_list,
    dish_lists,
    search_field,
    views,
)
from components.staff.pictures import form_script
from components.staff.shell import staff_page
from pages.staff.frame import frame
from services.base import addresses
from state.staff.frame import FrameState
from state.staff.menu_category import CategoryFormState
from state.staff.menu_dish import DishFormState
from state.staff.menu_editor import MenuEditorState
from state.staff.menu_group import GroupFormState

TEXTS = MenuEditorState.texts


def page() -> rx.Component:
    """One list or one form at a time."""
    return staff_page(
        frame(is_ready=MenuEditorState.is_ready, on_undo=MenuEditorState.undo),
        rx.el.main(
            rx.cond(
                MenuEditorState.is_ready,
                rx.match(
                    MenuEditorState.view,
                    ("dish", _dish()),
                    ("category", _category()),
                    ("group", _group()),
                    _lists(),
                ),
                skeleton(FrameState.texts["loading"]),
            ),
            form_script(),
            class_name="main",
        ),
        active="menu",
    )


def _lists() -> rx.Component:
    editor = MenuEditorState
    return rx.fragment(
        rx.el.header(
            rx.el.h1(TEXTS["title"]),
            rx.el.span(editor.summary, class_name="hint", role="status"),
            rx.el.span(class_name="grow"),
            rx.cond(editor.may_edit, _add_button(), rx.fragment()),
            class_name="ph",
        ),
        rx.el.div(
            search_field(TEXTS, editor.find),
            views(TEXTS, editor.view, editor.look_at, may_edit=editor.may_edit),
            class_name="fil",
        ),
        rx.match(
            editor.view,
            (
                "groups",
                choice_list(
                    TEXTS,
                    editor.groups,
                    may_edit=editor.may_edit,
                    search=editor.search,
                    on=ChoiceHandlers(
                        sold_out=editor.set_answer_sold_out,
                        open=GroupFormState.open,
                        move=editor.move_group,
                        add=GroupFormState.start,
                    ),
                ),
            ),
            ("archive", archive_list(TEXTS, editor.archived, on_restore=editor.restore)),
            dish_lists(
                TEXTS,
                editor.categories,
                may_edit=editor.may_edit,
                search=editor.search,
                on=DishHandlers(
                    sold_out=editor.set_sold_out,
                    open_category=CategoryFormState.open,
                    move_category=editor.move_category,
                    open_dish=DishFormState.open,
                    move_dish=editor.move_dish,
                    add_dish=DishFormState.start,
                    add_category=CategoryFormState.start,
                ),
            ),
        ),
    )


def _add_button() -> rx.Component:
    is_groups = MenuEditorState.view == "groups"
    return rx.el.button(
        icon("plus", 18),
        rx.cond(is_groups, TEXTS["add_group"], TEXTS["add_category"]),
        type="button",
        class_name="b pri",
        on_click=rx.cond(is_groups, GroupFormState.start(), CategoryFormState.start()),
        custom_attrs={"data-testid": "add"},
    )


def _dish() -> rx.Component:
    state = DishFormState
    return rx.fragment(
        form_head(
            rx.cond(state.dish.name != "", state.dish.name, TEXTS["new_dish"]),
            TEXTS["back"],
            state.leave,
            archive_button(
                TEXTS, state.dish.id != "", MenuEditorState.archive("dish", state.dish.id)
            ),
        ),
        dish_form(TEXTS, state, id="dish-form"),
        _savebar(state, "dish-form"),
    )


def _category() -> rx.Component:
    state = CategoryFormState
    return rx.fragment(
        form_head(
            rx.cond(state.category.name != "", state.category.name, TEXTS["new_category"]),
            TEXTS["back"],
            state.leave,
            archive_button(
                TEXTS,
                state.category.id != "",
                MenuEditorState.archive("category", state.category.id),
            ),
        ),
        category_form(TEXTS, state, id="category-form"),
        _savebar(state, "category-form"),
    )


def _group() -> rx.Component:
    state = GroupFormState
    return rx.fragment(
        form_head(
            rx.cond(state.group.name != "", state.group.name, TEXTS["new_group"]),
            TEXTS["back"],
            state.leave,
            archive_button(
                TEXTS, state.group.id != "", MenuEditorState.archive("group", state.group.id)
            ),
        ),
        group_form(TEXTS, state, id="group-form"),
        _savebar(state, "group-form"),
    )


def _savebar(state: type[rx.State], form_id: str) -> rx.Component:
    return savebar(
        form_id=form_id,
        is_dirty=state.is_dirty,
        not_saved=TEXTS["not_saved"],
        discard=TEXTS["discard"],
        save=TEXTS["save"],
        on_discard=state.leave,
    )


def register(app: rx.App) -> None:
    """Add the page."""
    app.add_page(
        page,
        route=addresses.STAFF_MENU,
        title="Menu · SmartMenu",
        on_load=[FrameState.enter, MenuEditorState.live],
    )
