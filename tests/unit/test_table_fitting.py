"""Which tables a party gets: the smallest that fits, neighbours only when nothing else does."""

from uuid import UUID, uuid4

from services.reservations.fitting import Seats, are_neighbours, spots_for
from services.seating.placement import Rect

ROOM, TERRACE = uuid4(), uuid4()


def table(
    number: str, seats: int, *, x: float = 0, area: UUID = ROOM, shape: str = "square"
) -> Seats:
    return Seats(uuid4(), number, area, seats, shape, Rect(x, 100, 100, 100))


def numbers(*tables: Seats, party: int, may_join: bool = True) -> list[str]:
    return [spot.numbers for spot in spots_for(tables, party, may_join=may_join)]


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


def test_three_hundred_tables_are_looked_through_at_once() -> None:
    """Every group is built once: 300 tables in a row have 299 pairs and 298 triples."""
    row = [table(str(n), 2, x=150 * n) for n in range(300)]

    assert len(spots_for(row, 4, may_join=True)) == 299
    assert len(spots_for(row, 6, may_join=True)) == 298
