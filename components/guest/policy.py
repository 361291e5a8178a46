"""The policy of a restaurant: headings, sentences, points. It has no live twin."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components.markup import STATIC, Html, icon

h = STATIC


@dataclass(frozen=True)
class PolicyPage:
    """What the page shows. `languages` are code, name and address of the others."""

    texts: dict[str, str]
    restaurant: str
    back_href: str
    sections: Sequence[Any]
    languages: Sequence[tuple[str, str, str]]
    is_old: bool
    now_href: str


def policy_page(page: PolicyPage) -> Html:
    """The whole page."""
    texts = page.texts
    return h(
        "div",
        h(
            "header",
            h(
                "a",
                icon(h, "chevron-left", 24, "flip"),
                cls="hb",
                attrs={"href": page.back_href, "aria-label": texts["back"]},
            ),
            h("div", h("h1", texts["title"]), h("p", page.restaurant)),
            cls="pbar",
        ),
        h(
            "main",
            _old(page) if page.is_old else None,
            h("p", texts["lead"], cls="lead"),
            h.each(page.sections, _section),
            h(
                "a",
                icon(h, "shield-check"),
                texts["own_page"],
                cls="btn sec c",
                attrs={"href": page.back_href},
            ),
            h("p", h.each(page.languages, _language), cls="tiny c") if page.languages else None,
            cls="body pad nobar",
        ),
        cls="guest policy",
        attrs={"data-testid": "policy"},
    )


def _section(section: Any) -> Html:
    return h(
        "section",
        h("h2", section.title, cls="ph"),
        h.each(section.sentences, lambda sentence: h("p", sentence)),
        h("ul", h.each(section.points, lambda point: h("li", point)), cls="points")
        if section.points
        else None,
        cls="panel",
        attrs={"data-section": section.key},
    )


def _old(page: PolicyPage) -> Html:
    return h(
        "div",
        icon(h, "circle-alert"),
        h("div", page.texts["old"], " ", h("a", page.texts["now"], attrs={"href": page.now_href})),
        cls="notice warn",
        attrs={"role": "status"},
    )


def _language(language: tuple[str, str, str]) -> Html:
    code, name, href = language
    return h("a", name, attrs={"href": href, "lang": code, "hreflang": code})
