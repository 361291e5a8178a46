"""The overview of segments."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import empty
from components.staff.modal import name_modal
from components.texts import Texts
from services.base import addresses


def overview(texts: Texts, state: Any, *, may_edit: Any) -> rx.Component:
    """The families, each with its segments and what they are worth."""
    return rx.fragment(
        rx.el.header(
            rx.el.h1(texts["title"]),
            rx.el.span(class_name="grow"),
            rx.cond(
                may_edit,
                rx.el.button(
                    icon("plus", 18),
                    texts["new"],
                    type="button",
                    class_name="b sec",
                    on_click=state.ask("create"),
                    custom_attrs={"data-testid": "segment-new"},
                ),
                rx.fragment(),
            ),
            class_name="ph",
        ),
        rx.el.p(texts["note"], class_name="said"),
        rx.el.div(rx.foreach(state.families, lambda one: _family(texts, one)), class_name="fams"),
        _create(texts, state),
    )


def _family(texts: Texts, family: Any) -> rx.Component:
    heads = (
        ("segment", ""),
        ("guests", "r"),
        ("trend", "r"),
        ("revenue", "r"),
        ("visits", "r"),
        ("returned", "r"),
    )
    return rx.el.section(
        rx.el.h2(family.name),
        rx.cond(
            family.lines.length() > 0,
            rx.el.div(
                rx.el.table(
                    rx.el.thead(
                        rx.el.tr(
                            *(
                                rx.el.th(texts[name], scope="col", class_name=look)
                                for name, look in heads
                            )
                        )
                    ),
                    rx.el.tbody(rx.foreach(family.lines, lambda line: _line(texts, line))),
                    class_name="segs",
                ),
                class_name="card wrapt flush",
            ),
            rx.el.p(texts["own_empty"], class_name="hint"),
        ),
        key=family.key,
    )


def _line(texts: Texts, line: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(rx.el.a(rx.el.b(line.name), href=line.href, class_name="whole"), class_name="n"),
        rx.el.td(rx.el.b(line.count), class_name="r num c"),
        rx.el.td(rx.el.span(line.trend, class_name="dl " + line.trend_tone), class_name="r num t"),
        *(
            rx.el.td(value, class_name="r num", custom_attrs={"data-label": texts[name]})
            for name, value in (
                ("revenue", line.revenue),
                ("visits", line.visits),
                ("returned", line.returned),
            )
        ),
        key=line.id,
        class_name="linked",
        custom_attrs={"data-testid": "segment-row", "data-segment-id": line.id},
    )


def _create(texts: Texts, state: Any) -> rx.Component:
    return name_modal(
        texts=texts,
        is_open=state.asks == "create",
        name="segment",
        title=texts["new"],
        label=texts["name"],
        max_length=80,
        wrong=state.wrong,
        on_close=state.ask(""),
        on_submit=state.create,
        submit_test_id="segment-create",
    )


def no_segment(texts: Texts) -> rx.Component:
    """What stands at the address of a segment that is not there."""
    return empty(
        "layers",
        texts["missing"],
        texts["missing_note"],
        rx.el.a(texts["back"], href=addresses.STAFF_SEGMENTS, class_name="b sec"),
    )
