"""Shapes on the plan, in centimetres: outlines that are drawn, table tops that meet; all pure.

Own code in place of shapely: a plan needs four questions (is an outline simple, how large is it,
does it hold a point, do two convex shapes meet), and shapely brings GEOS with 5 MB for them.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

Point = tuple[float, float]
# A table as a many-sided shape: 24 sides miss an ellipse of 4 m by less than 2 cm.
ROUND_SIDES = 24
# Table tops that share less than this much depth stand against each other.
TOUCH_CM = 1.0


def is_simple(outline: Sequence[Point]) -> bool:
    """Whether a closed outline has at least three corners and no two sides that meet or cross."""
    count = len(outline)
    if count < 3 or len(set(outline)) != count:
        return False
    sides = [(outline[i], outline[(i + 1) % count]) for i in range(count)]
    for i, (a, b) in enumerate(sides):
        for j in range(i + 1, count):
            c, d = sides[j]
            if j == i + 1 or (i == 0 and j == count - 1):
                # Neighbours share a corner; they may not fold back over each other.
                shared, before, after = (b, a, d) if j == i + 1 else (a, b, c)
                if _folds_back(before, shared, after):
                    return False
            elif _meet(a, b, c, d):
                return False
    return True


def size_of(outline: Sequence[Point]) -> float:
    """The area inside a simple outline, in square centimetres (shoelace formula)."""
    closed = [*outline, outline[0]]
    return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(closed))) / 2


def holds(outline: Sequence[Point], point: Point) -> bool:
    """Whether a point lies inside an outline or on its edge (even-odd rule)."""
    x, y = point
    inside = False
    for (ax, ay), (bx, by) in pairwise([*outline, outline[0]]):
        if _turn((ax, ay), (bx, by), point) == 0 and _between((ax, ay), (bx, by), point):
            return True
        if (ay > y) != (by > y) and x < (bx - ax) * (y - ay) / (by - ay) + ax:
            inside = not inside
    return inside


def corners(
    x: float, y: float, width: float, height: float, degrees: float, *, is_round: bool
) -> list[Point]:
    """The outline of a table top or wall, turned around its middle.

    Args:
        x: left edge before turning.
        y: upper edge before turning.
        width: before turning.
        height: before turning.
        degrees: clockwise, as on a screen.
        is_round: an ellipse in place of the rectangle.
    """
    middle_x, middle_y = x + width / 2, y + height / 2
    turn = math.radians(degrees)
    if is_round:
        angles = (2 * math.pi * i / ROUND_SIDES for i in range(ROUND_SIDES))
        flat = [(math.cos(a) * width / 2, math.sin(a) * height / 2) for a in angles]
    else:
        half_w, half_h = width / 2, height / 2
        flat = [(-half_w, -half_h), (half_w, -half_h), (half_w, half_h), (-half_w, half_h)]
    return [
        (
            middle_x + px * math.cos(turn) - py * math.sin(turn),
            middle_y + px * math.sin(turn) + py * math.cos(turn),
        )
        for px, py in flat
    ]


def overlap(one: Sequence[Point], other: Sequence[Point]) -> bool:
    """Whether two convex shapes lie on each other by more than `TOUCH_CM`.

    Separating axis theorem: two convex shapes are apart exactly when some side of either has them
    on its two sides. Of most neighbours the line between their middles tells already.
    """
    (ax, ay), (bx, by) = _middle(one), _middle(other)
    if (apart := math.hypot(bx - ax, by - ay)) and _depth(
        one, other, ((bx - ax) / apart, (by - ay) / apart)
    ) <= TOUCH_CM:
        return False
    for shape in (one, other):
        for (ax, ay), (bx, by) in pairwise([*shape, shape[0]]):
            length = math.hypot(bx - ax, by - ay)
            if length == 0:
                continue
            if _depth(one, other, ((by - ay) / length, (ax - bx) / length)) <= TOUCH_CM:
                return False
    return True


def _middle(shape: Sequence[Point]) -> Point:
    return sum(x for x, _ in shape) / len(shape), sum(y for _, y in shape) / len(shape)


def _depth(one: Sequence[Point], other: Sequence[Point], axis: Point) -> float:
    """How much the shadows of two shapes on an axis share."""
    low, high = _shadow(one, axis)
    other_low, other_high = _shadow(other, axis)
    return min(high, other_high) - max(low, other_low)


def _shadow(shape: Sequence[Point], axis: Point) -> tuple[float, float]:
    along = [x * axis[0] + y * axis[1] for x, y in shape]
    return min(along), max(along)


def _turn(a: Point, b: Point, c: Point) -> float:
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])


def _between(a: Point, b: Point, c: Point) -> bool:
    """Whether c, on the line through a and b, lies between them."""
    return min(a[0], b[0]) <= c[0] <= max(a[0], b[0]) and min(a[1], b[1]) <= c[1] <= max(a[1], b[1])


def _meet(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether two segments share a point."""
    if (
        max(a[0], b[0]) < min(c[0], d[0])
        or max(c[0], d[0]) < min(a[0], b[0])
        or max(a[1], b[1]) < min(c[1], d[1])
        or max(c[1], d[1]) < min(a[1], b[1])
    ):
        return False
    t1, t2, t3, t4 = _turn(c, d, a), _turn(c, d, b), _turn(a, b, c), _turn(a, b, d)
    if ((t1 > 0) != (t2 > 0)) and ((t3 > 0) != (t4 > 0)) and 0 not in (t1, t2, t3, t4):
        return True
    return (
        (t1 == 0 and _between(c, d, a))
        or (t2 == 0 and _between(c, d, b))
        or (t3 == 0 and _between(a, b, c))
        or (t4 == 0 and _between(a, b, d))
    )


def _folds_back(before: Point, shared: Point, after: Point) -> bool:
    if _turn(before, shared, after) != 0:
        return False
    ahead = (shared[0] - before[0], shared[1] - before[1])
    onward = (after[0] - shared[0], after[1] - shared[1])
    return ahead[0] * onward[0] + ahead[1] * onward[1] < 0
