"""Drawings from the icon sprite, for pages that only exist live."""

from typing import Any

import reflex as rx

from components.markup import LIVE
from components.markup import icon as _icon


def icon(name: Any, size: Any = "", extra: str = "") -> rx.Component:
    """A decorative icon; a button that holds nothing else needs an aria-label."""
    return _icon(LIVE, name, size, extra)
