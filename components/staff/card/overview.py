"""The first part of a card: allergy, numbers, rhythm, what to do, favourites, when, segments."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.card.insights import insight
from components.staff.card.merging import past_merges, same_guest
from components.staff.card.source import why
from components.staff.card.vars import CardVars


def overview(c: CardVars) -> rx.Component:
    """The panels, the one that can hurt somebody first."""
    texts, shown = c.texts, c.overview
    return rx.el.div(
        _allergy(c),
        rx.el.dl(rx.foreach(shown.metrics, lambda one: _metric(c, one)), class_name="card six num"),
        _rhythm(c),
        rx.cond(
            c.head.may_view,
            rx.el.section(
                rx.el.h2(texts["to_do"]),
                rx.cond(
                    shown.advice.length() > 0,
                    rx.foreach(shown.advice, lambda one: insight(c, one)),
                    rx.el.p(texts["no_to_do"], class_name="hint"),
                ),
                class_name="card pn",
            ),
            rx.fragment(),
        ),
        _favourites(c),
        rx.el.section(
            rx.el.h2(texts["when"], why(c, "when"), rx.el.small(texts["when_hint"])),
            when_table(shown.dayparts, shown.when),
            rx.el.p(shown.when_text, class_name="hint"),
            class_name="card pn",
        ),
        rx.el.section(
            rx.el.h2(texts["habits"]),
            rx.foreach(shown.habits, lambda fact: _fact(c, fact)),
            rx.cond(
                shown.habits.length() == 0,
                rx.el.p(texts["no_visits"], class_name="hint"),
                rx.fragment(),
            ),
            class_name="card pn",
        ),
        rx.cond(c.head.may_view, _segments(c), rx.fragment()),
        rx.cond(c.head.may_contact, _details(c), rx.fragment()),
        same_guest(c),
        past_merges(c),
        class_name="ov",
    )


def _allergy(c: CardVars) -> rx.Component:
    return rx.cond(
        c.head.allergens != "",
        rx.el.p(
            icon("triangle-alert"),
            rx.el.span(
                rx.el.b(c.texts["allergy"], ": ", c.head.allergens),
                rx.el.small(c.texts["allergy_note"]),
            ),
            why(c, "allergens"),
            class_name="allergy",
            custom_attrs={"data-testid": "card-allergy"},
        ),
        rx.fragment(),
    )


def _metric(c: CardVars, metric: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(metric.label, rx.cond(metric.source != "", why(c, metric.source), rx.fragment())),
        rx.el.dd(
            metric.value,
            rx.el.small(metric.hint),
            class_name=rx.cond(metric.is_known, "", "unknown"),
            custom_attrs={"data-testid": "metric-" + metric.key},
        ),
        key=metric.key,
    )


def _rhythm(c: CardVars) -> rx.Component:
    shown = c.overview
    return rx.el.section(
        rx.el.h2(c.texts["rhythm"], why(c, "rhythm"), rx.el.small(shown.rhythm_hint)),
        rx.cond(
            shown.stems.length() > 0,
            rx.el.div(
                rx.cond(
                    shown.next_left != "",
                    rx.el.span(
                        c.texts["next"],
                        class_name="band",
                        style={"--x": shown.next_left, "--w": shown.next_width},
                    ),
                    rx.fragment(),
                ),
                rx.el.ol(
                    rx.foreach(
                        shown.stems,
                        lambda stem: rx.el.li(
                            rx.el.b(stem.value),
                            rx.el.i(custom_attrs={"aria-hidden": "true"}),
                            rx.el.span(stem.day, class_name="sr"),
                            class_name=stem.look,
                            style={"--x": stem.left, "--h": stem.height},
                            title=stem.day,
                            key=stem.key,
                        ),
                    )
                ),
                rx.el.div(
                    rx.foreach(
                        shown.months,
                        lambda month: rx.el.span(
                            month.word, style={"--x": month.left}, key=month.key
                        ),
                    ),
                    class_name="axis",
                    custom_attrs={"aria-hidden": "true"},
                ),
                class_name="stems num",
            ),
            rx.el.p(c.texts["no_visits"], class_name="hint"),
        ),
        class_name="card pn two",
    )


def _favourites(c: CardVars) -> rx.Component:
    dishes = c.overview.favourites
    return rx.el.section(
        rx.el.h2(c.texts["favourites"], why(c, "favourites")),
        rx.cond(
            dishes.length() > 0,
            rx.foreach(dishes, _favourite),
            rx.el.p(c.texts["no_orders"], class_name="hint"),
        ),
        class_name="card pn",
    )


def _favourite(dish: Any) -> rx.Component:
    return rx.el.div(
        rx.cond(
            dish.picture != "",
            rx.el.img(src=dish.picture, alt="", width="44", height="44", loading="lazy"),
            rx.el.span(icon("utensils"), class_name="av"),
        ),
        rx.el.span(dish.name, rx.el.small(dish.detail)),
        rx.el.span(dish.count, class_name="num"),
        class_name="fv",
        key=dish.id,
    )


def when_table(dayparts: Any, rows: Any) -> rx.Component:
    """Weekdays by parts of the day; every cell says its number."""
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(
                rx.el.td(),
                rx.foreach(dayparts, lambda part: rx.el.th(part, custom_attrs={"scope": "col"})),
            )
        ),
        rx.el.tbody(
            rx.foreach(
                rows,
                lambda row: rx.el.tr(
                    rx.el.th(row.day, custom_attrs={"scope": "row"}),
                    rx.foreach(
                        row.cells,
                        lambda cell: rx.el.td(
                            rx.el.span(cell.text, class_name="sr"),
                            class_name="h" + cell.shade.to_string(),
                            title=cell.text,
                            key=cell.key,
                        ),
                    ),
                    key=row.day,
                ),
            )
        ),
        class_name="heat",
    )


def _fact(c: CardVars, fact: Any) -> rx.Component:
    return rx.el.div(
        icon(fact.icon),
        rx.el.b(
            rx.el.bdi(fact.title),
            rx.cond(fact.source != "", why(c, fact.source), rx.fragment()),
        ),
        rx.el.p(fact.detail),
        class_name="hab",
        key=fact.key,
    )


def _segments(c: CardVars) -> rx.Component:
    return rx.el.section(
        rx.el.h2(c.texts["segments"]),
        rx.cond(
            c.overview.segments.length() > 0,
            rx.el.ul(
                rx.foreach(
                    c.overview.segments,
                    lambda one: rx.el.li(
                        rx.el.a(one.name, href=one.href, class_name="chip"),
                        rx.el.small(one.why),
                        key=one.id,
                        custom_attrs={"data-testid": "card-segment"},
                    ),
                ),
                class_name="segs",
            ),
            rx.el.p(c.texts["no_segments"], class_name="hint"),
        ),
        class_name="card pn",
    )


def _details(c: CardVars) -> rx.Component:
    return rx.el.section(
        rx.el.h2(c.texts["details"], why(c, "given")),
        rx.cond(
            c.overview.given.length() > 0,
            rx.foreach(c.overview.given, lambda fact: _fact(c, fact)),
            rx.el.p(c.texts["no_details"], class_name="hint"),
        ),
        class_name="card pn",
        custom_attrs={"data-testid": "given-details"},
    )
