"""Layouts as screens see them. An item is a plain document: it is stored and sent as JSON."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from services import live

# One thing on the plan. Every item has "id", "kind", "x", "y", "width", "height" in centimetres;
# what else it holds depends on its kind (`item_rules.py`).
Item = dict[str, Any]
KINDS = ("table", "area", "wall", "plant", "text", "picture")
DECOR_KINDS = ("wall", "plant", "text", "picture")
# What a change of an item is about: two people may change different parts of one item at once.
PLACE_FIELDS = frozenset({"x", "y", "width", "height", "rotation", "outline", "area"})


def layouts_topic(restaurant_id: UUID) -> str:
    """Layouts of a restaurant: editors that are open."""
    return f"layouts:{restaurant_id}"


@dataclass(frozen=True, slots=True)
class LayoutInfo:
    """One layout in the list of its restaurant."""

    id: UUID
    name: str
    is_live: bool
    table_count: int
    seat_count: int
    changed_at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """Somebody changed or removed what this operation is about; it was not done."""

    key: str
    item_id: str
    # "place", "facts" or "removed": what the other one did.
    part: str
    who: str
    theirs: Item | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """An operation that cannot be, with the sentence that says why."""

    key: str
    message: str
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a layout cannot be published: the sentence, and the items it is about."""

    kind: str
    item_ids: tuple[str, ...]
    message: str
    facts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Answer:
    """What one exchange with an editor brings back.

    `items` are those that changed after the revision the editor knew; `order` lists all ids where
    that has changed too, else it is None.
    """

    layout_id: UUID
    revision: int
    is_live: bool
    done: tuple[str, ...]
    refused: tuple[Refusal, ...]
    conflicts: tuple[Conflict, ...]
    items: tuple[Item, ...]
    order: tuple[str, ...] | None
    settings: dict[str, Any]
    problems: tuple[Problem, ...]
    change_count: int
    has_written: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """What publishing would do to the room, by numbers and names."""

    new_tables: tuple[str, ...]
    changed_tables: tuple[str, ...]
    gone_tables: tuple[str, ...]
    new_areas: tuple[str, ...]
    changed_areas: tuple[str, ...]
    gone_areas: tuple[str, ...]
    is_decor_changed: bool

    @property
    def count(self) -> int:
        """How many things change."""
        named = (
            self.new_tables,
            self.changed_tables,
            self.gone_tables,
            self.new_areas,
            self.changed_areas,
            self.gone_areas,
        )
        return sum(map(len, named)) + self.is_decor_changed


@dataclass(frozen=True, slots=True)
class Published:
    """A layout became the room."""

    restaurant_id: UUID
    layout_id: UUID
    difference: Difference

    @property
    def topics(self) -> tuple[str, ...]:
        """Live topics to publish to after the commit."""
        return (live.floor_topic(self.restaurant_id), layouts_topic(self.restaurant_id))
