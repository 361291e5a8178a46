"""Pictures of dishes, logos and plans: from any upload to clean WebP files of three sizes.

The `prepare_` functions are pure and heavy: run them in a thread, outside any transaction.
A stored picture is named by the rule that `addresses.picture` states.
"""

import io
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from PIL import Image, ImageCms

from services.base import addresses
from services.base.errors import InvalidInputError
from services.base.secrets import new_file_name
from services.base.texts import N_

MOST_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
FULL_SIZE = 1200
SIZES = (FULL_SIZE, *addresses.PICTURE_SIZES)
LEAST_DISH_SIDE = 200
LEAST_LOGO_SIDE = 32
_FORMATS = ("JPEG", "PNG", "WEBP")
_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1")
_QUALITY = 82
# Pictures are made smaller in bands of so many pixels: a file of 40 million may be a few hundred
# kilobytes, and every whole copy of it in memory is 160 MB.
_BAND_PIXELS = 2_000_000
_ORIENTATION = 0x0112
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class PreparedPicture:
    """WebP files by the longest side they are made for, in pixels."""

    files: dict[int, bytes]


def prepare_dish(data: bytes, *, is_square: bool = True) -> PreparedPicture:
    """A dish's picture: upright, without metadata, cut to its middle square unless told otherwise.

    Raises:
        InvalidInputError: it is no picture we can read, or too large or small.
    """
    picture = _decode(data, least_side=LEAST_DISH_SIDE, is_square=is_square)
    if picture.mode == "RGBA":
        paper = Image.new("RGBA", picture.size, "white")
        picture = Image.alpha_composite(paper, picture).convert("RGB")
    return _encode(picture)


def prepare_logo(data: bytes) -> PreparedPicture:
    """A logo: upright, without metadata, its shape and transparency kept.

    Raises:
        InvalidInputError: it is no picture we can read, or too large or small.
    """
    return _encode(_decode(data, least_side=LEAST_LOGO_SIDE))


def prepare_plan(data: bytes) -> PreparedPicture:
    """A picture to draw a floor plan on: upright, without metadata, its shape kept.

    Raises:
        InvalidInputError: it is no picture we can read, or too large or small.
    """
    return _encode(_decode(data, least_side=LEAST_DISH_SIDE))


def store_picture(prepared: PreparedPicture, *, restaurant_id: UUID, data_folder: Path) -> str:
    """Write all sizes under a name nobody can guess; the name is what the database keeps."""
    name = f"pictures/{restaurant_id}/{new_file_name()}.webp"
    (data_folder / name).parent.mkdir(parents=True, exist_ok=True)
    # The full size comes last: where it exists, the others do.
    for size in sorted(prepared.files):
        target = data_folder / _sized_name(name, size)
        half_written = target.with_suffix(".part")
        half_written.write_bytes(prepared.files[size])
        half_written.replace(target)
    return name


def remove_picture(picture_file: str, *, restaurant_id: UUID, data_folder: Path) -> None:
    """Delete all sizes of a stored picture; one that ships with SmartMenu stays."""
    if is_stored(picture_file, restaurant_id):
        for size in SIZES:
            (data_folder / _sized_name(picture_file, size)).unlink(missing_ok=True)


def is_stored(picture_file: str, restaurant_id: UUID) -> bool:
    """Whether a name is one that `store_picture` gives to pictures of this restaurant."""
    pattern = rf"pictures/{restaurant_id}/[A-Za-z0-9_-]+\.webp"
    return re.fullmatch(pattern, picture_file) is not None


def is_own(picture_file: str, restaurant_id: UUID) -> bool:
    """Whether a restaurant may show this: a picture of its own, or one that ships with us."""
    ships = addresses.is_picture(picture_file) and not picture_file.startswith("pictures/")
    return ships or is_stored(picture_file, restaurant_id)


def _sized_name(name: str, size: int) -> str:
    return name if size == FULL_SIZE else addresses.picture(name, width=size).removeprefix("/")


def _decode(data: bytes, *, least_side: int, is_square: bool = False) -> Image.Image:
    if len(data) > MOST_BYTES:
        msg = N_("This picture is too large: at most {most} MB.")
        raise InvalidInputError(msg, field="picture", most=MOST_BYTES // 1024 // 1024)
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        msg = N_("This is a HEIC picture. Please save it as JPEG first.")
        raise InvalidInputError(msg, field="picture")
    try:
        opened = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except Exception as error:
        raise _unreadable() from error
    with opened:
        # The header alone was read so far: nothing of a bomb has been unpacked.
        if opened.width * opened.height > MOST_PIXELS:
            raise _too_many_pixels()
        if min(opened.size) < least_side:
            msg = N_("This picture is too small: at least {least} pixels on each side.")
            raise InvalidInputError(msg, field="picture", least=least_side)
        try:
            return _upright(opened, is_square=is_square)
        except Exception as error:
            raise _unreadable() from error


def _upright(opened: Image.Image, *, is_square: bool) -> Image.Image:
    """The first frame in sRGB, turned as its camera was held, as pixels without anything beside."""
    profile = opened.info.get("icc_profile")
    # Large photos are unpacked at half or a quarter of their size.
    opened.draft("RGB", (2 * FULL_SIZE, 2 * FULL_SIZE))
    has_alpha = opened.mode in {"RGBA", "LA", "PA"} or "transparency" in opened.info
    turn = _UPRIGHT.get(opened.getexif().get(_ORIENTATION, 1))
    picture = _in_srgb(_smaller(opened, has_alpha=has_alpha, is_square=is_square), profile)
    if turn is not None:
        picture = picture.transpose(turn)
    pixels = picture.convert("RGBA" if has_alpha else "RGB")
    clean = Image.new(pixels.mode, pixels.size)
    clean.paste(pixels)
    return clean


def _smaller(opened: Image.Image, *, has_alpha: bool, is_square: bool) -> Image.Image:
    """All of a picture, or its middle square, at most twice as large as it is needed."""
    width, height = opened.size
    left = top = 0
    if is_square:
        side = min(width, height)
        left, top = (width - side) // 2, (height - side) // 2
        width = height = side
    factor = max(1, max(width, height) // (2 * FULL_SIZE))
    is_kept = not has_alpha and opened.mode in {"L", "RGB", "CMYK"}
    mode = opened.mode if is_kept else "RGBA" if has_alpha else "RGB"
    smaller = Image.new(mode, (-(-width // factor), -(-height // factor)))
    rows = factor * max(1, _BAND_PIXELS // (width * factor))
    for row in range(0, height, rows):
        band = opened.crop((left, top + row, left + width, top + min(height, row + rows)))
        if band.mode != mode:
            band = band.convert(mode)
        smaller.paste(band.reduce(factor) if factor > 1 else band, (0, row // factor))
    smaller.thumbnail((2 * FULL_SIZE, 2 * FULL_SIZE), Image.Resampling.LANCZOS)
    return smaller


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """Phones take pictures in wider colour spaces, which look grey without their profile."""
    if not profile or picture.mode not in {"RGB", "CMYK"}:
        return picture
    try:
        converted = ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            cast("Any", ImageCms).createProfile("sRGB"),
            outputMode="RGB",
        )
    except ImageCms.PyCMSError:
        return picture
    return converted or picture


def _encode(picture: Image.Image) -> PreparedPicture:
    files: dict[int, bytes] = {}
    for size in SIZES:
        smaller = picture.copy()
        # Never larger than it came: `thumbnail` only shrinks.
        smaller.thumbnail((size, size), Image.Resampling.LANCZOS)
        out = io.BytesIO()
        smaller.save(out, "WEBP", quality=_QUALITY, method=4)
        files[size] = out.getvalue()
    return PreparedPicture(files)


def _too_many_pixels() -> InvalidInputError:
    msg = N_("This picture has too many pixels: at most {most} million.")
    return InvalidInputError(msg, field="picture", most=MOST_PIXELS // 1_000_000)


def _unreadable() -> InvalidInputError:
    msg = N_("This file is not a picture we can read.")
    return InvalidInputError(msg, field="picture")
