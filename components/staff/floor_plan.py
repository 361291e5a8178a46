"""The room drawn from its plan, scaled by the sheet alone.

Every place is a custom property in centimetres of the plan.
"""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.vars import StringVar

from components.connection import is_offline
from components.icons import icon
from components.texts import Texts


@dataclass(frozen=True)
class PlanVars:
    """What is drawn: Vars of the floor's state, and its handlers."""

    title: rx.Var[str]
    areas: Any
    tables: Any
    view: rx.Var[dict[str, str]]
    area_id: rx.Var[str]
    chosen_id: rx.Var[str]
    search: StringVar
    on_open: Any


def plan(floor: PlanVars) -> rx.Component:
    """Areas, chairs and tables; greyed while the connection is gone."""
    return rx.el.div(
        rx.el.h2(floor.title, class_name="sr"),
        rx.el.div(
            rx.foreach(floor.areas, lambda area: _zone(area, floor)),
            rx.foreach(floor.tables, lambda table: _chairs(table, floor)),
            rx.foreach(floor.tables, lambda table: _table(table, floor)),
            class_name="plan",
            custom_attrs={"style": floor.view},
        ),
        class_name=rx.cond(is_offline, "floor fit stale", "floor fit"),
    )


def _away(area_id: Any, floor: PlanVars) -> Any:
    """Whether another area has been chosen: still in the document, but neither seen nor reached."""
    return (floor.area_id != "") & (floor.area_id != area_id)


def _zone(area: Any, floor: PlanVars) -> rx.Component:
    away = rx.cond(_away(area.id, floor), " away", "")
    return rx.el.div(
        rx.el.h3(area.name, " ", rx.el.small(area.caption)),
        class_name=f"zone {area.look}{away}",
        key=area.id,
        custom_attrs={"style": area.style},
    )


def _chairs(table: Any, floor: PlanVars) -> rx.Component:
    away = rx.cond(_away(table.area_id, floor), " away", "")
    return rx.fragment(
        rx.foreach(
            table.chairs,
            lambda chair: rx.el.i(
                class_name=f"st {table.look} {chair.look}{away}",
                key=chair.key,
                custom_attrs={"style": chair.style},
            ),
        ),
        key=table.id,
    )


def is_hit(table: Any, search: StringVar) -> Any:
    """Whether the words somebody typed are in the table's number, name or guests."""
    return (search == "") | table.haystack.contains(search.lower())


def _table(table: Any, floor: PlanVars) -> rx.Component:
    classes = (
        f"tb {table.shape} {table.look}"
        f"{rx.cond(table.is_late, ' late', '')}"
        f"{rx.cond(floor.chosen_id == table.id, ' sel', '')}"
        f"{rx.cond(is_hit(table, floor.search), '', ' dim')}"
        f"{rx.cond(_away(table.area_id, floor), ' away', '')}"
    )
    return rx.el.button(
        rx.el.span(table.number, class_name="n num"),
        rx.el.span(icon(table.icon, 16), rx.el.span(table.word), class_name="w"),
        timer(table),
        rx.cond(
            table.order_count > 0,
            rx.el.span(
                icon("clipboard-list", 16),
                table.order_count,
                class_name=rx.cond(table.has_new, "ob num new", "ob num"),
            ),
        ),
        type="button",
        class_name=classes,
        key=table.id,
        # On a wall nobody touches anything: tables are only looked at.
        **({"on_click": floor.on_open(table.id)} if floor.on_open is not None else {}),
        custom_attrs={
            "style": table.style,
            "aria-label": table.label,
            "data-testid": "floor-table",
            "data-table": table.number,
            "data-status": table.status,
            "data-orders": table.order_count.to_string(),
        },
    )


def timer(table: Any) -> rx.Component:
    """Minutes since what the table waits for; on a reserved one, when its party comes."""
    return rx.cond(
        table.since != "",
        rx.el.span(
            table.minutes_text,
            class_name="t num",
            custom_attrs={"data-since": table.since, "data-late": table.late_minutes},
        ),
        rx.cond(
            table.reserved_text != "",
            rx.el.span(table.reserved_text, class_name="t num"),
            rx.fragment(),
        ),
    )


def table_list(floor: PlanVars, texts: Texts) -> rx.Component:
    """The same tables as rows, for phones and for whoever prefers a list."""
    return rx.el.ul(
        rx.foreach(
            floor.tables,
            lambda table: rx.cond(
                is_hit(table, floor.search) & ~_away(table.area_id, floor),
                rx.el.li(_row(table, floor), key=table.id),
                rx.fragment(),
            ),
        ),
        class_name=rx.cond(is_offline, "tlist stale", "tlist"),
        custom_attrs={"aria-label": texts["title"]},
    )


def _row(table: Any, floor: PlanVars) -> rx.Component:
    return rx.el.button(
        rx.el.span(table.number, class_name="n num"),
        rx.el.span(
            rx.el.b(icon(table.icon, 16), table.word),
            rx.el.small(table.row_caption),
        ),
        rx.el.span(
            rx.cond(
                table.order_count > 0,
                rx.el.span(
                    icon("clipboard-list", 16),
                    table.order_count,
                    class_name=rx.cond(table.has_new, "ob num new", "ob num"),
                ),
            ),
            timer(table),
            class_name="trow-end",
        ),
        type="button",
        class_name=f"trow {table.look}{rx.cond(table.is_late, ' late', '')}",
        on_click=floor.on_open(table.id),
        custom_attrs={
            "aria-label": table.label,
            "data-testid": "floor-row",
            "data-row-table": table.number,
        },
    )


def legend(entries: Any) -> rx.Component:
    """Every state with its count."""
    return rx.foreach(
        entries,
        lambda entry: rx.el.span(
            rx.el.span(icon(entry.icon, 16), class_name="sw"),
            rx.el.span(entry.word, " ", rx.el.b(entry.count, class_name="num")),
            class_name=f"lg {entry.look}",
            key=entry.look,
        ),
    )
