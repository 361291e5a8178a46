"""Analytics of tables and areas: cards, the coloured plan, suggestions, charts and tables."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.charts.chart import chart
from components.icons import icon
from components.staff.floor_places import floor_places
from components.staff.room_heat import HeatVars, detail_card, heat_card
from components.staff.shell import FrameVars
from components.texts import Texts
from services.base import addresses


@dataclass(frozen=True)
class RoomStatsVars:
    """What the page shows: Vars of its state, and its handlers."""

    texts: Texts
    is_ready: rx.Var[bool]
    has_tables: rx.Var[bool]
    has_hours: rx.Var[bool]
    first_day: rx.Var[str]
    last_day: rx.Var[str]
    today: rx.Var[str]
    span: Any
    spans: tuple[int, ...]
    span_text: rx.Var[str]
    before_text: rx.Var[str]
    counted_text: rx.Var[str]
    export_href: rx.Var[str]
    metrics: Any
    heat: HeatVars
    advice: Any
    trend: Any
    heads: Any
    table_lines: Any
    area_lines: Any
    week_heads: Any
    week: Any
    fit_heads: Any
    fit: Any
    services: Any
    service_id: rx.Var[str]
    best_note: rx.Var[str]
    best: Any
    on_span: Any
    on_days: Any
    on_service: Any


def room_stats(frame: FrameVars, s: RoomStatsVars) -> rx.Component:
    """The screen inside the frame."""
    return rx.el.main(
        *(
            rx.el.link(rel="stylesheet", href=href, custom_attrs={"precedence": "default"})
            for href in ("/charts.css", "/room.css")
        ),
        rx.el.header(
            floor_places(s.texts, "analytics"),
            rx.el.span(class_name="grow"),
            rx.el.a(
                icon("download", 18),
                rx.el.span(s.texts["export"]),
                href=s.export_href,
                class_name="b sec",
                custom_attrs={"data-testid": "export-csv", "download": "", "target": "_self"},
            ),
            class_name="bar",
        ),
        rx.cond(
            s.is_ready,
            rx.cond(s.has_tables, _content(s), _empty(s.texts)),
            rx.el.div(
                rx.el.span(frame.texts["loading"], class_name="sr"),
                *(rx.el.div(class_name="sk") for _ in range(6)),
                class_name="stats skstats",
                custom_attrs={"aria-busy": "true"},
            ),
        ),
        class_name="main roomstats",
    )


def _content(s: RoomStatsVars) -> rx.Component:
    texts = s.texts
    return rx.el.div(
        _head(s),
        rx.cond(s.has_hours, rx.fragment(), _no_hours(texts)),
        rx.el.div(rx.foreach(s.metrics, _metric), class_name="mets"),
        rx.el.div(
            heat_card(s.heat),
            rx.el.div(detail_card(s.heat), _advice(s), class_name="aside"),
            class_name="heatrow",
        ),
        rx.el.div(
            rx.el.section(
                _title(texts["trend"], s.before_text),
                chart(s.trend, texts, name="trend"),
                class_name="card ch",
            ),
            _service(s),
            class_name="pair",
        ),
        rx.el.div(
            _grid(texts["week"], texts["week_note"], s.week_heads, s.week, None, "week", texts),
            _grid(
                texts["fit"], texts["fit_note"], s.fit_heads, s.fit, texts["party"], "fit", texts
            ),
            class_name="pair",
        ),
        _lines(texts["areas"], texts["area"], s.heads, s.area_lines, "areas"),
        rx.el.section(
            _title(texts["best"], s.best_note),
            rx.el.ul(rx.foreach(s.best, _best), class_name="bests"),
            class_name="card ch",
            custom_attrs={"data-testid": "best-guests"},
        ),
        _lines(texts["tables"], texts["as_table"], s.heads, s.table_lines, "tables"),
        class_name="stats",
    )


def _head(s: RoomStatsVars) -> rx.Component:
    texts = s.texts
    return rx.el.div(
        rx.el.div(
            rx.el.h1(texts["title"]),
            rx.el.p(s.span_text, " · ", s.counted_text, class_name="hint"),
        ),
        rx.el.span(class_name="grow"),
        rx.el.div(
            *(
                rx.el.button(
                    rx.el.span(str(days)),
                    rx.el.small("d"),
                    type="button",
                    class_name=rx.cond(s.span == days, "on", ""),
                    on_click=s.on_span(days),
                    custom_attrs={
                        "aria-pressed": rx.cond(s.span == days, "true", "false"),
                        "data-testid": f"span-{days}",
                    },
                )
                for days in s.spans
            ),
            class_name="seg num",
            role="group",
            custom_attrs={"aria-label": texts["period"]},
        ),
        rx.el.form(
            _day("from", texts["from"], s.first_day, s.today),
            _day("to", texts["to"], s.last_day, s.today),
            rx.el.button(texts["show"], type="submit", class_name="b sec"),
            on_submit=s.on_days,
            class_name="range",
            custom_attrs={"data-testid": "date-range"},
        ),
        class_name="statshead",
    )


def _day(name: str, label: Any, value: Any, latest: Any) -> rx.Component:
    return rx.el.label(
        rx.el.span(label, class_name="sr"),
        # Anew with every span: React keeps what a native field holds.
        rx.el.input(type="date", name=name, default_value=value, max=latest, key=value),
        class_name="fld",
    )


def _no_hours(texts: Texts) -> rx.Component:
    return rx.el.div(
        icon("clock"),
        rx.el.div(
            texts["no_hours"],
            " ",
            rx.el.a(texts["no_hours_link"], href=addresses.STAFF_SETTINGS, class_name="lnk"),
        ),
        class_name="notice warn",
        custom_attrs={"data-testid": "no-hours"},
    )


def _metric(metric: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(
            metric.name,
            rx.el.span(
                icon("info", 14),
                class_name="tip",
                custom_attrs={
                    "tabIndex": "0",
                    "role": "note",
                    "aria-label": metric.meaning,
                    "data-tip": metric.meaning,
                },
            ),
        ),
        rx.el.b(metric.value, class_name=rx.cond(metric.look == "none", "v few", "v num")),
        rx.cond(
            metric.change != "",
            rx.el.span(metric.change, class_name=f"dl num {metric.look}"),
            rx.fragment(),
        ),
        rx.el.p(metric.before, class_name="cmp num"),
        class_name="card met",
        key=metric.key,
        custom_attrs={"data-testid": f"metric-{metric.key}"},
    )


def _title(title: Any, note: Any) -> rx.Component:
    return rx.el.header(rx.el.h2(title), rx.el.span(note, class_name="sub"))


def _advice(s: RoomStatsVars) -> rx.Component:
    return rx.el.section(
        rx.el.h2(s.texts["advice"]),
        rx.el.ul(
            rx.foreach(
                s.advice,
                lambda one: rx.el.li(
                    rx.el.span(icon(one.icon, 18), class_name="av a4"),
                    rx.el.div(rx.el.b(one.title), rx.el.p(one.evidence)),
                    class_name=one.look,
                    key=one.key,
                    custom_attrs={"data-testid": "advice"},
                ),
            ),
            class_name="advice",
        ),
        class_name="card ch",
    )


def _service(s: RoomStatsVars) -> rx.Component:
    return rx.el.section(
        _title(s.texts["service"], s.texts["service_note"]),
        rx.cond(
            s.services.length() > 0,
            rx.fragment(
                rx.el.div(
                    rx.foreach(
                        s.services,
                        lambda one: rx.el.button(
                            one.name,
                            type="button",
                            class_name=rx.cond(s.service_id == one.area_id, "on", ""),
                            on_click=s.on_service(one.area_id),
                            key=one.area_id,
                            custom_attrs={
                                "aria-pressed": rx.cond(
                                    s.service_id == one.area_id, "true", "false"
                                )
                            },
                        ),
                    ),
                    class_name="seg",
                    role="group",
                    custom_attrs={"aria-label": s.texts["areas"]},
                ),
                rx.foreach(
                    s.services,
                    lambda one: rx.cond(
                        s.service_id == one.area_id,
                        rx.el.div(
                            rx.el.p(one.verdict, class_name="verdict"),
                            chart(one.chart, s.texts, name="service"),
                            key=one.area_id,
                        ),
                        rx.fragment(),
                    ),
                ),
            ),
            rx.el.p(s.texts["too_little"], class_name="plate"),
        ),
        class_name="card ch",
    )


def _grid(
    title: Any, note: Any, heads: Any, rows: Any, corner: Any, name: str, texts: Texts
) -> rx.Component:
    return rx.el.section(
        _title(title, note),
        rx.cond(
            rows.length() > 0,
            rx.el.div(
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            rx.el.th(corner, scope="col") if corner is not None else rx.el.td(),
                            rx.foreach(heads, lambda head: rx.el.th(head, scope="col", key=head)),
                        )
                    ),
                    rx.el.tbody(
                        rx.foreach(
                            rows,
                            lambda row: rx.el.tr(
                                rx.el.th(row.name, scope="row"),
                                rx.foreach(
                                    row.cells,
                                    lambda cell: rx.el.td(
                                        cell.text,
                                        class_name=cell.look,
                                        key=cell.key,
                                        title=cell.label,
                                    ),
                                ),
                                key=row.name,
                            ),
                        )
                    ),
                    class_name="heatgrid num",
                ),
                class_name="scrolls",
                custom_attrs={"tabIndex": "0", "role": "group", "aria-label": title},
            ),
            rx.el.p(texts["no_data"], class_name="plate"),
        ),
        class_name="card ch",
        custom_attrs={"data-testid": f"grid-{name}"},
    )


def _best(line: Any) -> rx.Component:
    return rx.el.li(rx.el.b(line.name, class_name="num"), rx.el.span(line.note), key=line.key)


def _lines(title: Any, first: Any, heads: Any, lines: Any, name: str) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title),
        rx.el.div(
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        rx.el.th(first, scope="col"),
                        rx.foreach(
                            heads,
                            lambda head: rx.el.th(head, scope="col", class_name="r", key=head),
                        ),
                    )
                ),
                rx.el.tbody(
                    rx.foreach(
                        lines,
                        lambda line: rx.el.tr(
                            rx.el.th(line.name, rx.el.small(line.note), scope="row"),
                            rx.foreach(
                                line.cells,
                                lambda cell, index: rx.el.td(cell, class_name="r num", key=index),
                            ),
                            key=line.key,
                        ),
                    )
                ),
            ),
            class_name="scrolls",
            custom_attrs={"tabIndex": "0", "role": "group", "aria-label": title},
        ),
        class_name="card ch lines",
        custom_attrs={"data-testid": f"lines-{name}"},
    )


def _empty(texts: Texts) -> rx.Component:
    return rx.el.div(
        rx.el.svg(rx.el.svg.use(href="/icons.svg#armchair"), class_name="ill ic"),
        rx.el.h2(texts["empty"]),
        rx.el.p(texts["empty_note"]),
        class_name="em",
    )
