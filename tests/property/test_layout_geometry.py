"""Outlines and table tops over random shapes: answers never depend on how they are written."""

import math

from hypothesis import assume, given
from hypothesis import strategies as st

from services.layouts import geometry
from services.layouts.geometry import Point

whole = st.integers(-2000, 2000).map(float)
points = st.tuples(whole, whole)
sides = st.integers(20, 400).map(float)
turns = st.integers(0, 359).map(float)
radii = st.lists(st.integers(50, 900).map(float), min_size=3, max_size=12)


def _star(lengths: list[float], x: float, y: float) -> list[Point]:
    """Corners around a middle in the order of their angles: such an outline is always simple."""
    step = 2 * math.pi / len(lengths)
    return [
        (round(x + length * math.cos(i * step), 3), round(y + length * math.sin(i * step), 3))
        for i, length in enumerate(lengths)
    ]


stars = st.builds(_star, radii, whole, whole)
table_tops = st.builds(
    lambda corner, width, height, turn, is_round: geometry.corners(
        *corner, width, height, turn, is_round=is_round
    ),
    points,
    sides,
    sides,
    turns,
    st.booleans(),
)


@given(stars, st.integers(0, 11))
def test_an_outline_around_a_middle_is_simple_from_wherever_it_is_begun(
    outline: list[Point], shift: int
) -> None:
    begun = outline[shift % len(outline) :] + outline[: shift % len(outline)]
    assert geometry.is_simple(begun)
    assert geometry.is_simple(begun[::-1])
    assert math.isclose(geometry.size_of(begun), geometry.size_of(outline[::-1]), rel_tol=1e-9)


@given(points, sides, sides)
def test_two_corners_exchanged_make_a_bow_tie(corner: Point, width: float, height: float) -> None:
    x, y = corner
    bow = [(x, y), (x + width, y + height), (x + width, y), (x, y + height)]
    assert not geometry.is_simple(bow)


@given(points, points, points)
def test_a_spike_that_folds_back_is_no_outline(a: Point, b: Point, c: Point) -> None:
    middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
    assume(len({a, b, c, middle}) == 4)
    assert not geometry.is_simple([a, b, middle, c])


@given(stars)
def test_corners_belong_to_an_area_and_what_is_far_does_not(outline: list[Point]) -> None:
    assert all(geometry.holds(outline, corner) for corner in outline)
    assert not geometry.holds(outline, (outline[0][0] + 5000, outline[0][1]))


@given(points, sides, sides, turns)
def test_the_size_of_a_table_top_is_width_times_height_however_it_is_turned(
    corner: Point, width: float, height: float, turn: float
) -> None:
    top = geometry.corners(*corner, width, height, turn, is_round=False)
    assert math.isclose(geometry.size_of(top), width * height, rel_tol=1e-6)
    # An ellipse has pi/4 of its rectangle; 24 sides have sin(15 deg) * 3 of it.
    round_top = geometry.corners(*corner, width, height, turn, is_round=True)
    wanted = width * height * 3 * math.sin(math.radians(15))
    assert math.isclose(geometry.size_of(round_top), wanted, rel_tol=1e-6)


@given(table_tops, table_tops)
def test_two_tables_lie_on_each_other_or_not_whoever_asks(
    one: list[Point], two: list[Point]
) -> None:
    assert geometry.overlap(one, two) == geometry.overlap(two, one)
    # The middle of a table on another: at least half of 20 cm deep.
    if geometry.holds(two, _middle(one)):
        assert geometry.overlap(one, two)
    far = [(x + 10_000, y) for x, y in two]
    assert not geometry.overlap(one, far)


@given(table_tops)
def test_a_table_lies_on_itself_and_not_on_one_pushed_against_it(top: list[Point]) -> None:
    assert geometry.overlap(top, top)
    wide = max(x for x, _ in top) - min(x for x, _ in top)
    beside = [(x + wide, y) for x, y in top]
    assert not geometry.overlap(top, beside)


def _middle(shape: list[Point]) -> Point:
    return sum(x for x, _ in shape) / len(shape), sum(y for _, y in shape) / len(shape)
