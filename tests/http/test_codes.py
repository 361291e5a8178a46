"""Printed codes: every one on paper must open exactly its own table."""

from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

import httpx
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from models.columns import new_id
from models.enums import Role
from models.restaurants import Restaurant
from services.accounts import sessions
from services.base import addresses, clock
from services.base.database import transaction
from smartmenu.http import codes
from tests.builders import (
    NOW,
    make_area,
    make_restaurant,
    make_table,
    make_table_code,
    make_user,
)
from tests.http.app import client_of

pytestmark = pytest.mark.usefixtures("sqlite_database")
PDF = "/staff/tables/codes.pdf"


@dataclass(frozen=True, slots=True)
class Place:
    restaurant: Restaurant
    token: str


async def _place(role: Role = Role.MANAGER, **columns: object) -> Place:
    async with transaction() as session:
        restaurant = await make_restaurant(session, **columns)
        user = await make_user(session, restaurant=restaurant, role=role)
        token = await sessions.start_session(
            session, user_id=user.user.id, restaurant_id=restaurant.id, now=clock.now()
        )
    return Place(restaurant, token)


async def _get(place: Place | None, path: str, **headers: str) -> httpx.Response:
    async with client_of(codes.routes) as client:
        if place is not None:
            client.cookies.set("smartmenu_session", place.token)
        return await client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})


async def _add_table(place: Place, number: str, code: str, **columns: object) -> UUID:
    """A table whose one current code is known."""
    async with transaction() as session:
        area = await make_area(session, restaurant=place.restaurant, name="Terrasse & Garten")
        table = await make_table(
            session, restaurant=place.restaurant, area=area, table_number=number, **columns
        )
        made = await make_table_code(
            session, restaurant=place.restaurant, table=table, code=code, id=new_id()
        )
    return made.id


def _read_pdf(body: bytes) -> list[str]:
    """Every code on every page, as a phone reads it from paper printed at 150 dpi."""
    found: list[str] = []
    document = pypdfium2.PdfDocument(body)
    try:
        for page in document:
            image = page.render(scale=150 / 72).to_pil()
            found += [r.text for r in zxingcpp.read_barcodes(image)]
    finally:
        document.close()
    return found


async def test_every_code_of_the_sheet_opens_exactly_its_own_table() -> None:
    place = await _place(slug="brasa-olive", languages=["en", "ar", "de"])
    other = await _place(slug="the-other-one")
    numbers = [*(str(n) for n in range(1, 21)), "Garden 1234", "طاولة 7", "B10"]
    wanted = []
    for index, number in enumerate(numbers):
        code = f"AAAA{index:04d}"
        await _add_table(place, number, code)
        wanted.append(f"http://localhost:3000/menu/brasa-olive?table={code}")
    await _add_table(other, "1", "BBBB0001")
    await _add_table(place, "99", "AAAA9999", is_active=False)
    answer = await _get(place, PDF)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert Counter(_read_pdf(answer.content)) == Counter(wanted)
    assert len(pypdfium2.PdfDocument(answer.content)) == 3


async def test_names_are_printed_as_they_are_and_never_read_as_markup() -> None:
    place = await _place(
        slug="quiet", name='#panic() *x* $y$ "z" \\ <a> #image("/etc/passwd")', languages=["de"]
    )
    await _add_table(place, "#eval(1)", "AAAA0001")
    answer = await _get(place, PDF)
    document = pypdfium2.PdfDocument(answer.content)
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert "#panic() *x* $y$" in text
    assert "#eval(1)" in text
    assert "Scannen und Speisekarte ansehen" in text
    assert "Terrasse & Garten" in text
    assert "Tisch" in text


async def test_revoked_codes_are_not_printed_and_of_several_the_newest_is() -> None:
    place = await _place(slug="brasa-olive")
    await _add_table(place, "1", "AAAA0001")
    async with transaction() as session:
        table = await make_table(session, restaurant=place.restaurant, table_number="2")
        await make_table_code(session, restaurant=place.restaurant, table=table, revoked_at=NOW)
        await make_table_code(
            session, restaurant=place.restaurant, table=table, code="AAAA0002", id=new_id()
        )
    found = _read_pdf((await _get(place, PDF)).content)
    assert {f.rpartition("=")[2] for f in found} == {"AAAA0001", "AAAA0002"}


async def test_a_restaurant_without_tables_is_told_so() -> None:
    answer = await _get(await _place(), PDF)
    assert (answer.status_code, answer.text) == (404, "There are no tables to print codes for.")


@pytest.mark.parametrize("role", [Role.WAITER, Role.KITCHEN])
async def test_who_may_not_edit_tables_gets_no_codes(role: Role) -> None:
    place = await _place(role)
    code_id = await _add_table(place, "1", "AAAA0001")
    for path in (PDF, addresses.code_picture(code_id, "png")):
        assert (await _get(place, path)).status_code == 403


async def test_strangers_are_sent_to_the_log_in() -> None:
    for path in (PDF, addresses.code_picture(new_id(), "svg")):
        answer = await _get(None, path)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/login?next=%2Fstaff%2Ftables"


async def test_a_picture_holds_the_exact_address_and_is_not_sent_twice() -> None:
    place = await _place(slug="brasa-olive")
    code_id = await _add_table(place, "12", "AAAA0001")
    path = addresses.code_picture(code_id, "png")
    answer = await _get(place, path)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["content-disposition"] == 'inline; filename="brasa-olive-table-12.png"'
    with Image.open(BytesIO(answer.content)) as image:
        found = zxingcpp.read_barcodes(image.convert("RGB"))
    assert [f.text for f in found] == ["http://localhost:3000/menu/brasa-olive?table=AAAA0001"]
    assert found[0].format == zxingcpp.BarcodeFormat.QRCode
    assert found[0].ec_level in {"M", "Q", "H"}
    again = await _get(place, path, if_none_match=answer.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    drawn = await _get(place, addresses.code_picture(code_id, "svg"))
    assert drawn.headers["content-type"] == "image/svg+xml"
    assert drawn.headers["etag"] != answer.headers["etag"]
    assert drawn.content.startswith(b"<?xml")


async def test_codes_of_areas_and_of_the_restaurant_open_what_they_say() -> None:
    place = await _place(slug="brasa-olive")
    async with transaction() as session:
        area = await make_area(session, restaurant=place.restaurant, name="Bar")
        in_area = await make_table_code(
            session, restaurant=place.restaurant, area=area, code="AAAA0003"
        )
        general = await make_table_code(session, restaurant=place.restaurant)
    for code_id, address in (
        (in_area.id, "http://localhost:3000/menu/brasa-olive?area=AAAA0003"),
        (general.id, "http://localhost:3000/menu/brasa-olive"),
    ):
        answer = await _get(place, addresses.code_picture(code_id, "png"))
        with Image.open(BytesIO(answer.content)) as image:
            found = zxingcpp.read_barcodes(image.convert("RGB"))
        assert [f.text for f in found] == [address]


async def test_another_restaurants_and_revoked_codes_are_not_found() -> None:
    place, other = await _place(), await _place()
    foreign = await _add_table(other, "1", "AAAA0001")
    async with transaction() as session:
        old = await make_table_code(session, restaurant=place.restaurant, revoked_at=NOW)
    for code_id in (foreign, old.id, new_id()):
        answer = await _get(place, addresses.code_picture(code_id, "png"))
        assert answer.status_code == 404
    assert (await _get(place, "/staff/tables/codes/../../x.png")).status_code == 404
