"""One description of a piece of a page, rendered twice: by the server at once and by the live page.

The guest menu is painted by the server before any script runs, then replaced by Reflex's page. Both
are made by the same functions, which take one of the two writers below: the same dishes, prices,
order and boxes by construction.
"""

from collections.abc import Callable, Iterable
from html import escape
from typing import Any, Protocol

import reflex as rx
from reflex_components_core.el.elements.inline import A

Node = Any
VOID = frozenset({"img", "input", "link", "meta", "br"})
# JSX spells a few attributes differently.
_JSX_NAMES = {
    "tabindex": "tabIndex",
    "autocomplete": "autoComplete",
    "fetchpriority": "fetchPriority",
}


class Markup(Protocol):
    """Writes elements either as Reflex components or as HTML."""

    def __call__(  # noqa: D102 - described by the class
        self,
        tag: str,
        *children: Node,
        cls: Any = "",
        attrs: dict[str, Any] | None = None,
        on: dict[str, Any] | None = None,
        key: Any = None,
    ) -> Node: ...

    def each(self, items: Any, render: Callable[[Any], Node]) -> Node:
        """Render every item; a rendered item needs a key."""
        ...

    def when(self, condition: Any, then: Node, otherwise: Node = None) -> Node:
        """One of two nodes."""
        ...

    def choose(self, condition: Any, then: Any, otherwise: Any) -> Any:
        """One of two values, for attributes."""
        ...


class Live:
    """Writes Reflex components over Vars and handlers."""

    def __call__(
        self,
        tag: str,
        *children: Node,
        cls: Any = "",
        attrs: dict[str, Any] | None = None,
        on: dict[str, Any] | None = None,
        key: Any = None,
    ) -> Node:
        """One element; `on` maps Reflex's triggers ("on_click") to handlers."""
        props: dict[str, Any] = dict(on or {})
        if not (isinstance(cls, str) and not cls):
            props["class_name"] = cls
        if key is not None:
            props["key"] = key
        if attrs:
            props["custom_attrs"] = {_JSX_NAMES.get(name, name): v for name, v in attrs.items()}
        kept = [child for child in children if child is not None]
        return _element(tag)(*kept, **props)

    def each(self, items: Any, render: Callable[[Any], Node]) -> Node:
        """rx.foreach."""
        return rx.foreach(items, render)

    def when(self, condition: Any, then: Node, otherwise: Node = None) -> Node:
        """rx.cond."""
        return (
            rx.cond(condition, then, otherwise)
            if otherwise is not None
            else rx.cond(condition, then)
        )

    def choose(self, condition: Any, then: Any, otherwise: Any) -> Any:
        """rx.cond over values."""
        return rx.cond(condition, then, otherwise)


class Html(str):
    """Markup that is already escaped."""

    __slots__ = ()


class Static:
    """Writes HTML over plain values; handlers are left out."""

    def __call__(
        self,
        tag: str,
        *children: Node,
        cls: Any = "",
        attrs: dict[str, Any] | None = None,
        on: dict[str, Any] | None = None,  # noqa: ARG002 - the live page's business
        key: Any = None,  # noqa: ARG002
    ) -> Html:
        """One element as text."""
        parts = [f"<{tag}"]
        if cls:
            parts.append(f' class="{escape(str(cls))}"')
        for name, value in (attrs or {}).items():
            if value is True:
                parts.append(f" {name}")
            elif value is not None and value is not False:
                parts.append(f' {name}="{escape(str(value))}"')
        parts.append(">")
        if tag not in VOID:
            parts.extend(_text(child) for child in children if child is not None)
            parts.append(f"</{tag}>")
        return Html("".join(parts))

    def each(self, items: Iterable[Any], render: Callable[[Any], Node]) -> Html:
        """Every item in a row."""
        return Html("".join(_text(render(item)) for item in items))

    def when(self, condition: Any, then: Node, otherwise: Node = None) -> Html:
        """One of two nodes, or nothing."""
        return Html(_text(then if condition else otherwise))

    def choose(self, condition: Any, then: Any, otherwise: Any) -> Any:
        """One of two values."""
        return then if condition else otherwise


def _text(node: Node) -> str:
    if node is None:
        return ""
    return node if isinstance(node, Html) else escape(str(node), quote=False)


def _element(tag: str) -> Callable[..., Any]:
    if tag == "a":
        # `rx.el.a` is the router's link, which writes an address of its own over "#section".
        return A.create
    return rx.el.svg.use if tag == "use" else getattr(rx.el, tag)


LIVE = Live()
STATIC = Static()


def icon(h: Markup, name: Any, size: Any = "", extra: str = "") -> Node:
    """A drawing of the icon sprite; decorative, so hidden from screen readers."""
    cls = " ".join(part for part in ("ic", f"ic-{size}" if size else "", extra) if part)
    return h(
        "svg",
        h("use", attrs={"href": f"/icons.svg#{name}"}),
        cls=cls,
        attrs={"aria-hidden": "true"},
    )
