"""The list of dishes with its header, written once for the first paint and the live page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from components.markup import Markup, Node, icon

PICTURE = 108


@dataclass(frozen=True)
class MenuParts:
    """What the menu shows: plain values for the first paint, Vars for the live page."""

    texts: Any
    name: Any
    hours_text: Any
    logo: Any
    language_label: Any
    seat: Any
    sections: Any
    is_empty: Any
    # The 14 allergens with their words, for the filter.
    allergens: Any
    languages: Any
    # How many of a dish are in the cart; absent in the first paint.
    counts: Any = None
    on_add: Any = None
    on_open: Any = None
    on_more: Any = None
    on_not_here: Any = None
    strip: Node = None
    after: Node = None
    # Ways to a table for whoever has none; only the first paint writes them, the page keeps them.
    ways: Node = None


def menu_header(h: Markup, parts: MenuParts) -> Node:
    """The restaurant, its colour, and the table."""
    return h(
        "header",
        h(
            "svg",
            h("use", attrs={"href": "/icons.svg#sprig"}),
            cls="sprig",
            attrs={"viewBox": "0 0 220 160", "aria-hidden": "true"},
        ),
        h(
            "div",
            h(
                "span",
                h.when(
                    parts.logo != "",
                    h("img", attrs={"src": parts.logo, "alt": "", "width": "30", "height": "30"}),
                    icon(h, "utensils", 24),
                ),
                cls="logo",
            ),
            h("div", h("h1", parts.name), h("p", parts.hours_text), cls="who"),
            h(
                "button",
                icon(h, "globe", 18),
                h("span", parts.language_label),
                cls="hbtn",
                attrs={
                    "type": "button",
                    "aria-label": parts.texts["language"],
                    "data-languages": parts.languages,
                },
            ),
            h(
                "button",
                icon(h, "menu", 22),
                cls="hbtn sq",
                attrs={"type": "button", "aria-label": parts.texts["more"]},
                on={"on_click": parts.on_more} if parts.on_more else None,
            ),
            cls="top-row",
        ),
        h(
            "div",
            h.when(
                parts.seat != "",
                h("span", icon(h, "map-pin", 18), h("b", parts.seat), cls="seat-at"),
                h("span", icon(h, "book-open", 18), h("b", parts.texts["menu"]), cls="seat-at"),
            ),
            h.when(
                parts.seat != "",
                h(
                    "button",
                    parts.texts["not_here"],
                    cls="seat-not",
                    attrs={"type": "button"},
                    on={"on_click": parts.on_not_here} if parts.on_not_here else None,
                ),
                h("span"),
            ),
            parts.ways,
            cls="seat",
        ),
        cls="top",
    )


def table_ways(h: Markup, ways: Sequence[tuple[str, str]]) -> Node:
    """Links to booking and queueing, as (address, words)."""
    return h("nav", *(h("a", words, attrs={"href": href}) for href, words in ways), cls="ways")


def menu_body(h: Markup, parts: MenuParts) -> Node:
    """Search, sections and dishes."""
    return h.when(parts.is_empty, _no_menu(h, parts), _full_body(h, parts))


def _no_menu(h: Markup, parts: MenuParts) -> Node:
    """The restaurant has not written anything yet: nothing to search, nothing to agree to."""
    return h(
        "main",
        parts.strip if parts.strip is not None else h("span", attrs={"hidden": True}),
        h(
            "div",
            icon(h, "book-open", "", "ill"),
            h("h2", parts.texts["no_menu"]),
            h("p", parts.texts["no_menu_hint"]),
            cls="em",
        ),
        cls="body",
        attrs={"id": "menu"},
    )


def _full_body(h: Markup, parts: MenuParts) -> Node:
    return h(
        "main",
        _tools(h, parts),
        h(
            "nav",
            h("div", h.each(parts.sections, lambda section: _tab(h, section)), cls="tabs-in"),
            cls="tabs",
            attrs={"aria-label": parts.texts["menu"]},
        ),
        _filters(h, parts),
        parts.strip if parts.strip is not None else h("span", attrs={"hidden": True}),
        h.each(parts.sections, lambda section: _section(h, section, parts)),
        _nothing_found(h, parts),
        parts.after,
        h("p", parts.texts["foot"], cls="foot"),
        cls="body",
        attrs={"id": "menu"},
    )


def _tools(h: Markup, parts: MenuParts) -> Node:
    return h(
        "div",
        h(
            "label",
            icon(h, "search"),
            h("span", parts.texts["search"], cls="sr"),
            h(
                "input",
                attrs={
                    "type": "search",
                    "placeholder": parts.texts["search"],
                    "data-menu-search": "",
                    "autocomplete": "off",
                    "enterkeyhint": "search",
                },
            ),
            cls="search",
        ),
        h(
            "button",
            icon(h, "leaf"),
            h("span", parts.texts["diet"]),
            cls="fbtn",
            attrs={"type": "button", "data-menu-filter": "", "aria-expanded": "false"},
        ),
        cls="tools",
    )


def _filters(h: Markup, parts: MenuParts) -> Node:
    """Diets to show and allergens to leave out; worked by the page itself, nothing is sent."""
    diets = [
        _filter(h, f"diet:{key}", parts.texts[key])
        for key in ("vegetarian", "vegan", "gluten_free")
    ]
    return h(
        "div",
        h("p", parts.texts["diet_title"], cls="tiny"),
        h("div", *diets, cls="filters"),
        h("p", parts.texts["without"], cls="tiny"),
        h(
            "div",
            h.each(parts.allergens, lambda item: _filter(h, "without:" + item.key, item.word)),
            cls="filters",
        ),
        cls="filter-box",
        attrs={"id": "menu-filters", "hidden": True},
    )


def _filter(h: Markup, value: Any, word: Any) -> Node:
    return h(
        "button",
        word,
        cls="mini",
        attrs={"type": "button", "data-filter": value, "aria-pressed": "false"},
        key=value,
    )


def _tab(h: Markup, section: Any) -> Node:
    return h("a", section.name, cls="tab", attrs={"href": "#" + section.id}, key=section.id)


def _section(h: Markup, section: Any, parts: MenuParts) -> Node:
    return h(
        "section",
        h(
            "div",
            h("h2", section.name),
            h.when(section.note != "", h("p", section.note), h("span")),
            cls="sec-h",
        ),
        h.each(section.dishes, lambda dish: dish_row(h, dish, parts)),
        attrs={"id": section.id, "data-section": ""},
        key=section.id,
    )


def dish_row(h: Markup, dish: Any, parts: MenuParts) -> Node:
    """One dish: the whole row opens it, the round button adds it."""
    return h(
        "article",
        h(
            "div",
            h(
                "h3",
                h(
                    "a",
                    dish.name,
                    cls="d-link",
                    attrs={"href": "#dish-" + dish.id, "role": "button", "data-dish": dish.id},
                    on={"on_click": parts.on_open(dish.id)} if parts.on_open else None,
                ),
            ),
            h.when(dish.description != "", h("p", dish.description, cls="d-desc"), h("span")),
            h(
                "p",
                h("b", dish.price),
                h.when(
                    dish.is_popular,
                    h("span", icon(h, "star", 14), parts.texts["popular"], cls="badge pop"),
                    h("span"),
                ),
                h.when(dish.back_text != "", h("span", dish.back_text, cls="soldnote"), h("span")),
                cls="d-price num",
            ),
            h(
                "ul",
                h.each(dish.marks, lambda mark: _mark(h, mark)),
                h.when(
                    dish.allergens != "",
                    h("li", dish.allergens, cls="alg"),
                    h("li", attrs={"hidden": True}),
                ),
                cls="marks",
            ),
            cls="d-text",
        ),
        h(
            "div",
            h.when(
                dish.picture != "",
                h(
                    "img",
                    cls="pic",
                    attrs={
                        "src": dish.picture,
                        "alt": "",
                        "width": str(PICTURE),
                        "height": str(PICTURE),
                        "loading": "lazy",
                        "decoding": "async",
                    },
                ),
                h("span"),
            ),
            h.when(
                dish.is_sold_out,
                h("span", dish.off_tag, cls="soldtag"),
                _add_button(h, dish, parts),
            ),
            cls="d-pic",
        ),
        cls=dish.css,
        attrs={
            "data-testid": "dish",
            "data-dish-id": dish.id,
            "data-diets": dish.diets,
            "data-allergens": dish.allergen_keys,
        },
        key=dish.id,
    )


def _mark(h: Markup, mark: Any) -> Node:
    return h(
        "li", icon(h, mark.icon, 14), h("span", mark.word), cls="mark " + mark.css, key=mark.icon
    )


def _add_button(h: Markup, dish: Any, parts: MenuParts) -> Node:
    attrs = {"type": "button", "aria-label": dish.add_label, "data-testid": "dish-add"}
    if parts.counts is None:
        return h("button", icon(h, "plus", 22), cls="add", attrs=attrs)
    count = parts.counts.get(dish.id, 0)
    return h(
        "button",
        h.when(count > 0, h("span", count), icon(h, "plus", 22)),
        cls=h.choose(count > 0, "add on num", "add"),
        attrs=attrs,
        on={"on_click": parts.on_add(dish.id)},
    )


def _nothing_found(h: Markup, parts: MenuParts) -> Node:
    return h(
        "div",
        h(
            "svg",
            h("use", attrs={"href": "/icons.svg#search"}),
            cls="ill ic",
            attrs={"aria-hidden": "true"},
        ),
        # assets/guest.js fills in what was searched and how many dishes there are.
        h(
            "h2",
            parts.texts["nothing_found"],
            attrs={
                "data-found": parts.texts["nothing_found"],
                "data-called": parts.texts["nothing_called"],
            },
        ),
        h("p", attrs={"data-hint": parts.texts["nothing_hint"]}),
        h(
            "div",
            h(
                "button",
                parts.texts["whole_menu"],
                cls="btn sec",
                attrs={"type": "button", "data-menu-reset": ""},
            ),
            cls="row",
        ),
        cls="em",
        attrs={"id": "nothing-found", "hidden": True, "role": "status"},
    )
