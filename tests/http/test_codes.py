"""Printed codes: every one on paper must open exactly its own table."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from io import BytesIO
from uuid import UUID, uuid4
from zipfile import ZipFile

import httpx
import pypdfium2
import pytest
import typst
import zxingcpp
from PIL import Image

from models.columns import new_id
from models.enums import CodeKind, Role
from models.restaurants import Restaurant
from services.accounts import sessions
from services.base import addresses, clock
from services.base.database import transaction
from services.base.settings import settings
from services.pictures.pictures import prepare_logo, store_picture
from smartmenu.http import codes
from tests.builders import (
    NOW,
    make_area,
    make_category,
    make_restaurant,
    make_table,
    make_table_code,
    make_user,
)
from tests.http.app import client_of

pytestmark = pytest.mark.usefixtures("sqlite_database")
PDF = "/staff/tables/codes.pdf"
PRINT = "/staff/codes/print.pdf"
ZIP = "/staff/codes/pictures.zip"
MENU = "http://localhost:3000/menu/brasa-olive"


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


async def _full_house() -> tuple[Place, UUID, dict[str, str]]:
    """Every kind of code under nasty names: the place, its second area, code by address."""
    place = await _place(slug="brasa-olive", languages=["ar", "en", "de"])
    async with transaction() as session:
        room = place.restaurant
        roof = await make_area(session, restaurant=room, name="../../Roof \u202e/ 🍕", position=2)
        long_name = await make_area(session, restaurant=room, name="Ω" * 80, position=3)
        section = await make_category(session, restaurant=room)
        tables = {
            "AAAA0001": await make_table(session, restaurant=room, area=roof, table_number="1/2"),
            "AAAA0002": await make_table(session, restaurant=room, area=roof, table_number="1\\2"),
            "AAAA0003": await make_table(session, restaurant=room, area=roof, table_number="🍕"),
            "AAAA0004": await make_table(
                session, restaurant=room, area=long_name, table_number="طاولة 12345"
            ),
        }
        addressed = {}
        for code, table in tables.items():
            await make_table_code(session, restaurant=room, table=table, code=code, id=new_id())
            addressed[f"{MENU}?table={code}"] = code
        await make_table_code(session, restaurant=room, area=roof, code="AAAA0005")
        await make_table_code(session, restaurant=room, code="AAAA0006", label="Front door")
        await make_table_code(
            session,
            restaurant=room,
            kind=CodeKind.CAMPAIGN,
            code="AAAA0007",
            label="con",
            category_id=section.id,
        )
    addressed |= {
        f"{MENU}?area=AAAA0005": "AAAA0005",
        f"{MENU}?general=AAAA0006": "AAAA0006",
        f"{MENU}?campaign=AAAA0007#s-{section.id}": "AAAA0007",
    }
    return place, roof.id, addressed


def _read_picture(body: bytes) -> list[str]:
    with Image.open(BytesIO(body)) as image:
        return [found.text for found in zxingcpp.read_barcodes(image.convert("RGB"))]


def _read_drawing(body: bytes) -> list[str]:
    """An SVG as typst prints it."""
    page = typst.compile(
        b"#set page(width: 60mm, height: 60mm, margin: 0mm)\n#image(bytes(sys.inputs.svg))",
        format="png",
        ppi=150,
        sys_inputs={"svg": body.decode()},
    )
    return _read_picture(page)


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
    assert (answer.status_code, answer.text) == (404, "There are no codes to print.")


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OWNER, 200), (Role.MANAGER, 200), (Role.WAITER, 200), (Role.KITCHEN, 403)],
)
async def test_waiters_print_too_and_the_kitchen_does_not(role: Role, status: int) -> None:
    place = await _place(role)
    code_id = await _add_table(place, "1", "AAAA0001")
    for path in (PDF, PRINT, ZIP, addresses.code_picture(code_id, "png")):
        assert (await _get(place, path)).status_code == status


async def test_strangers_are_sent_to_the_log_in() -> None:
    for path in (PDF, PRINT, ZIP, addresses.code_picture(new_id(), "svg")):
        answer = await _get(None, path)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/login?next=%2Fstaff%2Fcodes"


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
        general = await make_table_code(session, restaurant=place.restaurant, code="AAAA0004")
    for code_id, address in (
        (in_area.id, "http://localhost:3000/menu/brasa-olive?area=AAAA0003"),
        (general.id, "http://localhost:3000/menu/brasa-olive?general=AAAA0004"),
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


@pytest.mark.parametrize(
    ("form", "pages", "times"),
    [("sheet", 1, 1), ("tent", 4, 2), ("poster", 7, 1), ("poster&paper=a3", 7, 1)],
)
async def test_every_code_reads_from_every_kind_of_paper(form: str, pages: int, times: int) -> None:
    place, _, addressed = await _full_house()
    answer = await _get(place, f"{PRINT}?which=everything&form={form}&note=WiFi%20%23x%20*y*")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert len(pypdfium2.PdfDocument(answer.content)) == pages
    assert Counter(_read_pdf(answer.content)) == Counter(dict.fromkeys(addressed, times))


async def test_a_tent_speaks_the_first_language_in_front_and_the_second_behind() -> None:
    place = await _place(slug="brasa-olive", name="*Brasa* #x", languages=["en", "de"])
    await _add_table(place, "12", "AAAA0001")
    answer = await _get(place, f"{PRINT}?form=tent&note=%23WiFi")
    document = pypdfium2.PdfDocument(answer.content)
    text = document[0].get_textpage().get_text_range()
    document.close()
    for wanted in (
        "Or ask us",
        "Oder fragen Sie",
        "Table · Tisch",
        "*Brasa* #x",
        "#WiFi",
        "Terrasse & Garten",
    ):
        assert wanted in text
    assert text.count("Scan to view the menu") == 2


@pytest.mark.parametrize("logo", ["demo/logo.svg", "pictures/gone/gone.webp", None, "stored"])
async def test_a_logo_is_printed_where_there_is_one(logo: str | None) -> None:
    place = await _place(slug="brasa-olive", logo_file=None if logo == "stored" else logo)
    await _add_table(place, "12", "AAAA0001")
    if logo == "stored":
        picture = BytesIO()
        Image.new("RGBA", (300, 80), (0, 200, 0, 255)).save(picture, "PNG")
        stored = store_picture(
            prepare_logo(picture.getvalue()),
            restaurant_id=place.restaurant.id,
            data_folder=settings().data_folder,
        )
        async with transaction() as session:
            (await session.get_one(Restaurant, place.restaurant.id)).logo_file = stored
    answer = await _get(place, f"{PRINT}?form=poster")
    image = pypdfium2.PdfDocument(answer.content)[0].render(scale=1).to_pil().convert("RGB")
    colors = {color for _, color in image.getcolors(1 << 20)}
    # A photograph keeps colours within a shade or two.
    has_green = any(r < 4 and abs(g - 200) < 4 and b < 4 for r, g, b in colors)
    assert has_green is (logo == "stored")
    assert _read_pdf(answer.content) == [f"{MENU}?table=AAAA0001"]


async def test_an_area_or_named_codes_are_chosen() -> None:
    place, roof, _ = await _full_house()
    in_area = _read_pdf((await _get(place, f"{PRINT}?which={roof}")).content)
    assert {found[-8:] for found in in_area} == {f"AAAA000{n}" for n in (1, 2, 3, 5)}
    named = _read_pdf(
        (await _get(place, f"{PRINT}?which={roof}&code=aaaa0004&code=AAAA0006")).content
    )
    assert {found[-8:] for found in named} == {"AAAA0004", "AAAA0006"}


async def test_a_zip_holds_both_kinds_of_picture_under_safe_names() -> None:
    place, _, addressed = await _full_house()
    answer = await _get(place, f"{ZIP}?which=everything")
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
        (found,) = _read_picture(body) if name.endswith("png") else _read_drawing(body)
        addressed.setdefault(found, "")
    assert len(addressed) == 7
    assert {_read_picture(body)[0] for name, body in held.items() if name.endswith("png")} == set(
        addressed
    )


async def test_an_old_code_is_not_printed_again() -> None:
    place = await _place(slug="brasa-olive")
    await _add_table(place, "1", "AAAA0001")
    async with transaction() as session:
        table = await make_table(session, restaurant=place.restaurant, is_active=False)
        await make_table_code(session, restaurant=place.restaurant, code="AAAA0002", revoked_at=NOW)
        await make_table_code(session, restaurant=place.restaurant, table=table, code="AAAA0003")
    for code in ("AAAA0002", "AAAA0003"):
        for path in (PRINT, ZIP):
            answer = await _get(place, f"{path}?code=AAAA0001&code={code}")
            assert (answer.status_code, answer.text) == (
                409,
                f"The code {code} is no longer in use. Print the one that replaced it.",
            )


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("form=flag", 422),
        ("form=poster&paper=a0", 422),
        ("which=nothing", 422),
        (f"which={uuid4()}", 404),
        ("code=", 404),
        ("code=AAAA0001&code=BBBB0001", 404),
        ("form=tent&note=" + "x" * 91, 422),
        ("&".join(["code=AAAA0001"] * 2001), 422),
    ],
)
async def test_what_cannot_be_printed_is_refused(query: str, status: int) -> None:
    place, other = await _place(slug="brasa-olive"), await _place(slug="the-other-one")
    await _add_table(place, "1", "AAAA0001")
    await _add_table(other, "1", "BBBB0001")
    assert (await _get(place, f"{PRINT}?{query}")).status_code == status


async def test_three_hundred_tents_leave_the_others_served() -> None:
    place = await _place(slug="brasa-olive")
    async with transaction() as session:
        area = await make_area(session, restaurant=place.restaurant)
        for number in range(300):
            await make_table(
                session, restaurant=place.restaurant, area=area, table_number=str(number)
            )
    printing = asyncio.create_task(_get(place, f"{PRINT}?form=tent"))
    turns = 0
    while not printing.done():
        await asyncio.sleep(0.01)
        turns += 1
    # Would it run on the event loop, the loop would turn a handful of times.
    assert turns > 20
    answer = printing.result()
    assert len(pypdfium2.PdfDocument(answer.content)) == 150
