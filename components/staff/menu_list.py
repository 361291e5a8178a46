"""The menu's lists: sections with dishes, questions, and what was taken off."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import empty
from components.texts import Texts


def icon_button(name: str, words: Any, on_click: Any, **attrs: Any) -> rx.Component:
    """A button that is an icon alone."""
    return rx.el.button(
        icon(name, 18),
        type="button",
        class_name="b gh sq",
        on_click=on_click,
        disabled=attrs.pop("disabled", False),
        custom_attrs={"aria-label": words, "title": words} | attrs,
    )


def mover(texts: Texts, item: Any, handler: Any) -> rx.Component:
    """Two buttons that move something one place."""
    return rx.el.span(
        icon_button(
            "chevron-up",
            f"{texts['up']}: {item.name}",
            handler(item.id, -1),
            disabled=item.is_first,
        ),
        icon_button(
            "chevron-down",
            f"{texts['down']}: {item.name}",
            handler(item.id, 1),
            disabled=item.is_last,
        ),
        class_name="movers",
    )


def views(texts: Texts, view: Any, on_view: Any) -> rx.Component:
    """Which list is shown."""
    return rx.el.div(
        *(
            rx.el.button(
                texts[name],
                type="button",
                class_name=rx.cond(view == name, "on", ""),
                on_click=on_view(name),
                custom_attrs={"aria-pressed": rx.cond(view == name, "true", "false")},
            )
            for name in ("dishes", "groups", "archive")
        ),
        class_name="seg",
    )


def search_field(texts: Texts, on_find: Any) -> rx.Component:
    """Search while typing."""
    return rx.el.label(
        icon("search", 18),
        rx.el.input(
            type="search",
            placeholder=texts["search"],
            on_change=on_find.debounce(200),
            max_length=80,
            custom_attrs={"aria-label": texts["search_label"], "data-testid": "menu-search"},
        ),
        class_name="fld",
    )


def dish_lists(
    texts: Texts,
    categories: Any,
    *,
    may_edit: Any,
    search: Any,
    on_sold_out: Any,
    on_open_category: Any,
    on_move_category: Any,
    on_open_dish: Any,
    on_move_dish: Any,
    on_add_dish: Any,
    on_add_category: Any,
) -> rx.Component:
    """Every section with its dishes."""
    is_sortable = may_edit & (search == "")

    def dish_row(dish: Any) -> rx.Component:
        return rx.el.li(
            rx.cond(
                dish.picture != "",
                rx.el.img(src=dish.picture, alt="", class_name="thumb", loading="lazy", width="44"),
                rx.fragment(),
            ),
            rx.el.span(
                rx.el.b(dish.name, class_name=rx.cond(dish.is_sold_out, "is-off", "")),
                rx.el.small(
                    rx.el.span(dish.price, class_name="num"),
                    rx.cond(dish.is_popular, rx.fragment(" · ", texts["popular"]), rx.fragment()),
                    rx.cond(dish.returns != "", rx.fragment(" · ", dish.returns), rx.fragment()),
                ),
                class_name="grow",
            ),
            rx.cond(is_sortable, mover(texts, dish, on_move_dish), rx.fragment()),
            rx.cond(
                may_edit,
                icon_button("pencil", f"{texts['edit']}: {dish.name}", on_open_dish(dish.id)),
                rx.fragment(),
            ),
            rx.el.label(
                rx.el.span(texts["sold_out"]),
                rx.el.input(
                    type="checkbox",
                    role="switch",
                    checked=dish.is_sold_out,
                    on_change=lambda on: on_sold_out(dish.id, on),
                    custom_attrs={
                        "aria-label": f"{texts['sold_out']}: {dish.name}",
                        "data-testid": "sold-out",
                    },
                ),
                class_name="switch sold",
            ),
            key=dish.id,
            custom_attrs={"data-dish": dish.name, "data-dish-id": dish.id},
        )

    def section_card(category: Any) -> rx.Component:
        return rx.el.section(
            rx.el.header(
                rx.el.h2(category.name),
                rx.el.span(category.hours, class_name="hint num"),
                rx.el.span(class_name="grow"),
                rx.cond(is_sortable, mover(texts, category, on_move_category), rx.fragment()),
                rx.cond(
                    may_edit,
                    rx.fragment(
                        icon_button(
                            "pencil",
                            f"{texts['edit']}: {category.name}",
                            on_open_category(category.id),
                        ),
                        rx.el.button(
                            icon("plus", 18),
                            texts["add_dish"],
                            type="button",
                            class_name="b sec",
                            on_click=on_add_dish(category.id),
                        ),
                    ),
                    rx.fragment(),
                ),
                class_name="sec-head",
            ),
            rx.cond(
                category.dishes.length() > 0,
                rx.el.ul(rx.foreach(category.dishes, dish_row), class_name="card list"),
                rx.el.p(texts["empty_section"], class_name="card pad mut"),
            ),
            key=category.id,
            custom_attrs={"data-category": category.name},
        )

    return rx.cond(
        categories.length() > 0,
        rx.el.div(rx.foreach(categories, section_card), class_name="secs"),
        rx.cond(
            search != "",
            empty("search", texts["nothing_title"], texts["nothing_text"]),
            rx.cond(
                may_edit,
                empty(
                    "book-open",
                    texts["empty_title"],
                    texts["empty_text"],
                    rx.el.button(
                        icon("plus", 18),
                        texts["add_category"],
                        type="button",
                        class_name="b pri",
                        on_click=on_add_category,
                    ),
                ),
                empty("book-open", texts["empty_title"], texts["empty_for_staff"]),
            ),
        ),
    )


def group_list(
    texts: Texts, groups: Any, *, on_open: Any, on_move: Any, on_add: Any
) -> rx.Component:
    """The questions that dishes may ask."""
    return rx.cond(
        groups.length() > 0,
        rx.el.div(
            rx.el.p(texts["groups_help"], class_name="mut"),
            rx.el.ul(
                rx.foreach(
                    groups,
                    lambda group: rx.el.li(
                        rx.el.span(
                            rx.el.b(group.name),
                            rx.el.small(group.rule, " · ", group.answers, " · ", group.used),
                            class_name="grow",
                        ),
                        mover(texts, group, on_move),
                        icon_button("pencil", f"{texts['edit']}: {group.name}", on_open(group.id)),
                        key=group.id,
                    ),
                ),
                class_name="card list",
            ),
            class_name="secs",
        ),
        empty(
            "list",
            texts["groups_empty_title"],
            texts["groups_empty_text"],
            rx.el.button(
                icon("plus", 18),
                texts["add_group"],
                type="button",
                class_name="b pri",
                on_click=on_add,
            ),
        ),
    )


def archive_list(texts: Texts, archived: Any, *, on_restore: Any) -> rx.Component:
    """What was taken off and can be put back."""
    return rx.cond(
        archived.length() > 0,
        rx.el.div(
            rx.el.ul(
                rx.foreach(
                    archived,
                    lambda row: rx.el.li(
                        rx.el.span(rx.el.b(row.name), rx.el.small(row.note), class_name="grow"),
                        rx.el.button(
                            icon("undo-2", 18),
                            texts["restore"],
                            type="button",
                            class_name="b sec",
                            on_click=on_restore(row.kind, row.id),
                        ),
                        key=row.id,
                    ),
                ),
                class_name="card list",
            ),
            class_name="secs",
        ),
        empty("history", texts["archive_empty_title"], texts["archive_empty_text"]),
    )
