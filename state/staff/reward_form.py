"""The fields of one reward, and what was typed into them."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from services.base.clock import business_day, day_begin
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.loyalty.reward_rules import value_json, value_of
from services.loyalty.types import Reward
from services.menu.amounts import amount_text
from services.menu.forms import parse_price
from services.restaurants.types import RestaurantInfo
from state.staff.form_rows import Tick
from state.staff.forms import FormData, needed_number, number
from state.staff.programme_form import weekday_ticks

_EVERY_DAY = range(7)


@dataclass(frozen=True, slots=True)
class RewardFields:
    """What the form shows at first; a reward without an id is new."""

    id: str = ""
    name: str = ""
    description: str = ""
    points: str = "100"
    gives: str = "discount:amount"
    amount: str = ""
    percent: str = ""
    most: str = ""
    dish_id: str = ""
    tier_key: str = ""
    days: str = "30"
    audience: str = ""
    starts: str = "15:00"
    ends: str = "18:00"
    weekdays: list[Tick] = field(default_factory=lambda: weekday_ticks(_EVERY_DAY))
    stock: str = ""
    per_guest_limit: str = ""
    min_tier_key: str = ""
    unlock_points: str = "0"
    valid_until: str = ""
    is_active: bool = True


def fields_of(reward: Reward, restaurant: RestaurantInfo) -> RewardFields:
    """A reward as its form shows it."""
    value, hours = reward.value, reward.value.hours

    def money(minor: int) -> str:
        return amount_text(minor, restaurant.currency) if minor else ""

    return RewardFields(
        id=str(reward.id),
        name=reward.name,
        description=reward.description,
        points=str(reward.points_required),
        gives=f"{reward.reward_type}:{value.kind}",
        amount=money(value.amount_minor),
        percent=str(value.percent or ""),
        most=money(value.most_minor),
        dish_id=str(value.dish_id or ""),
        tier_key=value.tier_key,
        days=str(value.days or 30),
        audience=reward.audience,
        starts=f"{hours.starts:%H:%M}" if hours else "15:00",
        ends=f"{hours.ends:%H:%M}" if hours else "18:00",
        weekdays=weekday_ticks(hours.weekdays if hours else _EVERY_DAY),
        stock=_text(reward.stock),
        per_guest_limit=_text(reward.per_guest_limit),
        min_tier_key=reward.min_tier_key,
        unlock_points=str(reward.unlock_points),
        valid_until=_last_day(reward.valid_until, restaurant),
        is_active=reward.is_active,
    )


def columns_of(form: FormData, *, restaurant: RestaurantInfo) -> dict[str, Any]:
    """What was typed, by the columns' names, as `rewards.save_reward` takes it.

    Raises:
        InvalidInputError: something cannot be; `field` names it.
    """
    reward_type, _, kind = form.get("gives", "").partition(":")
    value: dict[str, Any] = {"kind": kind}
    if kind == "amount":
        value["amount_minor"] = _price(form, "amount_minor", restaurant)
    elif kind == "percent":
        value["percent"] = needed_number(form, "percent")
        if form.get("most_minor", "").strip():
            value["most_minor"] = _price(form, "most_minor", restaurant)
    elif kind == "dish":
        value["dish_id"] = form.get("dish_id", "")
    elif kind == "tier":
        value |= {"tier_key": form.get("tier_key", ""), "days": needed_number(form, "days")}
    if form.get("audience") == "off_peak":
        value["hours"] = {
            "weekdays": [day for day in _EVERY_DAY if f"day.{day}" in form],
            "starts": form.get("starts", ""),
            "ends": form.get("ends", ""),
        }
    return {
        "reward_name": form.get("reward_name", ""),
        "reward_description": form.get("reward_description", ""),
        "points_required": needed_number(form, "points_required"),
        "reward_type": reward_type,
        "reward_value": value,
        "audience": form.get("audience", ""),
        "stock": number(form, "stock"),
        "per_guest_limit": number(form, "per_guest_limit"),
        "min_tier_key": form.get("min_tier_key", ""),
        "unlock_points": number(form, "unlock_points", otherwise=0),
        "valid_until": _until(form.get("valid_until", ""), restaurant),
        "is_active": "is_active" in form,
    }


def typed_columns(columns: dict[str, Any], opened: Reward | None) -> dict[str, Any]:
    """Without what stands there as it was opened: others may have changed it, and guests the stock.

    Raises:
        InvalidInputError: what it gives cannot be.
    """
    if opened is None:
        return columns
    same = {
        "reward_name": opened.name,
        "reward_description": opened.description,
        "points_required": opened.points_required,
        "stock": opened.stock,
        "per_guest_limit": opened.per_guest_limit,
        "min_tier_key": opened.min_tier_key,
        "unlock_points": opened.unlock_points,
        "valid_until": opened.valid_until,
        "is_active": opened.is_active,
    }
    typed = {
        name: value for name, value in columns.items() if name not in same or value != same[name]
    }
    # These three only make sense together.
    if columns["reward_type"] == opened.reward_type and columns["audience"] == opened.audience:
        value = value_of(columns["reward_value"], reward_type=opened.reward_type)
        if value_json(value) == value_json(opened.value):
            for name in ("reward_type", "reward_value", "audience"):
                del typed[name]
    return typed


def _price(form: FormData, name: str, restaurant: RestaurantInfo) -> int:
    return parse_price(form.get(name, ""), currency=restaurant.currency, field=name)


def _text(count: int | None) -> str:
    return "" if count is None else str(count)


def _last_day(until: datetime | None, restaurant: RestaurantInfo) -> str:
    """The last business day before a moment."""
    if until is None:
        return ""
    return business_day(
        until - timedelta(seconds=1),
        time_zone=restaurant.time_zone,
        cutoff=restaurant.day_cutoff,
    ).isoformat()


def _until(text: str, restaurant: RestaurantInfo) -> datetime | None:
    """The end of a day that was typed: where the next business day begins."""
    if not text:
        return None
    try:
        day = date.fromisoformat(text) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        msg = N_("That is not a day.")
        raise InvalidInputError(msg, field="valid_until") from error
    return day_begin(day, time_zone=restaurant.time_zone, cutoff=restaurant.day_cutoff)
