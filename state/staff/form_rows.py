"""Rows that repeat in a form: pairs of times, translations. A row's key names its fields."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from babel import Locale

from services.base.texts import LANGUAGE_NAMES
from services.restaurants.types import RestaurantInfo
from state.staff.forms import Choice, FormData

MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class HoursRow:
    """A pair of local times as a form holds it."""

    key: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A box of a group of boxes."""

    value: str
    label: str
    is_on: bool


def hours_rows(hours: Iterable[Sequence[str]]) -> list[HoursRow]:
    """The rows of stored hours."""
    return [HoursRow(str(index), start, end) for index, (start, end) in enumerate(hours)]


def typed_hours(
    form: FormData, rows: Iterable[HoursRow], *, prefix: str = "hours"
) -> list[list[str]]:
    """What was typed into the rows; rows left empty are none."""
    pairs = (
        [form.get(f"{prefix}.{row.key}.start", ""), form.get(f"{prefix}.{row.key}.end", "")]
        for row in rows
    )
    return [pair for pair in pairs if any(pair)]


def new_key(keys: Iterable[str]) -> str:
    """A key that no row has."""
    return str(max((int(key) for key in keys), default=-1) + 1)


def other_languages(restaurant: RestaurantInfo) -> list[Choice]:
    """The languages that the menu is translated into, by their own names."""
    return [Choice(code, language_name(code)) for code in restaurant.languages[1:]]


def language_name(code: str) -> str:
    """A language by its own name: "العربية"."""
    return LANGUAGE_NAMES.get(code) or (Locale.parse(code).get_display_name() or code).capitalize()


def flat(
    translations: Mapping[str, Mapping[str, str]], languages: Iterable[Choice]
) -> dict[str, str]:
    """Translated texts by "language.part"; every language is there: a form shows empty ones too."""
    texts = {
        f"{language}.{part}": text
        for language, parts in translations.items()
        for part, text in parts.items()
    }
    empty = {f"{c.value}.{part}": "" for c in languages for part in ("name", "description", "note")}
    return empty | texts
