"""One code as a picture: level M or better, quiet zone of four, near-black on white."""

from io import BytesIO

import segno

DARK = "#1A1418"
LIGHT = "#FFFFFF"
QUIET_ZONE = 4
# 20 pixels a module: a poster of 60 mm prints at more than 300 dpi.
PNG_SCALE = 20


def svg(address: str) -> bytes:
    """A picture of any size, a document of its own."""
    return _saved(address, kind="svg", scale=10)


def png(address: str) -> bytes:
    """A picture for every program."""
    return _saved(address, kind="png", scale=PNG_SCALE)


def _saved(address: str, *, kind: str, scale: int) -> bytes:
    # `boost_error` raises the level where that costs no larger code; Micro QR no phone reads well.
    code = segno.make_qr(address, error="m", boost_error=True)
    out = BytesIO()
    code.save(out, kind=kind, scale=scale, border=QUIET_ZONE, dark=DARK, light=LIGHT)
    return out.getvalue()
