"""The list of printed codes and what to print; ticking rows is the browser's own matter."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.native_form import native_form
from components.staff.forms import empty, form, form_refusal, section, select_field, text_field
from components.staff.menu_list import icon_button
from components.texts import Texts
from services.base import addresses

PRINT_FORM = "print-form"
MAX_NOTE = "90"


def print_panel(texts: Texts, state: Any) -> rx.Component:
    """A plain form, sent by GET: what it asks for is an address, opened beside this screen."""
    return native_form(
        rx.el.div(
            rx.el.h2(texts["print_title"]),
            rx.el.p(texts["print_help"], class_name="help"),
            class_name="print-head",
        ),
        rx.el.fieldset(
            rx.el.legend(texts["form"], class_name="sr"),
            *(_paper_form(texts, name, icon_name) for name, icon_name in _FORMS),
            class_name="print-forms",
        ),
        rx.el.div(
            _plain_select("which", texts["which"], state.which),
            rx.el.div(
                rx.el.label(texts["paper"], html_for="paper", class_name="lbl"),
                rx.el.select(
                    rx.el.option("A4", value="a4"),
                    rx.el.option("A3", value="a3"),
                    name="paper",
                    class_name="inp",
                    custom_attrs={"id": "paper"},
                ),
            ),
            rx.el.div(
                rx.el.label(
                    texts["note"],
                    rx.el.small(texts["optional"]),
                    html_for="note",
                    class_name="lbl",
                ),
                rx.el.input(
                    type="text",
                    name="note",
                    class_name="inp",
                    custom_attrs={
                        "id": "note",
                        "maxlength": MAX_NOTE,
                        "dir": "auto",
                        "title": texts["note_help"],
                        "autocomplete": "off",
                    },
                ),
            ),
            class_name="print-fields",
        ),
        rx.el.div(
            rx.el.button(
                icon("download", 18),
                texts["zip"],
                type="submit",
                class_name="b sec",
                custom_attrs={"formAction": addresses.codes_zip(), "data-testid": "codes-zip"},
            ),
            rx.el.button(
                icon("printer", 18),
                texts["pdf"],
                type="submit",
                class_name="b pri",
                custom_attrs={"data-testid": "codes-pdf"},
            ),
            class_name="row end",
        ),
        action=addresses.codes_print(),
        class_name="card pad print",
        attrs={"id": PRINT_FORM, "method": "get", "target": "_blank"},
    )


_FORMS = (("sheet", "layout-grid"), ("tent", "book-open"), ("poster", "image"))


def _paper_form(texts: Texts, name: str, icon_name: str) -> rx.Component:
    return rx.el.label(
        rx.el.input(type="radio", name="form", value=name, default_checked=name == "sheet"),
        icon(icon_name, 22),
        rx.el.span(rx.el.b(texts[f"form_{name}"]), rx.el.small(texts[f"form_{name}_note"])),
        class_name="print-form",
    )


def _plain_select(name: str, words: Any, options: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label(words, html_for=name, class_name="lbl"),
        rx.el.select(
            rx.foreach(options, lambda o: rx.el.option(o.label, value=o.value, key=o.value)),
            name=name,
            class_name="inp",
            custom_attrs={"id": name},
        ),
    )


def code_groups(texts: Texts, state: Any, form_state: Any) -> rx.Component:
    """The codes in use, area by area."""
    return rx.foreach(state.groups, lambda group: _group(texts, group, state, form_state))


def old_codes(texts: Texts, state: Any) -> rx.Component:
    """The codes that went out of use."""
    return rx.cond(
        state.old.length() > 0,
        rx.el.section(
            rx.el.p(texts["old_help"], class_name="help"),
            _table(texts, state.old, state),
        ),
        empty("qr-code", texts["old_empty_title"], texts["old_empty_text"]),
    )


def _group(texts: Texts, group: Any, state: Any, form_state: Any) -> rx.Component:
    add = rx.match(
        group.kind,
        ("general", texts["add_general"]),
        ("campaign", texts["add_campaign"]),
        texts["add_area"],
    )
    area_id = rx.cond(group.kind == "area", group.id, "")
    return rx.el.section(
        rx.el.header(
            rx.el.h2(group.title),
            rx.el.span(group.summary, class_name="hint num"),
            rx.el.span(class_name="grow"),
            rx.cond(
                state.may_edit,
                rx.fragment(
                    rx.cond(
                        group.kind == "area",
                        icon_button(
                            "refresh-cw",
                            f"{texts['replace_area']}: {group.title}",
                            state.ask_replacing("area", group.id),
                            **{"data-testid": "codes-rotate", "data-scope": "area"},
                        ),
                        rx.fragment(),
                    ),
                    icon_button(
                        "plus",
                        add,
                        form_state.start(group.kind, area_id),
                        **{"data-add": group.kind},
                    ),
                ),
                rx.fragment(),
            ),
            class_name="sec-head",
        ),
        rx.cond(group.rows.length() > 0, _table(texts, group.rows, state), rx.fragment()),
        key=group.id,
    )


def _table(texts: Texts, rows: Any, state: Any) -> rx.Component:
    heads = (
        ("code", ""),
        ("total", "r"),
        ("recent", "r"),
        ("last", ""),
        ("state", ""),
    )
    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(rx.el.span(texts["pick"], class_name="sr"), scope="col"),
                    *(rx.el.th(texts[name], scope="col", class_name=look) for name, look in heads),
                    rx.el.th(rx.el.span(texts["actions"], class_name="sr"), scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(rows, lambda code: _row(texts, code, state))),
            class_name="codes",
        ),
        class_name="card wrapt flush",
    )


def _row(texts: Texts, code: Any, state: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.cond(
                code.is_in_use,
                rx.el.input(
                    type="checkbox",
                    name="code",
                    value=code.code,
                    custom_attrs={
                        "form": PRINT_FORM,
                        "aria-label": f"{texts['pick']}: {code.title} {code.code}",
                    },
                ),
                rx.fragment(),
            ),
            class_name="pick",
        ),
        rx.el.td(
            rx.el.span(
                rx.cond(
                    code.svg != "",
                    rx.el.img(
                        src=code.svg,
                        alt="",
                        loading="lazy",
                        class_name="qr",
                        custom_attrs={"width": "52", "height": "52"},
                    ),
                    rx.fragment(),
                ),
                rx.el.span(
                    rx.el.b(rx.el.bdi(code.title)),
                    rx.el.small(
                        rx.el.span(code.code, class_name="code"),
                        rx.cond(code.note != "", rx.fragment(" · ", rx.el.bdi(code.note)), ""),
                    ),
                ),
                class_name="what",
            ),
        ),
        *(
            rx.el.td(value, class_name=f"{look} num", custom_attrs={"data-label": texts[label]})
            for value, look, label in (
                (code.total, "r", "total"),
                (code.recent, "r", "recent"),
                (code.last, "last", "last"),
            )
        ),
        rx.el.td(
            rx.el.span(code.state, class_name=rx.cond(code.is_in_use, "chip ok", "chip")),
            class_name="state",
        ),
        rx.el.td(_actions(texts, code, state), class_name="acts"),
        key=code.id,
        custom_attrs={
            "data-testid": "code-row",
            "data-code-kind": code.kind,
            "data-table": code.table,
            "data-code": code.code,
        },
    )


def _actions(texts: Texts, code: Any, state: Any) -> rx.Component:
    files = rx.cond(
        code.is_in_use,
        rx.fragment(
            *(
                rx.el.a(
                    icon(icon_name, 18),
                    href=href,
                    class_name="b gh sq",
                    custom_attrs={
                        "aria-label": f"{texts[kind]}: {code.title}",
                        "title": texts[kind],
                        "download": True,
                    },
                )
                for kind, icon_name, href in (
                    ("png", "image", code.png),
                    ("svg", "download", code.svg),
                )
            )
        ),
        rx.fragment(),
    )
    changes = rx.fragment(
        rx.cond(
            code.is_in_use,
            icon_button(
                "refresh-cw",
                f"{texts['replace']}: {code.title}",
                state.ask_replacing("code", code.id),
                **{"data-testid": "codes-rotate", "data-scope": "code"},
            ),
            rx.fragment(),
        ),
        rx.cond(
            code.can_retire,
            icon_button("ban", f"{texts['retire']}: {code.title}", state.ask_retirement(code.id)),
            rx.fragment(),
        ),
        rx.cond(
            code.can_restore,
            icon_button("undo-2", f"{texts['restore']}: {code.title}", state.restore(code.id)),
            rx.fragment(),
        ),
    )
    return rx.el.span(files, rx.cond(state.may_edit, changes, rx.fragment()), class_name="movers")


def code_form(texts: Texts, state: Any, *, id: str) -> rx.Component:
    """The form of a code made by hand; `state` is the state of that form."""
    wrong = state.wrong
    return form(
        form_refusal(wrong),
        section(
            rx.match(
                state.kind,
                ("campaign", texts["new_campaign"]),
                ("area", texts["new_area"]),
                texts["new_general"],
            ),
            text_field(
                "label",
                texts["label"],
                wrong=wrong,
                help=texts["label_help"],
                maxlength="80",
                autocomplete="off",
            ),
            rx.cond(
                state.kind == "campaign",
                select_field("category_id", texts["category"], options=state.sections, wrong=wrong),
                rx.fragment(),
            ),
        ),
        id=id,
        key=f"code-{state.form_number}",
        on_submit=state.save,
        on_change=rx.cond(state.is_dirty, rx.noop(), state.touch()),
    )
