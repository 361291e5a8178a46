"""What a guest orders: dishes, sizes and answers, up to about what they meant to spend."""

from bisect import bisect
from itertools import accumulate
from random import Random

from services.simulation.guests import DIETS, Guest
from services.simulation.stage import ROLES, Stage, StageDish, StageGroup, StageModifier

# dish, variant number or -1, answers, quantity, unit price
Pick = tuple[StageDish, int, tuple[StageModifier, ...], int, int]

_ROLE_NAMES = tuple(ROLES)
# Role and how likely a head takes it, most wanted first, for lunch, afternoon, dinner and late.
_FIRST_ROUND = (
    (
        ("main", 0.95),
        ("drink", 0.8),
        ("starter", 0.3),
        ("side", 0.25),
        ("main", 0.25),
        ("starter", 0.5),
    ),
    (
        ("coffee", 0.7),
        ("sweet", 0.6),
        ("drink", 0.45),
        ("starter", 0.3),
        ("side", 0.4),
        ("main", 0.4),
    ),
    (
        ("main", 0.97),
        ("drink", 0.9),
        ("starter", 0.6),
        ("side", 0.45),
        ("drink", 0.4),
        ("starter", 0.5),
    ),
    (
        ("drink", 0.95),
        ("main", 0.6),
        ("starter", 0.4),
        ("side", 0.4),
        ("drink", 0.6),
        ("starter", 0.4),
    ),
)
_LATER_ROUND = (
    (("coffee", 0.8), ("sweet", 0.5), ("drink", 0.2)),
    (("coffee", 0.5), ("drink", 0.5), ("sweet", 0.4)),
    (("sweet", 0.7), ("drink", 0.45), ("coffee", 0.45)),
    (("drink", 0.9), ("sweet", 0.35), ("side", 0.2)),
)


class Kitchen:
    """The menu, laid out so that choosing a dish costs a few comparisons."""

    def __init__(self, stage: Stage, rng: Random) -> None:
        """Sum up weights by category, daypart and diet."""
        self._rng = rng
        self._dishes = stage.dishes
        self._categories = [
            [stage.category_keys.index(key) for key in keys if key in stage.category_keys]
            for keys in ROLES.values()
        ]
        self._odds = [
            [[self._cumulated(category, part, diet) for diet in DIETS] for part in range(4)]
            for category in range(len(stage.category_keys))
        ]

    def round(
        self,
        guest: Guest,
        *,
        daypart: int,
        minute: int,
        heads: int,
        budget_minor: float,
        first: bool,
    ) -> list[Pick]:
        """The lines of one order, equal ones put together; empty when nothing fits.

        Args:
            guest: whose taste decides.
            daypart: index into DAYPARTS.
            minute: local minute of the day; dishes outside their hours are not chosen.
            heads: for how many people this phone orders.
            budget_minor: roughly what all of it should cost.
            first: the first round, not dessert and coffee.
        """
        rng = self._rng
        plan = (_FIRST_ROUND if first else _LATER_ROUND)[daypart]
        spent = 0
        picked: dict[tuple[int, int, tuple[str, ...]], Pick] = {}
        for place, (role, chance) in enumerate(plan):
            for _ in range(heads):
                if rng.random() > chance or (place and spent >= budget_minor * 0.92):
                    continue
                dish = self._dish(guest, _ROLE_NAMES.index(role), daypart, minute)
                if dish is None:
                    continue
                pick = self._prepare(dish, rich=spent < budget_minor * 0.45)
                key = (dish.number, pick[1], tuple(answer.id for answer in pick[2]))
                known = picked.get(key)
                picked[key] = (*pick[:3], known[3] + 1, pick[4]) if known else pick
                spent += pick[4]
        return list(picked.values())

    def glance(self, guest: Guest, daypart: int, minute: int) -> StageDish | None:
        """A dish somebody looks at without taking it."""
        return self._dish(guest, self._rng.randrange(len(_ROLE_NAMES)), daypart, minute)

    def _dish(self, guest: Guest, role: int, daypart: int, minute: int) -> StageDish | None:
        rng = self._rng
        favourite = guest.favourites[role]
        if favourite >= 0 and rng.random() < guest.habit_strength:
            dish = self._dishes[favourite]
            if dish.weights[daypart] and dish.is_served(minute):
                return dish
        options = [
            (category, odds)
            for category in self._categories[role]
            if (odds := self._odds[category][daypart][guest.diet])[0]
        ]
        if not options:
            return None
        chances = [guest.category_weights[category] * odds[1][-1] for category, odds in options]
        for _ in range(3):
            numbers, sums = rng.choices(options, chances)[0][1]
            dish = self._dishes[numbers[bisect(sums, rng.random() * sums[-1])]]
            if dish.is_served(minute):
                return dish
        return None

    def _prepare(self, dish: StageDish, *, rich: bool) -> Pick:
        rng = self._rng
        variant, price = -1, dish.price_minor
        if dish.variants:
            variant = 1 if len(dish.variants) > 1 and rng.random() < (0.3 if rich else 0.12) else 0
            price = dish.variants[variant].price_minor
        answers: tuple[StageModifier, ...] = ()
        if dish.groups:
            answers = tuple(answer for group in dish.groups for answer in self._answers(group))
            price += sum(answer.delta_minor for answer in answers)
        return dish, variant, answers, 1, price

    def _answers(self, group: StageGroup) -> tuple[StageModifier, ...]:
        rng = self._rng
        if group.min_choices == 0 and rng.random() > 0.14:
            return ()
        # The first answer is the usual one.
        first = 0 if rng.random() < 0.45 else rng.randrange(len(group.modifiers))
        return (group.modifiers[first],)

    def _cumulated(
        self, category: int, daypart: int, diet: str | None
    ) -> tuple[list[int], list[float]]:
        fitting = [
            dish
            for dish in self._dishes
            if dish.category == category
            and dish.weights[daypart] > 0
            and (diet is None or diet in dish.diets)
        ]
        return (
            [dish.number for dish in fitting],
            list(accumulate(dish.weights[daypart] for dish in fitting)),
        )
