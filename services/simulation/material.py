"""The demo restaurant as it is written down in `content/menu.toml` and `content/room.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"
DAYPARTS = ("lunch", "afternoon", "dinner", "late")
WRITTEN_IN = "en"

Texts = dict[str, str]
Entry = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Material:
    """Everything the two files say, as read; keys are the files' own."""

    restaurant: Entry
    opening_hours: dict[str, list[str]]
    areas: list[Entry]
    decor: list[Entry]
    staff: list[Entry]
    categories: list[Entry]
    groups: list[Entry]
    dishes: list[Entry]


@cache
def read_material() -> Material:
    """Read both files once a process."""
    room = tomllib.loads((CONTENT / "room.toml").read_text(encoding="utf-8"))
    menu = tomllib.loads((CONTENT / "menu.toml").read_text(encoding="utf-8"))
    return Material(
        restaurant=room["restaurant"],
        opening_hours=room["opening_hours"],
        areas=room["areas"],
        decor=room["decor"],
        staff=room["staff"],
        categories=menu["categories"],
        groups=menu["modifier_groups"],
        dishes=menu["dishes"],
    )


def translations(entry: Entry, *names: str) -> dict[str, Texts]:
    """The texts of an entry in every language but the one the menu is written in.

    {"name": {"en": "Pizza", "ar": "بيتزا"}} becomes {"ar": {"name": "بيتزا"}}.
    """
    made: dict[str, Texts] = {}
    for name in names:
        for language, text in entry.get(name, {}).items():
            if language != WRITTEN_IN:
                made.setdefault(language, {})[name] = text
    return made
