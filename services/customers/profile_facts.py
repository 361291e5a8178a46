"""Habits of a guest, details they have given, and past merges, as their page shows them."""

from dataclasses import dataclass
from datetime import datetime

from services.base.customer_texts import MERGE_REASONS
from services.base.texts import N_, day_text, translate
from services.customers.profile_page import day_of
from services.customers.types import CustomerProfile
from services.restaurants.types import RestaurantInfo

MINUTE = 60


@dataclass(frozen=True, slots=True)
class Fact:
    """A habit or a detail: icon, what, and more about it."""

    icon: str
    title: str
    detail: str


@dataclass(frozen=True, slots=True)
class OtherGuest:
    """Somebody who may be, or was, the same guest."""

    id: str
    alias: str
    detail: str


def habit_facts(profile: CustomerProfile, language: str) -> list[Fact]:
    """Where this guest sits, how long they read, what they come with."""
    facts: list[Fact] = []
    of_all = profile.row.total_visits
    for icon, title, liked in (
        ("armchair", N_("Table {name}"), profile.preferred_tables),
        ("map-pin", N_("{name}"), profile.preferred_areas),
    ):
        if liked:
            facts.append(
                Fact(
                    icon,
                    translate(language, title, name=liked[0].name),
                    translate(
                        language,
                        N_("{count} of {all} visits"),
                        count=liked[0].visit_count,
                        all=of_all,
                    ),
                )
            )
    seconds = sorted(v.session_duration_seconds for v in profile.visits if v.menu_views)
    if seconds:
        minutes = round(seconds[len(seconds) // 2] / MINUTE)
        facts.append(
            Fact(
                "clock",
                translate(language, N_("Reads the menu for {minutes} min"), minutes=minutes),
                translate(language, N_("median of the latest visits")),
            )
        )
    return facts


def given_facts(profile: CustomerProfile, language: str) -> list[Fact]:
    """Details the guest has given: personal data, for staff who may see customers."""
    given = profile.details
    facts = [
        Fact(icon, text, translate(language, label))
        for icon, text, label in (
            ("user", given.name, N_("Name")),
            ("mail", given.email, N_("E-mail")),
            ("phone", given.phone, N_("Phone")),
        )
        if text
    ]
    if given.birthday_month and given.birthday_day:
        # A leap year: 29 February is somebody's birthday.
        day = datetime(2000, given.birthday_month, given.birthday_day).date()  # noqa: DTZ001
        facts.append(Fact("cake", day_text(day, language), translate(language, N_("Birthday"))))
    return facts


def merge_rows(
    profile: CustomerProfile, *, restaurant: RestaurantInfo, language: str
) -> list[OtherGuest]:
    """Merges that can be taken back."""
    return [
        OtherGuest(
            id=str(entry.entry_id),
            alias=entry.alias,
            detail=translate(
                language,
                N_("{day}, {how}"),
                day=day_of(entry.merged_at, restaurant, language),
                how=translate(language, MERGE_REASONS.get(entry.reason, entry.reason)),
            ),
        )
        for entry in profile.merges
    ]
