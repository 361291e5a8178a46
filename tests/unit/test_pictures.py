"""From any upload to clean WebP files."""

import io
import struct
import zlib
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image, ImageCms

from services.base.addresses import picture
from services.base.errors import InvalidInputError
from services.base.texts import sentence
from services.pictures import pictures

RESTAURANT = UUID("01a2036a-937b-770b-a946-bc3a7b3c4de6")
OTHER = UUID("01a2036a-937b-770b-a946-bc3a7b3c4de7")


def _file(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def _opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def _halves(left: str, right: str, size: tuple[int, int]) -> Image.Image:
    made = Image.new("RGB", size, left)
    made.paste(Image.new("RGB", (size[0] // 2, size[1]), right), (size[0] // 2, 0))
    return made


def _close(got: object, wanted: tuple[int, ...]) -> bool:
    assert isinstance(got, tuple)
    return all(abs(one - other) <= 6 for one, other in zip(got, wanted, strict=True))


def _refusal(data: bytes) -> str:
    with pytest.raises(InvalidInputError) as refusal:
        pictures.prepare_dish(data)
    assert refusal.value.field == "picture"
    return sentence("en", refusal.value)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_dish_becomes_squares_of_three_sizes(kind: str) -> None:
    prepared = pictures.prepare_dish(_file(Image.new("RGB", (1600, 1300), "#B5391F"), kind))
    assert {size: _opened(data).size for size, data in prepared.files.items()} == {
        1200: (1200, 1200),
        480: (480, 480),
        216: (216, 216),
    }
    assert {_opened(data).format for data in prepared.files.values()} == {"WEBP"}


def test_the_middle_is_kept_and_nothing_is_enlarged() -> None:
    wide = Image.new("RGB", (900, 300), "white")
    wide.paste(Image.new("RGB", (300, 300), "#B5391F"), (300, 0))
    prepared = pictures.prepare_dish(_file(wide))
    full = _opened(prepared.files[1200]).convert("RGB")
    assert full.size == (300, 300)
    assert _close(full.getpixel((5, 150)), (181, 57, 31))
    assert _close(full.getpixel((295, 150)), (181, 57, 31))


def test_the_shape_is_kept_when_no_square_is_wanted() -> None:
    prepared = pictures.prepare_dish(_file(Image.new("RGB", (1600, 800))), is_square=False)
    assert [_opened(prepared.files[size]).size for size in (1200, 480, 216)] == [
        (1200, 600),
        (480, 240),
        (216, 108),
    ]


def test_a_photo_is_turned_as_its_camera_was_held_and_tells_nothing_more() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise to look at it
    exif[0x010F] = "Camera of Ines"
    exif.get_ifd(0x8825)[1] = "N"
    lying = _halves("#B5391F", "#2A5DAA", (400, 400))
    prepared = pictures.prepare_dish(
        _file(lying, "JPEG", exif=exif, comment=b"at home", quality=95)
    )
    for data in prepared.files.values():
        made = _opened(data)
        assert dict(made.getexif()) == {}
        assert not {"exif", "icc_profile", "xmp", "comment"} & set(made.info)
        assert b"Ines" not in data
    upright = _opened(prepared.files[1200]).convert("RGB")
    # Left became top.
    assert _close(upright.getpixel((200, 50)), (181, 57, 31))
    assert _close(upright.getpixel((200, 350)), (42, 93, 170))


def test_a_profile_is_applied_before_it_is_dropped() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    prepared = pictures.prepare_dish(
        _file(Image.new("RGB", (300, 300), "#B5391F"), "JPEG", icc_profile=profile, quality=95)
    )
    assert _close(_opened(prepared.files[216]).convert("RGB").getpixel((9, 9)), (181, 57, 31))


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "I;16"])
def test_unusual_kinds_of_pixels_are_read(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    source = Image.new(mode, (300, 300))
    assert _opened(pictures.prepare_dish(_file(source, kind)).files[216]).size == (216, 216)


def test_a_dish_on_nothing_gets_white_paper_and_a_logo_keeps_its_transparency() -> None:
    clear = _file(Image.new("RGBA", (300, 300), (0, 0, 0, 0)))
    dish = _opened(pictures.prepare_dish(clear).files[216])
    assert dish.mode == "RGB"
    assert dish.getpixel((100, 100)) == (255, 255, 255)
    logo = _opened(pictures.prepare_logo(clear).files[216])
    assert logo.convert("RGBA").getpixel((100, 100))[3] == 0  # type: ignore[index]


def test_a_logo_keeps_its_shape() -> None:
    logo = pictures.prepare_logo(_file(Image.new("RGB", (2400, 300))))
    assert _opened(logo.files[1200]).size == (1200, 150)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7\n",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        _file(Image.new("RGB", (300, 300)), "GIF"),
        _file(Image.new("RGB", (300, 300)), "BMP"),
        _file(Image.new("RGB", (300, 300)), "TIFF"),
        _file(_halves("red", "blue", (600, 600)), "JPEG")[:900],
        _file(Image.effect_noise((300, 300), 90), "PNG")[:-5000],
    ],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert _refusal(data) == "This file is not a picture we can read."


def test_an_iphones_own_format_is_refused_with_a_way_out() -> None:
    data = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64)
    assert _refusal(data) == "This is a HEIC picture. Please save it as JPEG first."


def test_more_than_ten_megabytes_are_refused_unread() -> None:
    assert _refusal(bytes(10 * 1024 * 1024 + 1)) == "This picture is too large: at most 10 MB."


@pytest.mark.parametrize("side", [6400, 12_000, 60_000])
def test_a_decompression_bomb_is_refused_from_its_header(side: int) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        )

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000)))
    assert _refusal(bomb) == "This picture has too many pixels: at most 40 million."


def test_a_stamp_is_too_small_for_a_dish() -> None:
    small = _file(Image.new("RGB", (400, 199)))
    assert _refusal(small) == "This picture is too small: at least 200 pixels on each side."


def test_stored_files_lie_where_the_addresses_say_and_can_be_removed(tmp_path: Path) -> None:
    prepared = pictures.prepare_dish(_file(Image.new("RGB", (500, 500))))
    name = pictures.store_picture(prepared, restaurant_id=RESTAURANT, data_folder=tmp_path)
    again = pictures.store_picture(prepared, restaurant_id=RESTAURANT, data_folder=tmp_path)
    assert name != again
    for width, size in ((None, 1200), (480, 480), (216, 216)):
        path = tmp_path / picture(name, width=width).removeprefix("/")
        assert path.read_bytes() == prepared.files[size]
    pictures.remove_picture(name, restaurant_id=OTHER, data_folder=tmp_path)
    assert len(list(tmp_path.rglob("*.*"))) == 6
    pictures.remove_picture(name, restaurant_id=RESTAURANT, data_folder=tmp_path)
    assert len(list(tmp_path.rglob("*.*"))) == 3
    assert (tmp_path / again).is_file()


def test_a_restaurant_may_show_its_own_pictures_and_those_that_ship() -> None:
    own = f"pictures/{RESTAURANT}/abc.webp"
    assert pictures.is_own(own, RESTAURANT) is True
    assert pictures.is_own(own, OTHER) is False
    assert pictures.is_own("dishes/burrata.svg", OTHER) is True
    assert pictures.is_own("../secret.key", RESTAURANT) is False
    assert pictures.is_stored("dishes/burrata.svg", RESTAURANT) is False


def test_a_plan_to_draw_on_keeps_its_shape_and_tells_nothing_of_its_camera() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera of somebody"
    exif[0x0112] = 6
    out = io.BytesIO()
    Image.new("RGB", (900, 300), "white").save(out, "JPEG", exif=exif)
    plan = _opened(pictures.prepare_plan(out.getvalue()).files[1200])
    # Held upright as it was taken, and nothing beside the pixels.
    assert (plan.size, dict(plan.getexif())) == ((300, 900), {})


def test_a_hostile_plan_is_refused() -> None:
    for data in (b"<svg onload='alert(1)'/>", b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(InvalidInputError):
            pictures.prepare_plan(data)
