"""Which tables suit a party; no session, clock or I/O.

A guest asks for forty times of an evening at once, and anybody may ask. What a room offers a party
at all does not depend on the time: neighbours and groups are found once for a room and a size, and
each time is a look at bits.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from uuid import UUID

from services.base.sorting import natural_key
from services.seating.placement import Rect
from services.seating.shapes import FIXED_SHAPES

# Tables that are pushed together: a chair's width apart at most, in centimetres of the plan.
NEAR = 90.0
# Rooms and sizes that are remembered; the largest room with all its groups takes half a megabyte.
_CHOICES_KEPT = 64


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

    @property
    def is_movable(self) -> bool:
        """Whether it can be pushed to another."""
        return self.place is not None and self.shape not in FIXED_SHAPES


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


class Choices:
    """Every spot of a room that is large enough for a party, best first.

    The smallest single table, so that large tables stay free for large parties. Only when none is
    free: two neighbours of one area with the fewest empty chairs; only then three.
    """

    def __init__(self, tables: Sequence[Seats], party_size: int, *, may_join: bool) -> None:
        """Keep the room; groups are found when the first time asks for them."""
        # In the order in which the tables of a spot are named.
        self._tables = sorted(tables, key=lambda table: (-table.seats, natural_key(table.number)))
        self._chairs = [table.seats for table in self._tables]
        by_number = sorted(
            range(len(self._tables)), key=lambda one: natural_key(self._tables[one].number)
        )
        self._rank = {one: place for place, one in enumerate(by_number)}
        self._party_size = party_size
        self._may_join = may_join

    def free(self, busy: Iterable[UUID]) -> Iterator[Spot]:
        """The spots without any of these tables, best first."""
        taken = list(busy)
        for level in self._levels():
            left = level.without(taken) if level.groups else 0
            for place in _bits(left):
                yield Spot(tuple(self._tables[one] for one in level.groups[place]))
            if left:
                return

    def _levels(self) -> "Iterator[_Level]":
        yield self._singles
        if self._may_join:
            yield self._pairs
            yield self._triples

    @cached_property
    def _singles(self) -> "_Level":
        return self._level((one,) for one in range(len(self._tables)))

    @cached_property
    def _pairs(self) -> "_Level":
        near = self._neighbours
        return self._level((one, two) for one in range(len(near)) for two in near[one] if one < two)

    @cached_property
    def _triples(self) -> "_Level":
        """Each pair of neighbours of a middle table; where all three touch, the first is it."""
        near, chairs = self._neighbours, self._chairs
        beside = [frozenset(found) for found in near]
        found: list[tuple[int, ...]] = []
        for middle, around in enumerate(near):
            for place, one in enumerate(around):
                wanted = self._party_size - chairs[middle] - chairs[one]
                for two in around[place + 1 :]:
                    # Ascending: those behind have no more chairs.
                    if chairs[two] < wanted:
                        break
                    if middle < one:
                        found.append((middle, one, two))
                    elif two not in beside[one]:
                        found.append((one, middle, two) if middle < two else (one, two, middle))
        return self._level(found)

    @cached_property
    def _neighbours(self) -> list[list[int]]:
        """Which tables are near each table, ascending: looked for in its square and those around.

        Without squares 300 tables are 45,000 comparisons.
        """
        near: list[list[int]] = [[] for _ in self._tables]
        movable = [
            (one, table.area_id, table.place)
            for one, table in enumerate(self._tables)
            if table.place is not None and table.is_movable
        ]
        side = NEAR + max((max(p.width, p.height) for _, _, p in movable), default=0.0)
        squares: dict[tuple[UUID, int, int], list[int]] = defaultdict(list)
        for one, area, place in movable:
            across, down = int(place.x // side), int(place.y // side)
            for x in (across - 1, across, across + 1):
                for y in (down - 1, down, down + 1):
                    for other in squares.get((area, x, y), ()):
                        if is_near(self._tables[one], self._tables[other]):
                            near[one].append(other)
                            near[other].append(one)
            squares[area, across, down].append(one)
        return [sorted(found) for found in near]

    def _level(self, groups: Iterable[tuple[int, ...]]) -> "_Level":
        chairs, rank = self._chairs.__getitem__, self._rank.__getitem__
        enough = [
            (total, *map(rank, group), group)
            for group in groups
            if (total := sum(map(chairs, group))) >= self._party_size
        ]
        return _Level(self._tables, [found[-1] for found in sorted(enough)])


class _Level:
    """Groups of as many tables; a number whose nth bit stands for the nth group."""

    def __init__(self, tables: Sequence[Seats], groups: list[tuple[int, ...]]) -> None:
        self.groups = groups
        self._all = (1 << len(groups)) - 1
        having: dict[int, bytearray] = {}
        for place, group in enumerate(groups):
            for one in group:
                bits = having.setdefault(one, bytearray((len(groups) + 7) // 8))
                bits[place >> 3] |= 1 << (place & 7)
        self._with = {
            tables[one].table_id: int.from_bytes(bits, "little") for one, bits in having.items()
        }

    def without(self, taken: Iterable[UUID]) -> int:
        """The groups that hold none of these tables."""
        blocked = 0
        for table_id in taken:
            blocked |= self._with.get(table_id, 0)
        return self._all & ~blocked


@lru_cache(maxsize=_CHOICES_KEPT)
def choices_of(tables: tuple[Seats, ...], party_size: int, *, may_join: bool) -> Choices:
    """What a room offers a party; remembered, and a room that changes is another room."""
    return Choices(tables, party_size, may_join=may_join)


def are_neighbours(tables: Sequence[Seats]) -> bool:
    """Whether these tables can be pushed together."""
    return (
        len({table.area_id for table in tables}) == 1
        and all(table.is_movable for table in tables)
        and _hang_together(tables)
    )


def is_near(one: Seats, other: Seats) -> bool:
    """Whether at most a chair's width stands between two tables."""
    if one.place is None or other.place is None:
        return False
    return one.place.overlaps(other.place, gap=NEAR)


def _hang_together(group: Sequence[Seats]) -> bool:
    """Each is near another, and all are reached from the first."""
    reached, waiting = [group[0]], list(group[1:])
    while waiting:
        near = [t for t in waiting if any(is_near(t, other) for other in reached)]
        if not near:
            return False
        reached += near
        waiting = [t for t in waiting if t not in near]
    return True


def _bits(number: int) -> Iterator[int]:
    """Places of the bits that are set, the lowest first."""
    while number:
        lowest = number & -number
        yield lowest.bit_length() - 1
        number ^= lowest
