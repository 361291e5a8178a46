"""What a guest likes, in words."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from services.base.card_texts import CARD, PREFERENCE_GROUP_WORDS, PREFERENCE_WORDS
from services.base.texts import N_, PER_CENT, plural, translate
from services.customers.card.preferences import SHOWN, CardPreferences, Liked
from services.customers.types import Preferred
from services.menu.page import allergen_words
from services.restaurants.types import RestaurantInfo
from state.staff.access import LANGUAGE
from state.staff.card.head import day_of
from state.staff.card.when import WhenRow, daypart_words, when_rows, when_text

PERCENT = 100
# How the profile writes what a guest says they cannot eat: "without_nuts".
WITHOUT = "without_"


@dataclass(frozen=True, slots=True)
class StrengthView:
    """One preference with its bar; `badge` tells what the guest has said themselves."""

    key: str
    name: str
    value: str
    percent: int
    badge: str
    detail: str


@dataclass(frozen=True, slots=True)
class GroupView:
    """Preferences of one kind, the strongest first; `source` is what its small i asks for."""

    key: str
    source: str
    title: str
    hint: str
    rows: list[StrengthView]


@dataclass(frozen=True, slots=True)
class PreferencesView:
    """The part as it stands on the screen."""

    groups: list[GroupView] = field(default_factory=list[GroupView])
    seats: list[StrengthView] = field(default_factory=list[StrengthView])
    dayparts: list[str] = field(default_factory=list[str])
    when: list[WhenRow] = field(default_factory=list[WhenRow])
    when_text: str = ""


def preferences_view(found: CardPreferences, *, restaurant: RestaurantInfo) -> PreferencesView:
    """All preferences by kind, places, and times."""
    order = list(PREFERENCE_GROUP_WORDS)
    named = [one for one in found.liked if _name(one) and one.kind in order]
    named.sort(key=lambda one: order.index(one.kind))
    return PreferencesView(
        groups=[
            GroupView(
                key=kind,
                source=f"likes_{kind}",
                title=translate(LANGUAGE, PREFERENCE_GROUP_WORDS[kind]),
                hint=translate(LANGUAGE, CARD["likes_hint"]),
                rows=[_liked(one, restaurant) for one in list(of_kind)[:SHOWN]],
            )
            for kind, of_kind in groupby(named, key=lambda one: one.kind)
        ],
        seats=[
            *_seats(found.tables, N_("Table {name}"), found.total_visits),
            *_seats(found.areas, N_("{name}"), found.total_visits),
        ],
        dayparts=daypart_words(),
        when=when_rows(found.when_counts),
        when_text=when_text(found.when_counts),
    )


def _name(one: Liked) -> str:
    if one.value.startswith(WITHOUT):
        eaten = allergen_words([one.value.removeprefix(WITHOUT)], LANGUAGE)
        return translate(LANGUAGE, N_("Without {what}"), what=eaten)
    word = PREFERENCE_WORDS.get(one.value)
    return one.name or (translate(LANGUAGE, word) if word else "")


def _liked(one: Liked, restaurant: RestaurantInfo) -> StrengthView:
    times = plural(LANGUAGE, "once", "{count} times", one.count)
    first, last = day_of(one.first_at, restaurant), day_of(one.last_at, restaurant)
    if one.is_stated and not one.count:
        detail = translate(LANGUAGE, N_("since {first}"), first=first)
    elif first == last:
        detail = translate(LANGUAGE, N_("{times}, on {day}"), times=times, day=first)
    else:
        sentence = N_("{times}, from {first} to {last}")
        detail = translate(LANGUAGE, sentence, times=times, first=first, last=last)
    percent = round(PERCENT * one.strength)
    return StrengthView(
        key=f"{one.kind}-{one.value}",
        name=_name(one),
        value=f"{percent}{PER_CENT}",
        percent=percent,
        badge=translate(LANGUAGE, CARD["stated"]) if one.is_stated else "",
        detail=detail,
    )


def _seats(places: Sequence[Preferred], title: str, visits: int) -> list[StrengthView]:
    return [
        StrengthView(
            key=f"{title}-{place.name}",
            name=translate(LANGUAGE, title, name=place.name),
            value=f"{place.visit_count}×",
            percent=round(PERCENT * place.visit_count / max(1, visits)),
            badge="",
            detail=translate(
                LANGUAGE, N_("{count} of {all} visits"), count=place.visit_count, all=visits
            ),
        )
        for place in places
    ]
