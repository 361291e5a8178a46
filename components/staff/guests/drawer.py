"""The drawer beside the guest list: one guest at a glance."""

from typing import Any

import reflex as rx

from components.icons import icon
from components.texts import Texts


def drawer(texts: Texts, preview: Any, view: Any) -> rx.Component:
    """One guest at a glance; nothing while nobody's is open."""
    card = preview.card
    return rx.cond(
        card,
        rx.el.aside(
            _head(texts, card, preview.close),
            _badges(card),
            _numbers(texts, card),
            _known(texts, card),
            _tags(texts, preview, view),
            _last_note(texts, card),
            _new_note(texts, preview, view),
            rx.el.div(
                rx.el.a(
                    texts["open_card"],
                    href=card.href,
                    class_name="b pri",
                    custom_attrs={"data-testid": "preview-card"},
                ),
                class_name="foot",
            ),
            class_name="drw",
            custom_attrs={"aria-label": card.alias, "data-testid": "preview"},
        ),
        rx.fragment(),
    )


def _head(texts: Texts, card: Any, on_close: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(icon(card.icon, 24), class_name="av big " + card.tint),
        rx.el.div(
            rx.el.h2(card.alias),
            rx.el.small(card.known, class_name="hint"),
            class_name="grow",
        ),
        rx.el.button(
            icon("x", 20),
            type="button",
            class_name="b gh sq",
            on_click=on_close,
            custom_attrs={"aria-label": texts["close"], "data-escape-target": ""},
        ),
        class_name="gst",
    )


def _badges(card: Any) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            icon(card.status_icon, 16),
            card.status_word,
            class_name="chip " + card.status_tone,
        ),
        rx.cond(
            card.allergens != "",
            rx.el.span(icon("triangle-alert", 16), card.allergens, class_name="chip bad wraps"),
            rx.fragment(),
        ),
        class_name="row",
    )


def _numbers(texts: Texts, card: Any) -> rx.Component:
    return rx.el.dl(
        *(
            rx.el.div(rx.el.dt(texts[word]), rx.el.dd(value, class_name="num"))
            for word, value in (
                ("visits", card.visits),
                ("spent", card.spent),
                ("per_order", card.average),
                ("between", card.rhythm),
            )
        ),
        class_name="kv",
    )


def _known(texts: Texts, card: Any) -> rx.Component:
    """Segments and favourite dishes, where there are any."""
    return rx.fragment(
        rx.cond(
            card.segments.length() > 0,
            rx.el.section(
                rx.el.h3(texts["in_segments"]),
                rx.el.div(
                    rx.foreach(
                        card.segments,
                        lambda name: rx.el.span(name, class_name="chip line", key=name),
                    ),
                    class_name="row",
                ),
            ),
            rx.fragment(),
        ),
        rx.cond(
            card.likes.length() > 0,
            rx.el.section(
                rx.el.h3(texts["likes"]),
                rx.el.ul(rx.foreach(card.likes, _liked), class_name="likes"),
            ),
            rx.fragment(),
        ),
    )


def _last_note(texts: Texts, card: Any) -> rx.Component:
    return rx.cond(
        card.note != "",
        rx.el.section(
            rx.el.h3(texts["last_note"]),
            rx.el.blockquote(
                rx.el.p(card.note, custom_attrs={"dir": "auto"}),
                rx.el.small(card.note_by, class_name="hint"),
                class_name="tnote",
            ),
        ),
        rx.fragment(),
    )


def _new_note(texts: Texts, preview: Any, view: Any) -> rx.Component:
    return rx.cond(
        view["may_edit"] != "",
        rx.el.form(
            rx.el.input(
                name="note",
                class_name="inp",
                max_length=500,
                auto_complete="off",
                placeholder=texts["new_note"],
                custom_attrs={
                    "aria-label": texts["new_note"],
                    "data-testid": "preview-note",
                },
            ),
            rx.el.button(texts["add"], type="submit", class_name="b sec"),
            class_name="quick",
            on_submit=preview.add_note,
            reset_on_submit=True,
            key=f"note-{preview.card.id}",
        ),
        rx.fragment(),
    )


def _liked(dish: Any) -> rx.Component:
    return rx.el.li(
        rx.cond(
            dish.picture != "",
            rx.el.img(src=dish.picture, alt="", custom_attrs={"width": "36", "height": "36"}),
            rx.fragment(),
        ),
        rx.el.span(dish.name),
        rx.el.small(dish.count, class_name="num"),
        key=dish.name,
    )


def _tags(texts: Texts, preview: Any, view: Any) -> rx.Component:
    card = preview.card
    return rx.el.section(
        rx.el.h3(texts["tags"]),
        rx.el.div(
            rx.foreach(
                card.tags, lambda tag: rx.el.span(icon("tag", 14), tag, class_name="chip", key=tag)
            ),
            rx.cond(
                card.tags.length() > 0,
                rx.fragment(),
                rx.el.span(texts["no_tags"], class_name="hint"),
            ),
            class_name="row",
        ),
        rx.cond(
            view["may_edit"] != "",
            rx.el.form(
                rx.el.input(
                    name="tag",
                    class_name="inp",
                    max_length=40,
                    auto_complete="off",
                    custom_attrs={"aria-label": texts["tag_name"], "data-testid": "preview-tag"},
                ),
                rx.el.button(texts["add"], type="submit", class_name="b sec"),
                rx.cond(
                    card.wrong != "",
                    rx.el.p(card.wrong, class_name="em2", role="alert"),
                    rx.fragment(),
                ),
                class_name="quick",
                on_submit=preview.add_tag,
                reset_on_submit=True,
                key=f"tag-{card.id}",
            ),
            rx.fragment(),
        ),
    )
