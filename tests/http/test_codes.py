"""Printed codes: who may have them, as pictures, and packed."""

from io import BytesIO
from zipfile import ZipFile

import pytest
import zxingcpp
from PIL import Image

from models.columns import new_id
from models.enums import Role
from services.base import addresses
from services.base.database import transaction
from tests.builders import (
    NOW,
    make_area,
    make_table_code,
)
from tests.http.code_place import (
    PDF,
    PRINT,
    ZIP,
    add_table,
    full_house,
    get,
    make_place,
    read_drawing,
    read_pdf,
    read_picture,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")


async def test_a_restaurant_without_tables_is_told_so() -> None:
    answer = await get(await make_place(), PDF)
    assert (answer.status_code, answer.text) == (404, "There are no codes to print.")


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OWNER, 200), (Role.MANAGER, 200), (Role.WAITER, 200), (Role.KITCHEN, 403)],
)
async def test_waiters_print_too_and_the_kitchen_does_not(role: Role, status: int) -> None:
    place = await make_place(role)
    code_id = await add_table(place, "1", "AAAA0001")
    for path in (PDF, PRINT, ZIP, addresses.code_picture(code_id, "png")):
        assert (await get(place, path)).status_code == status


async def test_strangers_are_sent_to_the_log_in() -> None:
    for path in (PDF, PRINT, ZIP, addresses.code_picture(new_id(), "svg")):
        answer = await get(None, path)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/login?next=%2Fstaff%2Fcodes"


async def test_a_picture_holds_the_exact_address_and_is_not_sent_twice() -> None:
    place = await make_place(slug="brasa-olive")
    code_id = await add_table(place, "12", "AAAA0001")
    path = addresses.code_picture(code_id, "png")
    answer = await get(place, path)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"] == 'inline; filename="brasa-olive-table-12.png"'
    with Image.open(BytesIO(answer.content)) as image:
        found = zxingcpp.read_barcodes(image.convert("RGB"))
    assert [f.text for f in found] == ["http://localhost:3000/menu/brasa-olive?table=AAAA0001"]
    assert found[0].format == zxingcpp.BarcodeFormat.QRCode
    assert found[0].ec_level in {"M", "Q", "H"}
    again = await get(place, path, if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    drawn = await get(place, addresses.code_picture(code_id, "svg"))
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.headers["etag"] != answer.headers["etag"]
    assert drawn.content.startswith(b"<?xml")


async def test_codes_of_areas_and_of_the_restaurant_open_what_they_say() -> None:
    place = await make_place(slug="brasa-olive")
    async with transaction() as session:
        area = await make_area(session, restaurant=place.restaurant, name="Bar")
        in_area = await make_table_code(
            session, restaurant=place.restaurant, area=area, code="AAAA0003"
        )
        general = await make_table_code(session, restaurant=place.restaurant, code="AAAA0004")
    for code_id, address in (
        (in_area.id, "http://localhost:3000/menu/brasa-olive?area=AAAA0003"),
        (general.id, "http://localhost:3000/menu/brasa-olive?general=AAAA0004"),
    ):
        answer = await get(place, addresses.code_picture(code_id, "png"))
        with Image.open(BytesIO(answer.content)) as image:
            found = zxingcpp.read_barcodes(image.convert("RGB"))
        assert [f.text for f in found] == [address]


async def test_another_restaurants_and_revoked_codes_are_not_found() -> None:
    place, other = await make_place(), await make_place()
    foreign = await add_table(other, "1", "AAAA0001")
    async with transaction() as session:
        old = await make_table_code(session, restaurant=place.restaurant, revoked_at=NOW)
    for code_id in (foreign, old.id, new_id()):
        answer = await get(place, addresses.code_picture(code_id, "png"))
        assert answer.status_code == 404
    assert (await get(place, "/staff/tables/codes/../../x.png")).status_code == 404


async def test_an_area_or_named_codes_are_chosen() -> None:
    place, roof, _ = await full_house()
    in_area = read_pdf((await get(place, f"{PRINT}?which={roof}")).content)
    assert {found[-8:] for found in in_area} == {f"AAAA000{n}" for n in (1, 2, 3, 5)}
    named = read_pdf(
        (await get(place, f"{PRINT}?which={roof}&code=aaaa0004&code=AAAA0006")).content
    )
    assert {found[-8:] for found in named} == {"AAAA0004", "AAAA0006"}


async def test_a_zip_holds_both_kinds_of_picture_under_safe_names() -> None:
    place, _, addressed = await full_house()
    answer = await get(place, f"{ZIP}?which=everything")
    assert answer.headers["content-disposition"] == 'attachment; filename="brasa-olive-codes.zip"'
    with ZipFile(BytesIO(answer.content)) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    long_name = "ω" * 40
    assert sorted(held) == sorted(
        f"{name}.{ending}"
        for name in (
            "campaigns/con-area",
            "general/front-door",
            "roof/area-roof",
            "roof/table-1-2",
            "roof/table-1-2-aaaa0002",
            "roof/table",
            f"{long_name}/table-طاولة-12345",
        )
        for ending in ("png", "svg")
    )
    for name, body in held.items():
        (found,) = read_picture(body) if name.endswith("png") else read_drawing(body)
        addressed.setdefault(found, "")
    assert len(addressed) == 7
    assert {read_picture(body)[0] for name, body in held.items() if name.endswith("png")} == set(
        addressed
    )
