"""Where tables and chairs are drawn, against places worked out by hand."""

from uuid import UUID

import pytest

from services.floor.layout import Box, Chair, DrawnTable, chairs, lay_out

AREA, BAR = UUID(int=1), UUID(int=2)


def table(number: int = 10, *, area: UUID = AREA, **columns: object) -> DrawnTable:
    defaults = {
        "x": 200.0,
        "y": 100.0,
        "width": 100.0,
        "height": 80.0,
        "rotation": 0.0,
        "shape": "square",
        "seats": 4,
    }
    return DrawnTable(id=UUID(int=number), area_id=area, **(defaults | columns))  # type: ignore[arg-type]


def test_four_seats_of_a_square_table_have_one_side_each() -> None:
    # A chair's centre is 6 + 9/2 = 10.5 cm away from the edge.
    assert chairs(table()) == [
        Chair(200.0, 49.5, 0.0),
        Chair(200.0, 150.5, 0.0),
        Chair(139.5, 100.0, 90.0),
        Chair(260.5, 100.0, 90.0),
    ]


def test_two_seats_of_a_round_table_are_opposite() -> None:
    assert chairs(table(shape="round", height=100.0, seats=2)) == [
        Chair(200.0, 39.5, 0.0),
        Chair(200.0, 160.5, 0.0),
    ]


def test_a_turned_table_takes_its_chairs_along() -> None:
    turned = chairs(table(rotation=90.0, seats=2))
    assert turned == [Chair(250.5, 100.0, 90.0), Chair(149.5, 100.0, 90.0)]


def test_an_upright_table_has_its_chairs_on_the_long_sides() -> None:
    assert chairs(table(width=80.0, height=160.0, seats=2, shape="rectangle")) == [
        Chair(149.5, 100.0, 90.0),
        Chair(250.5, 100.0, 90.0),
    ]


@pytest.mark.parametrize("shape", ["square", "rectangle", "round", "oval", "booth"])
@pytest.mark.parametrize("seats", range(1, 15))
def test_there_are_as_many_chairs_as_seats(shape: str, seats: int) -> None:
    assert len(set(chairs(table(shape=shape, seats=seats)))) == seats


def test_a_bar_place_is_a_stool_itself() -> None:
    assert chairs(table(shape="bar", seats=1)) == []


def test_a_drawn_room_stays_as_it_was_drawn() -> None:
    plan = lay_out([(AREA, Box(24, 24, 700, 500))], [table()])
    assert plan.box == Box(0, 0, 748, 548)
    assert plan.tables == {UUID(int=10): table()}


def test_an_area_without_a_rectangle_is_put_below_with_its_tables_in_rows() -> None:
    loose = [table(number, area=BAR, x=0.0, y=0.0) for number in range(1, 8)]
    plan = lay_out([(AREA, Box(24, 24, 700, 500)), (BAR, None)], [table(), *loose])
    # Below 524 + 24; six columns of 168 and margins; 64 of heading and two rows of 160.
    assert plan.areas[BAR] == Box(24, 548, 1056, 384)
    places = [(plan.tables[one.id].x, plan.tables[one.id].y) for one in loose]
    assert places[0] == (122.0, 692.0)
    assert len(set(places)) == 7
    assert [y for _, y in places] == [692.0] * 6 + [852.0]


def test_tables_nobody_has_placed_yet_stay_inside_a_drawn_area() -> None:
    area = Box(0, 0, 200, 300)
    loose = [table(number, x=0.0, y=0.0) for number in range(1, 10)]
    plan = lay_out([(AREA, area)], loose)
    tops = [
        (one.y - one.height / 2, one.y + one.height / 2, one.x - one.width / 2)
        for one in plan.tables.values()
    ]
    assert all(top >= 64 and bottom <= 300 and left >= 0 for top, bottom, left in tops)
    assert len({one.y for one in plan.tables.values()}) == 9


def test_a_restaurant_without_areas_has_an_empty_plan() -> None:
    plan = lay_out([], [])
    assert (plan.areas, plan.tables) == ({}, {})
    assert plan.box.width > 0
