"""The menu's questions with their answers, each with its sold-out switch."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.staff.forms import empty
from components.staff.menu_list import (
    add_first,
    icon_button,
    mover,
    nothing_found,
    sold_out_switch,
)
from components.texts import Texts


@dataclass(frozen=True)
class ChoiceHandlers:
    """What can be done in the list of questions."""

    sold_out: Any
    open: Any
    move: Any
    add: Any


def choice_list(
    texts: Texts, groups: Any, *, may_edit: Any, search: Any, on: ChoiceHandlers
) -> rx.Component:
    """The questions that dishes may ask."""
    is_sortable = may_edit & (search == "")
    return rx.cond(
        groups.length() > 0,
        rx.el.div(
            rx.cond(
                may_edit,
                rx.el.p(texts["groups_help"], class_name="mut"),
                rx.el.p(texts["groups_switch_help"], class_name="mut"),
            ),
            rx.foreach(
                groups,
                lambda group: _question(
                    texts, group, may_edit=may_edit, is_sortable=is_sortable, on=on
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
                    "list",
                    texts["groups_empty_title"],
                    texts["groups_empty_text"],
                    add_first(texts["add_group"], on.add),
                ),
                empty("list", texts["groups_empty_title"], texts["empty_for_staff"]),
            ),
        ),
    )


def _question(
    texts: Texts, group: Any, *, may_edit: Any, is_sortable: Any, on: ChoiceHandlers
) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h2(group.name),
            rx.el.span(group.rule, " · ", group.used, class_name="hint"),
            rx.el.span(class_name="grow"),
            rx.cond(is_sortable, mover(texts, group, on.move), rx.fragment()),
            rx.cond(
                may_edit,
                icon_button("pencil", f"{texts['edit']}: {group.name}", on.open(group.id)),
                rx.fragment(),
            ),
            class_name="sec-head",
        ),
        rx.el.ul(
            rx.foreach(group.answers, lambda answer: _answer(texts, answer, on.sold_out)),
            class_name="card list",
        ),
        key=group.id,
        custom_attrs={"data-group": group.name},
    )


def _answer(texts: Texts, answer: Any, on_sold_out: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            rx.el.b(answer.name, class_name=rx.cond(answer.is_sold_out, "is-off", "")),
            rx.cond(answer.price != "", rx.el.small(answer.price, class_name="num"), rx.fragment()),
            class_name="grow",
        ),
        sold_out_switch(texts, answer, on_sold_out, **{"data-testid": "answer-sold-out"}),
        key=answer.id,
        custom_attrs={"data-modifier-id": answer.id},
    )
