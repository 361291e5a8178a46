"""The rules of a programme as one frozen tree; no session, clock or I/O.

What they mean is told in docs/algorithms/loyalty.md. Multipliers are in percent: 150 is half as
much again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from types import MappingProxyType
from uuid import UUID

from models.enums import Role

MOST_POINTS = 1_000_000


@dataclass(frozen=True, slots=True)
class Milestone:
    """Points for the order of a guest's nth visit day."""

    visits: int
    points: int


@dataclass(frozen=True, slots=True)
class HappyHour:
    """Orders placed then earn more.

    Weekdays: Monday is 0; an end at or before the start is on the next day.
    """

    weekdays: tuple[int, ...]
    starts: time
    ends: time
    percent: int


@dataclass(frozen=True, slots=True)
class DishBonus:
    """What is spent on this dish earns more."""

    dish_id: UUID
    percent: int


@dataclass(frozen=True, slots=True)
class Tier:
    """From how many points earned in all a guest is here, and what they have of it."""

    key: str
    name: str
    threshold: int
    percent: int = 100
    # What the guest reads, a line each.
    benefits: tuple[str, ...] = ()
    # The floor shows who is served first.
    has_priority: bool = False


TIERS = (
    Tier("bronze", "Bronze", 0),
    Tier("silver", "Silver", 100),
    Tier("gold", "Gold", 500),
    Tier("platinum", "Platinum", 1500, has_priority=True),
)
LIMITS: Mapping[str, int] = MappingProxyType(
    {Role.OWNER: 10_000, Role.MANAGER: 1_000, Role.WAITER: 0, Role.KITCHEN: 0}
)


@dataclass(frozen=True, slots=True)
class Rules:
    """A programme. The defaults are the product plan's; zero switches a rule off."""

    # Points for each 100 whole units of the currency: 100 is one point a unit.
    rate_percent: int = 100
    first_visit_points: int = 0
    milestones: tuple[Milestone, ...] = ()
    birthday_points: int = 0
    # Days before and after the birthday on which an order gets them.
    birthday_days: int = 3
    happy_hours: tuple[HappyHour, ...] = ()
    dishes: tuple[DishBonus, ...] = ()
    inviter_points: int = 0
    friend_points: int = 0
    # Of what grows with the bill; the bonuses that are paid once stand beside it.
    most_points_per_order: int = 1_000
    most_points_per_day: int = 2_000
    most_orders_per_day: int = 5
    # None: they never expire.
    expiry_days: int | None = 365
    warning_days: int = 30
    tiers: tuple[Tier, ...] = TIERS
    # A tier is kept so long after the last points; None: for ever.
    tier_days: int | None = None
    # What somebody may give or take by hand at once, by role.
    adjustment_limits: Mapping[str, int] = field(default_factory=lambda: LIMITS)
    # What the restaurant reckons 100 points to cost it, in minor units.
    hundred_points_minor: int = 500

    def tier(self, key: str) -> Tier:
        """A tier by its key; the lowest for a key that no longer is."""
        return next((one for one in self.tiers if one.key == key), self.tiers[0])

    def tier_of(self, points: int) -> Tier:
        """The highest tier that these points reach."""
        return max(
            (one for one in self.tiers if one.threshold <= points),
            key=lambda one: one.threshold,
            default=self.tiers[0],
        )

    def next_tier(self, key: str) -> Tier | None:
        """The one above, or None at the top."""
        above = self.tier(key).threshold
        return next((one for one in self.tiers if one.threshold > above), None)

    def adjustment_limit(self, role: Role) -> int:
        """How many points somebody of this role may give or take at once."""
        return self.adjustment_limits.get(role, 0)
