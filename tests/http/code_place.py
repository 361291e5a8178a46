"""A restaurant with codes, somebody who prints them, and readers of what comes out."""

from dataclasses import dataclass
from io import BytesIO
from uuid import UUID

import httpx
import pypdfium2
import typst
import zxingcpp
from PIL import Image

from models.columns import new_id
from models.enums import CodeKind, Role
from models.restaurants import Restaurant
from services.accounts import sessions
from services.base import clock
from services.base.database import transaction
from smartmenu.http import codes
from tests.builders import (
    make_area,
    make_category,
    make_restaurant,
    make_table,
    make_table_code,
    make_user,
)
from tests.http.app import client_of

PDF = "/staff/tables/codes.pdf"
PRINT = "/staff/codes/print.pdf"
ZIP = "/staff/codes/pictures.zip"
MENU = "http://localhost:3000/menu/brasa-olive"


@dataclass(frozen=True, slots=True)
class Place:
    restaurant: Restaurant
    token: str


async def make_place(role: Role = Role.MANAGER, **columns: object) -> Place:
    async with transaction() as session:
        restaurant = await make_restaurant(session, **columns)
        user = await make_user(session, restaurant=restaurant, role=role)
        token = await sessions.start_session(
            session, user_id=user.user.id, restaurant_id=restaurant.id, now=clock.now()
        )
    return Place(restaurant, token)


async def get(place: Place | None, path: str, **headers: str) -> httpx.Response:
    async with client_of(codes.routes) as client:
        if place is not None:
            client.cookies.set("smartmenu_session", place.token)
        return await client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})


async def add_table(place: Place, number: str, code: str, **columns: object) -> UUID:
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


async def full_house() -> tuple[Place, UUID, dict[str, str]]:
    """Every kind of code under nasty names: the place, its second area, code by address."""
    place = await make_place(slug="brasa-olive", languages=["ar", "en", "de"])
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


def read_picture(body: bytes) -> list[str]:
    with Image.open(BytesIO(body)) as image:
        return [found.text for found in zxingcpp.read_barcodes(image.convert("RGB"))]


def read_drawing(body: bytes) -> list[str]:
    """An SVG as typst prints it."""
    page = typst.compile(
        b"#set page(width: 60mm, height: 60mm, margin: 0mm)\n#image(bytes(sys.inputs.svg))",
        format="png",
        ppi=150,
        sys_inputs={"svg": body.decode()},
    )
    return read_picture(page)


def read_pdf(body: bytes) -> list[str]:
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
