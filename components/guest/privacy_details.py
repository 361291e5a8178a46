"""What a guest gives and takes along: details, allergies, channels, files."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.forms import HTMLInputTypeAttribute
from reflex_components_core.el.elements.inline import A

from components.icons import icon


def files(p: Any) -> rx.Component:
    """Everything as a file, and the policy: plain links, which the router leaves alone."""
    return rx.el.div(
        rx.el.h3(p.texts["files"], class_name="lbl"),
        rx.el.div(
            *(
                A.create(
                    icon("download", 18),
                    p.texts[kind],
                    href=p.menu_href + f"/privacy/data.{kind}",
                    class_name="btn sec",
                    custom_attrs={"download": "", "data-testid": f"my-data-{kind}"},
                )
                for kind in ("pdf", "json")
            ),
            class_name="pair2",
        ),
        rx.el.p(
            A.create(
                p.texts["policy"],
                href=p.menu_href + "/policy",
                custom_attrs={"data-testid": "policy-link"},
            ),
            class_name="tiny c",
        ),
        class_name="stack files",
    )


def allergies(p: Any) -> rx.Component:
    """What the guest cannot eat: the kitchen sees it with every order."""
    texts = p.texts
    return rx.el.section(
        rx.el.details(
            rx.el.summary(rx.el.h2(texts["allergies"], class_name="ph")),
            rx.el.p(texts["allergies_hint"], class_name="tiny"),
            rx.el.form(
                rx.el.div(
                    rx.foreach(p.allergens, lambda one: _tick(one, one.key)), class_name="ticks"
                ),
                rx.el.button(
                    texts["save"],
                    type="submit",
                    class_name="btn sec c",
                    custom_attrs={"data-testid": "allergies-save"},
                ),
                on_submit=p.on_save_allergies,
                class_name="stack",
            ),
            custom_attrs={"data-testid": "allergies"},
        ),
        class_name="panel",
    )


def details(p: Any) -> rx.Component:
    """What a guest tells about themselves, and who may write to them."""
    texts = p.texts
    return rx.el.section(
        rx.el.h2(texts["details"], class_name="ph"),
        rx.el.p(texts["details_hint"], class_name="tiny"),
        rx.el.form(
            rx.el.div(
                _field(p, "name", "text", "name"),
                _field(p, "email", "email", "email"),
                _field(p, "phone", "tel", "tel"),
                _birthday(p),
                _channels(p),
                class_name="fields",
                key=p.fields_version.to_string(),
            ),
            rx.el.button(
                texts["save"],
                type="submit",
                class_name="btn sec c",
                custom_attrs={"data-testid": "details-save"},
            ),
            on_submit=p.on_save,
            no_validate=True,
            class_name="stack",
        ),
        class_name="panel",
    )


def _channels(p: Any) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(p.texts["contact"]),
        rx.el.div(
            rx.foreach(p.channels, lambda one: _tick(one, "contact_" + one.key)),
            class_name="ticks",
        ),
        rx.el.p(p.texts["contact_hint"], class_name="tiny"),
        class_name="field",
    )


def _tick(one: Any, name: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="checkbox",
            name=name,
            # Drawn anew when the server says otherwise.
            key=one.key + one.is_on.to_string(),
            default_checked=one.is_on,
        ),
        rx.el.span(one.word),
        class_name="tick",
        key=one.key,
    )


def _field(p: Any, name: str, kind: HTMLInputTypeAttribute, autocomplete: str) -> rx.Component:
    wrong = p.errors.get(name, "")
    return rx.el.div(
        rx.el.label(p.texts[name], rx.el.small(p.texts["optional"]), html_for=f"d-{name}"),
        rx.el.div(
            rx.el.input(
                id=f"d-{name}",
                name=name,
                type=kind,
                default_value=getattr(p.fields, name),
                auto_complete=autocomplete,
                max_length=254,
                class_name="inp grow",
                custom_attrs={
                    "data-testid": f"detail-{name}",
                    "dir": "auto" if name == "name" else "ltr",
                    "aria-invalid": rx.cond(wrong != "", "true", "false"),
                    "aria-describedby": f"d-{name}-wrong",
                },
            ),
            _remove(p, name, getattr(p.fields, name) != ""),
            class_name="with",
        ),
        _wrong(name, wrong),
        class_name="field",
    )


def _birthday(p: Any) -> rx.Component:
    wrong = p.errors.get("birthday", "")
    return rx.el.fieldset(
        rx.el.legend(p.texts["birthday"], rx.el.small(p.texts["optional"])),
        rx.el.div(
            rx.el.input(
                name="birthday_day",
                default_value=p.fields.birthday_day,
                max_length=2,
                class_name="inp num short",
                custom_attrs={
                    "inputMode": "numeric",
                    "placeholder": p.texts["day"],
                    "aria-label": p.texts["day"],
                    "aria-invalid": rx.cond(wrong != "", "true", "false"),
                    "aria-describedby": "d-birthday-wrong",
                    "data-testid": "detail-birthday-day",
                },
            ),
            rx.el.select(
                rx.el.option(p.texts["month"], value=""),
                rx.foreach(
                    p.months,
                    lambda month, index: rx.el.option(
                        month, value=(index + 1).to_string(), key=index
                    ),
                ),
                name="birthday_month",
                default_value=p.fields.birthday_month,
                class_name="inp grow",
                custom_attrs={
                    "aria-label": p.texts["month"],
                    "data-testid": "detail-birthday-month",
                },
            ),
            _remove(p, "birthday", p.fields.birthday_day != ""),
            class_name="with",
        ),
        _wrong("birthday", wrong),
        class_name="field",
    )


def _wrong(name: str, sentence: Any) -> rx.Component:
    return rx.el.p(
        rx.cond(sentence != "", rx.fragment(icon("circle-alert", 16), sentence), rx.fragment()),
        id=f"d-{name}-wrong",
        class_name="wrong",
        hidden=sentence == "",
        role="alert",
    )


def _remove(p: Any, name: str, is_given: Any) -> rx.Component:
    label = p.texts["remove"] + ": " + p.texts[name]
    return rx.cond(
        is_given,
        rx.el.button(
            icon("trash-2", 18),
            type="button",
            class_name="mini",
            on_click=p.on_remove(name),
            custom_attrs={"aria-label": label, "data-testid": f"remove-{name}"},
        ),
        rx.fragment(),
    )
