"""Where new tables stand: never on another, never outside, whatever the room looks like."""

from hypothesis import given
from hypothesis import strategies as st

from services.seating.placement import (
    GAP,
    Rect,
    spot_below,
    spot_for_area,
    spot_in_area,
    table_size,
    turned,
)

AREA = Rect(24, 24, 706, 420)
SIZE = (110.0, 110.0)


def test_tables_fill_an_area_row_by_row() -> None:
    taken: list[Rect] = []
    while (spot := spot_in_area(AREA, size=SIZE, taken=taken)) is not None:
        taken.append(spot)
    # 658 cm of room: five of 110 with gaps of 24 between; two rows fit under the name.
    assert [(r.x, r.y) for r in taken] == [
        (x, y) for y in (84, 218) for x in (48, 182, 316, 450, 584)
    ]


def test_a_gap_between_tables_is_used_first() -> None:
    taken = [Rect(48, 84, 110, 110), Rect(316, 84, 110, 110)]
    assert spot_in_area(AREA, size=SIZE, taken=taken) == Rect(182, 84, 110, 110)


def test_a_table_that_leans_into_the_area_from_outside_is_seen() -> None:
    leaning = Rect(-50, 60, 150, 150)
    assert spot_in_area(AREA, size=SIZE, taken=[leaning]) == Rect(124, 84, 110, 110)


def test_in_a_narrow_area_a_table_is_made_narrower() -> None:
    narrow = Rect(0, 0, 150, 400)
    assert spot_in_area(narrow, size=(400.0, 110.0), taken=[]) == Rect(24, 60, 102, 110)


def test_a_turned_table_takes_the_room_of_its_corners() -> None:
    rect = turned(100, 100, 200, 100, 90)
    assert [round(v, 6) for v in (rect.x, rect.y, rect.width, rect.height)] == [50, 0, 100, 200]


def test_table_tops_grow_with_their_seats() -> None:
    assert [table_size("round", n) for n in (2, 4, 8, 99)] == [
        (110, 110),
        (110, 110),
        (150, 150),
        (220, 220),
    ]
    assert [table_size("rectangle", n)[0] for n in (1, 4, 6, 8, 99)] == [110, 150, 190, 230, 400]


def test_new_areas_fill_two_columns_and_then_go_down() -> None:
    taken: list[Rect] = []
    for _ in range(3):
        taken.append(spot_for_area(taken))
    assert [(r.x, r.y) for r in taken] == [(24, 24), (754, 24), (24, 468)]


_rects = st.builds(
    Rect,
    st.floats(-200, 900),
    st.floats(-200, 900),
    st.floats(40, 400),
    st.floats(40, 400),
)


@given(
    taken=st.lists(_rects, max_size=15),
    width=st.floats(60, 400),
    height=st.floats(60, 220),
    area=st.builds(
        Rect, st.floats(0, 500), st.floats(0, 500), st.floats(120, 900), st.floats(120, 900)
    ),
)
def test_no_spot_ever_lies_on_a_table_or_beside_its_area(
    taken: list[Rect], width: float, height: float, area: Rect
) -> None:
    spot = spot_in_area(area, size=(width, height), taken=taken)
    if spot is not None:
        assert not any(spot.overlaps(rect, gap=GAP - 0.001) for rect in taken)
        assert spot.x >= area.x
        assert spot.right <= area.right
        assert spot.bottom <= area.bottom
    below = spot_below(area, size=(width, height), taken=taken)
    assert not any(below.overlaps(rect, gap=GAP - 0.001) for rect in taken)
