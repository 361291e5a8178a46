"""A restaurant's colour, made readable: six tokens a theme, computed once when it is saved.

Everything is measured with WCAG 2.2's contrast ratio and moved in OKLCH (Björn Ottosson, 2020),
where hue stays the restaurant's own and only lightness and chroma give way.
"""

import math
import re
from collections.abc import Callable
from dataclasses import dataclass

from services.base.errors import InvalidInputError
from services.base.texts import N_

# Canvas, surface, raised, sunken of assets/tokens.css: what brand words and edges stand on.
GROUNDS = {
    "light": ("#F7F4F6", "#FFFFFF", "#FFFFFF", "#EEEAED"),
    "dark": ("#161115", "#211A1F", "#2B2329", "#100C0F"),
}
INK = "#231A21"
WHITE = "#FFFFFF"

# WCAG asks for 4.5 and 3; the rest is room for rounding to eight bits.
_WORDS = 4.6
_PARTS = 3.1
# Lighter fills keep their colour and carry ink words: darkening yellow makes it brown.
_LIGHT_FILL = 0.72
_STEP = 0.005
_NOTICEABLE = 0.04

_HEX = re.compile(r"#[0-9A-F]{6}")


@dataclass(frozen=True, slots=True)
class Brand:
    """The tokens of a colour by theme: {"light": {"brand-solid": "#..."}, "dark": {...}}."""

    color: str
    tokens: dict[str, dict[str, str]]
    # The fill had to become visibly darker for white words: the owner is told so.
    was_darkened: bool


@dataclass(frozen=True, slots=True)
class _Lch:
    lightness: float
    chroma: float
    hue: float


def brand_of(color: str) -> Brand:
    """Compute the tokens of one colour.

    Args:
        color: six hex digits, with or without "#".

    Raises:
        InvalidInputError: it is no such colour.
    """
    clean = f"#{color.strip().removeprefix('#').upper()}"
    if not _HEX.fullmatch(clean):
        msg = N_("Write the colour as six digits, like #B5391F.")
        raise InvalidInputError(msg, field="brand_color")
    light, moved = _theme(_to_lch(clean), "light")
    dark, _ = _theme(_to_lch(clean), "dark")
    return Brand(clean, {"light": light, "dark": dark}, moved > _NOTICEABLE)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _theme(brand: _Lch, theme: str) -> tuple[dict[str, str], float]:
    """The six tokens of a theme, and by how much the fill lost lightness."""
    is_dark = theme == "dark"
    tint = (
        _to_hex(0.25, min(brand.chroma, 0.05), brand.hue)
        if is_dark
        else _to_hex(0.955, min(brand.chroma, 0.022), brand.hue)
    )
    if brand.lightness > _LIGHT_FILL:
        words, fill_lightness = INK, brand.lightness
        fill = _to_hex(fill_lightness, brand.chroma, brand.hue)
    else:
        words = WHITE
        fill_lightness, fill = _walk(
            max(brand.lightness, 0.52) if is_dark else brand.lightness,
            brand.chroma,
            brand.hue,
            step=-_STEP,
            fits=lambda color: contrast(WHITE, color) >= _WORDS,
        )
    papers = (*GROUNDS[theme], tint)
    away = _STEP if is_dark else -_STEP

    def reads(least: float) -> Callable[[str], bool]:
        return lambda color: all(contrast(color, paper) >= least for paper in papers)

    _, edge = _walk(fill_lightness, brand.chroma, brand.hue, step=away, fits=reads(_PARTS))
    _, text = _walk(
        brand.lightness, min(brand.chroma, 0.16), brand.hue, step=away, fits=reads(_WORDS)
    )
    tokens = {
        "brand-solid": fill,
        "on-brand": words,
        "brand-press": _to_hex(fill_lightness - 0.06, brand.chroma, brand.hue),
        "brand-text": text,
        "brand-tint": tint,
        "brand-edge": edge,
    }
    return tokens, brand.lightness - fill_lightness


def _walk(
    start: float, chroma: float, hue: float, *, step: float, fits: Callable[[str], bool]
) -> tuple[float, str]:
    """The first lightness from `start` on whose colour fits; black or white at the end."""
    lightness = start
    while 0 < lightness < 1:
        color = _to_hex(lightness, chroma, hue)
        if fits(color):
            return lightness, color
        lightness += step
    return lightness, WHITE if step > 0 else "#000000"


def _luminance(color: str) -> float:
    red, green, blue = _linear(color)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(color: str) -> tuple[float, float, float]:
    red, green, blue = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return _unbent(red), _unbent(green), _unbent(blue)


def _unbent(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _bent(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _to_lch(color: str) -> _Lch:
    red, green, blue = _linear(color)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    a = 1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short
    lightness = 0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short
    return _Lch(lightness, math.hypot(a, b), math.atan2(b, a))


def _to_hex(lightness: float, chroma: float, hue: float) -> str:
    """The colour in sRGB; chroma shrinks until sRGB has it."""
    while True:
        parts = _to_linear(lightness, chroma, hue)
        if chroma <= 0 or all(-1e-4 <= part <= 1.0001 for part in parts):
            break
        chroma -= 0.004
    return "#" + "".join(f"{round(255 * _bent(min(1.0, max(0.0, part)))):02X}" for part in parts)


def _to_linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    a, b = chroma * math.cos(hue), chroma * math.sin(hue)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
