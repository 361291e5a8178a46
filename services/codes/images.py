"""One code as a picture: level M or better, quiet zone of four, near-black on white."""

from io import BytesIO

import segno

DARK = "#1A1418"
LIGHT = "#FFFFFF"
QUIET_ZONE = 4
# 20 pixels a module: a poster of 60 mm prints at more than 300 dpi.
PNG_SCALE = 20
# Pixels a module on a screen, for another phone that is held to it.
SCREEN_SCALE = 6


def svg(address: str) -> bytes:
    """A picture of any size, a document of its own."""
    return _saved(address, kind="svg", scale=10)


def png(address: str) -> bytes:
    """A picture for every program."""
    return _saved(address, kind="png", scale=PNG_SCALE)


def data_uri(address: str) -> str:
    """A picture that stands in a page itself: an address that is somebody's secret asks for none.

    Black on white, the largest contrast: it is read off a screen, perhaps a dim one.
    """
    code = segno.make_qr(address, error="m")
    return code.svg_data_uri(scale=SCREEN_SCALE, border=QUIET_ZONE, dark="#000", light="#fff")


def _saved(address: str, *, kind: str, scale: int) -> bytes:
    # `boost_error` raises the level where that costs no larger code; Micro QR no phone reads well.
    code = segno.make_qr(address, error="m", boost_error=True)
    out = BytesIO()
    code.save(out, kind=kind, scale=scale, border=QUIET_ZONE, dark=DARK, light=LIGHT)
    return out.getvalue()
