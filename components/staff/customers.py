"""What the list of guests and a guest's page draw alike."""

from typing import Any

import reflex as rx

from components.icons import icon


def status_chip(row: Any) -> rx.Component:
    """The badge: a word and an icon, never a colour alone."""
    return rx.el.span(
        icon(row.status_icon, 16), row.status_word, class_name="chip " + row.status_tone
    )
