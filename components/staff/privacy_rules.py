"""The owner's screen about privacy: one form, then four lists."""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A

from components.icons import icon
from components.staff.forms import confirm, form, form_refusal, section, text_field
from components.staff.guest_data import A_FILE
from components.texts import Texts


def privacy_form(texts: Texts, state: Any, *, id: str) -> rx.Component:
    """How long what is kept, and who answers for it."""

    def number(name: str, unit: str) -> rx.Component:
        return text_field(
            name,
            texts[name],
            wrong=state.wrong,
            value=state.values[name],
            kind="number",
            number=True,
            inputmode="numeric",
            note=texts[unit],
        )

    def words(name: str, **more: Any) -> rx.Component:
        return text_field(name, texts[name], wrong=state.wrong, value=state.values[name], **more)

    return form(
        form_refusal(state.wrong),
        section(
            texts["keep"],
            rx.el.div(
                number("profile_months", "months"),
                number("event_months", "months"),
                class_name="f2",
            ),
            rx.el.div(
                number("device_days", "days"), number("access_months", "months"), class_name="f2"
            ),
            help=texts["keep_help"],
        ),
        section(
            texts["controller"],
            words("controller_name", help=texts["controller_hint"]),
            words("postal_address"),
            words("contact_email", kind="email"),
            rx.el.p(
                A.create(
                    texts["policy"],
                    href=state.policy.href,
                    class_name="lnk",
                    target="_blank",
                    custom_attrs={"data-testid": "policy-link"},
                ),
                " ",
                rx.el.small(state.policy.text + " · " + state.policy.note),
            ),
        ),
        id=id,
        key=f"privacy-{state.form_number}",
        on_submit=state.save,
        on_change=rx.cond(state.is_dirty, rx.noop(), state.touch()),
    )


def privacy_lists(texts: Texts, state: Any) -> rx.Component:
    """What is due, what went, who was erased, who looked."""
    return rx.el.div(
        _list(
            texts["due"],
            state.due,
            "retention-due",
            rx.cond(
                state.held != "",
                rx.el.div(icon("circle-alert"), rx.el.div(state.held), class_name="notice warn"),
                rx.fragment(),
            ),
            rx.el.button(
                icon("trash-2"),
                texts["run"],
                type="button",
                class_name="b sec",
                on_click=state.ask,
                custom_attrs={"data-testid": "retention-run"},
            ),
            help=texts["due_help"],
        ),
        _list(texts["runs"], state.runs, "retention-run-past", none=texts["no_runs"]),
        _list(
            texts["proofs"],
            state.proofs,
            "erasure",
            help=texts["proofs_help"],
            none=texts["no_proofs"],
            files=(texts["certificate"], texts["data"]),
        ),
        _list(
            texts["looks"],
            state.looks,
            "customer-access",
            help=texts["looks_help"],
            none=texts["no_looks"],
        ),
        confirm(
            is_open=state.is_asking,
            title=texts["run_title"],
            text=state.due[0].text + ", " + state.due[1].text + ". " + state.held,
            yes=texts["run_yes"],
            no=texts["run_no"],
            on_yes=state.run_now,
            on_no=state.ask,
        ),
        class_name="form",
    )


def _list(
    title: Any,
    lines: Any,
    test_id: str,
    *more: rx.Component,
    help: Any = None,
    none: Any = "",
    files: tuple[Any, Any] | None = None,
) -> rx.Component:
    return section(
        title,
        rx.cond(
            lines.length() > 0,
            rx.el.ul(
                rx.foreach(lines, lambda line: _line(line, test_id, files)), class_name="reps"
            ),
            rx.el.p(none, class_name="help"),
        ),
        *more,
        **({"help": help} if help is not None else {}),
    )


def _line(line: Any, test_id: str, files: tuple[Any, Any] | None) -> rx.Component:
    ends = (
        [
            A.create(words, href=href, class_name="lnk", custom_attrs=A_FILE)
            for words, href in zip(files, (line.href, line.href_data), strict=True)
        ]
        if files is not None
        else []
    )
    text = (
        rx.el.b(line.text)
        if files is not None
        else rx.cond(
            line.href != "",
            rx.el.a(rx.el.b(line.text), href=line.href, class_name="lnk"),
            rx.el.b(line.text),
        )
    )
    return rx.el.li(
        rx.el.span(text, " ", rx.el.small(line.note), class_name="grow"),
        *ends,
        class_name="row",
        key=line.id,
        custom_attrs={"data-testid": test_id, "data-id": line.id},
    )
