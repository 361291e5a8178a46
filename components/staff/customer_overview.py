"""The first part of a guest's page: numbers, rhythm, favourites, when, habits, details."""

from typing import Any

import reflex as rx

from components.icons import icon


def overview(c: Any) -> rx.Component:
    """The panels. `c` is the page's CustomerVars."""
    texts = c.texts
    return rx.el.div(
        rx.el.dl(rx.foreach(c.metrics, _metric), class_name="card six num"),
        _rhythm(texts, c.rhythm),
        _favourites(texts, c.favourites),
        _when(texts, c.dayparts, c.when_grid),
        rx.cond(
            c.habits.length() > 0,
            rx.el.section(
                rx.el.h2(texts["habits"]), rx.foreach(c.habits, _fact), class_name="card pn"
            ),
            rx.fragment(),
        ),
        rx.el.section(
            rx.el.h2(texts["details"]),
            rx.cond(
                c.given.length() > 0,
                rx.foreach(c.given, _fact),
                rx.el.p(texts["no_details"], class_name="hint"),
            ),
            class_name="card pn",
            custom_attrs={"data-testid": "given-details"},
        ),
        _same_guest(c),
        class_name="ov",
    )


def _metric(metric: Any) -> rx.Component:
    return rx.el.div(
        rx.el.dt(metric.label),
        rx.el.dd(
            metric.value,
            rx.el.small(metric.hint),
            custom_attrs={"data-testid": "metric-" + metric.key},
        ),
        key=metric.key,
    )


def _rhythm(texts: Any, bars: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(texts["rhythm"], rx.el.small(texts["rhythm_hint"])),
        rx.cond(
            bars.length() > 0,
            rx.el.ol(
                rx.foreach(
                    bars,
                    lambda bar: rx.el.li(
                        rx.el.b(bar.value),
                        rx.el.i(
                            style={"height": bar.percent.to_string() + "%"},
                            custom_attrs={"aria-hidden": "true"},
                        ),
                        rx.el.span(bar.day),
                        key=bar.key,
                    ),
                ),
                class_name="beats num",
            ),
            rx.el.p(texts["no_visits"], class_name="hint"),
        ),
        class_name="card pn two",
    )


def _favourites(texts: Any, dishes: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(texts["favourites"]),
        rx.cond(
            dishes.length() > 0,
            rx.foreach(dishes, _favourite),
            rx.el.p(texts["no_orders"], class_name="hint"),
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
        rx.el.span(dish.name),
        rx.el.span(dish.count, class_name="num"),
        class_name="fv",
        key=dish.id,
    )


def _when(texts: Any, dayparts: Any, rows: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(texts["when"], rx.el.small(texts["when_hint"])),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.td(),
                    rx.foreach(
                        dayparts, lambda part: rx.el.th(part, custom_attrs={"scope": "col"})
                    ),
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
        ),
        class_name="card pn",
    )


def _fact(fact: Any) -> rx.Component:
    return rx.el.div(
        icon(fact.icon),
        rx.el.b(fact.title, custom_attrs={"dir": "auto"}),
        rx.el.p(fact.detail),
        class_name="hab",
        key=fact.icon,
    )


def _same_guest(c: Any) -> rx.Component:
    texts = c.texts
    return rx.fragment(
        rx.cond(
            c.maybe_same.length() > 0,
            rx.el.section(
                rx.el.h2(texts["maybe_same"]),
                rx.foreach(
                    c.maybe_same,
                    lambda other: rx.el.div(
                        rx.el.b(other.alias),
                        rx.el.p(texts["maybe_same_hint"]),
                        rx.cond(
                            c.may_edit,
                            rx.el.button(
                                texts["compare"],
                                type="button",
                                class_name="b sec",
                                on_click=c.on_compare(other.id),
                                custom_attrs={"data-testid": "compare"},
                            ),
                            rx.fragment(),
                        ),
                        class_name="ins",
                        key=other.id,
                    ),
                ),
                class_name="card pn",
            ),
            rx.fragment(),
        ),
        rx.cond(
            c.merges.length() > 0,
            rx.el.section(
                rx.el.h2(texts["merged"]),
                rx.foreach(
                    c.merges,
                    lambda entry: rx.el.div(
                        rx.el.span(entry.alias, rx.el.small(entry.detail)),
                        rx.cond(
                            c.may_edit,
                            rx.el.button(
                                texts["unmerge"],
                                type="button",
                                class_name="b gh",
                                on_click=c.on_take_apart(entry.id),
                                custom_attrs={"data-testid": "unmerge"},
                            ),
                            rx.fragment(),
                        ),
                        class_name="fv",
                        key=entry.id,
                    ),
                ),
                class_name="card pn",
            ),
            rx.fragment(),
        ),
    )
