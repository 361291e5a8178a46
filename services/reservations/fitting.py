"""Which tables suit a party; no session, clock or I/O."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.seating.placement import Rect

# Tables that are pushed together: a chair's width apart at most, in centimetres of the plan.
NEAR = 90.0
MOST_JOINED = 3
# Bar places and booths stay where they are.
FIXED_SHAPES = frozenset({"bar", "stool", "booth"})


@dataclass(frozen=True, slots=True)
class Seats:
    """A table as a place for a party."""

    table_id: UUID
    number: str
    area_id: UUID
    seats: int
    shape: str
    # The upright rectangle around it on the plan; None while it has no place.
    place: Rect | None


@dataclass(frozen=True, slots=True)
class Spot:
    """One table, or neighbours that are joined; the first names the spot."""

    tables: tuple[Seats, ...]

    @property
    def seats(self) -> int:
        """How many people fit."""
        return sum(table.seats for table in self.tables)

    @property
    def table_ids(self) -> tuple[UUID, ...]:
        """The tables."""
        return tuple(table.table_id for table in self.tables)

    @property
    def numbers(self) -> str:
        """As people say it: "12" or "12 + 13"."""
        return " + ".join(table.number for table in self.tables)


def spots_for(free: Sequence[Seats], party_size: int, *, may_join: bool) -> list[Spot]:
    """Where a party fits, best first.

    The smallest single table that is large enough, so that large tables stay free for large
    parties. Only when none is: the fewest neighbours of one area with the fewest empty chairs.

    Args:
        free: tables that nobody has at that time.
        party_size: people.
        may_join: whether the restaurant pushes tables together.
    """
    single = [Spot((table,)) for table in free if table.seats >= party_size]
    if single:
        return sorted(single, key=lambda spot: (spot.seats, _natural(spot.tables[0].number)))
    if not may_join:
        return []
    movable = [t for t in free if t.shape not in FIXED_SHAPES and t.place is not None]
    groups = [(table,) for table in movable]
    for _ in range(1, MOST_JOINED):
        groups = _one_more(groups, movable)
        spots = [Spot(_in_order(group)) for group in groups if _chairs(group) >= party_size]
        if spots:
            return sorted(spots, key=lambda s: (s.seats, [_natural(t.number) for t in s.tables]))
    return []


def are_neighbours(tables: Sequence[Seats]) -> bool:
    """Whether these tables can be pushed together."""
    return (
        len({table.area_id for table in tables}) == 1
        and all(t.shape not in FIXED_SHAPES and t.place is not None for t in tables)
        and _hang_together(tables)
    )


def _one_more(
    groups: Iterable[tuple[Seats, ...]], tables: Sequence[Seats]
) -> list[tuple[Seats, ...]]:
    """Every group with one more neighbour, each once: a room of hundreds stays cheap."""
    found: dict[frozenset[UUID], tuple[Seats, ...]] = {}
    for group in groups:
        for table in tables:
            if table in group or table.area_id != group[0].area_id:
                continue
            if any(_is_near(table, other) for other in group):
                found.setdefault(
                    frozenset(one.table_id for one in (*group, table)), (*group, table)
                )
    return list(found.values())


def _in_order(group: Iterable[Seats]) -> tuple[Seats, ...]:
    return tuple(sorted(group, key=lambda table: (-table.seats, _natural(table.number))))


def _chairs(group: Iterable[Seats]) -> int:
    return sum(table.seats for table in group)


def _hang_together(group: Sequence[Seats]) -> bool:
    """Each is near another, and all are reached from the first."""
    reached, waiting = [group[0]], list(group[1:])
    while waiting:
        near = [t for t in waiting if any(_is_near(t, other) for other in reached)]
        if not near:
            return False
        reached += near
        waiting = [t for t in waiting if t not in near]
    return True


def _is_near(one: Seats, other: Seats) -> bool:
    if one.place is None or other.place is None:
        return False
    return one.place.overlaps(other.place, gap=NEAR)


def _natural(number: str) -> tuple[str, int, str]:
    """B2 before B10."""
    letters = number.rstrip("0123456789")
    digits = number[len(letters) :]
    return letters, int(digits) if digits.isdecimal() else 0, number
