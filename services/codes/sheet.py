"""All table codes of a restaurant as a PDF of stickers, ready to print and cut."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path

import orjson
import typst

from services.base.errors import NotFoundError
from services.base.texts import N_, direction
from services.codes import images
from services.codes.phrases import SCAN, TABLE, languages_on_sticker
from services.codes.types import PrintedCode
from services.restaurants.types import RestaurantInfo

_FOLDER = Path(__file__).parent


async def render(
    *, restaurant: RestaurantInfo, codes: Sequence[PrintedCode], now: datetime
) -> bytes:
    """The stickers of some tables as one PDF, made in a thread.

    Args:
        restaurant: its name, colour and languages are printed on every sticker.
        codes: one sticker each, in this order, ten a page.
        now: the date written into the file.

    Raises:
        NotFoundError: there are no codes to print.
    """
    if not codes:
        msg = N_("There are no tables to print codes for.")
        raise NotFoundError(msg)
    return await asyncio.to_thread(_compile, _data(restaurant, codes), now)


def _data(restaurant: RestaurantInfo, codes: Sequence[PrintedCode]) -> str:
    languages = languages_on_sticker(restaurant.languages)
    return orjson.dumps(
        {
            "restaurant": restaurant.name,
            "brand_color": restaurant.brand_color,
            "table_words": " · ".join(dict.fromkeys(TABLE[tag] for tag in languages)),
            "scan_lines": [
                {"text": SCAN[tag], "language": tag, "is_rtl": direction(tag) == "rtl"}
                for tag in languages
            ],
            "stickers": [
                {
                    "number": code.table_number,
                    "area": code.area_name,
                    "code": images.svg(code.address).decode(),
                }
                for code in codes
            ],
        }
    ).decode()


def _compile(data: str, now: datetime) -> bytes:
    return typst.compile(
        _FOLDER / "sheet.typ",
        root=_FOLDER,
        font_paths=_fonts(),
        format="pdf",
        sys_inputs={"data": data},
        timestamp=now.replace(microsecond=0),
    )


@cache
def _fonts() -> typst.Fonts:
    # Only our own: the same sheet on every machine.
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[_FOLDER / "fonts"],
    )
