"""Dashboards and reports: one screen for all of them, filled by what the server sends."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.charts.card import chart_cards
from components.charts.metric import metric_cards
from components.charts.period import exports, period_picker
from components.icons import icon
from components.staff.shell import FrameVars
from components.texts import Texts
from services.base import addresses

PLACES = (
    ("dashboard", "layout-dashboard"),
    ("executive", "trending-up"),
    ("customers", "users"),
    ("visits", "clock"),
    ("products", "utensils"),
    ("loyalty", "award"),
)
RHYTHMS = (("", "mail_none"), ("week", "mail_week"), ("month", "mail_month"))


@dataclass(frozen=True)
class ReportVars:
    """What the screen shows: Vars of its state, and its handlers."""

    texts: Texts
    title: rx.Var[str]
    is_ready: rx.Var[bool]
    note: rx.Var[str]
    period: Any
    hrefs: Any
    metrics: Any
    cards: Any
    activity: Any
    today: Any
    rhythm: rx.Var[str]
    on_days: Any
    on_rhythm: Any


def report(
    frame: FrameVars, s: ReportVars, *, kind: str, places: rx.Component | None = None
) -> rx.Component:
    """The screen inside the frame; `places` stands above it, else the way to other reports."""
    return rx.el.main(
        *(
            rx.el.link(rel="stylesheet", href=href, custom_attrs={"precedence": "default"})
            for href in ("/charts.css", "/reports.css")
        ),
        rx.el.header(places if places is not None else _places(s.texts, kind), class_name="bar"),
        rx.cond(
            s.is_ready,
            _content(s, kind),
            rx.el.div(
                rx.el.span(frame.texts["loading"], class_name="sr"),
                *(rx.el.div(class_name="sk") for _ in range(8)),
                class_name="report skreport",
                custom_attrs={"aria-busy": "true"},
            ),
        ),
        class_name="main reports",
    )


def _places(texts: Texts, kind: str) -> rx.Component:
    return rx.el.nav(
        *(
            rx.el.a(
                icon(drawing, 18),
                rx.el.span(texts[key]),
                href=addresses.staff_report(key),
                class_name="on" if key == kind else "",
                custom_attrs={"aria-current": "page"} if key == kind else {},
            )
            for key, drawing in PLACES
        ),
        class_name="reportplaces",
        custom_attrs={"aria-label": texts["reports"]},
    )


def _content(s: ReportVars, kind: str) -> rx.Component:
    is_dashboard = kind == "dashboard"
    return rx.el.div(
        rx.el.div(
            rx.el.div(rx.el.h1(s.title), rx.el.p(s.note, class_name="hint")),
            rx.el.span(class_name="grow"),
            period_picker(s.period, s.texts, on_days=s.on_days),
            exports(s.hrefs, s.texts),
            class_name="reporthead",
        ),
        *([_today(s)] if is_dashboard else []),
        metric_cards(s.metrics),
        rx.el.div(
            chart_cards(s.cards, s.texts),
            *([_activity(s)] if is_dashboard else []),
            class_name="withside" if is_dashboard else "",
        ),
        *([] if is_dashboard else [_mail(s)]),
        class_name="report",
    )


def _today(s: ReportVars) -> rx.Component:
    return rx.el.div(
        rx.el.h2(rx.el.i(), s.texts["so_far"]),
        rx.foreach(
            s.today,
            lambda one: rx.el.p(rx.el.b(one[1], class_name="num"), " ", one[0], key=one[0]),
        ),
        class_name="card todaystrip",
        custom_attrs={"data-testid": "live-today"},
    )


def _activity(s: ReportVars) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h2(s.texts["activity"]),
            rx.el.a(s.texts["all"], href=addresses.STAFF_CUSTOMERS, class_name="lk"),
        ),
        rx.cond(
            s.activity.length() > 0,
            rx.el.ul(
                rx.foreach(
                    s.activity,
                    lambda one, index: rx.el.li(
                        rx.el.span(icon(one.icon, 18), class_name=f"av {one.look}"),
                        rx.el.b(
                            rx.cond(
                                one.href != "",
                                rx.el.a(one.title, href=one.href, class_name="plain"),
                                one.title,
                            ),
                            rx.el.time(one.when),
                        ),
                        rx.el.p(one.note),
                        key=index,
                    ),
                ),
                class_name="ac",
            ),
            rx.el.p(s.texts["quiet"], class_name="plate"),
        ),
        class_name="card act",
        custom_attrs={"data-testid": "activity"},
    )


def _mail(s: ReportVars) -> rx.Component:
    return rx.el.section(
        icon("mail", 20),
        rx.el.h2(s.texts["by_mail"]),
        rx.el.div(
            *(
                rx.el.button(
                    s.texts[text],
                    type="button",
                    class_name=rx.cond(s.rhythm == key, "on", ""),
                    on_click=s.on_rhythm(key),
                    custom_attrs={
                        "aria-pressed": rx.cond(s.rhythm == key, "true", "false"),
                        "data-testid": f"mail-{key or 'never'}",
                    },
                )
                for key, text in RHYTHMS
            ),
            class_name="seg",
            role="group",
            custom_attrs={"aria-label": s.texts["by_mail"]},
        ),
        class_name="card bymail",
    )
