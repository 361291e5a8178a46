"""Small files that unpack to 40 million pixels take as much memory as one copy of them, not six."""

import subprocess
import sys

import pytest

from services.base.settings import ROOT

# One unpacked copy of what is allowed is 160 MB, which WebP holds twice for a moment.
MOST_MEGABYTES = 400
# Writes the file without ever holding its pixels, and tells how much memory preparing it took.
MEASURE = """
import io, resource, struct, sys, zlib
from PIL import Image, WebPImagePlugin, PngImagePlugin
from services.pictures import pictures

def png(width, height, kind, channels, frames=0):
    packer, rows = zlib.compressobj(1), []
    row = b"\\0" + bytes(width * channels)
    for _ in range(height):
        rows.append(packer.compress(row))
    data = b"".join(rows) + packer.flush()
    def chunk(name, body):
        return (struct.pack(">I", len(body)) + name + body
                + struct.pack(">I", zlib.crc32(name + body)))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0))
    more = b"".join(
        chunk(b"fcTL", struct.pack(">IIIIIHHBB", n * 2 + 1, 1, 1, 0, 0, 1, 1, 0, 0))
        + chunk(b"fdAT", struct.pack(">I", n * 2 + 2) + zlib.compress(bytes(1 + channels)))
        for n in range(frames)
    )
    first = chunk(b"acTL", struct.pack(">II", frames + 1, 0)) + chunk(
        b"fcTL", struct.pack(">IIIIIHHBB", 0, width, height, 0, 0, 1, 1, 0, 0)
    ) if frames else b""
    begin, end = b"\\x89PNG\\r\\n\\x1a\\n", chunk(b"IEND", b"")
    return begin + head + first + chunk(b"IDAT", data) + more + end

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

kind = sys.argv[1]
width, height = 6300, 6300
if kind == "wide":
    width, height, kind = 199_000, 201, "rgba"
if kind == "rgba":
    data = png(width, height, 6, 4)
elif kind == "rgb":
    data = png(width, height, 2, 3)
elif kind == "grey":
    data = png(width, height, 0, 1)
elif kind == "frames":
    data = png(1200, 1200, 6, 4, frames=10_000)
assert len(data) < pictures.MOST_BYTES, len(data)
Image.new("RGB", (300, 300)).save(io.BytesIO(), "WEBP")
before = peak()
prepare = {"dish": pictures.prepare_dish, "plan": pictures.prepare_plan}[sys.argv[2]]
made = prepare(data)
assert made.files
print(peak() - before)
"""


@pytest.mark.parametrize("prepare", ["dish", "plan"])
@pytest.mark.parametrize("kind", ["rgba", "rgb", "grey", "wide", "frames"])
def test_what_unpacks_to_forty_million_pixels_is_held_once(kind: str, prepare: str) -> None:
    """Before pictures were made smaller in bands: 600 MB, and two are prepared at a time."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, kind, prepare],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert float(done.stdout) < MOST_MEGABYTES
