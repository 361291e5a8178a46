"""Codes as a ZIP of pictures and drawings, named by area and table."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from models.enums import CodeKind
from services.base.errors import NotFoundError
from services.base.press import printed
from services.base.texts import N_
from services.codes import images
from services.codes.types import PrintedCode

MAX_NAME = 40
# Names that Windows keeps for devices.
_RESERVED = {"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))}


async def render(*, codes: Sequence[PrintedCode], now: datetime) -> bytes:
    """The ZIP, made in a thread: "terrace/table-12.png" and ".svg" for each code.

    Raises:
        NotFoundError: there are no codes.
    """
    if not codes:
        msg = N_("There are no codes to print.")
        raise NotFoundError(msg)
    return await printed(_zip, codes, now)


def file_names(codes: Sequence[PrintedCode]) -> list[str]:
    """A path without ending for each code, in the same order; no two are alike on any system."""
    taken: set[str] = set()
    names: list[str] = []
    for code in codes:
        name = f"{_folder(code)}/{_stem(code)}"
        # "B 1" and "b-1" would be one file: the code itself tells them apart.
        if name.casefold() in taken:
            name = f"{name}-{code.code.lower()}"
        taken.add(name.casefold())
        names.append(name)
    return names


def _folder(code: PrintedCode) -> str:
    if code.kind in (CodeKind.TABLE, CodeKind.AREA):
        return _plain(code.area_name) or "area"
    return "campaigns" if code.kind is CodeKind.CAMPAIGN else "general"


def _stem(code: PrintedCode) -> str:
    if code.kind is CodeKind.TABLE:
        return "-".join(part for part in ("table", _plain(code.table_number)) if part)
    if code.kind is CodeKind.AREA:
        return "-".join(part for part in ("area", _plain(code.label or code.area_name)) if part)
    return _plain(code.label) or "code"


def _plain(text: str) -> str:
    """Letters and digits of every script, all else a hyphen: no slash, dot or sign of direction."""
    composed = unicodedata.normalize("NFKC", text)
    spaced = "".join(c if c.isalnum() else " " for c in composed)
    name = "-".join(spaced.split()).lower()[:MAX_NAME].strip("-")
    return f"{name}-area" if name in _RESERVED else name


def _zip(codes: Sequence[PrintedCode], now: datetime) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for code, name in zip(codes, file_names(codes), strict=True):
            for ending, drawn, packing in (
                ("png", images.png(code.address), ZIP_STORED),
                ("svg", images.svg(code.address), ZIP_DEFLATED),
            ):
                info = ZipInfo(f"{name}.{ending}", date_time=now.timetuple()[:6])
                info.external_attr = 0o644 << 16
                archive.writestr(info, drawn, compress_type=packing)
    return out.getvalue()
