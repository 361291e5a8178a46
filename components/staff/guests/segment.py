"""One segment's page: rule, numbers, entries and exits, guests by hand."""

from typing import Any

import reflex as rx

from components.charts.chart import chart
from components.icons import icon
from components.staff.forms import confirm
from components.staff.guests.borders import borders
from components.staff.guests.builder import builder
from components.texts import Texts


def one_segment(texts: Texts, state: Any, criteria: Any, *, may_edit: Any) -> rx.Component:
    """One segment: head, rule, numbers, flow, and who is in it by hand."""
    page = state.page
    return rx.fragment(
        rx.el.header(
            rx.el.a(
                icon("arrow-left", 18, "flip"),
                texts["back"],
                href="/staff/segments",
                class_name="lnk",
            ),
            rx.el.div(
                rx.el.h1(page.name),
                rx.cond(
                    page.is_active,
                    rx.cond(
                        page.is_changed,
                        rx.el.span(texts["changed"], class_name="chip info"),
                        rx.fragment(),
                    ),
                    rx.el.span(texts["away"], class_name="chip"),
                ),
                rx.el.span(class_name="grow"),
                rx.cond(
                    may_edit,
                    rx.el.button(
                        rx.cond(page.is_active, texts["archive"], texts["take_out"]),
                        type="button",
                        class_name="b gh",
                        on_click=rx.cond(page.is_active, state.ask("archive"), state.archive),
                        custom_attrs={"data-testid": "segment-archive"},
                    ),
                    rx.fragment(),
                ),
                rx.el.a(
                    icon("users", 18),
                    texts["see_guests"],
                    href=page.members_href,
                    class_name="b pri",
                    custom_attrs={"data-testid": "segment-members"},
                ),
                class_name="row",
            ),
            rx.el.p(page.family, " · ", page.counted, class_name="hint"),
            class_name="ghead",
        ),
        rx.el.div(
            _numbers(texts, page),
            _rule(texts, state, criteria, may_edit=may_edit),
            borders(texts, state, may_edit=may_edit),
            rx.el.section(
                rx.el.header(
                    rx.el.h2(texts["flow"]), rx.el.span(texts["flow_note"], class_name="sub")
                ),
                chart(state.flow, texts, name="flow"),
                class_name="card ch",
            ),
            _by_hand(texts, state, may_edit=may_edit),
            class_name="segpage",
        ),
        _questions(texts, state),
    )


def _numbers(texts: Texts, page: Any) -> rx.Component:
    cards = (
        ("guests", page.count),
        ("revenue", page.revenue),
        ("per_guest", page.per_guest),
        ("visits", page.visits),
        ("returned", page.returned),
    )
    return rx.el.dl(
        *(
            rx.el.div(
                rx.el.dt(texts[name]),
                rx.el.dd(value, class_name="num"),
                custom_attrs={"data-testid": f"metric-{name}"}
                | ({"title": texts["returned_note"]} if name == "returned" else {}),
            )
            for name, value in cards
        ),
        class_name="card six five",
    )


def _rule(texts: Texts, state: Any, criteria: Any, *, may_edit: Any) -> rx.Component:
    page = state.page
    is_open = (criteria.built["open"] != "") & (criteria.built["for"] == "segment")
    return rx.el.section(
        rx.el.h2(texts["rule"]),
        rx.cond(
            is_open,
            builder(
                criteria,
                rx.el.button(
                    texts["cancel"], type="button", class_name="b sec", on_click=criteria.close
                ),
                rx.el.button(
                    texts["save_rule"],
                    type="button",
                    class_name="b pri",
                    on_click=state.save_rule,
                    custom_attrs={"data-testid": "segment-save-rule"},
                ),
            ),
            rx.fragment(
                rx.cond(
                    page.problem != "",
                    rx.el.div(
                        icon("circle-alert"),
                        rx.el.div(rx.el.b(texts["problem"]), rx.el.p(page.problem)),
                        class_name="notice bad",
                        role="alert",
                    ),
                    rx.el.p(
                        page.rule, class_name="story", custom_attrs={"data-testid": "segment-rule"}
                    ),
                ),
                rx.cond(
                    may_edit,
                    rx.el.div(
                        rx.el.button(
                            icon("pencil", 18),
                            texts["edit_rule"],
                            type="button",
                            class_name="b sec",
                            on_click=state.start_rule,
                            custom_attrs={"data-testid": "segment-edit"},
                        ),
                        rx.cond(
                            page.is_built_in & page.is_changed,
                            rx.el.button(
                                icon("rotate-ccw", 18),
                                texts["reset"],
                                type="button",
                                class_name="b gh",
                                on_click=state.ask("reset"),
                                custom_attrs={"data-testid": "segment-reset"},
                            ),
                            rx.fragment(),
                        ),
                        class_name="row",
                    ),
                    rx.fragment(),
                ),
            ),
        ),
        class_name="card pad rule",
    )


def _by_hand(texts: Texts, state: Any, *, may_edit: Any) -> rx.Component:
    return rx.el.section(
        rx.el.header(
            rx.el.h2(texts["by_hand"]), rx.el.span(texts["by_hand_note"], class_name="hint")
        ),
        rx.cond(
            state.by_hand.length() > 0,
            rx.el.ul(
                rx.foreach(state.by_hand, lambda one: _hand(texts, state, one, may_edit)),
                class_name="list hands",
            ),
            rx.el.p(texts["no_hand"], class_name="hint"),
        ),
        rx.cond(
            may_edit,
            rx.el.form(
                rx.el.div(
                    rx.el.label(texts["alias"], html_for="hand-alias", class_name="lbl"),
                    rx.el.input(
                        name="alias",
                        class_name="inp",
                        placeholder=texts["alias_hint"],
                        max_length=40,
                        auto_complete="off",
                        custom_attrs={"id": "hand-alias", "data-testid": "hand-alias"},
                    ),
                ),
                rx.el.div(
                    rx.el.label(texts["how"], html_for="hand-how", class_name="lbl"),
                    rx.el.select(
                        rx.el.option(texts["put_in"], value="pinned"),
                        rx.el.option(texts["keep_out"], value="excluded"),
                        name="how",
                        class_name="inp",
                        custom_attrs={"id": "hand-how", "data-testid": "hand-how"},
                    ),
                ),
                rx.el.div(
                    rx.el.label(texts["until"], html_for="hand-until", class_name="lbl"),
                    rx.el.input(
                        type="date",
                        name="until",
                        class_name="inp",
                        custom_attrs={"id": "hand-until", "data-testid": "hand-until"},
                    ),
                ),
                rx.el.button(
                    texts["add"],
                    type="submit",
                    class_name="b sec",
                    custom_attrs={"data-testid": "hand-add"},
                ),
                rx.el.p(state.wrong, class_name="em2", role="alert"),
                class_name="handform",
                on_submit=state.put_by_hand,
                reset_on_submit=True,
            ),
            rx.fragment(),
        ),
        class_name="card pad",
    )


def _hand(texts: Texts, state: Any, one: Any, may_edit: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            icon(rx.cond(one.is_excluded, "ban", "check"), 16),
            one.how,
            class_name=rx.cond(one.is_excluded, "chip bad", "chip ok"),
        ),
        rx.el.div(
            rx.el.a(rx.el.b(one.alias), href=one.href, class_name="plain"),
            rx.el.small(one.until, rx.cond(one.by != "", f" · {one.by}", "")),
            class_name="grow",
        ),
        rx.cond(
            may_edit,
            rx.el.button(
                texts["by_rule"],
                type="button",
                class_name="b gh",
                on_click=state.take_back(one.customer_id),
                custom_attrs={"data-testid": "hand-back"},
            ),
            rx.fragment(),
        ),
        key=one.customer_id,
    )


def _questions(texts: Texts, state: Any) -> rx.Component:
    return rx.fragment(
        *(
            confirm(
                is_open=state.asks == what,
                title=texts[what],
                text=texts[f"{what}_text"],
                yes=texts[what],
                no=texts["cancel"],
                on_yes=handler,
                on_no=state.ask(""),
                is_grave=False,
            )
            for what, handler in (("archive", state.archive), ("reset", state.reset_rule))
        )
    )
