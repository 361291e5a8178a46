"""The menu as the least page that could stand there: same text, same pictures, no script."""

import re
from pathlib import Path

from benchmarks.bare_server import BareFile
from smartmenu.http.shell import CLIENT_FOLDER, FIRST_PAINT_TAG

STYLE = (
    "body{margin:0;font:16px/1.4 system-ui,sans-serif}main{padding:0 16px}"
    "article{display:flex;gap:12px;justify-content:space-between;padding:12px 0}"
    "img{width:108px;height:108px;border-radius:12px;object-fit:cover}"
)
MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}


def static_page(menu_html: str) -> str:
    """A page of the first paint's text and pictures.

    Args:
        menu_html: the whole page that guests get.
    """
    opening, closing = f"<{FIRST_PAINT_TAG}>", f"</{FIRST_PAINT_TAG}>"
    painted = menu_html.split(opening, 1)[1].split(closing, 1)[0]
    painted = re.sub(r"<svg.*?</svg>", "", painted, flags=re.DOTALL)
    painted = re.sub(r' (?:class|data-[a-z-]+|aria-[a-z]+)="[^"]*"', "", painted)
    title = re.search(r"<title>.*?</title>", menu_html)
    assert title is not None
    return (
        '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<link rel="icon" href="/favicon.svg">{title[0]}<style>{STYLE}</style></head>'
        f"<body>{painted}</body></html>"
    )


def pictures(page: str) -> list[BareFile]:
    """The pictures of a page as the built client holds them, compressed as it is."""
    found = sorted({*re.findall(r'<img[^>]* src="(/[^"]+)"', page), "/favicon.svg"})
    return [_picture(address) for address in found]


def _picture(address: str) -> BareFile:
    file = Path(f"{CLIENT_FOLDER}{address}")
    media_type = MEDIA_TYPES[file.suffix]
    compressed = file.with_name(file.name + ".br")
    if compressed.is_file():
        return BareFile(address, compressed.read_bytes(), media_type, "br")
    return BareFile(address, file.read_bytes(), media_type)
