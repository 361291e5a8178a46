"""What others see of points, tiers and members."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from models.enums import PointsKind, ProgrammeState, RewardStatus, RewardType
from services.loyalty.programme_rules import Rules
from services.loyalty.reward_rules import RewardValue


@dataclass(frozen=True, slots=True)
class Programme:
    """One version of the rules, as it stands."""

    id: UUID
    restaurant_id: UUID
    version: int
    state: ProgrammeState
    rules: Rules
    updated_at: datetime
    published_at: datetime | None
    paused_at: datetime | None
    grace_until_at: datetime | None
    retired_at: datetime | None

    @property
    def is_running(self) -> bool:
        """Guests collect and spend."""
        return self.state is ProgrammeState.PUBLISHED

    def due_until(self, now: datetime) -> datetime:
        """Which lots are over: those that expire until this moment.

        While a programme rests, and for the grace after it, nothing expires.
        """
        if self.state is ProgrammeState.PAUSED and self.paused_at is not None:
            return min(now, self.paused_at)
        if self.grace_until_at is not None and self.paused_at is not None:
            return now if now >= self.grace_until_at else min(now, self.paused_at)
        return now


@dataclass(frozen=True, slots=True)
class Balance:
    """The sum of a guest's rows, and what of the points to come is owed."""

    points: int
    owed: int


@dataclass(frozen=True, slots=True)
class Lot:
    """Points that were got together, as far as they are left."""

    id: UUID
    left: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Awarded:
    """What an order earned: by reason, the balance after it, and the tier it led to."""

    parts: tuple[tuple[str, int], ...]
    points: int
    balance: int
    tier_key: str


NOTHING = Awarded(parts=(), points=0, balance=0, tier_key="")


@dataclass(frozen=True, slots=True)
class PointsRow:
    """One thing that happened to a guest's points: rows of one group and reason together."""

    group_id: UUID
    kind: PointsKind
    reason: str
    points: int
    note: str
    order_id: UUID | None
    happened_at: datetime
    business_day: date
    by_user_id: UUID | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a guest stands in the programme."""

    customer_id: UUID
    # What can be spent: what is due to expire is no part of it.
    points: int
    owed: int
    lifetime_points: int
    # Points that count for the tier.
    tier_points: int
    tier_key: str
    tier_name: str
    next_tier_name: str
    # Still missing for the next tier; 0 at the top.
    missing_points: int
    # Between both, 0 to 100.
    progress_percent: int
    # When the tier lapses without new points, or what a reward gave ends.
    tier_until_at: datetime | None
    # A tier to congratulate on.
    has_priority: bool
    joined_at: datetime | None
    # What expires next: points and when; 0 when nothing does.
    expiring_points: int
    expires_at: datetime | None
    invite_code: str


@dataclass(frozen=True, slots=True)
class Reward:
    """A reward as the owner has written it."""

    id: UUID
    name: str
    description: str
    # By language, then "reward_name" or "reward_description".
    translations: dict[str, dict[str, str]]
    points_required: int
    reward_type: RewardType
    value: RewardValue
    is_active: bool
    position: int
    valid_from: datetime
    valid_until: datetime | None
    stock: int | None
    per_guest_limit: int | None
    min_tier_key: str
    unlock_points: int
    audience: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A reward as one guest finds it; `lacking` says what keeps them from it, "" nothing.

    "points", "tier", "unlock", "taken" (as often as a guest may), "gone" (out of stock), "later"
    (at other hours).
    """

    reward: Reward
    lacking: str
    missing_points: int


@dataclass(frozen=True, slots=True)
class TakenReward:
    """A reward that a guest has taken; the code is shown to staff until it ends."""

    id: UUID
    reward_id: UUID
    name: str
    value: RewardValue
    points_used: int
    status: RewardStatus
    code: str
    redeemed_at: datetime
    expires_at: datetime
    is_in_cart: bool


@dataclass(frozen=True, slots=True)
class Verified:
    """What staff give now, and to whom."""

    name: str
    value: RewardValue
    alias: str
    customer_id: UUID | None
    points_used: int
