"""How the menu's editor shows sections, dishes and questions: rows made from what was read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from services.base import addresses, clock
from services.base.texts import N_, money_text, plural, translate
from services.menu.editor import EditorCategory, EditorDish, EditorGroup, EditorMenu
from services.menu.rules import is_sold_out
from services.menu.types import Hours
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE


@dataclass(frozen=True, slots=True)
class DishRow:
    """A dish in the list."""

    id: str
    name: str
    price: str
    picture: str
    is_sold_out: bool
    # When it comes back by itself; empty when somebody has to say so.
    returns: str
    is_popular: bool
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """A section of the list with the dishes that are shown."""

    id: str
    name: str
    note: str
    hours: str
    dishes: list[DishRow]
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """An answer with what it adds to the price."""

    id: str
    name: str
    price: str
    is_sold_out: bool


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A question with its answers."""

    id: str
    name: str
    rule: str
    used: str
    answers: list[AnswerRow]
    is_first: bool
    is_last: bool


@dataclass(frozen=True, slots=True)
class ArchivedRow:
    """Something that can be put back."""

    kind: str
    id: str
    name: str
    note: str


def category_rows(
    menu: EditorMenu, *, restaurant: RestaurantInfo, search: str, now: datetime
) -> list[CategoryRow]:
    """The sections on the menu; with a search only those where a dish fits it."""
    active = [category for category in menu.categories if category.is_active]
    wanted = search.casefold().strip()
    rows = [
        CategoryRow(
            id=str(category.id),
            name=category.name,
            note=category.note,
            hours=hours_text(category.hours),
            dishes=_dish_rows(category, restaurant, wanted, now),
            is_first=index == 0,
            is_last=index == len(active) - 1,
        )
        for index, category in enumerate(active)
    ]
    return [row for row in rows if row.dishes or not wanted]


def group_rows(menu: EditorMenu, *, restaurant: RestaurantInfo, search: str) -> list[GroupRow]:
    """The questions that dishes may ask; with a search only the answers that fit it."""
    active = [group for group in menu.groups if group.is_active]
    wanted = search.casefold().strip()
    rows = [
        GroupRow(
            id=str(group.id),
            name=group.name,
            rule=rule_text(group),
            used=plural(LANGUAGE, "{count} dish", "{count} dishes", group.dish_count),
            answers=_answer_rows(group, restaurant, wanted),
            is_first=index == 0,
            is_last=index == len(active) - 1,
        )
        for index, group in enumerate(active)
    ]
    return [row for row in rows if row.answers or not wanted]


def archived_rows(menu: EditorMenu, *, restaurant: RestaurantInfo) -> list[ArchivedRow]:
    """What was taken off the menu: sections, then dishes, then questions."""
    sections = [
        ArchivedRow("category", str(c.id), c.name, translate(LANGUAGE, N_("Section")))
        for c in menu.categories
        if not c.is_active
    ]
    dishes = [
        ArchivedRow("dish", str(d.id), d.name, price_text(d, restaurant))
        for c in menu.categories
        for d in c.dishes
        if not d.is_active
    ]
    groups = [
        ArchivedRow("group", str(g.id), g.name, translate(LANGUAGE, N_("Choices")))
        for g in menu.groups
        if not g.is_active
    ]
    return [*sections, *dishes, *groups]


def summary_text(menu: EditorMenu, *, now: datetime) -> str:
    """How many there are: "61 dishes, 2 sold out"."""
    dishes = [d for c in menu.categories if c.is_active for d in c.dishes if d.is_active]
    sold_out = sum(is_sold_out(dish, now=now) for dish in dishes)
    count = plural(LANGUAGE, "{count} dish", "{count} dishes", len(dishes))
    if not sold_out:
        return count
    gone = plural(LANGUAGE, "{count} sold out", "{count} sold out", sold_out)
    return f"{count}, {gone}"


def price_text(dish: EditorDish, restaurant: RestaurantInfo) -> str:
    """The price, or the range of the variants' prices."""
    prices = [variant.price_minor for variant in dish.variants] or [dish.price_minor]
    texts = [
        money_text(price, restaurant.currency, LANGUAGE) for price in (min(prices), max(prices))
    ]
    return "–".join(dict.fromkeys(texts))


def rule_text(group: EditorGroup) -> str:
    """How many answers a question takes: "Choose 1", "Choose 1 to 2", "Up to 3"."""
    least, most = group.min_choices, group.max_choices
    if least == most:
        return translate(LANGUAGE, N_("Choose {most}"), most=most)
    if least == 0:
        return translate(LANGUAGE, N_("Up to {most}"), most=most)
    return translate(LANGUAGE, N_("Choose {least} to {most}"), least=least, most=most)


def hours_text(hours: Hours) -> str:
    """Pairs of times, "12:00–15:00, 18:00–23:00"; nothing for always."""
    return ", ".join(f"{start}–{end}" for start, end in hours)


def _dish_rows(
    category: EditorCategory, restaurant: RestaurantInfo, wanted: str, now: datetime
) -> list[DishRow]:
    active = [dish for dish in category.dishes if dish.is_active]
    return [
        DishRow(
            id=str(dish.id),
            name=dish.name,
            price=price_text(dish, restaurant),
            picture=addresses.picture(dish.picture_file, width=216),
            is_sold_out=is_sold_out(dish, now=now),
            returns=_returns(dish, restaurant, now),
            is_popular=dish.is_popular,
            is_first=index == 0,
            is_last=index == len(active) - 1,
        )
        for index, dish in enumerate(active)
        if not wanted or _fits(wanted, [dish.name, dish.description, category.name])
    ]


def _returns(dish: EditorDish, restaurant: RestaurantInfo, now: datetime) -> str:
    until = dish.sold_out_until_at
    if until is None or until <= now:
        return ""
    local = clock.to_local(until, restaurant.time_zone)
    return translate(LANGUAGE, N_("Back at {time}"), time=f"{local:%H:%M}")


def _answer_rows(group: EditorGroup, restaurant: RestaurantInfo, wanted: str) -> list[AnswerRow]:
    return [
        AnswerRow(
            id=str(modifier.id),
            name=modifier.name,
            price=_delta_text(modifier.price_delta_minor, restaurant.currency),
            is_sold_out=modifier.is_sold_out,
        )
        for modifier in group.modifiers
        if not wanted or _fits(wanted, [modifier.name, group.name])
    ]


def _delta_text(delta_minor: int, currency: str) -> str:
    """As in "+€1.50"; nothing for an answer that costs nothing more."""
    if delta_minor == 0:
        return ""
    sign = "+" if delta_minor > 0 else "−"
    return f"{sign}{money_text(abs(delta_minor), currency, LANGUAGE)}"


def _fits(wanted: str, texts: Iterable[str]) -> bool:
    return any(wanted in text.casefold() for text in texts)
