"""The hidden side of simulated guests: how often they come, when they stop, what they like.

Visits follow the MBG/NBD process (Batislam, Denizel, Filiztekin 2007), so that a fit can be held
against the truth: rates are Gamma, the chance to stay away for good after each visit is Beta, spend
is Gamma around a mean that follows the Gamma-Gamma model (Fader and Hardie).
"""

from dataclasses import dataclass
from random import Random

from models.enums import ConsentLevel, Diet
from services.identity.aliases import new_alias
from services.simulation.stage import ROLES, Stage

# Visits a week: Gamma(shape, rate), mean 0.62.
RATE_SHAPE, RATE_WEEKS = 1.05, 1.7
# Chance to stop after a visit: Beta(a, b), mean 0.12.
DROP_A, DROP_B = 0.75, 5.5
# Spend a head: Gamma(p) around a mean drawn from p * gamma / (q - 1).
SPEND_P, SPEND_Q, SPEND_GAMMA_MINOR = 6.0, 9.0, 3200.0
DECLINED_RATIO = 0.22
CONSENTS = (ConsentLevel.REMEMBER, ConsentLevel.PERSONALISE)
DIETS = (None, Diet.VEGETARIAN.value, Diet.VEGAN.value, Diet.GLUTEN_FREE.value)
DEVICES = (
    '{"kind": "phone", "system": "iOS", "browser": "Safari"}',
    '{"kind": "phone", "system": "Android", "browser": "Chrome"}',
    '{"kind": "phone", "system": "Android", "browser": "Samsung Internet"}',
    '{"kind": "tablet", "system": "iPadOS", "browser": "Safari"}',
)
ALLERGENS = ("nuts", "milk", "gluten", "crustaceans", "eggs", "peanuts", "sesame", "fish")
# Weekday habits, Monday to Sunday, on top of how busy the restaurant's days are.
_WEEKDAY_HABITS = {
    "any": (1, 1, 1, 1, 1, 1, 1),
    "workdays": (1.4, 1.5, 1.5, 1.5, 1.2, 0.08, 0.06),
    "weekend": (0.08, 0.06, 0.06, 0.1, 0.3, 2.6, 2.8),
    "thursday": (0.3, 0.3, 0.4, 3.5, 0.8, 0.5, 0.3),
}
_HABIT_NAMES = tuple(_WEEKDAY_HABITS)


@dataclass(slots=True)
class Guest:
    """One simulated person. Nothing of this is stored with the data but what their visits show."""

    number: int
    customer_id: str | None
    anonymous_id: str
    alias: str
    consent: str | None
    acquired_day: int
    visits_a_week: float
    drop_chance: float
    spend_a_head_minor: float
    category_weights: tuple[float, ...]
    favourites: tuple[int, ...]
    habit_strength: float
    diet: int
    daypart_weights: tuple[float, float, float, float]
    weekday_habit: str
    party_mean: float
    area: int
    table: int
    table_loyalty: float
    depth: float
    language: str
    device: int
    allergen: str | None
    clock: float = 0.0
    last_day: int = -1
    visit_count: int = 0
    stopped_after_visit: int | None = None

    @property
    def weekday_weights(self) -> tuple[float, ...]:
        """How much they like each weekday, Monday first."""
        return _WEEKDAY_HABITS[self.weekday_habit]

    @property
    def is_customer(self) -> bool:
        """Whether they agreed to be remembered."""
        return self.customer_id is not None


class Crowd:
    """Makes guests, each from the one stream of chance in turn."""

    def __init__(self, stage: Stage, rng: Random) -> None:
        """Prepare what all guests have in common."""
        self._rng = rng
        self._stage = stage
        self._aliases: set[str] = set()
        self._area_weights = [
            sum(table.seats for table in stage.tables if table.area == number)
            for number in range(len(stage.areas))
        ]
        self._tables_by_area = [
            [table for table in stage.tables if table.area == number]
            for number in range(len(stage.areas))
        ]
        self._favourites = [
            [
                ([dish.number for dish in dishes], [max(dish.weights) for dish in dishes])
                for keys in ROLES.values()
                for dishes in (
                    [
                        dish
                        for dish in stage.dishes
                        if stage.category_keys[dish.category] in keys
                        and (diet is None or diet in dish.diets)
                    ],
                )
            ]
            for diet in DIETS
        ]

    def alias(self) -> str:
        """A name nobody of this crowd has."""
        while True:
            alias = new_alias(self._rng)
            if alias not in self._aliases:
                self._aliases.add(alias)
                return alias

    def guest(self, number: int, *, acquired_day: int, customer_id: str | None) -> Guest:
        """One guest with everything hidden about them drawn."""
        rng = self._rng
        party_mean = rng.choices((1.0, 2.0, 2.6, 4.2), (20, 46, 22, 12))[0]
        area = self._area(party_mean)
        tables = self._tables_by_area[area]
        diet = rng.choices(range(4), (74, 15, 5, 6))[0]
        consent = rng.choices(CONSENTS, (62, 38))[0].value
        if customer_id is None:
            consent = ConsentLevel.ESSENTIAL.value if rng.random() < 0.6 else None
        return Guest(
            number=number,
            customer_id=customer_id,
            anonymous_id=f"{rng.getrandbits(128):032x}",
            alias=self.alias() if customer_id else "",
            consent=consent,
            acquired_day=acquired_day,
            visits_a_week=rng.gammavariate(RATE_SHAPE, 1 / RATE_WEEKS),
            drop_chance=rng.betavariate(DROP_A, DROP_B),
            spend_a_head_minor=SPEND_P * SPEND_GAMMA_MINOR / rng.gammavariate(SPEND_Q, 1.0),
            category_weights=tuple(
                rng.gammavariate(1.6, 1 / 1.6) for _ in self._stage.category_ids
            ),
            favourites=tuple(
                rng.choices(numbers, weights)[0] if numbers else -1
                for numbers, weights in self._favourites[diet]
            ),
            habit_strength=rng.betavariate(1.6, 2.4),
            diet=diet,
            daypart_weights=self._dayparts(),
            weekday_habit=rng.choices(_HABIT_NAMES, (58, 18, 16, 8))[0],
            party_mean=party_mean,
            area=area,
            table=rng.choice(tables).number,
            table_loyalty=rng.betavariate(0.8, 2.6),
            depth=min(max(rng.lognormvariate(-0.1, 0.45), 0.25), 3.0),
            language="ar" if rng.random() < 0.07 else "en",
            device=rng.choices(range(4), (52, 34, 10, 4))[0],
            allergen=rng.choice(ALLERGENS) if customer_id and rng.random() < 0.08 else None,
        )

    def _area(self, party_mean: float) -> int:
        while True:
            area = self._rng.choices(range(len(self._area_weights)), self._area_weights)[0]
            key = self._stage.areas[area].key
            if key == "bar" and party_mean > 1.5:
                continue
            if key == "private" and party_mean < 4:
                continue
            return area

    def _dayparts(self) -> tuple[float, float, float, float]:
        rng = self._rng
        alphas = rng.choices(
            (
                (6, 1, 1.2, 0.15),
                (0.6, 0.4, 9, 0.8),
                (1.2, 5, 0.8, 0.1),
                (0.3, 0.3, 3, 5),
                (2, 1, 3, 0.6),
            ),
            (24, 40, 8, 7, 21),
        )[0]
        drawn = [rng.gammavariate(alpha, 1.0) for alpha in alphas]
        total = sum(drawn)
        return drawn[0] / total, drawn[1] / total, drawn[2] / total, drawn[3] / total


def acquisition_days(rng: Random, *, count: int, day_count: int) -> list[int]:
    """The days of first visits, in order: twice as many on the last day as on the first."""
    days: list[int] = []
    for _ in range(count):
        # Density 1 + x on [0, 1): the inverse of its distribution function.
        share = (1 + 3 * rng.random()) ** 0.5 - 1
        days.append(min(int(share * day_count), day_count - 1))
    return sorted(days)
