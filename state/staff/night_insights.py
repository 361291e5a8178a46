"""Insights of the night in words: what, from which numbers, what to do, where to look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale

from services.analytics.insight_rules import NightKind, Subject
from services.analytics.insights import NightInsight
from services.base import addresses
from services.base.night_texts import ACTIONS, EVIDENCE, LINKS, LOOKS, SUBJECTS, TITLES
from services.base.texts import PER_CENT, date_text, list_text, money_text, translate, weekday_text
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE

_WEEKDAYS = Locale.parse(LANGUAGE).days["stand-alone"]
_MONEY = {
    "value_minor": "value",
    "price_minor": "price",
    "suggested_minor": "suggested",
    "contribution_minor": "earns",
}


@dataclass(frozen=True)
class NightView:
    """One insight as it stands on the screen."""

    id: str
    kind: str
    subject: str
    icon: str
    tint: str
    title: str
    evidence: str
    action: str
    sure: str
    found: str
    href: str
    link: str
    is_read: bool


@dataclass(frozen=True)
class ChoiceView:
    """One filter, with how many it would leave."""

    key: str
    text: str
    count: str
    is_on: bool


def weekday_name(weekday: int, *, is_short: bool = False) -> str:
    """The name of a weekday, Monday is 0."""
    return _WEEKDAYS["abbreviated" if is_short else "wide"][weekday]


def night_views(found: Sequence[NightInsight], restaurant: RestaurantInfo) -> list[NightView]:
    """All of them in words."""
    return [_view(one, restaurant) for one in found]


def choices(found: Sequence[NightInsight], chosen: str) -> list[ChoiceView]:
    """The filters above the list."""
    return [
        ChoiceView(
            key=key,
            text=translate(LANGUAGE, name),
            count=str(len(chosen_of(found, key))),
            is_on=key == chosen,
        )
        for key, name in SUBJECTS.items()
    ]


def chosen_of(found: Sequence[NightInsight], chosen: str) -> list[NightInsight]:
    """Those that a filter leaves."""
    if chosen == "unread":
        return [one for one in found if not one.is_read]
    return [one for one in found if chosen in {"all", one.subject.value}]


def _view(one: NightInsight, restaurant: RestaurantInfo) -> NightView:
    facts = _facts(one, restaurant)
    name = one.kind.value
    if one.kind is NightKind.DEMAND_SHIFT:
        name = "demand_up" if one.data["is_up"] else "demand_down"
    icon, tint = LOOKS[name]
    return NightView(
        id=str(one.id),
        kind=one.kind.value,
        subject=one.subject.value,
        icon=icon,
        tint=tint,
        title=translate(LANGUAGE, TITLES[name], **facts),
        evidence=translate(LANGUAGE, EVIDENCE[name], **facts),
        action=translate(LANGUAGE, ACTIONS[name], **facts),
        sure=f"{min(99, round(100 * one.confidence))}{PER_CENT}",
        found=date_text(one.generated_on, LANGUAGE),
        href=_href(one),
        link=translate(LANGUAGE, LINKS[one.subject.value]),
        is_read=one.is_read,
    )


def _facts(one: NightInsight, restaurant: RestaurantInfo) -> dict[str, Any]:
    data = dict(one.data)
    facts: dict[str, Any] = data | {"alias": one.alias}
    for name, said in _MONEY.items():
        if name in data:
            facts[said] = (
                "" if data[name] is None
                else money_text(round(data[name]), restaurant.currency, LANGUAGE)
            )  # fmt: skip
    if "day" in data:
        facts["day"] = weekday_text(date.fromisoformat(data["day"]), LANGUAGE)
    if one.kind is NightKind.AREA_FULL:
        facts["weekday"] = weekday_name(data["weekday"])
        facts["hour"] = f"{data['hour']:02d}:00"
    if one.kind is NightKind.TABLES_UNDERUSED:
        facts["tables"] = list_text(LANGUAGE, data["tables"])
    if one.kind is NightKind.TABLE_MIX:
        is_one = data["low"] == data["high"] or data["high"] > 12
        facts["size"] = f"{data['low']}+" if is_one else f"{data['low']}-{data['high']}"
    if "share" in data:
        facts["share"] = f"{100 * data['share']:.1f}"
        facts["bound"] = f"{100 * data['popular_from']:.1f}"
    if "break_even_change" in data:
        facts["allowed"] = f"{-100 * data['break_even_change']:.0f}"
    return facts


def _href(one: NightInsight) -> str:
    if one.customer_id is not None:
        return addresses.customer(one.customer_id)
    return {
        Subject.DISH: addresses.STAFF_MENU,
        Subject.TABLE: addresses.STAFF_ROOM_STATS,
    }.get(one.subject, addresses.STAFF_MODELS)
