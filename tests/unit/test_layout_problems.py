"""Finding what is wrong with a layout stays cheap, however a thousand tables stand."""

from typing import Any

import pytest

from services.layouts import geometry, problems
from services.layouts.item_rules import MOST_ITEMS, checked_item

Shown = dict[str, Any]


def _tables(count: int, **places: Any) -> list[Shown]:
    found: list[Shown] = [
        checked_item(
            {"id": "room", "kind": "area", "name": "Room", "width": 30_000, "height": 30_000}
        )
    ]
    found += [
        checked_item(
            {"id": f"t{number}", "kind": "table", "number": str(number), "area": "room"}
            | {name: place(number) for name, place in places.items()}
        )
        for number in range(count)
    ]
    return found


@pytest.mark.parametrize(
    "places",
    [
        # One below the other, beside each other, in a grid.
        {"x": lambda _: 10, "y": lambda n: 20 * n, "width": lambda _: 20, "height": lambda _: 20},
        {"y": lambda _: 10, "x": lambda n: 20 * n, "width": lambda _: 20, "height": lambda _: 20},
        {"x": lambda n: n % 40 * 110, "y": lambda n: n // 40 * 110},
    ],
    ids=["column", "row", "grid"],
)
def test_tables_that_do_not_touch_are_not_compared(
    places: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before boxes were looked at: a million pairs, each with 24 sides, on every step of a hand."""
    compared = 0
    real = geometry.overlap

    def counted(*shapes: Any) -> bool:
        nonlocal compared
        compared += 1
        return real(*shapes)

    monkeypatch.setattr(geometry, "overlap", counted)
    items = _tables(1_400, shape=lambda _: "round", **places)
    assert len(items) < MOST_ITEMS
    assert problems.find_problems(items) == ()
    assert compared < 5_000


def test_tables_that_lie_on_each_other_are_still_found() -> None:
    items = _tables(
        90, x=lambda n: 300 * n, y=lambda _: 0, width=lambda _: 200, height=lambda _: 90
    )
    items[7]["x"] = items[8]["x"] - 50
    items[50]["y"], items[50]["x"] = 85.0, items[51]["x"]
    found = [problem.facts for problem in problems.find_problems(items)]
    assert {"one": "6", "two": "7"} in found
    assert {"one": "49", "two": "50"} in found
