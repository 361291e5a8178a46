"""The room drawn from its plan, scaled by the sheet alone: ground, tables, list, legend."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.vars import ArrayVar

from components.connection import is_offline
from components.icons import icon
from components.staff.floor_ground import ground
from components.staff.live_tables.component import LiveRows, LiveTables
from components.texts import Texts


@dataclass(frozen=True)
class PlanVars:
    """What is drawn: Vars of the floor's state, and its handlers."""

    title: rx.Var[str]
    areas: Any
    decor: ArrayVar[list[Any]]
    places: Any
    news: Any
    ties: Any
    view: rx.Var[dict[str, str]]
    area_id: rx.Var[str]
    chosen_id: rx.Var[str]
    search: rx.Var[str]
    # Whose tables step forward; empty for everybody's.
    mine: rx.Var[str]
    on_gap: Any
    # None on a wall: there nobody touches anything.
    on_open: Any


def plan(floor: PlanVars) -> rx.Component:
    """Ground, bands, chairs and tables; greyed while the connection is gone."""
    return rx.el.div(
        rx.el.h2(floor.title, class_name="sr"),
        rx.el.div(
            ground(floor.areas, floor.decor, floor.area_id),
            rx.foreach(floor.ties, lambda tie: _tie(tie, floor)),
            LiveTables.create(chosen_id=floor.chosen_id, **_tables(floor)),
            class_name="plan",
            custom_attrs={"style": floor.view},
        ),
        class_name=rx.cond(is_offline, "floor fit stale", "floor fit"),
    )


def table_list(floor: PlanVars, texts: Texts) -> rx.Component:
    """The same tables as rows, for phones and for whoever prefers a list."""
    return LiveRows.create(label=texts["title"], offline=is_offline, **_tables(floor))


def _tables(floor: PlanVars) -> dict[str, Any]:
    events = {"on_open": floor.on_open} if floor.on_open is not None else {}
    return {
        "places": floor.places,
        "news": floor.news,
        "area_id": floor.area_id,
        "search": floor.search,
        "mine": floor.mine,
        "on_gap": floor.on_gap,
        **events,
    }


def _tie(tie: Any, floor: PlanVars) -> rx.Component:
    """The band between two tables of one party."""
    away = rx.cond((floor.area_id != "") & (floor.area_id != tie.area_id), " away", "")
    return rx.el.i(class_name=f"tie{away}", key=tie.key, custom_attrs={"style": tie.style})


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
