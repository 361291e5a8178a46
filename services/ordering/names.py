"""Names of what was ordered, in the language of the guest who looks.

An order keeps the names of the menu's own language as they were when it was sent. A guest who reads
another language gets today's translation, as long as the dish is on the menu.
"""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from services.menu.cache import cached_menu
from services.menu.types import Menu
from services.ordering.types import OrderLineView
from services.restaurants.types import RestaurantInfo


@dataclass(frozen=True, slots=True)
class Names:
    """Translated names by id of dish, variant or modifier; empty in the menu's own language."""

    by_id: dict[UUID, str]

    def quantity_and_dish(self, line: OrderLineView) -> str:
        """Quantity and name: "2 × Burrata"."""
        return f"{line.quantity} × {self.by_id.get(line.dish_id, line.dish_name)}"

    def choices(self, line: OrderLineView) -> list[str]:
        """The variant and the answers of a line."""
        chosen = [(modifier.id, modifier.name) for modifier in line.modifiers]
        if line.variant_id is not None:
            chosen.insert(0, (line.variant_id, line.variant_name))
        return [self.by_id.get(key, name) for key, name in chosen]


def names_of(menu: Menu, *, restaurant: RestaurantInfo) -> Names:
    """Names of a menu that is loaded already."""
    if menu.language == restaurant.languages[0]:
        return Names({})
    by_id: dict[UUID, str] = {}
    for dish in menu.dishes:
        by_id[dish.id] = dish.name
        by_id.update((variant.id, variant.name) for variant in dish.variants)
        by_id.update((m.id, m.name) for group in dish.groups for m in group.modifiers)
    return Names(by_id)


async def load_names(session: AsyncSession, *, restaurant: RestaurantInfo, language: str) -> Names:
    """Names in one language, from the menus that this process keeps."""
    menu = await cached_menu(session, restaurant=restaurant, language=language)
    return names_of(menu, restaurant=restaurant)
