"""What others see of a menu. Amounts are minor units of the restaurant's currency.

Hours are pairs of local times, `(("17:00", "23:00"),)`; none mean always, an end at or before its
start is on the next day. Whether something can be had now is a question for `rules`, with the
moment as an argument: a menu is kept for as long as its version is current.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.enums import Allergen, Diet

Hours = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class MenuVariant:
    """A size or kind of a dish, in the reader's language."""

    id: UUID
    name: str
    price_minor: int


@dataclass(frozen=True, slots=True)
class MenuModifier:
    """One answer in a group, in the reader's language."""

    id: UUID
    name: str
    price_delta_minor: int
    allergens: tuple[Allergen, ...]
    is_sold_out: bool


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """A question asked with a dish, and how many answers it takes, in the reader's language."""

    id: UUID
    name: str
    min_choices: int
    max_choices: int
    modifiers: tuple[MenuModifier, ...]


@dataclass(frozen=True, slots=True)
class MenuDish:
    """One dish, in the reader's language. Guests read this: it holds no cost."""

    id: UUID
    category_id: UUID
    name: str
    description: str
    # The price of the first variant where there are variants.
    price_minor: int
    # The lowest price a guest can pay; differs from the price above only with variants.
    from_price_minor: int
    # Variants differ in price: shown as "from".
    is_from_price: bool
    allergens: tuple[Allergen, ...]
    traces: tuple[Allergen, ...]
    diets: tuple[Diet, ...]
    spice: int
    prep_minutes: int | None
    picture_file: str | None
    is_popular: bool
    # As staff set it; `rules.is_sold_out` knows whether it still holds.
    is_sold_out: bool
    sold_out_until_at: datetime | None
    hours: Hours
    category_hours: Hours
    variants: tuple[MenuVariant, ...]
    groups: tuple[MenuGroup, ...]


@dataclass(frozen=True, slots=True)
class MenuCategory:
    """A section with at least one dish, in the reader's language."""

    id: UUID
    name: str
    note: str
    hours: Hours
    dishes: tuple[MenuDish, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """A restaurant's menu in one language; cached under restaurant, version and language."""

    restaurant_id: UUID
    version: int
    language: str
    currency: str
    categories: tuple[MenuCategory, ...]

    @property
    def dishes(self) -> tuple[MenuDish, ...]:
        """Every dish, in the order of the menu."""
        return tuple(dish for category in self.categories for dish in category.dishes)


@dataclass(frozen=True, slots=True)
class OrderableVariant:
    """A variant as orders are priced from it, offered or not."""

    id: UUID
    name: str
    price_minor: int
    is_active: bool


@dataclass(frozen=True, slots=True)
class OrderableModifier:
    """A modifier as orders are priced from it, offered or not."""

    id: UUID
    name: str
    price_delta_minor: int
    allergens: tuple[Allergen, ...]
    is_sold_out: bool
    is_active: bool


@dataclass(frozen=True, slots=True)
class OrderableGroup:
    """A question that the dish asks today."""

    id: UUID
    name: str
    min_choices: int
    max_choices: int
    modifiers: tuple[OrderableModifier, ...]


@dataclass(frozen=True, slots=True)
class OrderableDish:
    """A dish as orders are priced from it, on the menu or not, in the menu's own language."""

    id: UUID
    restaurant_id: UUID
    category_id: UUID
    name: str
    # The dish's own price. With active variants the variant's price counts instead.
    price_minor: int
    cost_minor: int | None
    allergens: tuple[Allergen, ...]
    is_sold_out: bool
    sold_out_until_at: datetime | None
    hours: Hours
    category_hours: Hours
    # The dish and its category are both on the menu.
    is_active: bool
    variants: tuple[OrderableVariant, ...]
    groups: tuple[OrderableGroup, ...]
