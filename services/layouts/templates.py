"""Six ready rooms to begin with; every part of them can be changed. All pure, in centimetres."""

from collections.abc import Callable, Iterable

from services.layouts.item_rules import checked_item
from services.layouts.types import Item

# What fits how many: shape, width, height, kind of table.
_TABLES: dict[int, tuple[str, int, int, str]] = {
    1: ("bar", 70, 70, "bar_stool"),
    2: ("round", 100, 100, "2_top"),
    4: ("square", 110, 110, "4_top"),
    6: ("rectangle", 170, 110, "6_top"),
    8: ("rectangle", 220, 110, "large_party"),
    10: ("round", 190, 190, "large_party"),
}


class _Room:
    """Collects items and gives out ids and numbers."""

    def __init__(self) -> None:
        """Begin with an empty room."""
        self._items: list[Item] = []
        self._next_number = 1

    def area(self, name: str, x: float, y: float, width: float, height: float, **facts: str) -> str:
        """A rectangular area; returns its id."""
        return self._add("area", x, y, width, height, name=name, **facts)

    def tables(
        self, area: str, seats: int, places: Iterable[tuple[float, float]], **facts: object
    ) -> None:
        """Tables of one kind, each by its middle."""
        shape, width, height, table_type = _TABLES[seats]
        kept = {"shape": shape, "table_type": table_type, "seats": seats, "area": area} | facts
        for x, y in places:
            number = str(self._next_number)
            self._next_number += 1
            self._add("table", x - width / 2, y - height / 2, width, height, number=number, **kept)

    def booths(self, area: str, places: Iterable[tuple[float, float]]) -> None:
        """Booths for four, each by its middle."""
        for x, y in places:
            number = str(self._next_number)
            self._next_number += 1
            facts = {"shape": "booth", "table_type": "booth", "seats": 4, "area": area}
            self._add("table", x - 75, y - 60, 150, 120, number=number, **facts)

    def stools(self, area: str, prefix: str, places: Iterable[tuple[float, float]]) -> None:
        """Places at a bar with numbers of their own."""
        for index, (x, y) in enumerate(places, start=1):
            facts = {"shape": "bar", "table_type": "bar_stool", "seats": 1, "area": area}
            self._add("table", x - 35, y - 35, 70, 70, number=f"{prefix}{index}", **facts)

    def wall(self, x: float, y: float, width: float, height: float) -> None:
        """A wall or counter."""
        self._add("wall", x, y, width, height)

    def words(self, text: str, x: float, y: float, width: float = 200) -> None:
        """Words on the plan."""
        self._add("text", x, y, width, 40, text=text)

    def plants(self, places: Iterable[tuple[float, float]]) -> None:
        """Plants, each by its top left corner."""
        for x, y in places:
            self._add("plant", x, y, 60, 60)

    def items(self) -> list[Item]:
        """Everything, areas below tables."""
        lowest_first = {"area": 0}
        return sorted(self._items, key=lambda item: lowest_first.get(item["kind"], 1))

    def _add(
        self, kind: str, x: float, y: float, width: float, height: float, **facts: object
    ) -> str:
        item_id = f"{kind}-{len(self._items) + 1}"
        place = {"x": x, "y": y, "width": width, "height": height}
        self._items.append(checked_item({"id": item_id, "kind": kind} | place | facts))
        return item_id


def _grid(
    columns: int, rows: int, *, x: float, y: float, across: float, down: float
) -> list[tuple[float, float]]:
    """Middles in rows, the first at (x, y)."""
    return [
        (x + column * across, y + row * down) for row in range(rows) for column in range(columns)
    ]


def _bistro() -> list[Item]:
    room = _Room()
    main = room.area("Bistro", 40, 40, 900, 640)
    room.tables(main, 2, _grid(4, 1, x=170, y=190, across=210, down=0))
    room.tables(main, 4, _grid(3, 2, x=190, y=370, across=280, down=190))
    room.plants([(860, 60), (860, 600)])
    return room.items()


def _dining_room() -> list[Item]:
    room = _Room()
    main = room.area("Dining room", 40, 40, 1300, 900)
    room.booths(main, _grid(5, 1, x=180, y=180, across=245, down=0))
    room.tables(main, 4, _grid(5, 2, x=180, y=400, across=245, down=200))
    room.tables(main, 6, _grid(4, 1, x=220, y=820, across=290, down=0))
    room.wall(1350, 40, 20, 900)
    return room.items()


def _cafe() -> list[Item]:
    room = _Room()
    main = room.area("Café", 40, 40, 800, 620)
    bar = room.area("Bar", 880, 40, 360, 620, area_type="bar", service_type="bar_service")
    room.tables(main, 2, _grid(4, 2, x=150, y=190, across=185, down=190))
    room.tables(main, 4, _grid(3, 1, x=180, y=570, across=250, down=0))
    room.stools(bar, "B", _grid(1, 6, x=1000, y=150, across=0, down=90))
    room.wall(1060, 110, 90, 530)
    room.words("Counter", 1160, 350, 80)
    return room.items()


def _terrace() -> list[Item]:
    room = _Room()
    sun = room.area("Terrace", 40, 40, 1100, 520, area_type="outdoor")
    green = room.area("Garden", 40, 600, 1100, 420, area_type="garden")
    room.tables(sun, 2, _grid(5, 1, x=170, y=190, across=210, down=0))
    room.tables(sun, 4, _grid(5, 1, x=170, y=400, across=210, down=0))
    room.tables(green, 6, _grid(4, 1, x=190, y=760, across=260, down=0))
    room.tables(green, 4, _grid(4, 1, x=190, y=930, across=260, down=0))
    room.plants([(1160, 60), (1160, 300), (1160, 620), (1160, 940)])
    return room.items()


def _banquet() -> list[Item]:
    room = _Room()
    hall = room.area("Hall", 40, 40, 1500, 1000, area_type="private")
    room.tables(hall, 10, _grid(4, 2, x=250, y=420, across=340, down=330))
    room.tables(hall, 8, _grid(3, 1, x=450, y=170, across=280, down=0))
    room.wall(540, 980, 500, 20)
    room.words("Stage", 690, 930)
    return room.items()


def _bar() -> list[Item]:
    room = _Room()
    bar = room.area("Bar", 40, 40, 1100, 300, area_type="bar", service_type="bar_service")
    lounge = room.area("Lounge", 40, 380, 1100, 480)
    room.wall(100, 130, 980, 70)
    room.words("Bar counter", 500, 145)
    room.stools(bar, "B", _grid(10, 1, x=145, y=260, across=100, down=0))
    room.booths(lounge, _grid(5, 1, x=170, y=530, across=210, down=0))
    room.tables(lounge, 2, _grid(6, 1, x=150, y=740, across=180, down=0))
    return room.items()


# In the order in which they are offered; their names are words of the editor's screen.
TEMPLATES: dict[str, Callable[[], list[Item]]] = {
    "bistro": _bistro,
    "dining_room": _dining_room,
    "cafe": _cafe,
    "terrace": _terrace,
    "banquet": _banquet,
    "bar": _bar,
}
