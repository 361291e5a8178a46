"""A restaurant's colour, readable on every ground."""

import random
import re
from pathlib import Path

import pytest

from services.base.errors import InvalidInputError
from services.restaurants.brand import GROUNDS, INK, brand_of, contrast

SHEET = (Path(__file__).parents[2] / "assets" / "tokens.css").read_text(encoding="utf-8")
_chance = random.Random(20260513)
EXTREMES = ["#000000", "#FFFFFF", "#FF0000", "#00FF00", "#0000FF", "#FFFF00", "#00FFFF", "#FF00FF"]
COLOURS = [*EXTREMES, "#808080", "#F2C230"]
COLOURS += [f"#{_chance.randrange(1 << 24):06X}" for _ in range(200)]


def _sheet_tokens(theme: str) -> dict[str, str]:
    start = SHEET.index(":root {" if theme == "light" else ':root[data-theme="dark"]')
    block = SHEET[start : SHEET.index("\n}", start)]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})", block))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_grounds_are_those_of_the_sheet(theme: str) -> None:
    tokens = _sheet_tokens(theme)
    assert GROUNDS[theme] == tuple(tokens[n] for n in ("canvas", "surface", "raised", "sunken"))
    assert _sheet_tokens("light")["ink"] == INK


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_house_colour_gives_the_values_of_the_sheet(theme: str) -> None:
    names = (
        "brand-solid",
        "on-brand",
        "brand-press",
        "brand-text",
        "brand-tint",
        "brand-edge",
    )
    tokens = _sheet_tokens(theme)
    assert brand_of("#B5391F").tokens[theme] == {name: tokens[name] for name in names}


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    # WCAG 2.2: black on white is 21; #767676 is the lightest grey that reads on white, 4.54.
    [("#000000", "#FFFFFF", 21.0), ("#FFFFFF", "#FFFFFF", 1.0), ("#767676", "#FFFFFF", 4.54)],
)
def test_contrast_is_wcags(one: str, other: str, ratio: float) -> None:
    assert round(contrast(one, other), 2) == ratio
    assert round(contrast(other, one), 2) == ratio


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_colour_reads_on_every_ground(theme: str) -> None:
    too_low: list[tuple[str, str, float]] = []
    for color in COLOURS:
        token = brand_of(color).tokens[theme]
        papers = (*GROUNDS[theme], token["brand-tint"])
        measured = [
            ("fill", contrast(token["on-brand"], token["brand-solid"]), 4.5),
            ("press", contrast(token["on-brand"], token["brand-press"]), 4.5),
            *(("text", contrast(token["brand-text"], paper), 4.5) for paper in papers),
            *(("edge", contrast(token["brand-edge"], paper), 3.0) for paper in papers),
        ]
        too_low += [(color, part, ratio) for part, ratio, least in measured if ratio < least]
    assert too_low == []


@pytest.mark.parametrize(
    ("color", "was_darkened"),
    [
        ("#B5391F", False),  # dark enough for white words
        ("#000000", False),
        ("#FFFF00", False),  # keeps its yellow and gets dark words
        ("#FF0000", True),
        ("#E8833A", True),
    ],
)
def test_the_owner_is_told_when_the_colour_became_darker(color: str, was_darkened: bool) -> None:
    assert brand_of(color).was_darkened is was_darkened


def test_a_light_colour_keeps_its_fill_and_gets_dark_words() -> None:
    light = brand_of("#FFFF00").tokens["light"]
    assert (light["brand-solid"], light["on-brand"]) == ("#FFFF00", "#231A21")


@pytest.mark.parametrize("typed", ["b5391f", "#b5391f", " #B5391F "])
def test_a_colour_may_be_typed_in_small_letters_or_without_its_sign(typed: str) -> None:
    assert brand_of(typed).color == "#B5391F"


@pytest.mark.parametrize("typed", ["", "#FFF", "red", "#GGGGGG", "#B5391F;}", "#B5391F00", "##B5"])
def test_anything_else_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        brand_of(typed)
    assert refusal.value.field == "brand_color"
    assert refusal.value.message == "Write the colour as six digits, like #B5391F."
