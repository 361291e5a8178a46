"""Above and below the plan: areas, counts, search, and how else the room can be looked at."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.vars import NumberVar

from components.icons import icon
from components.staff.floor_calls import sound_button
from components.texts import Texts
from services.base import addresses

# Key of the word, icon, where it leads.
_PLACES = (
    ("replay", "history", addresses.STAFF_REPLAY),
    ("analytics", "trending-up", addresses.STAFF_ROOM_STATS),
)


@dataclass(frozen=True)
class BarVars:
    """Vars of the floor's state, and its handlers."""

    texts: Texts
    areas: Any
    area_id: rx.Var[str]
    table_count: NumberVar[int]
    guest_count: rx.Var[int]
    available_text: rx.Var[str]
    is_list: rx.Var[bool]
    only_mine: rx.Var[bool]
    on_choose_area: Any
    on_search: Any
    on_find: Any
    on_toggle_list: Any
    on_toggle_mine: Any


def tools(bar: BarVars) -> rx.Component:
    """Areas, counts, search, whose tables, sound."""
    texts = bar.texts
    return rx.fragment(
        _areas(bar),
        rx.el.span(class_name="grow"),
        _count(bar.guest_count, texts["guests"]),
        _count(bar.available_text, texts["available_of"]),
        _search(bar),
        _mine(bar),
        sound_button(texts),
    )


def other_looks(bar: BarVars) -> rx.Component:
    """The room as a list, in the past, in numbers, on a wall."""
    texts = bar.texts
    return rx.el.div(
        rx.el.button(
            icon(rx.cond(bar.is_list, "armchair", "list")),
            type="button",
            class_name="b gh sq as-toggle",
            on_click=bar.on_toggle_list,
            custom_attrs={
                "aria-label": rx.cond(bar.is_list, texts["plan"], texts["list"]),
                "data-testid": "floor-toggle-list",
            },
        ),
        *(_link(key, texts[key], drawing, href) for key, drawing, href in _PLACES),
        _link("wall", texts["wall"], "maximize", f"{addresses.STAFF_FLOOR}?wall=1", " wall-link"),
        class_name="looks",
    )


def _areas(bar: BarVars) -> rx.Component:
    """One tab an area; the first shows the whole room."""
    return rx.el.div(
        _area(bar, "", bar.texts["all"], bar.table_count),
        rx.foreach(bar.areas, lambda area: _area(bar, area.id, area.name, area.table_count)),
        class_name="seg",
        role="group",
        custom_attrs={"aria-label": bar.texts["areas"]},
    )


def _area(bar: BarVars, area_id: Any, name: Any, count: Any) -> rx.Component:
    is_on = bar.area_id == area_id
    return rx.el.button(
        name,
        rx.el.small(count, class_name="num"),
        type="button",
        class_name=rx.cond(is_on, "on", ""),
        on_click=bar.on_choose_area(area_id),
        key=f"area-{area_id}",
        custom_attrs={
            "aria-pressed": rx.cond(is_on, "true", "false"),
            "data-testid": "floor-area",
        },
    )


def _count(number: Any, word: Any) -> rx.Component:
    return rx.el.div(rx.el.b(number, class_name="num"), rx.el.span(word), class_name="stat")


def _search(bar: BarVars) -> rx.Component:
    """A number or a guest; Enter opens the table that is found."""
    word = bar.texts["search"]
    return rx.el.form(
        rx.el.label(
            icon("search", 18),
            rx.el.input(
                type="search",
                name="words",
                placeholder=word,
                on_change=bar.on_search,
                auto_complete="off",
                custom_attrs={"aria-label": word, "data-testid": "floor-search"},
            ),
            class_name="fld",
        ),
        on_submit=bar.on_find,
        class_name="floor-search",
        role="search",
    )


def _mine(bar: BarVars) -> rx.Component:
    word = bar.texts["my_tables"]
    return rx.el.button(
        icon("user"),
        rx.el.span(word, class_name="long"),
        type="button",
        class_name=rx.cond(bar.only_mine, "b tint mine", "b sec mine"),
        on_click=bar.on_toggle_mine,
        custom_attrs={
            "aria-label": word,
            "aria-pressed": rx.cond(bar.only_mine, "true", "false"),
            "data-testid": "my-tables",
        },
    )


def _link(key: str, word: Any, drawing: str, href: str, more: str = "") -> rx.Component:
    return rx.el.a(
        icon(drawing),
        href=href,
        class_name=f"b gh sq{more}",
        custom_attrs={"aria-label": word, "data-testid": f"floor-{key}"},
    )
