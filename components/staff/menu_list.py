"""The menu's lists: sections with dishes, and what was taken off."""

from dataclasses import dataclass
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


def views(texts: Texts, view: Any, on_view: Any, *, may_edit: Any) -> rx.Component:
    """Which list is shown."""

    def button(name: str) -> rx.Component:
        return rx.el.button(
            texts[name],
            type="button",
            class_name=rx.cond(view == name, "on", ""),
            on_click=on_view(name),
            custom_attrs={"aria-pressed": rx.cond(view == name, "true", "false")},
        )

    return rx.el.div(
        button("dishes"),
        button("groups"),
        rx.cond(may_edit, button("archive"), rx.fragment()),
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


@dataclass(frozen=True)
class DishHandlers:
    """What can be done in the list of dishes."""

    sold_out: Any
    open_category: Any
    move_category: Any
    open_dish: Any
    move_dish: Any
    add_dish: Any
    add_category: Any


def dish_lists(
    texts: Texts, categories: Any, *, may_edit: Any, search: Any, on: DishHandlers
) -> rx.Component:
    """Every section with its dishes."""
    is_sortable = may_edit & (search == "")
    return rx.cond(
        categories.length() > 0,
        rx.el.div(
            rx.foreach(
                categories,
                lambda category: _section(
                    texts, category, may_edit=may_edit, is_sortable=is_sortable, on=on
                ),
            ),
            class_name="secs",
        ),
        rx.cond(
            search != "",
            nothing_found(texts),
            rx.cond(
                may_edit,
                empty(
                    "book-open",
                    texts["empty_title"],
                    texts["empty_text"],
                    add_first(texts["add_category"], on.add_category),
                ),
                empty("book-open", texts["empty_title"], texts["empty_for_staff"]),
            ),
        ),
    )


def sold_out_switch(texts: Texts, row: Any, on_sold_out: Any, **hooks: str) -> rx.Component:
    """Whether a dish or an answer is sold out."""
    return rx.el.label(
        rx.el.span(texts["sold_out"]),
        rx.el.input(
            type="checkbox",
            role="switch",
            checked=row.is_sold_out,
            on_change=lambda on: on_sold_out(row.id, on),
            custom_attrs={"aria-label": f"{texts['sold_out']}: {row.name}"} | hooks,
        ),
        class_name="switch sold",
    )


def add_first(words: Any, on_add: Any) -> rx.Component:
    """The button of an empty list."""
    return rx.el.button(icon("plus", 18), words, type="button", class_name="b pri", on_click=on_add)


def nothing_found(texts: Texts) -> rx.Component:
    """No entry holds the text somebody looks for."""
    return empty("search", texts["nothing_title"], texts["nothing_text"])


def _section(
    texts: Texts, category: Any, *, may_edit: Any, is_sortable: Any, on: DishHandlers
) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h2(category.name),
            rx.el.span(category.hours, class_name="hint num"),
            rx.el.span(class_name="grow"),
            rx.cond(is_sortable, mover(texts, category, on.move_category), rx.fragment()),
            rx.cond(may_edit, _section_tools(texts, category, on), rx.fragment()),
            class_name="sec-head",
        ),
        rx.cond(
            category.dishes.length() > 0,
            rx.el.ul(
                rx.foreach(
                    category.dishes,
                    lambda dish: _dish(
                        texts, dish, may_edit=may_edit, is_sortable=is_sortable, on=on
                    ),
                ),
                class_name="card list",
            ),
            rx.el.p(texts["empty_section"], class_name="card pad mut"),
        ),
        key=category.id,
        custom_attrs={"data-category": category.name},
    )


def _section_tools(texts: Texts, category: Any, on: DishHandlers) -> rx.Component:
    return rx.fragment(
        icon_button("pencil", f"{texts['edit']}: {category.name}", on.open_category(category.id)),
        rx.el.button(
            icon("plus", 18),
            texts["add_dish"],
            type="button",
            class_name="b sec",
            on_click=on.add_dish(category.id),
        ),
    )


def _dish(
    texts: Texts, dish: Any, *, may_edit: Any, is_sortable: Any, on: DishHandlers
) -> rx.Component:
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
        rx.cond(is_sortable, mover(texts, dish, on.move_dish), rx.fragment()),
        rx.cond(
            may_edit,
            icon_button("pencil", f"{texts['edit']}: {dish.name}", on.open_dish(dish.id)),
            rx.fragment(),
        ),
        sold_out_switch(texts, dish, on.sold_out, **{"data-testid": "sold-out"}),
        key=dish.id,
        custom_attrs={"data-dish": dish.name, "data-dish-id": dish.id},
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
