"""The loyalty programme: its rules, the ledger of points, members, invitations and rewards."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from models.columns import NamedTable, TenantRow, json_field
from models.enums import ProgrammeState, RewardStatus

_LIVE = sa.text("state IN ('published', 'paused')")
_DRAFT = sa.text("state = 'draft'")
_LOT = sa.text("expires_at IS NOT NULL")
_FOR_REWARDS = sa.text("customer_reward_id IS NOT NULL")
_WAITING = sa.text("status = 'redeemed'")


class LoyaltyProgramme(TenantRow, table=True):
    """One version of a restaurant's rules. What was published never changes; it is replaced."""

    __tablename__ = "loyalty_programmes"
    __table_args__ = (
        sa.UniqueConstraint("restaurant_id", "version"),
        sa.Index(
            "uq_loyalty_programmes_live",
            "restaurant_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        sa.Index(
            "uq_loyalty_programmes_draft",
            "restaurant_id",
            unique=True,
            sqlite_where=_DRAFT,
            postgresql_where=_DRAFT,
        ),
    )

    version: int
    state: str = Field(default=ProgrammeState.DRAFT, max_length=10)
    rules: dict[str, Any] = json_field(dict)
    updated_at: datetime
    updated_by_user_id: UUID | None = Field(default=None, foreign_key="users.id")
    published_at: datetime | None = None
    # Nothing expires while a programme rests; after that, what should have stays for a while.
    paused_at: datetime | None = None
    grace_until_at: datetime | None = None
    retired_at: datetime | None = None


class LoyaltyPoint(TenantRow, table=True):
    """One row of the ledger; never changed but for its owner when guests are merged.

    A row without a lot is one: points that may expire. Every other row belongs to the lot it takes
    from, or gives back to, and to that lot's owner. What is left of a lot is the sum of both.
    """

    __tablename__ = "loyalty_points"
    __table_args__ = (
        sa.UniqueConstraint("restaurant_id", "idempotency_key"),
        # The balance, what is owed and today's points, all without a look at the rows.
        sa.Index(
            "ix_loyalty_points_balance",
            *("restaurant_id", "customer_id", "business_day", "points", "owed"),
        ),
        sa.Index(None, "restaurant_id", "order_id"),
        sa.Index(None, "restaurant_id", "lot_id", "points"),
        # Reports add up days, without a look at the rows.
        sa.Index(
            "ix_loyalty_points_days",
            *("restaurant_id", "business_day", "transaction_type", "points"),
        ),
        sa.Index(
            "ix_loyalty_points_expiry",
            *("restaurant_id", "expires_at", "id"),
            sqlite_where=_LOT,
            postgresql_where=_LOT,
        ),
        sa.Index(
            "ix_loyalty_points_reward",
            *("restaurant_id", "customer_reward_id"),
            sqlite_where=_FOR_REWARDS,
            postgresql_where=_FOR_REWARDS,
        ),
        sa.CheckConstraint("points > 0 OR lot_id IS NOT NULL OR owed > 0", name="lot"),
    )

    customer_id: UUID = Field(foreign_key="customers.id")
    transaction_type: str = Field(max_length=10)
    # Signed.
    points: int
    # What had been spent when it had to be given back: taken from the next points. Signed; the sum
    # is what is owed.
    owed: int = Field(default=0)
    # What for: order, dish, happy_hour, tier, first_visit, "visits:10", "birthday:2026" and others.
    reason: str = Field(max_length=40)
    # Of an adjustment, as staff wrote it.
    note: str = Field(default="", max_length=200)
    order_id: UUID | None = Field(default=None, foreign_key="customer_orders.id")
    customer_reward_id: UUID | None = Field(default=None, foreign_key="customer_rewards.id")
    lot_id: UUID | None = Field(default=None, foreign_key="loyalty_points.id")
    # Rows that were written for one thing.
    group_id: UUID
    idempotency_key: str = Field(max_length=120)
    programme_version: int
    by_user_id: UUID | None = Field(default=None, foreign_key="users.id")
    business_day: date
    expires_at: datetime | None = None


class LoyaltyMember(NamedTable, table=True):
    """Where a guest stands: counted from the ledger, but for the invitation and what was shown."""

    __tablename__ = "loyalty_members"
    __table_args__ = (
        sa.UniqueConstraint("restaurant_id", "invite_code"),
        sa.Index(None, "restaurant_id", "tier_key", "customer_id"),
        # How many there were at the end of any day.
        sa.Index(None, "restaurant_id", "joined_at"),
    )

    customer_id: UUID = Field(foreign_key="customers.id", primary_key=True)
    restaurant_id: UUID = Field(foreign_key="restaurants.id")
    joined_at: datetime
    # All that was ever earned and not reversed; spending and expiry take nothing from it.
    lifetime_points: int = Field(default=0)
    # Of them, those since the tier last lapsed.
    tier_points: int = Field(default=0)
    tier_key: str = Field(default="", max_length=20)
    last_earned_at: datetime | None = None
    # A tier that a reward gave, whatever the points say.
    granted_tier_key: str = Field(default="", max_length=20)
    granted_until_at: datetime | None = None
    # The last one the guest was congratulated on.
    celebrated_tier_key: str = Field(default="", max_length=20)
    invite_code: str = Field(max_length=32)
    # Of what expires until then the guest was warned.
    warned_until_at: datetime | None = None


class LoyaltyReferral(TenantRow, table=True):
    """A guest came because another invited them; both are paid after the first completed order."""

    __tablename__ = "loyalty_referrals"
    __table_args__ = (
        sa.Index(None, "restaurant_id", "customer_id"),
        sa.Index(None, "restaurant_id", "inviter_id"),
    )

    customer_id: UUID = Field(foreign_key="customers.id")
    # Nobody's when the one who invited was forgotten.
    inviter_id: UUID | None = Field(default=None, foreign_key="customers.id")
    paid_at: datetime | None = None


class LoyaltyReward(TenantRow, table=True):
    """Something guests can have for points, or for having collected enough."""

    __tablename__ = "loyalty_rewards"
    __table_args__ = (sa.Index(None, "restaurant_id", "position"),)

    reward_name: str = Field(max_length=80)
    reward_description: str = Field(default="", max_length=200)
    # By language, then by column.
    translations: dict[str, Any] = json_field(dict)
    points_required: int
    reward_type: str = Field(max_length=12)
    # {"kind": "amount", "amount_minor": 500}, {"kind": "percent", ...}, ... see docs/algorithms.
    reward_value: dict[str, Any] = json_field(dict)
    is_active: bool = Field(default=True)
    position: int = Field(default=0)
    valid_from: datetime
    valid_until: datetime | None = None
    # How many are left; none: as many as are asked for.
    stock: int | None = None
    per_guest_limit: int | None = None
    min_tier_key: str = Field(default="", max_length=20)
    # Lifetime points that unlock it.
    unlock_points: int = Field(default=0)
    # "", or whom it is for: "favourite", "at_risk", "off_peak", with its rule in `reward_value`.
    audience: str = Field(default="", max_length=12)
    deleted_at: datetime | None = None


class CustomerReward(TenantRow, table=True):
    """A reward that a guest took, as it was then: what is changed later changes nothing here."""

    __tablename__ = "customer_rewards"
    __table_args__ = (
        sa.UniqueConstraint("restaurant_id", "code_hash"),
        sa.UniqueConstraint("restaurant_id", "idempotency_key"),
        sa.Index(None, "restaurant_id", "customer_id", "status"),
        sa.Index(None, "restaurant_id", "reward_id", "customer_id"),
        sa.Index(None, "restaurant_id", "order_id"),
        sa.Index(None, "restaurant_id", "used_at"),
        # A job looks for codes that ran out.
        sa.Index(
            "ix_customer_rewards_waiting",
            "expires_at",
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

    customer_id: UUID | None = Field(default=None, foreign_key="customers.id")
    reward_id: UUID = Field(foreign_key="loyalty_rewards.id")
    reward_name: str = Field(max_length=80)
    reward_type: str = Field(max_length=12)
    reward_value: dict[str, Any] = json_field(dict)
    points_used: int
    status: str = Field(default=RewardStatus.REDEEMED, max_length=10)
    # Made once by the guest's phone for one tap, so that a tap sent twice takes once.
    idempotency_key: str = Field(max_length=64)
    code_hash: str | None = Field(default=None, max_length=64)
    redeemed_at: datetime
    expires_at: datetime
    # In which cart it waits to be sent.
    cart_id: UUID | None = Field(default=None, foreign_key="carts.id")
    order_id: UUID | None = Field(default=None, foreign_key="customer_orders.id")
    # What it took off the order.
    discount_minor: int = Field(default=0)
    used_at: datetime | None = None
    used_by_user_id: UUID | None = Field(default=None, foreign_key="users.id")
    closed_at: datetime | None = None


class LoyaltyMark(NamedTable, table=True):
    """How far the job that lets points expire has come at one restaurant."""

    __tablename__ = "loyalty_marks"

    restaurant_id: UUID = Field(foreign_key="restaurants.id", primary_key=True)
    # All lots that expire before this moment, and this lot at it, are done.
    expired_until_at: datetime
    expired_lot_id: UUID | None = None
