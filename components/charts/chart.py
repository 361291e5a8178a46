"""A chart in the house's look: the server sends words and numbers, the theme is in chart.jsx."""

from typing import Any

import reflex as rx

from components.texts import Texts

# Loaded by the pages that show charts and by no other: a chunk of its own.
_script = rx.asset("chart.jsx", shared=True)


class _Plot(rx.NoSSRComponent):
    """The drawing alone."""

    library = _script.importable_path
    tag = "Chart"
    lib_dependencies: list[str] = ["plotly.js-basic-dist-min@4.1.1"]

    figure: rx.Var[dict[str, Any]]
    label: rx.Var[str]


def chart(view: Any, texts: Texts, *, name: str) -> rx.Component:
    """A chart with one sentence for those who cannot see it, and its rows as a table.

    Args:
        view: a Var of `state.staff.charts.ChartView`.
        texts: of the page; "as_table" and "no_data" are used.
        name: of the chart, for tests: `chart-{name}`.
    """
    return rx.el.div(
        plot(view, texts),
        behind(view, texts),
        class_name="chartbox",
        custom_attrs={"data-testid": f"chart-{name}"},
    )


def plot(view: Any, texts: Texts) -> rx.Component:
    """The drawing, or an empty plate. A click goes where the row behind it leads."""
    return rx.cond(
        view.is_empty,
        rx.el.p(texts["no_data"], class_name="plate"),
        _Plot.create(figure=view.figure, label=view.summary),
    )


def behind(view: Any, texts: Texts, *, is_open: bool = False) -> rx.Component:
    """The same rows as a table, folded under a button that the keyboard reaches."""
    return rx.el.details(
        rx.el.summary(texts["as_table"]),
        table(view),
        class_name="rowsof",
        open=is_open,
    )


def table(view: Any) -> rx.Component:
    """Rows of a chart; the first cell leads to what it counts."""
    return rx.el.div(
        rx.el.table(
            rx.el.caption(view.summary, class_name="sr"),
            rx.el.thead(
                rx.el.tr(rx.foreach(view.heads, lambda text, place: _head(text, place, view.sides)))
            ),
            rx.el.tbody(
                rx.foreach(
                    view.rows,
                    lambda row, index: rx.el.tr(
                        rx.foreach(
                            row.cells, lambda cell, place: _cell(cell, place, row.href, view)
                        ),
                        key=index,
                    ),
                )
            ),
        ),
        class_name="behind num",
        custom_attrs={"tabIndex": "0", "role": "group", "aria-label": view.summary},
    )


def _head(text: Any, index: Any, sides: Any) -> rx.Component:
    return rx.el.th(text, scope="col", key=index, class_name=sides[index])


def _cell(text: Any, index: Any, href: Any, view: Any) -> rx.Component:
    # On a phone a row is a card, and each cell stands beside its head.
    return rx.el.td(
        rx.cond((index == 0) & (href != ""), rx.el.a(text, href=href, class_name="lnk"), text),
        key=index,
        class_name=view.sides[index],
        custom_attrs={"data-head": view.heads[index]},
    )
