"""Codes on paper: every one must open exactly its own place."""

import asyncio
from collections import Counter
from io import BytesIO
from uuid import UUID

import pypdfium2
import pytest
from PIL import Image

from models.columns import new_id
from models.restaurants import Restaurant
from services.base.database import transaction
from services.base.settings import settings
from services.pictures.pictures import prepare_logo, store_picture
from tests.builders import (
    NOW,
    make_area,
    make_table,
    make_table_code,
)
from tests.http.code_place import (
    MENU,
    PDF,
    PRINT,
    ZIP,
    add_table,
    full_house,
    get,
    make_place,
    read_pdf,
)

pytestmark = pytest.mark.usefixtures("sqlite_database")


async def test_every_code_of_the_sheet_opens_exactly_its_own_table() -> None:
    place = await make_place(slug="brasa-olive", languages=["en", "ar", "de"])
    other = await make_place(slug="the-other-one")
    numbers = [*(str(n) for n in range(1, 21)), "Garden 1234", "طاولة 7", "B10"]
    wanted = []
    for index, number in enumerate(numbers):
        code = f"AAAA{index:04d}"
        await add_table(place, number, code)
        wanted.append(f"http://localhost:3000/menu/brasa-olive?table={code}")
    await add_table(other, "1", "BBBB0001")
    await add_table(place, "99", "AAAA9999", is_active=False)
    answer = await get(place, PDF)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert Counter(read_pdf(answer.content)) == Counter(wanted)
    assert len(pypdfium2.PdfDocument(answer.content)) == 3


async def test_names_are_printed_as_they_are_and_never_read_as_markup() -> None:
    place = await make_place(
        slug="quiet", name='#panic() *x* $y$ "z" \\ <a> #image("/etc/passwd")', languages=["de"]
    )
    await add_table(place, "#eval(1)", "AAAA0001")
    answer = await get(place, PDF)
    document = pypdfium2.PdfDocument(answer.content)
    text = document[0].get_textpage().get_text_range()
    document.close()
    assert "#panic() *x* $y$" in text
    assert "#eval(1)" in text
    assert "Scannen und Speisekarte ansehen" in text
    assert "Terrasse & Garten" in text
    assert "Tisch" in text


async def test_revoked_codes_are_not_printed_and_of_several_the_newest_is() -> None:
    place = await make_place(slug="brasa-olive")
    await add_table(place, "1", "AAAA0001")
    async with transaction() as session:
        table = await make_table(session, restaurant=place.restaurant, table_number="2")
        await make_table_code(session, restaurant=place.restaurant, table=table, revoked_at=NOW)
        await make_table_code(
            session, restaurant=place.restaurant, table=table, code="AAAA0002", id=new_id()
        )
    found = read_pdf((await get(place, PDF)).content)
    assert {f.rpartition("=")[2] for f in found} == {"AAAA0001", "AAAA0002"}


@pytest.mark.parametrize(
    ("form", "pages", "times"),
    [("sheet", 1, 1), ("tent", 4, 2), ("poster", 7, 1), ("poster&paper=a3", 7, 1)],
)
async def test_every_code_reads_from_every_kind_of_paper(form: str, pages: int, times: int) -> None:
    place, _, addressed = await full_house()
    answer = await get(place, f"{PRINT}?which=everything&form={form}&note=WiFi%20%23x%20*y*")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert len(pypdfium2.PdfDocument(answer.content)) == pages
    assert Counter(read_pdf(answer.content)) == Counter(dict.fromkeys(addressed, times))


async def test_a_tent_speaks_the_first_language_in_front_and_the_second_behind() -> None:
    place = await make_place(slug="brasa-olive", name="*Brasa* #x", languages=["en", "de"])
    await add_table(place, "12", "AAAA0001")
    answer = await get(place, f"{PRINT}?form=tent&note=%23WiFi")
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
    place = await make_place(slug="brasa-olive", logo_file=None if logo == "stored" else logo)
    await add_table(place, "12", "AAAA0001")
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
    answer = await get(place, f"{PRINT}?form=poster")
    image = pypdfium2.PdfDocument(answer.content)[0].render(scale=1).to_pil().convert("RGB")
    colors = {color for _, color in image.getcolors(1 << 20)}
    # A photograph keeps colours within a shade or two.
    has_green = any(r < 4 and abs(g - 200) < 4 and b < 4 for r, g, b in colors)
    assert has_green is (logo == "stored")
    assert read_pdf(answer.content) == [f"{MENU}?table=AAAA0001"]


async def test_an_old_code_is_not_printed_again() -> None:
    place = await make_place(slug="brasa-olive")
    await add_table(place, "1", "AAAA0001")
    async with transaction() as session:
        table = await make_table(session, restaurant=place.restaurant, is_active=False)
        await make_table_code(session, restaurant=place.restaurant, code="AAAA0002", revoked_at=NOW)
        await make_table_code(session, restaurant=place.restaurant, table=table, code="AAAA0003")
    for code in ("AAAA0002", "AAAA0003"):
        for path in (PRINT, ZIP):
            answer = await get(place, f"{path}?code=AAAA0001&code={code}")
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
        (f"which={UUID(int=7)}", 404),
        ("code=", 404),
        ("code=AAAA0001&code=BBBB0001", 404),
        ("form=tent&note=" + "x" * 91, 422),
        ("&".join(["code=AAAA0001"] * 2001), 422),
    ],
)
async def test_what_cannot_be_printed_is_refused(query: str, status: int) -> None:
    place, other = await make_place(slug="brasa-olive"), await make_place(slug="the-other-one")
    await add_table(place, "1", "AAAA0001")
    await add_table(other, "1", "BBBB0001")
    assert (await get(place, f"{PRINT}?{query}")).status_code == status


async def test_three_hundred_tents_leave_the_others_served() -> None:
    place = await make_place(slug="brasa-olive")
    async with transaction() as session:
        area = await make_area(session, restaurant=place.restaurant)
        for number in range(300):
            await make_table(
                session, restaurant=place.restaurant, area=area, table_number=str(number)
            )
    printing = asyncio.create_task(get(place, f"{PRINT}?form=tent"))
    turns = 0
    while not printing.done():
        await asyncio.sleep(0.01)
        turns += 1
    # Would it run on the event loop, the loop would turn a handful of times.
    assert turns > 20
    answer = printing.result()
    assert len(pypdfium2.PdfDocument(answer.content)) == 150
