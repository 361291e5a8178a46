"""The team's list, the drawer of one person, and the form of the own password."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.forms import form, form_refusal, section, text_field, wrong_at
from components.texts import Texts


def members_table(texts: Texts, members: Any, open_id: Any, on_open: Any) -> rx.Component:
    """Everybody who can log in."""
    return rx.el.div(
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    rx.el.th(texts["person"], scope="col"),
                    rx.el.th(texts["email"], scope="col"),
                    rx.el.th(texts["role"], scope="col"),
                    rx.el.th(texts["last_seen"], scope="col"),
                    rx.el.th(rx.el.span(texts["edit"], class_name="sr"), scope="col"),
                )
            ),
            rx.el.tbody(rx.foreach(members, lambda m: _member(texts, m, open_id, on_open))),
            class_name="duo",
        ),
        class_name="card wrapt",
    )


def _member(texts: Texts, member: Any, open_id: Any, on_open: Any) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.el.span(
                rx.el.span(
                    member.initials, class_name="av a4", custom_attrs={"aria-hidden": "true"}
                ),
                rx.el.span(
                    rx.el.b(
                        rx.el.bdi(member.name),
                        rx.cond(member.is_you, rx.el.small(" (", texts["you"], ")"), rx.fragment()),
                    ),
                ),
                class_name="g",
            ),
            class_name="m1",
        ),
        rx.el.td(member.email),
        rx.el.td(member.role_name, class_name="s1"),
        rx.el.td(member.last_login, class_name="num"),
        rx.el.td(
            rx.el.button(
                icon("pencil", 18),
                type="button",
                class_name="b gh sq",
                on_click=on_open(member.id),
                custom_attrs={
                    "aria-label": f"{texts['edit']}: {member.name}",
                    "data-testid": "edit-member",
                },
            ),
            class_name="m2 r",
        ),
        class_name=rx.cond(open_id == member.id, "cur", ""),
        key=member.id,
    )


def drawer(texts: Texts, title: Any, on_close: Any, *content: rx.Component) -> rx.Component:
    """What opens beside the list."""
    return rx.el.aside(
        rx.el.div(
            rx.el.div(rx.el.h2(title, class_name="h"), class_name="grow"),
            rx.el.button(
                icon("x", 18),
                type="button",
                class_name="b gh sq",
                on_click=on_close,
                custom_attrs={"aria-label": texts["close"], "data-escape-target": "true"},
            ),
            class_name="gst",
        ),
        *content,
        class_name="drw",
        custom_attrs={"aria-label": title},
    )


def role_choice(texts: Texts, roles: Any, chosen: Any, wrong: Any) -> rx.Component:
    """Which of the roles, with what each may do."""
    return rx.el.fieldset(
        rx.el.legend(texts["role"], class_name="lbl"),
        rx.foreach(
            roles,
            lambda role: rx.el.label(
                rx.el.input(
                    type="radio",
                    name="role",
                    value=role.value,
                    default_checked=chosen == role.value,
                ),
                rx.el.span(role.label, rx.el.small(texts["role_" + role.value.to(str)])),
                class_name="check",
                key=role.value,
            ),
        ),
        wrong_at("role", wrong),
    )


def new_person(texts: Texts, *, roles: Any, wrong: Any, on_add: Any, on_close: Any) -> rx.Component:
    """The drawer in which somebody is added."""
    return drawer(
        texts,
        texts["add_title"],
        on_close,
        form(
            form_refusal(wrong),
            text_field("name", texts["name"], wrong=wrong, autocomplete="off", maxlength="80"),
            text_field(
                "email",
                texts["email"],
                wrong=wrong,
                kind="email",
                help=texts["email_help"],
                autocomplete="off",
            ),
            role_choice(texts, roles, "waiter", wrong),
            rx.el.button(
                texts["create"],
                type="submit",
                class_name="b pri",
                custom_attrs={"data-testid": "add-member"},
            ),
            id="new-person",
            key="new-person",
            on_submit=on_add,
            class_name="stack",
        ),
    )


def person(
    texts: Texts,
    member: Any,
    *,
    roles: Any,
    wrong: Any,
    shown_password: Any,
    on_role: Any,
    on_password: Any,
    on_copy: Any,
    on_remove: Any,
    on_close: Any,
) -> rx.Component:
    """The drawer of one person: role, password, removal."""
    return drawer(
        texts,
        member.name,
        on_close,
        rx.el.p(member.email, class_name="mut"),
        rx.cond(
            shown_password != "",
            _shown_password(texts, shown_password, on_copy),
            rx.fragment(),
        ),
        form(
            role_choice(texts, roles, member.role, wrong),
            rx.el.button(texts["save_role"], type="submit", class_name="b sec"),
            id="person-role",
            key=f"{member.id}-{member.role}",
            on_submit=on_role,
            class_name="stack",
        ),
        rx.el.section(
            rx.el.button(
                icon("key-round", 18),
                texts["new_password"],
                type="button",
                class_name="b sec",
                on_click=on_password,
                custom_attrs={"data-testid": "make-password"},
            ),
            rx.el.p(texts["new_password_note"], class_name="help"),
        ),
        rx.cond(
            member.is_you,
            rx.fragment(),
            rx.el.section(
                rx.el.button(
                    icon("trash-2", 18),
                    texts["remove_person"],
                    type="button",
                    class_name="b badb",
                    on_click=on_remove,
                    custom_attrs={"data-testid": "remove-member"},
                )
            ),
        ),
    )


def _shown_password(texts: Texts, password: Any, on_copy: Any) -> rx.Component:
    return rx.el.div(
        icon("key-round"),
        rx.el.div(
            rx.el.b(texts["password_title"]),
            rx.el.p(
                rx.el.code(
                    password, class_name="code", custom_attrs={"data-testid": "first-password"}
                )
            ),
            rx.el.p(texts["password_note"]),
            rx.el.button(
                icon("copy", 18), texts["copy"], type="button", class_name="b sec", on_click=on_copy
            ),
        ),
        class_name="notice ok",
        role="status",
    )


def own_password(texts: Texts, *, wrong: Any, key: Any, on_submit: Any) -> rx.Component:
    """Everybody's own password."""
    return form(
        section(
            texts["own_title"],
            form_refusal(wrong),
            rx.el.div(
                text_field(
                    "current",
                    texts["current"],
                    wrong=wrong,
                    kind="password",
                    autocomplete="current-password",
                ),
                text_field(
                    "password",
                    texts["password"],
                    wrong=wrong,
                    kind="password",
                    help=texts["password_help"],
                    autocomplete="new-password",
                ),
                class_name="f2",
            ),
            rx.el.button(
                texts["change_password"],
                type="submit",
                class_name="b sec",
                custom_attrs={"data-testid": "change-own-password"},
            ),
            help=texts["own_help"],
        ),
        id="own-password",
        key=key,
        on_submit=on_submit,
    )
