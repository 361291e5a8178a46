"""The settings between their form and their draft."""

from dataclasses import dataclass
from datetime import time
from decimal import Decimal, InvalidOperation

from babel import Locale

from models.enums import ConsentMode
from services.base.errors import InvalidInputError
from services.base.owner_texts import SETTINGS
from services.base.texts import N_, page_texts
from services.restaurants.drafts import SettingsDraft, currencies, time_zones
from services.restaurants.hours import WEEKDAYS
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.form_rows import HoursRow, Tick, hours_rows, language_name, typed_hours
from state.staff.forms import Choice, FormData, needed_number, ticked

# Languages people are likely to want; one that a restaurant has already stays in the list.
LANGUAGES = (
    "ar", "cs", "da", "de", "el", "en", "es", "fi", "fr", "he", "hu", "it", "ja", "ko", "nl",
    "no", "pl", "pt", "ro", "ru", "sv", "tr", "uk", "zh",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SettingsFields:
    """The single fields as the form shows them at first."""

    name: str = ""
    currency: str = ""
    time_zone: str = ""
    day_cutoff: str = ""
    tax: str = ""
    first_language: str = ""
    consent_mode: str = ""
    fingerprint_enabled: bool = False
    uses_cleaning: bool = False
    idle_release_minutes: str = ""
    ticket_soon_minutes: str = ""
    ticket_late_minutes: str = ""


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of the week with its pairs of times."""

    day: str
    name: str
    hours: list[HoursRow]


def fields_of(restaurant: RestaurantInfo) -> SettingsFields:
    """What the form shows."""
    rate = Decimal(restaurant.tax_rate_basis_points) / 100
    return SettingsFields(
        name=restaurant.name,
        currency=restaurant.currency,
        time_zone=restaurant.time_zone,
        day_cutoff=f"{restaurant.day_cutoff:%H:%M}",
        tax=f"{rate.normalize():f}",
        first_language=restaurant.languages[0],
        consent_mode=restaurant.consent_mode.value,
        fingerprint_enabled=restaurant.fingerprint_enabled,
        uses_cleaning=restaurant.uses_cleaning,
        idle_release_minutes=str(restaurant.idle_release_minutes),
        ticket_soon_minutes=str(restaurant.ticket_soon_minutes),
        ticket_late_minutes=str(restaurant.ticket_late_minutes),
    )


def day_rows(restaurant: RestaurantInfo) -> list[DayRow]:
    """The week."""
    texts = page_texts(LANGUAGE, SETTINGS)
    return [
        DayRow(day, texts[day], hours_rows(restaurant.opening_hours.get(day, [])))
        for day in WEEKDAYS
    ]


def language_choices(restaurant: RestaurantInfo) -> list[Choice]:
    """Languages by their own names."""
    codes = dict.fromkeys([*restaurant.languages, *LANGUAGES])
    found = [Choice(code, language_name(code)) for code in codes]
    return sorted(found, key=lambda choice: choice.label.casefold())


def language_ticks(restaurant: RestaurantInfo) -> list[Tick]:
    """The languages that the menu is translated into."""
    others = set(restaurant.languages[1:])
    return [
        Tick(choice.value, choice.label, choice.value in others)
        for choice in language_choices(restaurant)
    ]


def currency_choices() -> list[Choice]:
    """Currencies by code and name."""
    names = Locale.parse(LANGUAGE).currencies
    return [Choice(code, f"{code} · {names.get(code, code)}") for code in sorted(currencies())]


def time_zone_choices() -> list[Choice]:
    """Time zones by place."""
    return [Choice(name, name.replace("_", " ")) for name in sorted(time_zones())]


def draft_of(
    form: FormData, *, restaurant: RestaurantInfo, days: list[DayRow], brand_color: str
) -> SettingsDraft:
    """What was typed, as the service takes it.

    Raises:
        InvalidInputError: a number or time cannot be read.
    """
    first = form.get("first_language", "")
    offered = [choice.value for choice in language_choices(restaurant)]
    others = [code for code in ticked(form, "language", offered) if code != first]
    # Those that are there keep their order; new ones come after.
    known = [code for code in restaurant.languages if code in others]
    return SettingsDraft(
        name=form.get("name", ""),
        currency=form.get("currency", ""),
        time_zone=form.get("time_zone", ""),
        languages=[first, *known, *(code for code in others if code not in known)],
        opening_hours={
            row.day: typed_hours(form, row.hours, prefix=f"opening_hours.{row.day}") for row in days
        },
        day_cutoff=_time(form.get("day_cutoff", "")),
        tax_rate_basis_points=_basis_points(form.get("tax_rate_basis_points", "")),
        brand_color=brand_color,
        consent_mode=form.get("consent_mode", ConsentMode.ASK),
        fingerprint_enabled="fingerprint_enabled" in form,
        uses_cleaning="uses_cleaning" in form,
        idle_release_minutes=needed_number(form, "idle_release_minutes"),
        ticket_soon_minutes=needed_number(form, "ticket_soon_minutes"),
        ticket_late_minutes=needed_number(form, "ticket_late_minutes"),
    )


def _time(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        msg = N_("Write times as hours and minutes, like 17:00.")
        raise InvalidInputError(msg, field="day_cutoff") from error


def _basis_points(text: str) -> int:
    """Percent as typed, "10", "7,5" or "5.5 %", in basis points."""
    plain = text.strip().removesuffix("%").strip().replace(",", ".")
    try:
        points = Decimal(plain or "0") * 100
        whole = int(points)
    except (InvalidOperation, ValueError, OverflowError):
        whole, points = -1, Decimal(0)
    if points != whole or not 0 <= whole <= 5000:
        msg = N_("Write the tax in percent, like 10 or 5.5.")
        raise InvalidInputError(msg, field="tax_rate_basis_points")
    return whole
