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
    ties: Any
    view: rx.Var[dict[str, str]]
    area_id: rx.Var[str]
    chosen_id: rx.Var[str]
    search: StringVar
    on_open: Any
    # Whose tables step forward; empty for everybody's.
    mine: StringVar


def plan(floor: PlanVars) -> rx.Component:
    """Areas, chairs and tables; greyed while the connection is gone."""
    return rx.el.div(
        rx.el.h2(floor.title, class_name="sr"),
        rx.el.div(
            rx.foreach(floor.areas, lambda area: _zone(area, floor)),
            rx.foreach(floor.ties, lambda tie: _tie(tie, floor)),
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


def _tie(tie: Any, floor: PlanVars) -> rx.Component:
    """The band between two tables of one party."""
    away = rx.cond(_away(tie.area_id, floor), " away", "")
    return rx.el.i(class_name=f"tie{away}", key=tie.key, custom_attrs={"style": tie.style})


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


def is_hit(table: Any, floor: PlanVars) -> Any:
    """Whether it has the words somebody typed, and is mine where only mine are asked for."""
    is_found = (floor.search == "") | table.haystack.contains(floor.search.lower())
    return is_found & ((floor.mine == "") | (floor.mine == table.waiter_id))


def _table(table: Any, floor: PlanVars) -> rx.Component:
    classes = (
        f"tb {table.shape} {table.look}"
        f"{rx.cond(table.is_late, ' late', '')}"
        f"{rx.cond(table.call_icon != '', ' calling', '')}"
        f"{rx.cond(floor.chosen_id == table.id, ' sel', '')}"
        f"{rx.cond(is_hit(table, floor), '', ' dim')}"
        f"{rx.cond(_away(table.area_id, floor), ' away', '')}"
    )
    return rx.el.button(
        rx.el.span(table.number, class_name="n num"),
        rx.el.span(icon(table.icon, 16), rx.el.span(table.word), class_name="w"),
        timer(table),
        flag(table),
        rx.cond(table.with_short != "", rx.el.span(table.with_short, class_name="wt num")),
        rx.cond(
            table.waiter_initials != "",
            rx.el.span(table.waiter_initials, class_name="wi"),
        ),
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
            "data-id": table.id,
            "data-call": rx.cond(table.call_icon != "", "true", "false"),
            "data-with": table.with_text,
        },
    )


def flag(table: Any) -> rx.Component:
    """Somebody at the table calls."""
    return rx.cond(
        table.call_icon != "",
        rx.el.span(icon(table.call_icon, 20), class_name="cf"),
        rx.fragment(),
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
                is_hit(table, floor) & ~_away(table.area_id, floor),
                rx.el.li(_row(table, floor), key=table.id),
                rx.fragment(),
            ),
        ),
        class_name=rx.cond(is_offline, "tlist stale", "tlist"),
        custom_attrs={"aria-label": texts["title"]},
    )


def _row(table: Any, floor: PlanVars) -> rx.Component:
    return rx.el.button(
        rx.el.span(table.number, flag(table), class_name="n num"),
        rx.el.span(
            rx.el.b(
                icon(table.icon, 16),
                table.word,
                rx.cond(
                    table.waiter_initials != "",
                    rx.el.span(table.waiter_initials, class_name="wi"),
                ),
            ),
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
        class_name=(
            f"trow {table.look}{rx.cond(table.is_late, ' late', '')}"
            f"{rx.cond(table.call_icon != '', ' calling', '')}"
        ),
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
