"""Insights, cohorts and models on the screen."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from components.charts.card import chart_cards
from components.charts.period import exports
from components.icons import icon
from components.staff.shell import FrameVars
from components.texts import Texts
from services.base import addresses

_PAGES = (
    ("insights", "lightbulb", addresses.STAFF_INSIGHTS),
    ("cohorts", "users", addresses.STAFF_COHORTS),
    ("models", "trending-up", addresses.STAFF_MODELS),
)


@dataclass(frozen=True)
class NightVars:
    """What the three pages show: Vars of their state, and its handlers."""

    texts: Texts
    is_ready: Any
    as_of: Any
    chosen: Any
    choices: Any
    insights: Any
    cards: Any
    behind: Any
    models: Any
    warnings: Any
    hrefs: Any
    on_subject: Any
    on_cohort: Any
    on_mark: Any
    on_mark_all: Any


def insights_page(frame: FrameVars, n: NightVars) -> rx.Component:
    """The ranked list, with filters."""
    content = rx.fragment(
        rx.cond(
            # Of nothing there is nothing to choose or to mark.
            (n.insights.length() > 0) | (n.chosen != "all"),
            rx.el.div(
                _choices(n, n.on_subject, n.texts["subject"]),
                rx.el.span(class_name="grow"),
                rx.el.button(
                    icon("check", 18),
                    rx.el.span(n.texts["mark_all"]),
                    type="button",
                    class_name="b sec",
                    on_click=n.on_mark_all,
                    custom_attrs={"data-testid": "read-all"},
                ),
                class_name="nighthead narrow",
            ),
            rx.fragment(),
        ),
        rx.cond(
            n.insights.length() > 0,
            rx.el.ol(rx.foreach(n.insights, lambda one: _insight(n, one)), class_name="nights"),
            rx.el.div(
                rx.el.svg(rx.el.svg.use(href="/icons.svg#lightbulb"), class_name="ill ic"),
                rx.cond(
                    n.chosen == "all",
                    rx.fragment(
                        rx.el.h2(n.texts["none"]),
                        rx.el.p(n.texts["none_note"]),
                    ),
                    rx.el.h2(n.texts["none_of"]),
                ),
                class_name="em",
            ),
        ),
    )
    return _page(frame, n, "insights", content)


def cohorts_page(frame: FrameVars, n: NightVars) -> rx.Component:
    """Who came again, as coloured tables, and the funnel."""
    content = rx.fragment(
        rx.el.div(
            _choices(n, n.on_cohort, n.texts["group_by"]),
            rx.el.span(class_name="grow"),
            exports(n.hrefs, n.texts),
            class_name="nighthead",
        ),
        chart_cards(n.cards, n.texts),
    )
    return _page(frame, n, "cohorts", content)


def models_page(frame: FrameVars, n: NightVars) -> rx.Component:
    """How well each model did in plain words, what to keep in mind, what they say; then numbers."""
    content = rx.fragment(
        rx.el.ul(
            rx.foreach(n.models, _model),
            class_name="modellist",
            custom_attrs={"data-testid": "models"},
        ),
        rx.cond(
            n.warnings.length() > 0,
            rx.el.section(
                rx.el.h2(icon("triangle-alert", 18), n.texts["warnings"]),
                rx.el.ul(
                    rx.foreach(n.warnings, lambda one, index: rx.el.li(one, key=index)),
                ),
                class_name="card ch keepinmind",
                custom_attrs={"data-testid": "warnings"},
            ),
            rx.fragment(),
        ),
        chart_cards(n.cards, n.texts),
        rx.cond(
            n.behind.length() > 0,
            rx.el.details(
                rx.el.summary(
                    icon("settings", 18),
                    rx.el.span(n.texts["statistics"]),
                    rx.el.span(n.texts["statistics_note"], class_name="hint"),
                    icon("chevron-down", 18),
                    custom_attrs={"data-testid": "statistics"},
                ),
                chart_cards(n.behind, n.texts),
                class_name="statistics",
            ),
            rx.fragment(),
        ),
    )
    return _page(frame, n, "models", content, exports(n.hrefs, n.texts))


def _model(one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon(one.icon, 20), class_name="dt " + one.look),
        rx.el.div(
            rx.el.h2(one.title),
            rx.el.p(one.what, class_name="hint"),
            rx.el.p(one.how, class_name="how"),
            rx.el.p(one.known, class_name="hint known"),
        ),
        class_name="card model",
        key=one.key,
        custom_attrs={"data-testid": f"model-{one.key}"},
    )


def _page(
    frame: FrameVars, n: NightVars, active: str, content: rx.Component, *beside: rx.Component
) -> rx.Component:
    """One of the pages; `beside` stands at the end of its title's line."""
    return rx.el.main(
        *(
            rx.el.link(rel="stylesheet", href=href, custom_attrs={"precedence": "default"})
            for href in ("/room.css", "/charts.css", "/reports.css", "/night.css")
        ),
        rx.el.div(
            rx.el.nav(
                *(
                    rx.el.a(
                        icon(drawing, 18),
                        rx.el.span(n.texts[key]),
                        href=href,
                        class_name="on" if key == active else "",
                        custom_attrs={
                            "data-testid": f"night-{key}",
                            "aria-current": "page" if key == active else "false",
                        },
                    )
                    for key, drawing, href in _PAGES
                ),
                class_name="reportplaces few",
                custom_attrs={"aria-label": n.texts[active]},
            ),
            class_name="bar",
        ),
        rx.cond(
            n.is_ready,
            rx.el.div(
                rx.el.div(
                    rx.el.div(
                        rx.el.h1(n.texts[active]),
                        rx.el.p(
                            n.texts[f"{active}_note"],
                            rx.cond(n.as_of != "", f" {n.as_of}.", ""),
                            class_name="hint",
                        ),
                        class_name="nighttitle",
                    ),
                    *beside,
                    class_name="nighthead",
                ),
                content,
                class_name="stats",
            ),
            rx.el.div(
                rx.el.span(frame.texts["loading"], class_name="sr"),
                *(rx.el.div(class_name="sk") for _ in range(6)),
                class_name="stats skstats",
                custom_attrs={"aria-busy": "true"},
            ),
        ),
        class_name="main roomstats nightpage",
        id="main",
    )


def _choices(n: NightVars, on_choose: Any, label: Any) -> rx.Component:
    return rx.el.div(
        rx.foreach(
            n.choices,
            lambda one: rx.el.button(
                one.text,
                rx.cond(
                    one.count != "", rx.el.span(one.count, class_name="num count"), rx.fragment()
                ),
                type="button",
                class_name=rx.cond(one.is_on, "on", ""),
                on_click=on_choose(one.key),
                key=one.key,
                custom_attrs={
                    "aria-pressed": rx.cond(one.is_on, "true", "false"),
                    "data-testid": f"by-{one.key}",
                },
            ),
        ),
        class_name="seg scrolls",
        role="group",
        custom_attrs={"aria-label": label},
    )


def _insight(n: NightVars, one: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(icon(one.icon, 20), class_name="dt " + one.tint),
        rx.el.div(
            rx.el.h2(one.title),
            rx.el.p(
                rx.el.span(n.texts["based_on"], ": ", class_name="sr"),
                one.evidence,
                class_name="num",
            ),
            rx.el.p(icon("lightbulb", 16), one.action, class_name="do"),
            rx.el.p(
                n.texts["sure"],
                ": ",
                rx.el.b(one.sure, class_name="num"),
                " · ",
                one.found,
                class_name="hint",
            ),
            class_name="what",
        ),
        rx.el.div(
            rx.el.a(
                one.link, href=one.href, class_name="lnk", custom_attrs={"data-testid": "open"}
            ),
            rx.el.button(
                rx.cond(one.is_read, n.texts["mark_unread"], n.texts["mark_read"]),
                type="button",
                class_name="b gh",
                on_click=n.on_mark(one.id, ~one.is_read),
                custom_attrs={"data-testid": "mark"},
            ),
            class_name="acts",
        ),
        class_name=rx.cond(one.is_read, "card night read", "card night"),
        key=one.id,
        custom_attrs={"data-testid": "insight", "data-insight": one.kind},
    )
