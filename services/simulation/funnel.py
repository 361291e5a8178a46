"""What a guest does on the menu before an order is sent: looks, searches, fills a cart."""

from random import Random

from models.enums import EventType
from services.simulation.courses import Kitchen, Pick
from services.simulation.guests import DIETS, Guest
from services.simulation.rows import MINUTE_MS, dashed
from services.simulation.stage import Stage

SEARCHES = ("pizza", "vegan", "fish", "wine", "gluten", "dessert", "lamb", "coffee", "burger")
# When, what, and the event's data as JSON.
Happening = tuple[int, EventType, str]


class Funnel:
    """Adds a guest's steps on the menu to a list of happenings."""

    def __init__(self, stage: Stage, kitchen: Kitchen, rng: Random) -> None:
        """Prepare the texts that repeat."""
        self._rng = rng
        self._kitchen = kitchen
        self._category_json = [
            f'{{"category_id": "{dashed(category_id)}"}}' for category_id in stage.category_ids
        ]

    def open_menu(self, steps: list[Happening], at_ms: int) -> int:
        """The page comes alive; returns when the guest goes on."""
        at_ms += self._rng.randrange(700, 4000)
        steps.append((at_ms, EventType.MENU_VIEW, "{}"))
        return at_ms

    def browse(
        self,
        steps: list[Happening],
        guest: Guest,
        at_ms: int,
        *,
        midnight_ms: int,
        daypart: int,
        looks: int,
    ) -> int:
        """Look at categories and dishes that may not be ordered; returns the time after it."""
        rng = self._rng
        if rng.random() < 0.05:
            at_ms += rng.randrange(2000, 9000)
            found = rng.randrange(1, 9)
            word = rng.choice(SEARCHES)
            steps.append(
                (at_ms, EventType.SEARCH, f'{{"term": "{word}", "result_count": {found}}}')
            )
        diet = DIETS[guest.diet]
        if diet is not None and looks > 1 and rng.random() < 0.4:
            at_ms += rng.randrange(1500, 6000)
            steps.append((at_ms, EventType.FILTER, f'{{"filter": "{diet}", "is_on": true}}'))
        for _ in range(rng.randrange(looks + 1)):
            at_ms += int(rng.expovariate(1 / 14_000) * guest.depth) + 900
            dish = self._kitchen.glance(guest, daypart, (at_ms - midnight_ms) // MINUTE_MS)
            if dish is None:
                continue
            steps.append((at_ms, EventType.CATEGORY_VIEW, self._category_json[dish.category]))
            if rng.random() < 0.45 * guest.depth:
                at_ms += rng.randrange(1200, 9000)
                steps.append((at_ms, EventType.PRODUCT_VIEW, dish.as_json))
                if rng.random() < 0.3:
                    at_ms += rng.randrange(800, 4000)
                    steps.append((at_ms, EventType.DESCRIPTION_EXPANDED, dish.as_json))
        return at_ms

    def fill_cart(self, steps: list[Happening], guest: Guest, picks: list[Pick], at_ms: int) -> int:
        """Put every pick into the cart, now and then twice; returns the time after it."""
        rng = self._rng
        category = -1
        for dish, _, _, quantity, _ in picks:
            at_ms += int(rng.expovariate(1 / 16_000) * guest.depth) + 1500
            if dish.category != category:
                category = dish.category
                if rng.random() < 0.5:
                    steps.append((at_ms, EventType.CATEGORY_VIEW, self._category_json[category]))
                at_ms += rng.randrange(900, 6000)
            if rng.random() < 0.34:
                steps.append((at_ms, EventType.PRODUCT_VIEW, dish.as_json))
                at_ms += rng.randrange(1500, 15_000)
            body = dish.as_json[:-1]
            steps.append((at_ms, EventType.ADD_TO_CART, f'{body}, "quantity": 1}}'))
            if rng.random() < 0.035:
                at_ms += rng.randrange(2000, 20_000)
                steps.append((at_ms, EventType.REMOVE_FROM_CART, dish.as_json))
                at_ms += rng.randrange(2000, 20_000)
                steps.append((at_ms, EventType.ADD_TO_CART, f'{body}, "quantity": 1}}'))
            if quantity > 1:
                at_ms += rng.randrange(900, 5000)
                steps.append(
                    (
                        at_ms,
                        EventType.QUANTITY_CHANGED,
                        f'{body}, "before": 1, "after": {quantity}}}',
                    )
                )
        return at_ms + rng.randrange(2000, 30_000)
