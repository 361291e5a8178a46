"""Pages of A4 that people can read: a guest's data, the proof of an erasure."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import orjson

from services.base.press import pdf, printed
from services.base.texts import direction
from services.restaurants.types import RestaurantInfo

_FOLDER = Path(__file__).parent
# A whole novel in one cell would make a page nobody can print.
LONGEST_CELL = 600


@dataclass(frozen=True, slots=True)
class Rows:
    """A table. `widths` are shares of the line, 0: as needed; `numbers` stand at the end."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    widths: Sequence[int]
    numbers: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Stroke:
    """One line or one colour of bars; `looks` are ground and ink of the cells of a heat map."""

    name: str
    role: str
    colour: str
    values: Sequence[float | None]
    texts: Sequence[str]
    looks: Sequence[tuple[str, str] | None] = ()


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart, as charts.typ draws it.

    Attributes:
        kind: "line", "bar", "stack", "across", "ring" or "heat".
        labels: along the axis; rows of a heat map.
        series: each with a value a label.
        ticks: rising, of the axis of values.
        tick_texts: as people read them.
        parts: a colour a label, of a ring.
        axis: colour of what is written.
        grid: of the lines behind.
        band: of a range.
    """

    kind: str
    labels: Sequence[str]
    series: Sequence[Stroke]
    ticks: Sequence[float]
    tick_texts: Sequence[str]
    parts: Sequence[str]
    axis: str
    grid: str
    band: str


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with sentences, pairs of label and value, a drawing, and a table."""

    title: str
    lines: Sequence[str] = ()
    pairs: Sequence[tuple[str, str]] = ()
    drawing: Drawing | None = None
    rows: Rows | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document."""

    title: str
    lead: Sequence[str]
    sections: Sequence[Section]
    footer: str


async def render(
    paper: Paper, *, restaurant: RestaurantInfo, language: str, now: datetime
) -> bytes:
    """The document as PDF, made in a thread.

    Args:
        paper: what stands on it.
        restaurant: its name and colour stand above.
        language: of the words; decides the direction.
        now: the date written into the file.
    """
    light = restaurant.brand_tokens.get("light", {})
    data = {
        "language": language,
        "is_rtl": direction(language) == "rtl",
        "restaurant": restaurant.name,
        "brand": light.get("brand-solid", restaurant.brand_color),
        **asdict(paper),
    }
    text = orjson.dumps(_clean(data)).decode()
    return await printed(pdf, _FOLDER / "paper.typ", data=text, now=now)


def _clean(value: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """Strings short enough for a page, without signs that no page can show."""
    if isinstance(value, str):
        shown = "".join(sign if sign.isprintable() or sign == "\n" else " " for sign in value)
        # Our fonts have no minus: a loss would stand there as a gain.
        shown = shown.replace("\N{MINUS SIGN}", "\N{EN DASH}")
        return shown if len(shown) <= LONGEST_CELL else f"{shown[:LONGEST_CELL]}…"
    if isinstance(value, dict):
        return {key: _clean(one) for key, one in cast("dict[str, Any]", value).items()}
    if isinstance(value, list | tuple):
        return [_clean(one) for one in cast("list[Any]", value)]
    return value
