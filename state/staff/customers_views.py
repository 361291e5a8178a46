"""What stands around the rows of the guest list: heads, chips of the filter, choices."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from services.base.texts import N_, plural, translate
from services.customers.criteria_names import say
from services.customers.list_columns import COLUMNS, chosen_columns
from services.customers.narrowing import Narrowest
from services.customers.views import SavedView
from services.segments.types import AllOf, AnyOf, Asking, Criteria
from state.staff.access import LANGUAGE


@dataclass(frozen=True, slots=True)
class ListHead:
    """The head of a column; `sort` is empty for one that cannot be sorted by."""

    key: str
    word: str
    sort: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class FilterChip:
    """One part of the filter in words."""

    index: int
    text: str


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column that can be shown."""

    key: str
    word: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class ViewChoice:
    """A saved view that can be opened."""

    id: str
    name: str
    is_shared: bool
    is_mine: bool
    is_open: bool


def heads_of(keys: Sequence[str]) -> list[ListHead]:
    """The heads of the chosen columns."""
    return [
        ListHead(one.key, translate(LANGUAGE, one.word), one.sort or "", one.is_number)
        for one in chosen_columns(list(keys))
    ]


def column_choices(keys: Sequence[str]) -> list[ColumnChoice]:
    """Every column, and whether it is shown."""
    return [
        ColumnChoice(one.key, translate(LANGUAGE, one.word), one.key in keys) for one in COLUMNS
    ]


def view_choices(found: Sequence[SavedView], *, open_id: str) -> list[ViewChoice]:
    """Saved views, own ones first."""
    ordered = sorted(found, key=lambda one: not one.is_mine)
    return [
        ViewChoice(str(one.id), one.name, one.is_shared, one.is_mine, str(one.id) == open_id)
        for one in ordered
    ]


async def chips_of(
    session: Any,  # noqa: ANN401 - a session of the services
    criteria: Criteria | None,
    *,
    asking: Asking,
) -> list[FilterChip]:
    """The parts of a filter that stand beside each other; each can be taken away alone.

    Parts of which one is enough cannot: they are one chip.
    """
    if criteria is None:
        return []
    parts = criteria.parts if isinstance(criteria, AllOf) else (criteria,)
    if isinstance(criteria, AnyOf) and len(criteria.parts) == 1:
        parts = criteria.parts
    return [
        FilterChip(index, await say(session, part, asking=asking, language=LANGUAGE))
        for index, part in enumerate(parts)
    ]


def count_words(*, before: int, rows: int, count: int | None) -> dict[str, str]:
    """How many are shown and how many there are, as `view` has them.

    Args:
        before: how many stand on earlier pages.
        rows: how many are shown.
        count: how many fit; None until they are counted.
    """
    first, last = before + 1, before + rows
    here = f"{first:,}–{last:,}" if first > 1 else f"{last:,}"
    if count is None:
        return {"count": "", "all_text": "", "shown": here if first > 1 else f"{here}+"}
    number = f"{count:,}"
    if last >= count and first == 1:
        words = plural(LANGUAGE, "{count} guest", "{count} guests", count)
        shown = words.replace(str(count), number)
    else:
        shown = translate(LANGUAGE, N_("{shown} of {all}"), shown=here, all=number)
    everybody = plural(LANGUAGE, "All {count} that fit", "All {count} that fit", count)
    return {
        "count": number,
        "all_text": everybody.replace(str(count), number) if count > rows else "",
        "shown": shown,
    }


async def advice_words(
    session: Any,  # noqa: ANN401 - a session of the services
    found: Narrowest | None,
    *,
    asking: Asking,
) -> str:
    """Which part of a filter to give up; empty where none helps alone."""
    if found is None:
        return ""
    said = await say(session, found.part, asking=asking, language=LANGUAGE)
    words = N_("Without “{part}” there would be {count}.")
    return translate(LANGUAGE, words, part=said, count=f"{found.count:,}")
