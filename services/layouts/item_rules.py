"""What an item of a layout must be: every field checked, nothing unknown kept; all pure."""

import math
import re
from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import UUID

from services.base import addresses, fields
from services.base.errors import InvalidInputError
from services.base.texts import N_
from services.layouts import geometry
from services.layouts.types import KINDS, Item
from services.restaurants.hours import WEEKDAYS
from services.seating.room_types import (
    AREA_FEATURES,
    AREA_TYPES,
    SERVICE_TYPES,
    SHAPES,
    TABLE_TYPES,
)

# The plan: 300 m wide at most, with room to put things aside at the left and above.
LEAST_PLACE, MOST_PLACE = -5_000.0, 30_000.0
MOST_ITEMS = 1_500
MOST_CORNERS = 60
# A quarter of a square metre: nobody sits on less.
LEAST_AREA_CM2 = 2_500.0
SIDES: dict[str, tuple[float, float]] = {
    "table": (20, 1_000),
    "area": (50, 30_000),
    "wall": (5, 30_000),
    "plant": (10, 2_000),
    "text": (20, 10_000),
    "picture": (20, 30_000),
}
MOST_SEATS = 99
_ID = re.compile(r"[A-Za-z0-9-]{1,40}")
_Check = Callable[[object], Any]


def checked_item(raw: object) -> Item:
    """A whole new item with only the fields of its kind; what is left out gets its default.

    Raises:
        InvalidInputError: names the field that cannot be.
    """
    given = mapping(raw)
    kind = given.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise _no(field="kind")
    item: Item = {"id": item_id(given.get("id")), "kind": kind}
    row_id = given.get("row_id")
    if kind in {"table", "area"}:
        item["row_id"] = None if row_id is None else str(_uuid(row_id))
    for name, (check, default) in _fields_of(kind).items():
        item[name] = check(given.get(name, default))
    return item


def checked_patch(kind: str, raw: object) -> Item:
    """The fields of a change, each as it will be stored.

    Raises:
        InvalidInputError: a field is none of that kind, or holds what cannot be.
    """
    known = _fields_of(kind)
    given = mapping(raw)
    if not given or set(given) - set(known):
        raise _no(field=min(set(given) - set(known), default=""))
    return {name: known[name][0](value) for name, value in given.items()}


def check_whole(item: Item) -> None:
    """What only shows in the whole item: an outline that crosses itself or leaves its rectangle.

    Raises:
        InvalidInputError: says what is wrong with the shape.
    """
    if item["kind"] != "area" or not item["outline"]:
        return
    outline = [(float(x), float(y)) for x, y in item["outline"]]
    if not geometry.is_simple(outline):
        msg = N_("The sides of an area cannot cross each other.")
        raise InvalidInputError(msg, field="outline")
    if geometry.size_of(outline) < LEAST_AREA_CM2:
        msg = N_("This area is too small to stand in.")
        raise InvalidInputError(msg, field="outline")
    wide, high = max(x for x, _ in outline), max(y for _, y in outline)
    is_tight = (
        abs(min(x for x, _ in outline)) < 0.2
        and abs(min(y for _, y in outline)) < 0.2
        and abs(wide - item["width"]) < 0.2
        and abs(high - item["height"]) < 0.2
    )
    if not is_tight:
        raise _no(field="outline")


def item_id(value: object) -> str:
    """An item's id as the browser made it.

    Raises:
        InvalidInputError: it is none.
    """
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise _no(field="id")
    return value


def mapping(raw: object) -> Mapping[str, Any]:
    """A JSON object.

    Raises:
        InvalidInputError: it is something else.
    """
    if not isinstance(raw, dict) or not all(
        isinstance(k, str) for k in cast("dict[Any, Any]", raw)
    ):
        raise _no(field="")
    return cast("dict[str, Any]", raw)


def _fields_of(kind: str) -> dict[str, tuple[_Check, Any]]:
    least, most = SIDES[kind]
    side = _number("size", least, most)
    shared: dict[str, tuple[_Check, Any]] = {
        "x": (_number("place", LEAST_PLACE, MOST_PLACE), 0),
        "y": (_number("place", LEAST_PLACE, MOST_PLACE), 0),
        "width": (side, max(least, 90)),
        "height": (side, max(least, 90)),
        "locked": (_flag, False),
    }
    return shared | _OWN[kind]


def _number(field: str, least: float, most: float) -> _Check:
    def check(value: object) -> float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise _no(field=field)
        try:
            number = round(float(value), 1)
        except OverflowError as error:
            # A whole number of four hundred digits is none that a plan knows.
            raise _no(field=field) from error
        if not math.isfinite(number):
            raise _no(field=field)
        if not least <= number <= most:
            msg = N_("This must be between {least} and {most} cm.")
            raise InvalidInputError(msg, field=field, least=f"{least:g}", most=f"{most:g}")
        return number

    return check


def _turn(value: object) -> float:
    return float(_number("rotation", -3_600, 3_600)(value)) % 360


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _no(field="locked")
    return value


def _line(field: str, most: int, *, required: bool = False) -> _Check:
    return lambda value: fields.line(value, field=field, most=most, required=required)


def _whole(field: str, least: int, most: int) -> _Check:
    return lambda value: fields.whole_number(value, field=field, least=least, most=most)


def _one_of(field: str, offered: tuple[str, ...]) -> _Check:
    def check(value: object) -> str:
        if not isinstance(value, str) or value not in offered:
            msg = N_("Please choose one of the list.")
            raise InvalidInputError(msg, field=field)
        return value

    return check


def _area_ref(value: object) -> str | None:
    return None if value is None else item_id(value)


def _outline(value: object) -> list[list[float]]:
    corners = _listed(value, MOST_CORNERS, field="outline")
    if corners and len(corners) < 3:
        msg = N_("An area needs at least three corners.")
        raise InvalidInputError(msg, field="outline")
    along = _number("outline", -1, MOST_PLACE)
    outline: list[list[float]] = []
    for corner in corners:
        if not isinstance(corner, list) or len(cast("list[Any]", corner)) != 2:
            raise _no(field="outline")
        outline.append([along(one) for one in cast("list[Any]", corner)])
    return outline


def _listed(value: object, most: int, *, field: str) -> list[Any]:
    if not isinstance(value, list) or len(cast("list[Any]", value)) > most:
        raise _no(field=field)
    return cast("list[Any]", value)


def _features(value: object) -> list[str]:
    chosen = _listed(value, len(AREA_FEATURES), field="features")
    check = _one_of("features", AREA_FEATURES)
    wanted = {check(one) for one in chosen}
    return [one for one in AREA_FEATURES if one in wanted]


def _capacity(value: object) -> int | None:
    return None if value is None else _whole("capacity", 1, 9_999)(value)


def _hours(value: object) -> dict[str, list[list[str]]]:
    given = mapping(value)
    if set(given) - set(WEEKDAYS):
        raise _no(field="hours")
    kept: dict[str, list[list[str]]] = {}
    for day in WEEKDAYS:
        pairs = _listed(given.get(day, []), fields.MOST_SHIFTS, field="hours")
        if not all(isinstance(pair, list) for pair in pairs):
            raise _no(field="hours")
        if pairs:
            kept[day] = fields.shifts(pairs, field="hours")
    return kept


def _picture(value: object) -> str:
    if not isinstance(value, str) or not addresses.is_picture(value):
        raise _no(field="file")
    return value


def _uuid(value: object) -> UUID:
    try:
        return UUID(str(value))
    except ValueError as error:
        raise _no(field="row_id") from error


def _no(*, field: str) -> InvalidInputError:
    msg = N_("That cannot be.")
    return InvalidInputError(msg, field=field)


_TURNED: dict[str, tuple[_Check, Any]] = {"rotation": (_turn, 0)}
# By kind: what its items hold besides place and size, with the default of what is left out.
_OWN: dict[str, dict[str, tuple[_Check, Any]]] = {
    "table": _TURNED
    | {
        "shape": (_one_of("shape", SHAPES), "square"),
        "number": (_line("number", 12, required=True), ""),
        "name": (_line("name", 60), ""),
        "seats": (_whole("seats", 1, MOST_SEATS), 4),
        "table_type": (_one_of("table_type", TABLE_TYPES), "4_top"),
        "notes": (_line("notes", 500), ""),
        "area": (_area_ref, None),
    },
    "area": {
        "outline": (_outline, []),
        "name": (_line("name", 80, required=True), ""),
        "description": (_line("description", 200), ""),
        "area_type": (_one_of("area_type", AREA_TYPES), "indoor"),
        "service_type": (_one_of("service_type", SERVICE_TYPES), "full_service"),
        "capacity": (_capacity, None),
        "hours": (_hours, {}),
        "features": (_features, []),
    },
    "wall": _TURNED,
    "plant": _TURNED,
    "text": _TURNED | {"text": (_line("text", 120, required=True), "")},
    "picture": _TURNED | {"file": (_picture, ""), "opacity": (_whole("opacity", 5, 100), 40)},
}
