"""What the simulation knows of its restaurant. Ids are 32 hex digits, amounts minor units."""

from dataclasses import dataclass

ROLES: dict[str, tuple[str, ...]] = {
    "main": ("fire", "pasta", "pizza", "salads"),
    "starter": ("starters",),
    "side": ("sides",),
    "sweet": ("desserts",),
    "coffee": ("coffee",),
    "drink": ("drinks", "wine"),
}


@dataclass(frozen=True, slots=True)
class StageModifier:
    """One answer to a question; `as_json` is how an order line holds it."""

    id: str
    delta_minor: int
    as_json: str


@dataclass(frozen=True, slots=True)
class StageGroup:
    """A question asked with a dish."""

    min_choices: int
    modifiers: tuple[StageModifier, ...]


@dataclass(frozen=True, slots=True)
class StageVariant:
    """A size of a dish."""

    id: str
    name: str
    price_minor: int


@dataclass(frozen=True, slots=True)
class StageDish:
    """A dish with what decides how often it is chosen; `number` is its place in `Stage.dishes`."""

    number: int
    id: str
    key: str
    name: str
    category: int
    category_id: str
    price_minor: int
    cost_minor: int | None
    diets: frozenset[str]
    prep_minutes: int
    weights: tuple[float, ...]
    hours: tuple[tuple[int, int], ...]
    variants: tuple[StageVariant, ...]
    groups: tuple[StageGroup, ...]
    as_json: str

    def is_served(self, local_minute: int) -> bool:
        """Whether its own and its category's hours allow it at a local minute of the day."""
        return all(start <= local_minute < end for start, end in self.hours)


@dataclass(frozen=True, slots=True)
class StageTable:
    """A table with its printed code; `number` is its place in `Stage.tables`."""

    number: int
    id: str
    label: str
    area: int
    area_id: str
    code_id: str
    code: str
    seats: int


@dataclass(frozen=True, slots=True)
class StageArea:
    """A part of the room with its printed code."""

    id: str
    key: str
    name: str
    code_id: str
    code: str
    is_outdoor: bool


@dataclass(frozen=True, slots=True)
class Login:
    """Somebody on the team, with the password that is stored nowhere else."""

    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Stage:
    """The restaurant, complete."""

    restaurant_id: str
    slug: str
    name: str
    currency: str
    time_zone: str
    hours: dict[str, list[list[str]]]
    tax_rate_basis_points: int
    category_ids: tuple[str, ...]
    category_keys: tuple[str, ...]
    dishes: tuple[StageDish, ...]
    areas: tuple[StageArea, ...]
    tables: tuple[StageTable, ...]
    logins: tuple[Login, ...]
