"""The plan of the room, every table coloured by one number and carrying it."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.vars import ArrayVar

from components.icons import icon
from components.staff.floor_ground import ground
from components.texts import Texts


@dataclass(frozen=True)
class HeatVars:
    """What the coloured plan shows: Vars of its state, and its handlers."""

    texts: Texts
    measures: Any
    measure: rx.Var[str]
    areas: Any
    decor: ArrayVar[list[Any]]
    tables: Any
    view: Any
    chosen_id: rx.Var[str]
    detail: Any
    on_measure: Any
    on_table: Any
    on_close: Any


def heat_card(h: HeatVars) -> rx.Component:
    """Measure, plan and legend."""
    return rx.el.section(
        rx.el.header(
            rx.el.h2(h.texts["heat"]),
            rx.el.span(class_name="grow"),
            rx.el.label(
                rx.el.span(h.texts["measure"], class_name="hint"),
                rx.el.select(
                    rx.foreach(
                        h.measures, lambda one: rx.el.option(one.name, value=one.key, key=one.key)
                    ),
                    value=h.measure,
                    on_change=h.on_measure,
                    class_name="inp",
                    custom_attrs={"data-testid": "heat-measure"},
                ),
                class_name="pick",
            ),
        ),
        rx.el.div(
            rx.el.div(
                ground(h.areas, h.decor),
                rx.foreach(h.tables, lambda table: _table(table, h)),
                class_name="plan",
                custom_attrs={"style": h.view},
            ),
            class_name="floor fit heatplan",
            custom_attrs={"data-testid": "heat-plan"},
        ),
        rx.foreach(h.measures, lambda one: rx.cond(one.key == h.measure, _legend(one), _none())),
        class_name="card ch heatcard",
    )


def _none() -> rx.Component:
    return rx.fragment()


def _table(table: Any, h: HeatVars) -> rx.Component:
    cell = table.cells[h.measure]
    return rx.el.button(
        rx.el.span(table.number, class_name="n num"),
        rx.el.span(cell.text, class_name="v num"),
        type="button",
        class_name=f"tb {table.shape} {cell.look}{rx.cond(h.chosen_id == table.id, ' sel', '')}",
        on_click=h.on_table(table.id),
        key=table.id,
        custom_attrs={
            "style": table.style,
            "aria-label": cell.label,
            "data-testid": "heat-table",
            "data-table": table.number,
            "data-level": cell.look,
        },
    )


def _legend(measure: Any) -> rx.Component:
    return rx.el.div(
        rx.el.ul(
            rx.foreach(
                measure.steps,
                lambda step: rx.el.li(
                    rx.el.i(class_name=step.look), rx.el.span(step.text), key=step.key
                ),
            ),
            class_name="steps num",
        ),
        rx.el.p(measure.meaning, class_name="hint"),
        class_name="heatlegend",
        key=measure.key,
    )


def detail_card(h: HeatVars) -> rx.Component:
    """The chosen table; before that, what to do."""
    detail = h.detail
    return rx.cond(
        h.chosen_id != "",
        rx.el.section(
            rx.el.header(
                rx.el.h2(h.texts["as_table"], " ", detail.number),
                rx.el.span(class_name="grow"),
                rx.el.button(
                    icon("x"),
                    type="button",
                    class_name="b gh sq",
                    on_click=h.on_close,
                    custom_attrs={"aria-label": h.texts["close"], "data-testid": "detail-close"},
                ),
            ),
            rx.el.p(detail.caption, class_name="hint"),
            rx.cond(detail.note != "", rx.el.p(detail.note, class_name="chip warn"), _none()),
            rx.el.dl(
                rx.foreach(
                    detail.lines,
                    lambda line: rx.el.div(
                        rx.el.dt(line.name),
                        rx.el.dd(line.cells[0], rx.el.small(line.note)),
                        key=line.key,
                    ),
                ),
                class_name="num facts",
            ),
            rx.el.h3(h.texts["peaks"]),
            rx.cond(
                detail.peaks.length() > 0,
                rx.el.ol(
                    rx.foreach(
                        detail.peaks,
                        lambda peak: rx.el.li(
                            rx.el.b(peak.text, class_name=peak.look),
                            rx.el.span(peak.key),
                            key=peak.key,
                            custom_attrs={"aria-label": peak.label},
                        ),
                    ),
                    class_name="peaks num",
                ),
                rx.el.p(h.texts["no_data"], class_name="hint"),
            ),
            class_name="card ch",
            custom_attrs={"data-testid": "table-detail"},
        ),
        _none(),
    )
