"""Which tables a party gets: the smallest that fits, neighbours only when nothing else does."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.reservations import fitting
from services.reservations.availability import Room
from services.reservations.fitting import Choices, Seats, are_neighbours
from services.reservations.rules import QUARTER, quarters
from services.reservations.types import ReservationRules
from services.seating.placement import Rect
from tests.builders import NOW

ROOM, TERRACE = uuid4(), uuid4()


def table(
    number: str, seats: int, *, x: float = 0, area: UUID = ROOM, shape: str = "square"
) -> Seats:
    return Seats(uuid4(), number, area, seats, shape, Rect(x, 100, 100, 100))


def numbers(*tables: Seats, party: int, may_join: bool = True) -> list[str]:
    return [spot.numbers for spot in Choices(tables, party, may_join=may_join).free(())]


def test_the_smallest_table_that_fits_comes_first() -> None:
    found = numbers(table("1", 8), table("2", 2), table("10", 4), table("9", 4), party=3)

    assert found == ["9", "10", "1"]


def test_neighbours_are_joined_only_when_no_table_is_large_enough() -> None:
    near = [table("1", 4, x=0), table("2", 4, x=150), table("3", 2, x=300)]

    assert numbers(*near, party=4) == ["1", "2"]
    assert numbers(*near, party=6) == ["2 + 3", "1 + 2"]
    assert numbers(*near, party=9) == ["1 + 2 + 3"]
    assert numbers(*near, party=11) == []
    assert numbers(*near, party=6, may_join=False) == []


def test_tables_apart_of_another_area_or_fixed_are_not_joined() -> None:
    one = table("1", 4, x=0)

    assert numbers(one, table("2", 4, x=400), party=6) == []
    assert numbers(one, table("2", 4, x=150, area=TERRACE), party=6) == []
    assert numbers(one, table("2", 4, x=150, shape="booth"), party=6) == []
    assert numbers(one, Seats(uuid4(), "2", ROOM, 4, "square", None), party=6) == []


def test_three_in_a_row_hang_together_though_the_ends_are_far_apart() -> None:
    row = [table("1", 2, x=0), table("2", 2, x=150), table("3", 2, x=300)]

    assert are_neighbours(row)
    assert not are_neighbours([row[0], row[2]])


def test_what_is_taken_leaves_the_next_best_and_at_last_nothing() -> None:
    one, two, three = (table(n, 4, x=150 * int(n)) for n in "123")
    choices = Choices([one, two, three], 4, may_join=True)

    def left(*taken: Seats) -> list[str]:
        return [spot.numbers for spot in choices.free([t.table_id for t in taken])]

    assert left() == ["1", "2", "3"]
    assert left(one) == ["2", "3"]
    assert left(one, two, three) == []
    pairs = Choices([one, two, three], 5, may_join=True)
    assert [spot.numbers for spot in pairs.free([three.table_id])] == ["1 + 2"]
    assert list(pairs.free([two.table_id])) == []


def test_three_that_all_touch_are_one_group() -> None:
    """In a square of four every three touch, at an edge or a corner: four groups, not twelve."""
    square = [
        Seats(uuid4(), str(n), ROOM, 2, "square", Rect(x, y, 100, 100))
        for n, (x, y) in enumerate([(0, 0), (150, 0), (0, 150), (150, 150)], start=1)
    ]

    assert numbers(*square, party=6) == ["1 + 2 + 3", "1 + 2 + 4", "1 + 3 + 4", "2 + 3 + 4"]


def test_an_evening_for_twenty_in_three_hundred_tables_takes_few_steps(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Anybody may ask for it: 15 rows of 20 tables for seven, where any three that touch will do.

    Steps are counted, not seconds. Two tables are compared only when their squares touch, and the
    second question compares nothing. At each of forty times a table that is taken is one look.
    """
    compared, looked = 0, 0
    is_near, without = fitting.is_near, fitting._Level.without

    def near(one: Seats, other: Seats) -> bool:
        nonlocal compared
        compared += 1
        return is_near(one, other)

    def left(level: fitting._Level, taken: list[UUID]) -> int:
        nonlocal looked
        looked += len(taken)
        return without(level, taken)

    monkeypatch.setattr(fitting, "is_near", near)
    monkeypatch.setattr(fitting._Level, "without", left)
    hall = tuple(
        Seats(uuid4(), str(n), ROOM, 7, "square", Rect(150 * (n % 20), 150 * (n // 20), 100, 100))
        for n in range(300)
    )
    # The whole evening is taken: every time has to be looked through to its end.
    taken = frozenset(quarters(NOW, NOW + timedelta(hours=14)))
    room = Room(hall, frozenset(), {one.table_id: taken for one in hall}, {}, {})
    rules, times = ReservationRules(), [NOW + QUARTER * n for n in range(40)]

    for _ in range(2):
        choices = room.choices(20, rules)
        for time in times:
            busy = room.busy(time, time + timedelta(minutes=150))
            assert next(choices.free(busy), None) is None

    # 300 tables with 8 neighbours each are 1,200 pairs; squares hold a few more.
    assert compared < 3_000
    # 40 times, asked twice; that one table and two are too small for twenty is no look at all.
    assert looked == 40 * 300 * 2
    assert next(room.choices(20, rules).free(()), None) is not None


def test_three_hundred_tables_are_looked_through_at_once() -> None:
    """Every group is built once: 300 tables in a row have 299 pairs and 298 triples."""
    row = [table(str(n), 2, x=150 * n) for n in range(300)]

    assert len(numbers(*row, party=4)) == 299
    assert len(numbers(*row, party=6)) == 298
