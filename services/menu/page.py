"""The menu as a guest's page shows it: words, prices and marks ready to be put on the screen.

Both renderings of the page, the server's first paint and the live one, read these rows.
"""

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from services.base import addresses
from services.base.clock import to_local
from services.base.texts import N_, clock_text, hour_text, list_text, money_text, translate
from services.menu import rules
from services.menu.types import Menu, MenuCategory, MenuDish
from services.restaurants.hours import hours_of, next_opening, open_until
from services.restaurants.rules import is_served_now
from services.restaurants.types import RestaurantInfo

ALLERGEN_NAMES = {
    "gluten": N_("gluten"),
    "crustaceans": N_("crustaceans"),
    "eggs": N_("eggs"),
    "fish": N_("fish"),
    "peanuts": N_("peanuts"),
    "soybeans": N_("soya"),
    "milk": N_("milk"),
    "nuts": N_("nuts"),
    "celery": N_("celery"),
    "mustard": N_("mustard"),
    "sesame": N_("sesame"),
    "sulphites": N_("sulphites"),
    "lupin": N_("lupin"),
    "molluscs": N_("molluscs"),
}
_DIET_MARKS = {
    "vegan": ("vegan", "m-vegan", N_("Vegan")),
    "vegetarian": ("leaf", "m-veg", N_("Vegetarian")),
    "gluten_free": ("wheat-off", "m-gf", N_("Gluten-free")),
}
# As many as menus are kept.
KEPT_PAGES = 128
_SPICE_NAMES = {1: N_("Mild heat"), 2: N_("Spicy"), 3: N_("Very spicy")}


@dataclass(frozen=True, slots=True)
class Mark:
    """A diet or heat mark: an icon, its class and its word."""

    icon: str
    css: str
    word: str


@dataclass(frozen=True, slots=True)
class DishRow:
    """One dish in the list."""

    id: str
    name: str
    description: str
    price: str
    picture: str
    marks: list[Mark]
    allergens: str
    is_popular: bool
    # Cannot be ordered now; the tag says whether it is sold out or only not served at this hour.
    is_sold_out: bool
    off_tag: str
    back_text: str
    css: str
    add_label: str
    # For filters in the browser, by their keys.
    diets: str
    allergen_keys: str


@dataclass(frozen=True, slots=True)
class SectionRows:
    """One category with its dishes."""

    id: str
    name: str
    note: str
    dishes: list[DishRow]


@dataclass(frozen=True, slots=True)
class MenuPage:
    """Everything on the page that does not depend on the guest."""

    slug: str
    name: str
    hours_text: str
    logo: str
    language: str
    other_languages: list[str]
    dish_count: int
    sections: list[SectionRows]


_pages: OrderedDict[
    tuple[UUID, int, str], tuple[tuple[Menu, RestaurantInfo, datetime], MenuPage]
] = OrderedDict()


def menu_page(menu: Menu, *, restaurant: RestaurantInfo, now: datetime) -> MenuPage:
    """A menu made ready for its page.

    All guests of a minute share one: a full house would make the same rows hundreds of times, and
    every open page would hold them. Nobody changes them.

    Args:
        menu: in the language of the page.
        restaurant: whose menu it is.
        now: aware UTC; decides what is served and when the restaurant closes, to the minute.
    """
    key = (restaurant.id, menu.version, menu.language)
    made_of = (menu, restaurant, now.replace(second=0, microsecond=0))
    known = _pages.get(key)
    if known is None or known[0] != made_of:
        known = _pages[key] = (made_of, _make(menu, restaurant=restaurant, now=now))
        while len(_pages) > KEPT_PAGES:
            _pages.popitem(last=False)
    _pages.move_to_end(key)
    return known[1]


def _make(menu: Menu, *, restaurant: RestaurantInfo, now: datetime) -> MenuPage:
    language = menu.language
    sections = [_section(category, menu, restaurant, now) for category in menu.categories]
    return MenuPage(
        slug=restaurant.slug,
        name=restaurant.name,
        hours_text=hours_text(restaurant, language=language, now=now),
        logo=addresses.picture(restaurant.logo_file),
        language=language,
        other_languages=[code for code in restaurant.languages if code != language],
        dish_count=len(menu.dishes),
        sections=sections,
    )


def hours_text(restaurant: RestaurantInfo, *, language: str, now: datetime) -> str:
    """ "Open until 23:00", "Closed, opens at 12:00", or nothing when no hours are set."""
    if restaurant.ordering_paused:
        return translate(language, N_("Ordering is paused"))
    hours = hours_of(restaurant)
    closing = open_until(hours, now)
    if closing is not None:
        clock = clock_text(closing, time_zone=restaurant.time_zone, language=language)
        return translate(language, N_("Open until {time}"), time=clock)
    opening = next_opening(hours, now)
    if opening is None:
        return ""
    clock = clock_text(opening, time_zone=restaurant.time_zone, language=language)
    return translate(language, N_("Closed, opens at {time}"), time=clock)


@dataclass(frozen=True, slots=True)
class AllergenWord:
    """An allergen by key and word."""

    key: str
    word: str


def allergen_list(language: str) -> list[AllergenWord]:
    """The 14 allergens in the EU order, in words that begin a line."""
    return [AllergenWord(key, translate(language, name)) for key, name in ALLERGEN_NAMES.items()]


def allergen_words(keys: list[str] | tuple[str, ...], language: str) -> str:
    """Allergens as words in a row, in the EU order they come in: "milk, nuts"."""
    return list_text(language, (translate(language, ALLERGEN_NAMES[str(key)]) for key in keys))


def price_text(dish: MenuDish, *, currency: str, language: str) -> str:
    """The price of a dish, "from" where its variants differ."""
    amount = money_text(
        dish.from_price_minor if dish.is_from_price else dish.price_minor, currency, language
    )
    return translate(language, N_("from {price}"), price=amount) if dish.is_from_price else amount


def _section(
    category: MenuCategory, menu: Menu, restaurant: RestaurantInfo, now: datetime
) -> SectionRows:
    return SectionRows(
        id=f"s-{category.id}",
        name=category.name,
        note=category.note,
        dishes=[_dish(dish, menu, restaurant, now) for dish in category.dishes],
    )


def _dish(dish: MenuDish, menu: Menu, restaurant: RestaurantInfo, now: datetime) -> DishRow:
    language = menu.language
    sold_out = rules.is_sold_out(dish, now=now)
    served = _is_served(dish, restaurant, now)
    picture = addresses.picture(dish.picture_file, width=216)
    classes = ["dish"]
    if sold_out or not served:
        classes.append("is-sold")
    if not picture:
        classes.append("nopic")
    return DishRow(
        id=str(dish.id),
        name=dish.name,
        description=dish.description,
        price=price_text(dish, currency=menu.currency, language=language),
        picture=picture,
        marks=dish_marks(dish, language),
        allergens=translate(
            language, N_("Contains {list}"), list=allergen_words(dish.allergens, language)
        )
        if dish.allergens
        else "",
        is_popular=dish.is_popular,
        is_sold_out=sold_out or not served,
        off_tag=_off_tag(language, sold_out=sold_out, served=served),
        back_text=_back_text(dish, restaurant, language, sold_out=sold_out, served=served),
        css=" ".join(classes),
        add_label=translate(language, N_("Add {dish}"), dish=dish.name),
        diets=" ".join(dish.diets),
        allergen_keys=" ".join(dict.fromkeys((*dish.allergens, *dish.traces))),
    )


def dish_marks(dish: MenuDish, language: str) -> list[Mark]:
    """Diets and heat of a dish; vegan leaves out vegetarian."""
    # Vegan says vegetarian already.
    diets = [diet for diet in dish.diets if not (diet == "vegetarian" and "vegan" in dish.diets)]
    marks = [
        Mark(icon, css, translate(language, word))
        for icon, css, word in (_DIET_MARKS[diet] for diet in diets)
    ]
    if dish.spice:
        marks.append(Mark("flame", "m-hot", translate(language, _SPICE_NAMES[dish.spice])))
    return marks


def off_text(dish: MenuDish, *, restaurant: RestaurantInfo, language: str, now: datetime) -> str:
    """Why a dish cannot be ordered now: "Sold out", "Served from 17:00"; empty when it can be."""
    if rules.is_sold_out(dish, now=now):
        return translate(language, N_("Sold out"))
    served = _is_served(dish, restaurant, now)
    return _back_text(dish, restaurant, language, sold_out=False, served=served)


def _is_served(dish: MenuDish, restaurant: RestaurantInfo, now: datetime) -> bool:
    local = to_local(now, restaurant.time_zone).time()
    return is_served_now(_lists(dish.hours), local) and is_served_now(
        _lists(dish.category_hours), local
    )


def _off_tag(language: str, *, sold_out: bool, served: bool) -> str:
    if sold_out:
        return translate(language, N_("Sold out"))
    return "" if served else translate(language, N_("Not now"))


def _back_text(
    dish: MenuDish, restaurant: RestaurantInfo, language: str, *, sold_out: bool, served: bool
) -> str:
    if sold_out and dish.sold_out_until_at is not None:
        back = to_local(dish.sold_out_until_at, restaurant.time_zone)
        clock = hour_text(back.time(), language)
        return translate(language, N_("Back at {time}"), time=clock)
    if sold_out or served:
        return ""
    hours = dish.hours or dish.category_hours
    start = hour_text(time.fromisoformat(hours[0][0]), language)
    return translate(language, N_("Served from {time}"), time=start)


def _lists(hours: tuple[tuple[str, str], ...]) -> list[list[str]]:
    return [list(pair) for pair in hours]


def dish_of(menu: Menu, dish_id: UUID) -> MenuDish | None:
    """A dish on this menu, or None."""
    return next((dish for dish in menu.dishes if dish.id == dish_id), None)
