"""What staff have written down about a guest, with every earlier wording, and their tags."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.staff.card.vars import CardVars

MAX_NOTE = 2000
MAX_TAG = 40


def notes(c: CardVars) -> rx.Component:
    """The field first, then the notes, newest first; tags beside them."""
    texts, shown = c.texts, c.notes
    return rx.el.div(
        rx.el.div(
            rx.el.form(
                rx.el.label(texts["new_note"], html_for="note-text", class_name="lbl"),
                _field("note-text", shown.number, ""),
                rx.el.p(texts["note_hint"], class_name="help", id="note-help"),
                _problem(shown.problem, shown.problem_at == "new"),
                rx.el.div(
                    _private(c),
                    rx.el.button(
                        texts["save"],
                        type="submit",
                        class_name="b pri",
                        custom_attrs={"data-testid": "notes-save"},
                    ),
                    class_name="row end",
                ),
                on_submit=c.on_add_note,
                class_name="card pn note-form",
            ),
            rx.cond(
                shown.rows.length() > 0,
                rx.el.ol(rx.foreach(shown.rows, lambda note: _note(c, note)), class_name="notes"),
                rx.el.p(texts["no_notes"], " · ", texts["no_notes_hint"], class_name="hint"),
            ),
            class_name="col1",
        ),
        _tags(c),
        class_name="notesgrid",
        custom_attrs={"data-testid": "card-notes"},
    )


def _field(name: str, number: Any, text: Any) -> rx.Component:
    return rx.el.textarea(
        id=name,
        name="text",
        default_value=text,
        rows="3",
        max_length=MAX_NOTE,
        required=True,
        key=number.to_string(),
        class_name="inp",
        custom_attrs={"dir": "auto", "data-testid": name, "aria-describedby": "note-help"},
    )


def _problem(sentence: Any, is_here: Any) -> rx.Component:
    return rx.cond(
        is_here,
        rx.el.p(icon("circle-alert", 16), sentence, class_name="em2", role="alert"),
        rx.fragment(),
    )


def _private(c: CardVars) -> rx.Component:
    return rx.cond(
        c.head.may_edit,
        rx.el.label(
            rx.el.input(type="checkbox", name="only_managers", value="yes"),
            icon("lock", 16),
            c.texts["only_managers"],
            class_name="tick",
        ),
        rx.fragment(),
    )


def _note(c: CardVars, note: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(
            c.notes.editing == note.id,
            _editor(c, note),
            rx.fragment(
                rx.el.p(note.text, class_name="body", custom_attrs={"dir": "auto"}),
                rx.el.div(
                    rx.el.small(note.who),
                    rx.cond(
                        note.is_private,
                        rx.el.span(icon("lock", 16), c.texts["only_managers"], class_name="chip"),
                        rx.fragment(),
                    ),
                    rx.cond(note.may_change, _actions(c, note), rx.fragment()),
                    class_name="row",
                ),
                rx.cond(note.earlier.length() > 0, _earlier(c, note), rx.fragment()),
            ),
        ),
        class_name="card pn",
        key=note.id,
        custom_attrs={"data-testid": "note", "data-note-id": note.id},
    )


def _actions(c: CardVars, note: Any) -> rx.Component:
    return rx.el.span(
        rx.el.button(
            icon("pencil", 18),
            c.texts["edit"],
            type="button",
            class_name="b gh",
            on_click=c.on_edit_note(note.id),
            custom_attrs={"data-testid": "note-edit"},
        ),
        rx.el.button(
            icon("trash-2", 18),
            c.texts["delete"],
            type="button",
            class_name="b gh",
            on_click=c.on_delete_note(note.id),
            custom_attrs={"data-testid": "note-delete"},
        ),
        class_name="acts",
    )


def _earlier(c: CardVars, note: Any) -> rx.Component:
    return rx.el.details(
        rx.el.summary(icon("history", 16), c.texts["earlier"]),
        rx.el.ol(
            rx.foreach(
                note.earlier,
                lambda was: rx.el.li(
                    rx.el.p(was.text, custom_attrs={"dir": "auto"}),
                    rx.el.small(was.who),
                    key=was.key,
                ),
            )
        ),
        class_name="earlier",
    )


def _editor(c: CardVars, note: Any) -> rx.Component:
    texts, shown = c.texts, c.notes
    return rx.el.form(
        rx.el.label(texts["edit"], html_for="note-edited", class_name="sr"),
        _field("note-edited", shown.number, shown.draft),
        _problem(shown.problem, shown.problem_at == note.id),
        rx.cond(
            shown.theirs != "",
            rx.el.blockquote(shown.theirs, custom_attrs={"dir": "auto", "data-testid": "theirs"}),
            rx.fragment(),
        ),
        rx.el.div(
            rx.el.button(texts["cancel"], type="button", class_name="b gh", on_click=c.on_close),
            rx.el.button(
                texts["save"],
                type="submit",
                class_name="b pri",
                custom_attrs={"data-testid": "note-save"},
            ),
            class_name="row end",
        ),
        on_submit=c.on_save_note,
        class_name="note-form",
    )


def _tags(c: CardVars) -> rx.Component:
    texts, shown = c.texts, c.notes
    return rx.el.section(
        rx.el.h2(texts["tags"]),
        rx.cond(
            shown.tags.length() > 0,
            rx.el.ul(rx.foreach(shown.tags, lambda tag: _tag(c, tag)), class_name="tagged"),
            rx.el.p(texts["no_tags"], class_name="hint"),
        ),
        rx.cond(
            c.head.may_edit,
            rx.el.form(
                rx.el.label(texts["tag_label"], html_for="tag-text", class_name="lbl"),
                rx.el.div(
                    rx.el.input(
                        id="tag-text",
                        name="tag",
                        max_length=MAX_TAG,
                        required=True,
                        key=shown.number.to_string(),
                        class_name="inp",
                        custom_attrs={
                            "dir": "auto",
                            "list": "known-tags",
                            "autocomplete": "off",
                            "data-testid": "tag-text",
                        },
                    ),
                    rx.el.datalist(
                        rx.foreach(shown.known_tags, lambda tag: rx.el.option(value=tag, key=tag)),
                        id="known-tags",
                    ),
                    rx.el.button(
                        icon("plus"),
                        texts["add"],
                        type="submit",
                        class_name="b sec",
                        custom_attrs={"data-testid": "tag-add"},
                    ),
                    class_name="row",
                ),
                _problem(shown.problem, shown.problem_at == "tag"),
                on_submit=c.on_add_tag,
            ),
            rx.fragment(),
        ),
        class_name="card pn tagbox",
    )


def _tag(c: CardVars, tag: Any) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            icon("tag", 16),
            rx.el.bdi(tag),
            rx.cond(
                c.head.may_edit,
                rx.el.button(
                    icon("x", 16),
                    type="button",
                    on_click=c.on_remove_tag(tag),
                    custom_attrs={
                        "aria-label": c.texts["delete"] + " " + tag,
                        "data-testid": "tag-remove",
                    },
                ),
                rx.fragment(),
            ),
            class_name="chip",
        ),
        key=tag,
        custom_attrs={"data-testid": "tag"},
    )
