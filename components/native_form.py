"""A form that the browser itself posts over HTTP.

Reflex's own form swallows the submit even when it has no handler; log-in, log-out and consent need
the real thing, since only an HTTP answer can set an HttpOnly cookie.
"""

from typing import Any

import reflex as rx
from reflex_components_core.el.elements.base import BaseHTML


class _NativeForm(BaseHTML):
    tag = "form"


def native_form(
    *children: Any,
    action: Any,
    class_name: str = "",
    attrs: dict[str, Any] | None = None,
) -> rx.Component:
    """A form posted to `action` by the browser."""
    return _NativeForm.create(
        *children,
        class_name=class_name,
        custom_attrs={"action": action, "method": "post"} | (attrs or {}),
    )
