"""What an owner hands in to change the settings, and what each field may hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import time
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from babel.core import get_global
from babel.numbers import get_territory_currencies

from models.enums import ConsentMode
from services.base import fields as checks
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.restaurants.brand import brand_of
from services.restaurants.hours import WEEKDAYS
from services.restaurants.types import RestaurantInfo

MOST_LANGUAGES = 10


@dataclass(frozen=True, slots=True)
class SettingsDraft:
    """Everything on the settings screen but the logo, which has a call of its own."""

    name: str
    currency: str
    time_zone: str
    # The first is the one the menu is written in.
    languages: Sequence[str]
    # {"mon": [["12:00", "23:00"]]}; a day that is missing is closed.
    opening_hours: Mapping[str, Sequence[Sequence[str]]]
    day_cutoff: time
    # Of the net price: 1000 is 10 %.
    tax_rate_basis_points: int
    brand_color: str
    consent_mode: str
    fingerprint_enabled: bool
    uses_cleaning: bool
    idle_release_minutes: int
    ticket_soon_minutes: int
    ticket_late_minutes: int

    @classmethod
    def of(cls, restaurant: RestaurantInfo) -> "SettingsDraft":
        """The settings as they are: replace what the form changed."""
        return cls(**{field.name: getattr(restaurant, field.name) for field in fields(cls)})


@dataclass(frozen=True, slots=True)
class CheckedSettings:
    """Columns of the restaurant and their clean values."""

    values: dict[str, Any]
    was_darkened: bool


def checked_settings(draft: SettingsDraft) -> CheckedSettings:
    """The clean settings, with the tokens of the colour.

    Raises:
        InvalidInputError: a field cannot be.
    """
    brand = brand_of(draft.brand_color)
    soon = checks.whole_number(
        draft.ticket_soon_minutes, field="ticket_soon_minutes", least=1, most=240
    )
    late = checks.whole_number(
        draft.ticket_late_minutes, field="ticket_late_minutes", least=1, most=240
    )
    if late <= soon:
        msg = N_("A ticket must turn red after it turned yellow.")
        raise InvalidInputError(msg, field="ticket_late_minutes")
    values: dict[str, Any] = {
        "name": checks.line(draft.name, field="name", most=120, required=True),
        "currency": _currency(draft.currency),
        "time_zone": _time_zone(draft.time_zone),
        "languages": _languages(draft.languages),
        "opening_hours": _opening_hours(draft.opening_hours),
        "day_cutoff": _cutoff(draft.day_cutoff),
        "tax_rate_basis_points": checks.whole_number(
            draft.tax_rate_basis_points, field="tax_rate_basis_points", least=0, most=5000
        ),
        "brand_color": brand.color,
        "brand_tokens": brand.tokens,
        "consent_mode": _consent_mode(draft.consent_mode),
        "fingerprint_enabled": bool(draft.fingerprint_enabled),
        "uses_cleaning": bool(draft.uses_cleaning),
        "idle_release_minutes": checks.whole_number(
            draft.idle_release_minutes, field="idle_release_minutes", least=5, most=240
        ),
        "ticket_soon_minutes": soon,
        "ticket_late_minutes": late,
    }
    return CheckedSettings(values, brand.was_darkened)


@cache
def currencies() -> frozenset[str]:
    """ISO 4217 codes that are legal tender somewhere today."""
    return frozenset(
        code
        for territory in get_global("territory_currencies")
        for code in get_territory_currencies(territory)
    )


@cache
def time_zones() -> frozenset[str]:
    """Names of places in the zone database, as "Europe/Berlin", and UTC."""
    return frozenset(name for name in available_timezones() if "/" in name) | {"UTC"}


def _currency(value: str) -> str:
    code = value.strip().upper()
    if code not in currencies():
        msg = N_("This is not a currency we know. Write its three letters, like EUR.")
        raise InvalidInputError(msg, field="currency")
    return code


def _time_zone(value: str) -> str:
    if value not in time_zones():
        msg = N_("This is not a time zone we know. Write it like Europe/Berlin.")
        raise InvalidInputError(msg, field="time_zone")
    return value


def _languages(values: Sequence[str]) -> list[str]:
    if not values:
        msg = N_("Choose at least the language your menu is written in.")
        raise InvalidInputError(msg, field="languages")
    kept = list(dict.fromkeys(checks.language(value, field="languages") for value in values))
    if len(kept) > MOST_LANGUAGES:
        msg = N_("At most {most} are possible here.")
        raise InvalidInputError(msg, field="languages", most=MOST_LANGUAGES)
    return kept


def _opening_hours(value: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, list[list[str]]]:
    if set(value) - set(WEEKDAYS):
        msg = N_("This is not a day of the week.")
        raise InvalidInputError(msg, field="opening_hours")
    cleaned = {
        day: checks.shifts(value.get(day, ()), field=f"opening_hours.{day}") for day in WEEKDAYS
    }
    return {day: pairs for day, pairs in cleaned.items() if pairs}


def _cutoff(value: time) -> time:
    if value.tzinfo is not None or value.second or value.microsecond or value >= time(12):
        msg = N_("The day must start on a full minute before noon.")
        raise InvalidInputError(msg, field="day_cutoff")
    return value


def _consent_mode(value: str) -> ConsentMode:
    try:
        return ConsentMode(value)
    except ValueError as error:
        msg = N_("Choose whether guests are asked or told.")
        raise InvalidInputError(msg, field="consent_mode") from error
