"""What rewards are and what they take off a bill; no session, clock or I/O."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from models.enums import RewardType
from services.base import fields
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.loyalty.programme_rules import MOST_POINTS, HappyHour, Rules
from services.loyalty.rules import is_in


class RewardKind(StrEnum):
    """What exactly is given."""

    AMOUNT = "amount"
    PERCENT = "percent"
    CHEAPEST = "cheapest"
    DISH = "dish"
    # Whatever the guest orders most.
    FAVOURITE = "favourite"
    # Words for the staff: "A glass of cava".
    WORDS = "words"
    TIER = "tier"


KINDS_OF: Mapping[RewardType, tuple[RewardKind, ...]] = {
    RewardType.DISCOUNT: (
        RewardKind.AMOUNT,
        RewardKind.PERCENT,
        RewardKind.CHEAPEST,
        RewardKind.DISH,
        RewardKind.FAVOURITE,
    ),
    RewardType.FREE_ITEM: (RewardKind.DISH, RewardKind.FAVOURITE, RewardKind.WORDS),
    RewardType.TIER_UPGRADE: (RewardKind.TIER,),
}
AUDIENCES = ("", "favourite", "at_risk", "off_peak")
# How long a code is good for; a guest who puts the reward into the cart goes on choosing.
VALID = timedelta(minutes=15)
KEPT_IN_CART = timedelta(hours=1)
# Taken, put into the cart and taken out of it, once each. Who goes on putting it in and out would
# keep the last one from everybody else for an evening.
VALID_AT_MOST = VALID + KEPT_IN_CART + VALID


@dataclass(frozen=True, slots=True)
class RewardValue:
    """What is given, as far as the kind needs it."""

    kind: RewardKind
    amount_minor: int = 0
    percent: int = 0
    # The most a percentage takes off; 0: no limit.
    most_minor: int = 0
    dish_id: UUID | None = None
    tier_key: str = ""
    days: int = 0
    # When it can be taken, for the audience "off_peak".
    hours: HappyHour | None = None


@dataclass(frozen=True, slots=True)
class BillLine:
    """One line of what is about to be ordered, in minor units."""

    dish_id: UUID
    unit_price_minor: int
    quantity: int


def value_of(data: Mapping[str, Any], *, reward_type: RewardType) -> RewardValue:
    """What JSON says is given.

    Raises:
        InvalidInputError: something cannot be; `field` names it.
    """
    kind_text = data.get("kind")
    allowed = KINDS_OF[reward_type]
    if not isinstance(kind_text, str) or kind_text not in {str(one) for one in allowed}:
        msg = N_("Choose what the reward gives.")
        raise InvalidInputError(msg, field="kind")
    kind = RewardKind(kind_text)
    hours = data.get("hours")
    return RewardValue(
        kind=kind,
        amount_minor=_number(data, "amount_minor", 1, 10**7) if kind is RewardKind.AMOUNT else 0,
        percent=_number(data, "percent", 1, 100) if kind is RewardKind.PERCENT else 0,
        most_minor=fields.whole_number(
            data.get("most_minor", 0), field="most_minor", least=0, most=10**7
        ),
        dish_id=_dish(data) if kind is RewardKind.DISH else None,
        tier_key=fields.line(data.get("tier_key"), field="tier_key", most=20, required=True)
        if kind is RewardKind.TIER
        else "",
        days=_number(data, "days", 1, 3650) if kind is RewardKind.TIER else 0,
        hours=_hours(cast("Mapping[str, Any]", hours)) if isinstance(hours, Mapping) else None,
    )


def value_json(value: RewardValue) -> dict[str, Any]:
    """What is stored; `value_of` makes the same of it."""
    found: dict[str, Any] = {"kind": str(value.kind)}
    for name in ("amount_minor", "percent", "most_minor", "tier_key", "days"):
        if given := getattr(value, name):
            found[name] = given
    if value.dish_id is not None:
        found["dish_id"] = str(value.dish_id)
    if value.hours is not None:
        found["hours"] = {
            "weekdays": list(value.hours.weekdays),
            "starts": f"{value.hours.starts:%H:%M}",
            "ends": f"{value.hours.ends:%H:%M}",
        }
    return found


def discount_minor(
    value: RewardValue, lines: Sequence[BillLine], *, favourite_id: UUID | None = None
) -> int:
    """What a reward takes off a bill: never more than the bill, 0 when nothing of it is there.

    A percentage is rounded down; of a dish one portion is free, the cheapest that was chosen.
    """
    subtotal = sum(line.unit_price_minor * line.quantity for line in lines)
    wanted = favourite_id if value.kind is RewardKind.FAVOURITE else value.dish_id
    match value.kind:
        case RewardKind.AMOUNT:
            off = value.amount_minor
        case RewardKind.PERCENT:
            off = subtotal * value.percent // 100
            off = min(off, value.most_minor) if value.most_minor else off
        case RewardKind.CHEAPEST:
            off = min((line.unit_price_minor for line in lines), default=0)
        case RewardKind.DISH | RewardKind.FAVOURITE:
            off = min((one.unit_price_minor for one in lines if one.dish_id == wanted), default=0)
        case RewardKind.WORDS | RewardKind.TIER:
            off = 0
    return max(0, min(off, subtotal))


def is_for_cart(value: RewardValue) -> bool:
    """Whether it takes something off an order; others are given by hand."""
    return value.kind not in {RewardKind.WORDS, RewardKind.TIER}


def valid_until(redeemed_at: datetime, wanted: datetime) -> datetime:
    """When a code runs out that is to be good until a moment: never later than it may."""
    return min(wanted, redeemed_at + VALID_AT_MOST)


def is_now(value: RewardValue, local: datetime) -> bool:
    """Whether it can be taken at this moment on the restaurant's clock."""
    return value.hours is None or is_in(value.hours, local)


def checked_points(value: object, *, field: str) -> int:
    """Points from 0 to a million.

    Raises:
        InvalidInputError: anything else.
    """
    return fields.whole_number(value, field=field, least=0, most=MOST_POINTS)


def reaches(rules: Rules, tier_key: str, min_tier_key: str) -> bool:
    """Whether a tier is high enough; one that no longer is in the programme keeps nobody out."""
    return rules.tier(tier_key).threshold >= rules.tier(min_tier_key).threshold


def _number(data: Mapping[str, Any], name: str, least: int, most: int) -> int:
    return fields.whole_number(data.get(name), field=name, least=least, most=most)


def _dish(data: Mapping[str, Any]) -> UUID:
    try:
        return UUID(str(data.get("dish_id")))
    except ValueError:
        msg = N_("Choose a dish.")
        raise InvalidInputError(msg, field="dish_id") from None


def _hours(data: Mapping[str, Any]) -> HappyHour:
    days: Sequence[Any] = data.get("weekdays") or ()
    weekdays = tuple(
        sorted({fields.whole_number(day, field="hours", least=0, most=6) for day in days})
    )
    if not weekdays:
        msg = N_("Choose at least one day.")
        raise InvalidInputError(msg, field="hours")
    ((starts, ends),) = fields.shifts(
        [[str(data.get("starts")), str(data.get("ends"))]], field="hours"
    )
    return HappyHour(weekdays, time.fromisoformat(starts), time.fromisoformat(ends), 100)
