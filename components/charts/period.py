"""The picker of a time, and the files that a page can be had as."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.texts import Texts


def period_picker(period: Any, texts: Texts, *, on_days: Any) -> rx.Component:
    """What time is shown and what it is compared with; the choice stands in the address.

    Args:
        period: a Var of `state.staff.periods.PeriodView`.
        texts: `services.base.report_texts.CHARTS`.
        on_days: takes the form with the days `from` and `to`.
    """
    return rx.el.div(
        _menu(
            "calendar",
            rx.fragment(rx.el.span(texts["period"], ": ", class_name="sr"), period.text),
            _links(period.choices),
            rx.el.form(
                _day("from", texts["from"], period.first, period.today),
                _day("to", texts["to"], period.last, period.today),
                rx.el.button(texts["show"], type="submit", class_name="b sec"),
                on_submit=on_days,
                class_name="days",
            ),
            key=period.text,
        ),
        _menu(
            "history",
            rx.fragment(texts["compare"], " ", period.before_text),
            _links(period.compares),
            key=period.before_text,
        ),
        class_name="period",
        custom_attrs={"data-testid": "date-range"},
    )


def exports(hrefs: Any, texts: Texts) -> rx.Component:
    """The page as files: CSV, XLSX, PDF.

    Args:
        hrefs: a Var of the three addresses by kind; without one for paper there is none.
        texts: `services.base.report_texts.CHARTS`.
    """
    return _menu(
        "download",
        texts["export"],
        rx.el.ul(*(_file(hrefs, texts, kind) for kind in ("csv", "xlsx", "pdf"))),
        key="exports",
    )


def _file(hrefs: Any, texts: Texts, kind: str) -> rx.Component:
    return rx.cond(
        hrefs[kind] != "",
        rx.el.li(
            rx.el.a(
                texts[f"export_{kind}"],
                href=hrefs[kind],
                custom_attrs={"data-testid": f"export-{kind}", "download": "", "target": "_self"},
            )
        ),
        rx.fragment(),
    )


def _menu(name: str, text: Any, *content: Any, key: Any) -> rx.Component:
    # Closed again after a choice: another key is another element.
    return rx.el.details(
        rx.el.summary(
            icon(name, 18),
            rx.el.span(text),
            icon("chevron-down", 16),
            class_name="b sec",
        ),
        rx.el.div(*content, class_name="choices"),
        class_name="dropdown",
        key=key,
    )


def _links(choices: Any) -> rx.Component:
    return rx.el.ul(
        rx.foreach(
            choices,
            lambda one: rx.el.li(
                rx.el.a(
                    one.text,
                    href=one.href,
                    class_name=rx.cond(one.is_on, "on", ""),
                    custom_attrs={
                        "aria-current": rx.cond(one.is_on, "true", "false"),
                        "data-testid": f"range-{one.key}",
                    },
                ),
                key=one.key,
            ),
        )
    )


def _day(name: str, label: Any, value: Any, latest: Any) -> rx.Component:
    return rx.el.label(
        rx.el.span(label),
        rx.el.input(type="date", name=name, default_value=value, max=latest, key=value),
        class_name="fld",
    )
