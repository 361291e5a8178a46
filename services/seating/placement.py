"""Where a new table or area stands on the plan; no session, clock or I/O. All in centimetres."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from services.seating.shapes import CHAIRLESS_SHAPES, EVEN_SHAPES

# Between two tables, and from a table to the wall of its area.
GAP = 24.0
# The upper strip of an area holds its name.
TITLE_HEIGHT = 60.0
AREA_WIDTH = 706.0
AREA_HEIGHT = 420.0
SMALLEST_SIDE = 60.0
LARGEST_SIDE = 400.0


@dataclass(frozen=True, slots=True)
class Rect:
    """An upright rectangle by its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height

    def overlaps(self, other: "Rect", *, gap: float = 0.0) -> bool:
        """Whether the two come closer than `gap`; touching at a gap of 0 is no overlap."""
        return (
            self.x < other.right + gap
            and other.x < self.right + gap
            and self.y < other.bottom + gap
            and other.y < self.bottom + gap
        )


def table_size(shape: str, seats: int) -> tuple[float, float]:
    """Width and height of a table top that is easy to hit on a tablet."""
    if shape in CHAIRLESS_SHAPES:
        return 110.0, 110.0
    if shape in EVEN_SHAPES:
        side = 110.0 if seats <= 4 else min(100.0 + 10.0 * (seats - 3), 220.0)
        return side, side
    return min(max(110.0, 70.0 + 20.0 * seats), LARGEST_SIDE), 110.0


def turned(center_x: float, center_y: float, width: float, height: float, degrees: float) -> Rect:
    """The upright rectangle around a table that may be turned."""
    turn = radians(degrees)
    wide = abs(width * cos(turn)) + abs(height * sin(turn))
    high = abs(width * sin(turn)) + abs(height * cos(turn))
    return Rect(center_x - wide / 2, center_y - high / 2, wide, high)


def spot_in_area(area: Rect, *, size: tuple[float, float], taken: Sequence[Rect]) -> Rect | None:
    """The first free spot of an area, row by row, or None when it is full.

    Args:
        area: the rectangle of the area.
        size: width and height of the table; made narrower where the area is.
        taken: rectangles around all other tables of the restaurant.
    """
    room, width = _widths(area, size)
    left, top = area.x + GAP, area.y + TITLE_HEIGHT
    near = [rect for rect in taken if rect.overlaps(area, gap=GAP)]
    # Something free begins at an edge: the area's, or where a table ends.
    columns = sorted({left, *(rect.right + GAP for rect in near if rect.right + GAP > left)})
    rows = sorted({top, *(rect.bottom + GAP for rect in near if rect.bottom + GAP > top)})
    for y in rows:
        for x in columns:
            candidate = Rect(x, y, width, size[1])
            fits = candidate.right <= left + room and candidate.bottom <= area.bottom - GAP
            if fits and not any(candidate.overlaps(rect, gap=GAP) for rect in near):
                return candidate
    return None


def spot_below(area: Rect, *, size: tuple[float, float], taken: Sequence[Rect]) -> Rect:
    """A spot in the first column of a full area, as far down as needed."""
    _, width = _widths(area, size)
    candidate = Rect(area.x + GAP, area.y + TITLE_HEIGHT, width, size[1])
    while hit := [rect for rect in taken if candidate.overlaps(rect, gap=GAP)]:
        lowest = max(rect.bottom for rect in hit)
        candidate = Rect(candidate.x, lowest + GAP, width, size[1])
    return candidate


def _widths(area: Rect, size: tuple[float, float]) -> tuple[float, float]:
    room = max(area.width - 2 * GAP, SMALLEST_SIDE)
    return room, min(size[0], room)


def spot_for_area(taken: Iterable[Rect]) -> Rect:
    """A rectangle for a new area: two columns, as far up as there is room."""
    others = list(taken)
    columns = (GAP, GAP + AREA_WIDTH + GAP)
    rows = sorted({GAP, *(rect.bottom + GAP for rect in others)})
    for y in rows:
        for x in columns:
            candidate = Rect(x, y, AREA_WIDTH, AREA_HEIGHT)
            if not any(candidate.overlaps(rect, gap=GAP) for rect in others):
                return candidate
    msg = "Below everything there is always room."
    raise AssertionError(msg)
