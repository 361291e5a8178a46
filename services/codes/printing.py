"""Codes on paper as a PDF: stickers to cut, tents to fold, posters."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from io import BytesIO
from pathlib import Path

import orjson
from PIL import Image

from models.enums import CodeKind
from services.base import addresses
from services.base.errors import NotFoundError
from services.base.press import pdf, printed
from services.base.settings import ROOT, settings
from services.base.texts import N_, direction
from services.codes import images
from services.codes.phrases import PAPER_MENU, SCAN, TABLE, languages_on_paper
from services.codes.types import PrintedCode
from services.restaurants.types import RestaurantInfo

_FOLDER = Path(__file__).parent
LOGO_WIDTH = 480
# Signs that two lines can hold where they are set smallest.
MAX_NAME, MAX_AREA = 60, 40


class Form(StrEnum):
    """What the codes are printed as."""

    SHEET = "sheet"
    TENT = "tent"
    POSTER = "poster"


class Paper(StrEnum):
    """The size of a poster; stickers and tents are cut from A4."""

    A4 = "a4"
    A3 = "a3"


@dataclass(frozen=True, slots=True)
class Print:
    """How to print. `note` is a line of the restaurant's own on tents and posters, as its WiFi."""

    form: Form = Form.SHEET
    paper: Paper = Paper.A4
    note: str = ""


async def render(
    *, restaurant: RestaurantInfo, codes: Sequence[PrintedCode], how: Print, now: datetime
) -> bytes:
    """Some codes as one PDF, made in a thread.

    Args:
        restaurant: its name, logo, colour and languages are printed with every code.
        codes: one sticker, tent or poster each, in this order.
        how: the form, the paper and a line of the restaurant's own.
        now: the date written into the file.

    Raises:
        NotFoundError: there are no codes to print.
    """
    if not codes:
        msg = N_("There are no codes to print.")
        raise NotFoundError(msg)
    return await printed(_render, restaurant, codes, how, now)


def _render(
    restaurant: RestaurantInfo, codes: Sequence[PrintedCode], how: Print, now: datetime
) -> bytes:
    form = _FOLDER / f"{how.form}.typ"
    return pdf(form, data=_data(restaurant, codes, how), now=now)


def _data(restaurant: RestaurantInfo, codes: Sequence[PrintedCode], how: Print) -> str:
    languages = languages_on_paper(restaurant.languages)
    table_words = " · ".join(dict.fromkeys(TABLE[tag] for tag in languages))
    light = restaurant.brand_tokens.get("light", {})
    return orjson.dumps(
        {
            "restaurant": _short(restaurant.name, MAX_NAME),
            "brand": light.get("brand-solid", restaurant.brand_color),
            "on_brand": light.get("on-brand", "#FFFFFF"),
            "logo": _logo(restaurant.logo_file),
            "paper": how.paper,
            "note": how.note,
            "phrases": [
                {
                    "language": tag,
                    "is_rtl": direction(tag) == "rtl",
                    "scan": SCAN[tag],
                    "paper": PAPER_MENU[tag],
                }
                for tag in languages
            ],
            "items": [_item(code, table_words) for code in codes],
        }
    ).decode()


def _item(code: PrintedCode, table_words: str) -> dict[str, str]:
    is_table = code.kind is CodeKind.TABLE
    area = _short(code.area_name, MAX_AREA)
    return {
        "code": images.svg(code.address).decode(),
        "words": table_words if is_table else "",
        "big": code.table_number if is_table else area,
        "small": area if is_table else "",
        # What staff call it, small: it says nothing to a guest.
        "tag": _short(code.label, MAX_AREA),
    }


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _logo(logo_file: str | None) -> str | None:
    """The logo as a drawing, a photograph inside one; None where there is none to be read."""
    if not addresses.picture(logo_file):
        return None
    sized = addresses.picture(logo_file, width=LOGO_WIDTH).removeprefix("/")
    folder = settings().data_folder if sized.startswith("pictures/") else ROOT / "assets"
    try:
        if sized.endswith(".svg"):
            return (folder / sized).read_text()
        with Image.open(folder / sized) as picture:
            out = BytesIO()
            picture.convert("RGBA").save(out, "PNG")
            width, height = picture.size
    except OSError:
        # The file has left the disk: the name stands alone, as without a logo.
        return None
    held = b64encode(out.getvalue()).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{held}"/></svg>'
    )
